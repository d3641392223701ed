"""A bundle taken from the institute in force: the inverse of applying one. Interface: taken."""

from pathlib import Path
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from pydantic import BaseModel, ValidationError

from core.bridges.models import Provider
from core.canvases.rules import KIND as CANVAS
from core.cpd.rules import KEY as SCHEME
from core.cpd.rules import KIND as CPD
from core.cpd.rules import Scheme
from core.feedback.queries import KIND as SURVEY
from core.feedback.rules.survey import MOMENTS, Surveys
from core.goals.rules import SMART, Smart
from core.help.models import Faq, LegalPage
from core.journey import rules as journeys
from core.kernel.letters import KIND as MAIL
from core.matching.models import Criterion
from core.privacy.models import Purpose
from core.privacy.rules import KEY as PERIODS
from core.privacy.rules import KIND as RETENTION
from core.privacy.rules import Periods
from core.profiles.models import Field, Section
from core.programme.models import Edition, Programme
from core.resources.models import Guide, Picture
from tenants.bundles import format as shape
from tenants.bundles.pictures import retitled
from tenants.models import Institute
from theming.models import Brand
from theming.queries import read_drawing

Part = TypeVar("Part", bound=BaseModel)


def taken(institute: Institute) -> shape.Bundle:
    """The settings in force as a bundle. Call it within `tenant_context`.

    Left out is what no bundle says: hidden fields, options, criteria and guides, videos, people.
    What a bundle could not say in these words is there all the same; reading it tells.
    """
    return shape.Bundle(
        name=institute.bundle or institute.slug,
        folder=Path(),
        institute=_institute(institute, Programme.objects.get()),
        logo=read_drawing(Brand.objects.first()).encode(),
        faqs=[
            shape.Faq(row.key, _part(shape.FaqFront, row), _plain(row.answer))
            for row in sorted(Faq.objects.all(), key=lambda row: row.key)
        ],
        guides=[
            shape.Guide(row.slug, _part(shape.GuideFront, row), _plain(row.body))
            for row in Guide.objects.filter(active=True).order_by("slug")
        ],
        pictures=[_picture(row) for row in Picture.objects.order_by("key")],
        pages=[
            shape.Page(row.slug, _part(shape.PageFront, row), _plain(row.body))
            for row in LegalPage.objects.order_by("slug")
        ],
    )


def _institute(institute: Institute, row: Programme) -> shape.InstituteFile:
    editions = _editions()
    parts: dict[str, Any] = {
        "format": 1,
        "identity": _made(
            shape.Identity,
            slug=institute.slug, name=institute.name, organisation=row.organisation_name,
            article=row.organisation_article,
            programme=row.programme_name, tagline=row.tagline, time_zone=row.time_zone,
            typical_length=row.typical_length or None,
        ),
        "contact": _made(shape.Contact, name=row.contact_name, email=row.contact_email),
        "mail": _made(
            shape.Mail,
            sender_name=row.mail_sender_name, sender_address=row.mail_sender_address,
            footer=row.mail_footer,
        ),
        "brand": _brand(),
        "words": row.words, "menus": row.menus, "front": row.front, "policies": row.policies,
        **_profile(),
        "surveys": _made(
            Surveys, **{key: editions.get(SURVEY, {}).get(key) for key in MOMENTS}
        ),
        "legal": row.legal,
        "canvases": [
            _made(shape.Canvas, key=key, **found)
            for key, found in editions.get(CANVAS, {}).items()
        ],
        "journey": _one(editions, journeys.KIND, journeys.KEY, journeys.Plan) or journeys.DEFAULT,
        "smart": _one(editions, SMART, SMART, Smart) or Smart(),
        "cpd": _one(editions, CPD, SCHEME, Scheme),
        "retention": _one(editions, RETENTION, PERIODS, Periods),
        "consents": [
            _part(shape.OptionalConsent, row) for row in Purpose.objects.filter(active=True)
        ],
        "providers": _providers(),
        "mails": [
            _made(shape.MailText, key=key, **found)
            for key, found in sorted(editions.get(MAIL, {}).items())
        ],
    }  # fmt: skip
    return shape.InstituteFile.model_construct(**parts)


def _providers() -> list[shape.IdentityProvider]:
    """Without their secrets; those that are known by a file of metadata alone stay here."""
    names = [name for name in shape.IdentityProvider.model_fields if name != "mapping"]
    return [
        _made(
            shape.IdentityProvider,
            **{name: getattr(row, name) for name in names},
            mapping=row.maps,
        )
        for row in Provider.objects.all()
        if row.address.startswith("https://")
    ]


def _brand() -> shape.Brand:
    row = Brand.objects.first()
    seeds = row.seeds_data if row else {}
    return _made(shape.Brand, **{k: v for k, v in seeds.items() if k in shape.Brand.model_fields})


def _profile() -> dict[str, list[Any]]:
    """Sections, fields with their options, and criteria, as they are shown."""
    every = list(Field.objects.select_related("section").prefetch_related("options"))
    # by their own order first: that of the list in which a bundle brought them
    fields = sorted(
        (row for row in every if row.active),
        key=lambda row: (row.order, row.section.order, row.key),
    )
    shown = {row.section_id for row in fields}
    hidden = {row.section_id for row in every} - shown  # sections that only hidden fields hold
    keys = {row.key for row in fields}
    criteria = Criterion.objects.filter(active=True).select_related("mentor_field", "mentee_field")
    return {
        "sections": [
            _part(shape.ProfileSection, row)
            for row in Section.objects.all() if row.pk not in hidden
        ],
        "fields": [
            _part(
                shape.ProfileField, row, section=row.section.key,
                options=[
                    _part(shape.FieldOption, option)
                    for option in row.options.all() if option.active
                ],
            )
            for row in fields
        ],
        "criteria": [
            _made(
                shape.Criterion, mentor_field=row.mentor_field.key,
                mentee_field=row.mentee_field.key if row.mentee_field else "",
                weight=row.weight, exact=row.exact_allowed, any_label=row.any_label,
            )
            for row in criteria if row.mentor_field.key in keys
        ],
    }  # fmt: skip


def _editions() -> dict[str, dict[str, dict[str, Any]]]:
    """The documents in force by kind and key, in the order in which each key first came."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    order: dict[tuple[str, str], int] = {}
    in_force = {}
    for row in Edition.objects.order_by("id"):
        order.setdefault((row.kind, row.key), len(order))
        if row.retired_at is None:
            in_force[row.kind, row.key] = row.document
    for kind, key in sorted(in_force, key=lambda place: order[place]):
        found.setdefault(kind, {})[key] = in_force[kind, key]
    return found


def _one(
    editions: dict[str, dict[str, dict[str, Any]]], kind: str, key: str, model: type[Part]
) -> Part | None:
    document = editions.get(kind, {}).get(key)
    return None if document is None else _made(model, **document)


def _picture(row: Picture) -> shape.Drawing:
    with default_storage.open(row.stored_as) as file:
        content: bytes = file.read()
    alt = " ".join(row.alt.split())
    if row.content_type == "image/svg+xml":
        return shape.Drawing(row.key, alt, retitled(content.decode(), alt))
    return shape.Drawing(row.key, alt, content=content)


def _part(model: type[Part], row: Any, **more: Any) -> Part:
    """A part of the bundle from the row's attributes of the same names."""
    values = {name: getattr(row, name) for name in model.model_fields if name not in more}
    return _made(model, **values, **more)


def _made(model: type[Part], **values: Any) -> Part:
    """The part, also when the rules of bundles would refuse it: reading tells what is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError:
        return model.model_construct(**values)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
