"""A bundle taken apart into things with values: what is compared, applied and retired. Pure."""

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from core.cpd.rules import KEY as SCHEME
from core.cpd.rules import KIND as CPD
from core.feedback.rules.survey import MOMENTS
from core.goals.rules import SMART
from core.journey.rules import KEY as JOURNEY_KEY
from core.kernel.letters import KIND as MAIL
from core.privacy.rules import KEY as PERIODS
from core.privacy.rules import KIND as RETENTION
from tenants.bundles.format import Bundle, Drawing, InstituteFile

Values = dict[str, Any]
PROVIDER = "provider"
CONSENT = "consent"


@dataclass(frozen=True)
class Thing:
    """One thing of an institute that a bundle brings: its kind, its key there, its values."""

    kind: str
    key: str
    values: Values

    @property
    def name(self) -> str:
        """How a summary names it: "field region"."""
        kind = self.kind.replace("_", " ")
        return kind if self.key == self.kind else f"{kind} {self.key}"

    def digests(self) -> dict[str, str]:
        """A short digest of each value."""
        return {name: digest(value) for name, value in self.values.items()}


@dataclass
class Changes:
    """What applying a bundle did, or would do: things by name, changed ones with their values."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)

    def __str__(self) -> str:
        if not self:
            return "Nothing to change."
        return f"{len(self.added)} added, {len(self.changed)} changed, {len(self.retired)} retired."


def digest(value: Any) -> str:
    """A short digest of a value that JSON can hold."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def diff(before: Bundle, after: Bundle) -> Changes:
    """What `after` would change on a site that stands as `before` left it."""
    old = {(thing.kind, thing.key): thing for thing in things(before)}
    new = {(thing.kind, thing.key): thing for thing in things(after)}
    changes = Changes()
    for place, thing in new.items():
        if place not in old:
            changes.added.append(thing.name)
            continue
        was = old[place].digests()
        names = [name for name, mark in thing.digests().items() if was.get(name) != mark]
        if names:
            changes.changed.append(f"{thing.name}: {', '.join(names)}")
    changes.retired = [thing.name for place, thing in old.items() if place not in new]
    return changes


def things(bundle: Bundle) -> list[Thing]:
    """Everything in a bundle, in an order in which each thing comes after what it needs."""
    institute = bundle.institute
    return [
        _programme(institute),
        Thing(
            "brand", "brand", {**institute.brand.model_dump(), "logo_file": bundle.logo.decode()}
        ),
        *_profile(institute),
        *(
            Thing("canvas", canvas.key, canvas.model_dump(mode="json", exclude={"key"}))
            for canvas in institute.canvases
        ),
        Thing("journey", JOURNEY_KEY, institute.journey.model_dump(mode="json")),
        Thing(SMART, SMART, institute.smart.model_dump(mode="json")),
        *_surveys(institute),
        *([Thing(CPD, SCHEME, institute.cpd.model_dump(mode="json"))] if institute.cpd else []),
        *(
            [Thing(RETENTION, PERIODS, institute.retention.model_dump(mode="json"))]
            if institute.retention
            else []
        ),
        *(
            Thing(
                CONSENT,
                one.key,
                {**one.model_dump(exclude={"key"}), "order": order, "active": True},
            )
            for order, one in enumerate(institute.consents)
        ),
        *(
            Thing(
                PROVIDER, one.key, {**one.model_dump(mode="json", exclude={"key"}), "order": order}
            )
            for order, one in enumerate(institute.providers)
        ),
        *(
            Thing(MAIL, mail.key, mail.model_dump(mode="json", exclude={"key"}))
            for mail in institute.mails
        ),
        *(
            Thing("faq", faq.key, {**faq.front.model_dump(), "answer": faq.body})
            for faq in bundle.faqs
        ),
        *(
            Thing("legal_page", page.key, {**page.front.model_dump(), "body": page.body})
            for page in bundle.pages
        ),
        *(
            Thing("guide_picture", one.key, {"alt": one.alt, **_drawn(one)})
            for one in bundle.pictures
        ),
        *(
            Thing(
                "guide", guide.key, {**guide.front.model_dump(), "body": guide.body, "active": True}
            )
            for guide in bundle.guides
        ),
    ]


def _drawn(picture: Drawing) -> Values:
    if picture.svg:
        return {"drawing": picture.svg}
    return {"picture": b64encode(picture.content).decode()}


def _programme(institute: InstituteFile) -> Thing:
    identity = institute.identity
    plain = {
        "programme_name": identity.programme,
        "organisation_name": identity.organisation,
        "organisation_article": identity.article,
        "tagline": identity.tagline,
        "time_zone": identity.time_zone,
        "typical_length": identity.typical_length or "",
        "contact_name": institute.contact.name,
        "contact_email": institute.contact.email,
        "mail_sender_name": institute.mail.sender_name,
        "mail_sender_address": institute.mail.sender_address,
        "mail_footer": institute.mail.footer,
        "legal_data": [link.model_dump(mode="json") for link in institute.legal],
    }
    groups = {
        "front_data": institute.front,
        "words_data": institute.words,
        "menus_data": institute.menus,
        "policies_data": institute.policies,
    }
    inside = {
        f"{column}.{key}": value
        for column, group in groups.items()
        for key, value in group.model_dump(mode="json").items()
    }
    return Thing("programme", "programme", {**plain, **inside})


def _surveys(institute: InstituteFile) -> list[Thing]:
    given = {moment: getattr(institute.surveys, moment) for moment in MOMENTS}
    return [
        Thing("survey", moment, survey.model_dump(mode="json"))
        for moment, survey in given.items()
        if survey is not None
    ]


def _profile(institute: InstituteFile) -> list[Thing]:
    result = [
        Thing("section", section.key, {**section.model_dump(exclude={"key"}), "order": order})
        for order, section in enumerate(institute.sections)
    ]
    for order, one in enumerate(institute.fields):
        values = one.model_dump(exclude={"key", "options"})
        result.append(Thing("field", one.key, {**values, "order": order, "active": True}))
    result += [
        Thing(
            "option",
            f"{one.key}.{option.key}",
            {"label": option.label, "order": order, "active": True},
        )
        for one in institute.fields
        for order, option in enumerate(one.options)
    ]
    result += [
        Thing(
            "criterion",
            criterion.mentor_field,
            {
                "mentee_field": criterion.mentee_field,
                "weight": criterion.weight,
                "exact_allowed": criterion.exact,
                "any_label": criterion.any_label,
                "order": order,
                "active": True,
            },
        )
        for order, criterion in enumerate(institute.criteria)
    ]
    return result
