"""The shape of a bundle. The published JSON Schema (schema.json) is generated from here.

What spans several keys (a criterion that names a field, an option that is there twice) is checked
in `checks.py`. Source: product, "Bundle" and the table of five programmes.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.json_schema import models_json_schema
from pydantic_core import core_schema

from core.bridges.rules import TAKEN_KEYS, Mapping
from core.canvases import rules as canvases
from core.cpd.rules import Scheme
from core.feedback.rules.survey import Surveys
from core.goals.rules import Smart
from core.journey import rules as journeys
from core.privacy.rules import Periods
from core.programme.rules import Front, LegalLink, Menus, Policies, Words
from theming import tokens

PNG = b"\x89PNG\r\n\x1a\n"
KEY = r"^[a-z][a-z0-9_]{0,47}$"
SLUG = r"^[a-z][a-z0-9-]{1,40}$"
LABEL_OF_HOST = r"^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$"
LINE = r"^[^\s\x00-\x1f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f])?$"
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"
COLOUR = r"^#[0-9a-fA-F]{6}$"

Key = Annotated[str, Field(pattern=KEY)]
Line = Annotated[str, Field(pattern=LINE, max_length=120)]
LongLine = Annotated[str, Field(pattern=LINE, max_length=200)]
Hint = Annotated[str, Field(max_length=400)]
Email = Annotated[str, Field(pattern=EMAIL, max_length=200)]
Colour = Annotated[str, Field(pattern=COLOUR)]
Order = Annotated[int, Field(ge=0, le=10_000)]
Side = Literal["mentor", "mentee", "both"]
Audience = Literal["everyone", "mentor", "mentee"]


class one_of:  # noqa: N801 - reads as a marker in an annotation
    """Marks a text as one of a list that another package keeps."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        return core_schema.literal_schema(list(self.known))


class Part(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Identity(Part):
    """Who the institute is."""

    slug: Annotated[str, Field(pattern=LABEL_OF_HOST)]
    name: Line
    organisation: Annotated[str, Field(pattern=LINE, max_length=160)]
    article: Literal["", "the"] = ""
    programme: Line
    tagline: Annotated[str, Field(max_length=160)] = ""
    time_zone: Annotated[str, Field(max_length=60)] = "Europe/London"
    typical_length: Line | None = None


class Contact(Part):
    """Where members reach the programme team."""

    name: Line
    email: Email


class Mail(Part):
    """Who mails come from, and what stands at their foot."""

    sender_name: Line
    sender_address: Email
    footer: Annotated[str, Field(max_length=600)] = ""


class Brand(Part):
    """The seeds from which the whole look follows (theming)."""

    accent: Colour
    second: Colour
    pairing: Annotated[str, one_of(tokens.PAIRINGS)]
    radius: Annotated[str, one_of(tokens.RADII)]
    density: Annotated[str, one_of(tokens.DENSITIES)] = "comfortable"
    hero: Annotated[str, one_of(tokens.HEROES)] = "plain"
    masthead: Annotated[str, one_of(tokens.MASTHEADS)] = "light"
    logo: Annotated[str, one_of(tokens.LOGOS)] = "tinted"


class ProfileSection(Part):
    """A heading of the profile."""

    key: Key
    label: Line
    help: Hint = ""
    audience: Side = "both"


class FieldOption(Part):
    """One answer of a field of kind choice or choices."""

    key: Key
    label: Line


class ProfileField(Part):
    """A question of the profile."""

    key: Key
    section: Key
    label: Line
    help: Hint = ""
    kind: Literal[
        "short_text", "long_text", "choice", "choices", "number", "boolean", "date", "link"
    ]
    audience: Side = "both"
    required: bool = False
    visible_to: Literal["everyone", "partner", "staff"] = "everyone"
    max_length: Annotated[int, Field(ge=1, le=10_000)] | None = None
    minimum: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] | None = None
    maximum: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] | None = None
    options: Annotated[list[FieldOption], Field(max_length=200)] = []


class Criterion(Part):
    """A field that counts in the search. The two sides are usually one field."""

    mentor_field: Key
    mentee_field: Key
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    exact: bool = True
    any_label: Annotated[str, Field(pattern=LINE, max_length=80)]


class Canvas(canvases.Design):
    """A canvas of the institute. Boxes stand on a grid: column, row, how wide and how tall."""

    key: Annotated[str, Field(pattern=canvases.KEY)]


def _default_canvases() -> list[Canvas]:
    return [Canvas(key=key, **design.model_dump()) for key, design in canvases.DEFAULTS.items()]


class MailText(Part):
    """What the institute writes in a mail of the product; what is left out says the usual."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,39}$")]
    subject: Annotated[str, Field(max_length=400)]
    body: Annotated[str, Field(max_length=20_000)]
    button_label: Annotated[str, Field(max_length=200)] = ""


class IdentityProvider(Part):
    """Where people sign in who have their account elsewhere. Never with a secret: staff enter it,
    try the provider and switch it on."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    kind: Literal["oidc", "saml"]
    name: Annotated[str, Field(pattern=LINE, max_length=80)]
    button: Annotated[str, Field(pattern=LINE, max_length=60)]
    address: Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=300)]
    client_id: Annotated[str, Field(max_length=190)] = ""
    scopes: Annotated[str, Field(max_length=300)] = "openid profile email"
    makes_accounts: bool = True
    trusts_addresses: bool = False
    ends_sessions: bool = True
    auto: bool = False
    mapping: Mapping = Mapping()

    @field_validator("key")
    @classmethod
    def is_free(cls, key: str) -> str:
        """Refuse keys whose address is another page's."""
        if key in TAKEN_KEYS:
            raise ValueError(f"“{key}” is the address of another page")
        return key


class OptionalConsent(Part):
    """A question that nobody needs to say yes to, such as news of the programme. Answers keep the
    words as they stood."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    label: Annotated[str, Field(pattern=LINE, max_length=120)]
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class InstituteFile(Part):
    """`institute.yaml`."""

    format: Literal[1]
    identity: Identity
    contact: Contact
    mail: Mail
    brand: Brand
    words: Words
    menus: Menus
    front: Front
    policies: Policies
    sections: Annotated[list[ProfileSection], Field(min_length=1, max_length=20)]
    fields: Annotated[list[ProfileField], Field(min_length=1, max_length=80)]
    criteria: Annotated[list[Criterion], Field(min_length=1, max_length=12)]
    surveys: Surveys = Surveys()
    legal: Annotated[list[LegalLink], Field(min_length=1, max_length=8)]
    canvases: Annotated[list[Canvas], Field(max_length=12)] = Field(
        default_factory=_default_canvases
    )
    journey: journeys.Plan = journeys.DEFAULT
    smart: Smart = Field(default_factory=Smart)
    cpd: Scheme | None = None
    retention: Periods | None = None
    consents: Annotated[list[OptionalConsent], Field(max_length=10)] = []
    providers: Annotated[list[IdentityProvider], Field(max_length=10)] = []
    mails: Annotated[list[MailText], Field(max_length=200)] = []


class FaqFront(Part):
    """The head of a file in `faqs/`; the text under it is the answer."""

    question: LongLine
    audience: Audience = "everyone"
    topic: Annotated[str, Field(pattern=LINE, max_length=60)]
    order: Order = 100


class GuideFront(Part):
    """The head of a file in `guides/`; the text under it is the guide."""

    title: Line
    summary: Annotated[str, Field(pattern=LINE, max_length=300)]
    audience: Audience = "everyone"
    topic: Annotated[str, Field(pattern=LINE, max_length=60)]
    stage: Key = "any"
    order: Order = 100
    required: bool = False


class PageFront(Part):
    """The head of a file in `pages/`; the text under it is the page."""

    title: Line


@dataclass(frozen=True)
class Faq:
    """A question with its answer. `key` is the file's name without its ending."""

    key: str
    front: FaqFront
    body: str


@dataclass(frozen=True)
class Guide:
    """A guide. `key` is the file's name without its ending."""

    key: str
    front: GuideFront
    body: str


@dataclass(frozen=True)
class Drawing:
    """A picture that guides show. `key` is the file's name without its ending, `alt` its title.

    A photograph or screenshot has `content` in place of `svg`; a text file beside it says what it
    shows.
    """

    key: str
    alt: str
    svg: str = ""
    content: bytes = b""

    @property
    def content_type(self) -> str:
        """What it is, for browsers."""
        if self.svg:
            return "image/svg+xml"
        return "image/png" if self.content.startswith(PNG) else "image/jpeg"


@dataclass(frozen=True)
class Page:
    """A legal page. `key` is the file's name without its ending."""

    key: str
    front: PageFront
    body: str


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read and found good."""

    name: str
    folder: Path
    institute: InstituteFile
    logo: bytes
    faqs: list[Faq] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    pictures: list[Drawing] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


def schema() -> dict[str, Any]:
    """The JSON Schema of `institute.yaml`; the heads of Markdown files are among its $defs."""
    _, parts = models_json_schema(
        [(model, "validation") for model in (InstituteFile, FaqFront, GuideFront, PageFront)],
        ref_template="#/$defs/{model}",
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "institute.yaml of a bundle",
        "$ref": "#/$defs/InstituteFile",
        "$defs": parts["$defs"],
    }
