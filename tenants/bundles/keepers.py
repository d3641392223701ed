"""How each kind of thing in a bundle is kept in the institute's tables."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db.models import Model, Q

from core.bridges.models import Provider
from core.bridges.rules import Kind as Speaks
from core.bridges.rules import State as Open
from core.canvases.rules import KIND as CANVAS
from core.cpd.rules import KIND as CPD
from core.feedback.queries import KIND as SURVEY
from core.goals.rules import SMART
from core.help.models import Faq, LegalPage
from core.journey.rules import KIND as JOURNEY
from core.kernel.letters import KIND as MAIL
from core.matching.models import Criterion
from core.privacy.models import Purpose
from core.privacy.rules import KIND as RETENTION
from core.profiles.models import Field, Option, Profile, Section
from core.programme.models import Edition, Programme
from core.programme.queries import editions
from core.programme.services import publish, retire
from core.resources.models import Guide, Picture
from core.resources.services import keep_picture
from tenants.bundles.pictures import measures, size_of
from tenants.bundles.things import CONSENT, PROVIDER, Thing, Values
from theming.models import Brand
from theming.services import choose_look
from theming.tokens import Seeds


@dataclass
class Keeper:
    """Rows of one model, found by a key."""

    model: type[Model]
    key: str
    restored: bool = False  # written again when it is missing, even if nothing changed in it

    def rows(self) -> dict[str, Any]:
        """All rows by key, those of staff among them."""
        return {getattr(row, self.key): row for row in self.model._default_manager.all()}

    def create(self, things: Sequence[Thing]) -> None:
        """Write things that are not there yet."""
        self.model._default_manager.bulk_create(
            self.model(**{self.key: thing.key}, **thing.values) for thing in things
        )

    def change(self, row: Any, values: Values) -> None:
        """Give a row other values, leaving its others as they are."""
        for name, value in self.as_columns(values).items():
            setattr(row, name, value)
        row.save()

    def retire(self, row: Any) -> None:
        """Take a row away that the bundle no longer holds."""
        row.delete()

    def as_columns(self, values: Values) -> Values:
        """The values as the model's columns take them."""
        return values


class Guides(Keeper):
    """Guides carry the marks of their readers: they are hidden rather than deleted."""

    def retire(self, row: Guide) -> None:
        row.active = False
        row.save()


class GuidePictures(Keeper):
    """Pictures of the guides, kept as files. One that a guide still shows stays."""

    def create(self, things: Sequence[Thing]) -> None:
        for thing in things:
            self.change(Picture(key=thing.key), thing.values)

    def change(self, row: Picture, values: Values) -> None:
        row.alt = values.get("alt", row.alt)
        if "drawing" in values:
            width, height = size_of(values["drawing"])
            content, kind = values["drawing"].encode(), "image/svg+xml"
        elif "picture" in values:
            content = b64decode(values["picture"])
            kind, width, height = measures(content)
        else:
            row.save()
            return
        keep_picture(row, BytesIO(content), content_type=kind, width=width, height=height)

    def retire(self, row: Picture) -> None:
        if not Guide.objects.filter(body__contains=f"]({row.key})").exists():
            row.delete()


class Sections(Keeper):
    """A section stays while it holds fields, if only hidden ones."""

    def retire(self, row: Section) -> None:
        if not row.fields.exists():
            row.delete()


class Fields(Keeper):
    """A field that somebody has answered is made inactive, so that no answer is lost."""

    def as_columns(self, values: Values) -> Values:
        columns = dict(values)
        if "section" in columns:
            columns["section"] = Section.objects.get(key=columns["section"])
        return columns

    def create(self, things: Sequence[Thing]) -> None:
        sections = {section.key: section for section in Section.objects.all()}
        Field.objects.bulk_create(
            Field(key=thing.key, **{**thing.values, "section": sections[thing.values["section"]]})
            for thing in things
        )

    def retire(self, row: Field) -> None:
        if Profile.objects.filter(answers__has_key=row.key).exists():
            row.active = False
            row.save()
        else:
            row.delete()


class Options(Keeper):
    """Keys of options read "field.option". One that is somebody's answer is made inactive."""

    def rows(self) -> dict[str, Option]:
        return {
            f"{option.field.key}.{option.key}": option
            for option in Option.objects.select_related("field")
        }

    def create(self, things: Sequence[Thing]) -> None:
        fields = {one.key: one for one in Field.objects.all()}
        Option.objects.bulk_create(
            Option(field=fields[one], key=key, **thing.values)
            for thing in things
            for one, key in [thing.key.split(".")]
            if one in fields
        )

    def retire(self, row: Option) -> None:
        one, key = row.field.key, row.key
        chosen = Q(answers__contains={one: key}) | Q(answers__contains={one: [key]})
        if Profile.objects.filter(chosen).exists():
            row.active = False
            row.save()
        else:
            row.delete()


class Criteria(Keeper):
    """Found by the key of the mentors' field."""

    def rows(self) -> dict[str, Criterion]:
        return {
            criterion.mentor_field.key: criterion
            for criterion in Criterion.objects.select_related("mentor_field")
        }

    def create(self, things: Sequence[Thing]) -> None:
        fields = {one.key: one for one in Field.objects.all()}
        Criterion.objects.bulk_create(
            Criterion(
                mentor_field=fields[thing.key],
                **{**thing.values, "mentee_field": fields.get(thing.values["mentee_field"])},
            )
            for thing in things
            if thing.key in fields
        )

    def as_columns(self, values: Values) -> Values:
        columns = dict(values)
        if "mentee_field" in columns:
            columns["mentee_field"] = Field.objects.filter(key=columns["mentee_field"]).first()
        return columns


class OneProgramme(Keeper):
    """The one row of settings; "words_data.request" is a key inside a JSON column."""

    def rows(self) -> dict[str, Programme]:
        row = Programme.objects.first()
        return {"programme": row} if row else {}

    def create(self, things: Sequence[Thing]) -> None:
        for thing in things:
            self.change(Programme(), thing.values)

    def change(self, row: Programme, values: Values) -> None:
        for name, value in values.items():
            column, _, inside = name.partition(".")
            if inside:
                setattr(row, column, {**getattr(row, column), inside: value})
            else:
                setattr(row, column, value)
        row.save()


class OneBrand(Keeper):
    """The look, chosen through theming so that its stylesheet is made at once."""

    def rows(self) -> dict[str, Brand]:
        row = Brand.objects.first()
        return {"brand": row} if row else {}

    def create(self, things: Sequence[Thing]) -> None:
        for thing in things:
            self.change(Brand(), thing.values)

    def change(self, row: Brand, values: Values) -> None:
        seeds = {name: value for name, value in values.items() if name != "logo_file"}
        logo = values["logo_file"].encode() if "logo_file" in values else None
        choose_look(seeds=Seeds.read({**row.seeds_data, **seeds}), logo=logo)


class Editions(Keeper):
    """Settings on which people's work stands: a change is a new version, nothing is overwritten.

    Values are the keys of the document. What staff published stays where the bundle says no more.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(Edition, "key")
        self.kind = kind

    def rows(self) -> dict[str, Edition]:
        return editions(self.kind)

    def create(self, things: Sequence[Thing]) -> None:
        for thing in things:
            publish(self.kind, thing.key, thing.values)

    def change(self, row: Edition, values: Values) -> None:
        publish(self.kind, row.key, {**row.document, **values})

    def retire(self, row: Edition) -> None:
        retire(self.kind, row.key)


class Consents(Keeper):
    """One that somebody has answered is no longer asked for, but stays: the answer is a record."""

    def retire(self, row: Purpose) -> None:
        row.active = False
        row.save()


class Providers(Keeper):
    """A new one is off until staff have entered its secret or metadata, and have tried it. One
    that the bundle no longer holds is switched off: people are known by it."""

    def create(self, things: Sequence[Thing]) -> None:
        for thing in things:
            self.change(Provider(key=thing.key), thing.values)

    def change(self, row: Provider, values: Values) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        if "address" in values or "kind" in values:
            row.issuer = row.address if row.kind == Speaks.OIDC else ""
            row.secret_sealed = row.metadata = ""
            row.state, row.tried_at = Open.OFF.value, None
        if row.auto:
            Provider.objects.filter(auto=True).exclude(pk=row.pk).update(auto=False)
        row.save()

    def retire(self, row: Provider) -> None:
        Provider.objects.filter(pk=row.pk).update(state=Open.OFF, auto=False)


KEEPERS: dict[str, Keeper] = {
    "programme": OneProgramme(Programme, "only"),
    "brand": OneBrand(Brand, "only"),
    "section": Sections(Section, "key", restored=True),
    "field": Fields(Field, "key"),
    "option": Options(Option, "key"),
    "criterion": Criteria(Criterion, "mentor_field"),
    "canvas": Editions(CANVAS),
    "journey": Editions(JOURNEY),
    SMART: Editions(SMART),
    "survey": Editions(SURVEY),
    CPD: Editions(CPD),
    RETENTION: Editions(RETENTION),
    CONSENT: Consents(Purpose, "key"),
    PROVIDER: Providers(Provider, "key"),
    MAIL: Editions(MAIL),
    "faq": Keeper(Faq, "key"),
    "legal_page": Keeper(LegalPage, "slug"),
    "guide_picture": GuidePictures(Picture, "key"),
    "guide": Guides(Guide, "slug"),
}
"""In the order in which things are written; retiring goes backwards."""
