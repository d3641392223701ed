"""Reading guides: which are for whom, which are read, what has to be read first."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString

from core.accounts.models import Person
from core.kernel.text import render_markdown
from core.programme.queries import placeholders, policies
from core.programme.rules import expand
from core.resources.models import Guide, GuideRead

_WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Entry:
    """A guide in the institute's words, as its reader sees it in the list."""

    guide: Guide
    title: str
    summary: str
    minutes: int
    read: bool


@dataclass(frozen=True)
class Topic:
    """Guides of one topic."""

    name: str
    entries: list[Entry]


@dataclass(frozen=True)
class Library:
    """All guides for a person in a role, and how many of them are read."""

    topics: list[Topic]

    @property
    def entries(self) -> list[Entry]:
        return [entry for topic in self.topics for entry in topic.entries]

    @property
    def total(self) -> int:
        return len(self.entries)

    @property
    def read(self) -> int:
        return sum(entry.read for entry in self.entries)

    @property
    def label(self) -> str:
        return f"{self.read} of {self.total} guides read"

    def next_after(self, guide: Guide) -> Entry | None:
        """The next guide that is not read yet, after this one and then from the start."""
        unread = [entry for entry in self.entries if not entry.read and entry.guide != guide]
        slugs = [entry.guide.slug for entry in self.entries]
        here = slugs.index(guide.slug) if guide.slug in slugs else -1
        return next((entry for entry in unread if slugs.index(entry.guide.slug) > here), None) or (
            unread[0] if unread else None
        )


def library(person: Person, role: str | None) -> Library:
    """The guides of a role by topic (product E11); one query."""
    names = placeholders()
    topics: dict[str, list[Entry]] = {}
    for guide in _for(role).annotate(is_read=_is_read(person)):
        topics.setdefault(expand(guide.topic, names), []).append(
            Entry(
                guide=guide,
                title=expand(guide.title, names),
                summary=expand(guide.summary, names),
                minutes=max(1, round(len(guide.body.split()) / _WORDS_A_MINUTE)),
                read=guide.is_read,
            )
        )
    return Library([Topic(name, entries) for name, entries in topics.items()])


def guide_for(slug: str, role: str | None) -> Guide | None:
    """A guide, if it is shown and meant for the role."""
    return _for(role).filter(slug=slug).first()


def is_read(guide: Guide, person: Person) -> bool:
    """Whether the person has marked the guide as read."""
    return GuideRead.objects.filter(guide=guide, person=person).exists()


def unread_required(person: Person, role: str | None) -> list[Guide]:
    """The guides that have to be read before the profile opens; none where the programme does
    not ask for guides first (product B2)."""
    if not policies().guides_first:
        return []
    return list(_for(role).filter(required=True).exclude(reads__person=person))


@lru_cache(maxsize=256)
def rendered(source: str) -> SafeString:
    """The institute's own text as HTML; the cache goes by the text alone."""
    return render_markdown(source)


def _for(role: str | None) -> QuerySet[Guide]:
    audiences = ["everyone", role] if role else ["everyone"]
    return Guide.objects.filter(active=True, audience__in=audiences)


def _is_read(person: Person) -> Exists:
    return Exists(GuideRead.objects.filter(guide=OuterRef("pk"), person=person))
