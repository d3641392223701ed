"""Reading guides: which are for whom, which are read, what has to be read first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When
from django.utils.safestring import SafeString

from core.accounts.models import Person
from core.kernel.fulltext import Text, hits
from core.kernel.searching import Found
from core.kernel.text import Picture as Shown
from core.kernel.text import render_markdown
from core.programme.queries import edition, placeholders, policies
from core.programme.rules import expand
from core.resources.models import Guide, GuideRead, Picture, Video
from core.resources.rules import pictures_named, stages_of

_WORDS_A_MINUTE = 200
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[#*_`>|]+")
_HAS_CAPTIONS = Case(When(captions="", then=False), default=True)


@dataclass(frozen=True)
class Entry:
    """A guide in the institute's words, as its reader sees it in the list."""

    guide: Guide
    title: str
    summary: str
    minutes: int
    read: bool
    stage: str = ""
    videos: int = 0


@dataclass(frozen=True)
class Topic:
    """Guides of one topic."""

    name: str
    entries: list[Entry]


@dataclass(frozen=True)
class Library:
    """All guides for a person in a role, and how many of them are read."""

    topics: list[Topic]
    known_stages: dict[str, str]

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

    @property
    def stages(self) -> list[tuple[str, str]]:
        """The stages that guides here are for: keys and names, as the journey goes."""
        there = {entry.guide.stage for entry in self.entries}
        return [(key, name) for key, name in self.known_stages.items() if key in there]

    def chosen(self, topic: str, stage: str) -> "Library":
        """The guides of a topic and of a stage; an empty text or an unknown one chooses all."""
        names = {found.name for found in self.topics}
        keys = {key for key, _ in self.stages}
        left = [
            Topic(
                found.name,
                [one for one in found.entries if stage not in keys or one.guide.stage == stage],
            )
            for found in self.topics
            if topic not in names or found.name == topic
        ]
        return Library([found for found in left if found.entries], self.known_stages)

    def next_after(self, guide: Guide) -> Entry | None:
        """The next guide that is not read yet, after this one and then from the start."""
        unread = [entry for entry in self.entries if not entry.read and entry.guide != guide]
        slugs = [entry.guide.slug for entry in self.entries]
        here = slugs.index(guide.slug) if guide.slug in slugs else -1
        return next((entry for entry in unread if slugs.index(entry.guide.slug) > here), None) or (
            unread[0] if unread else None
        )


def library(person: Person, role: str | None) -> Library:
    """The guides of a role by topic (product E11); two queries."""
    names, known = placeholders(), stages()
    guides = (
        _for(role)
        .annotate(is_read=_is_read(person), videos_here=Count("videos"))
        .order_by("order", "slug")  # counting forgets the model's own order
    )
    topics: dict[str, list[Entry]] = {}
    for guide in guides:
        topics.setdefault(expand(guide.topic, names), []).append(
            Entry(
                guide=guide,
                title=expand(guide.title, names),
                summary=expand(guide.summary, names),
                minutes=max(1, round(len(guide.body.split()) / _WORDS_A_MINUTE)),
                read=guide.is_read,
                stage=known.get(guide.stage, "") if guide.stage != "any" else "",
                videos=guide.videos_here,
            )
        )
    return Library([Topic(name, entries) for name, entries in topics.items()], known)


def stages() -> dict[str, str]:
    """The stages that a guide can be for, with their names; one query."""
    plan = edition("journey", "plan")
    return stages_of(plan.document if plan else None)


def search(query: str, role: str | None) -> list[Found]:
    """The guides that fit a search, best first, and only those that the reader may open. The
    transcripts of their videos are searched too. Guests find none."""
    if role is None:
        return []
    names = placeholders()
    guides = list(_for(role).prefetch_related("videos"))
    texts = [
        Text(
            expand(guide.title, names),
            _words(
                expand(text, names)
                for text in (
                    guide.summary,
                    guide.topic,
                    guide.body,
                    *(f"{video.title} {video.transcript}" for video in guide.videos.all()),
                )
            ),
        )
        for guide in guides
    ]
    return [
        Found(
            title=texts[hit.position].title,
            summary=expand(guides[hit.position].summary, names),
            address=guides[hit.position].get_absolute_url(),
            note=expand(guides[hit.position].topic, names),
        )
        for hit in hits(query, texts)
    ]


@dataclass(frozen=True)
class Watched:
    """A video under a guide, in the institute's words."""

    video: Video
    title: str
    transcript: SafeString


def videos_of(guide: Guide) -> list[Watched]:
    """The videos of a guide in their order; one query."""
    names = placeholders()
    return [
        Watched(
            video,
            expand(video.title, names),
            rendered(expand(video.transcript, names)) if video.transcript else SafeString(""),
        )
        for video in guide.videos.defer("captions").annotate(has_captions=_HAS_CAPTIONS)
    ]


def video_for(video_id: UUID, role: str | None, *, is_staff: bool = False) -> Video | None:
    """A video whose guide the reader may open; staff may open all."""
    guides = Guide.objects.all() if is_staff else _for(role)
    return Video.objects.filter(guide__in=guides, pk=video_id).first()


def picture(key: str) -> Picture | None:
    """A picture by the key that texts name it with."""
    return Picture.objects.filter(key=key).first()


def shown(source: str) -> SafeString:
    """The body of a guide, its pictures in it; a query only where it names pictures."""
    keys = pictures_named(source)
    known = Picture.objects.filter(key__in=keys) if keys else []
    return rendered(
        source,
        tuple(
            (one.key, Shown(one.get_absolute_url(), one.alt, one.width, one.height))
            for one in known
        ),
    )


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
def rendered(source: str, pictures: tuple[tuple[str, Shown], ...] = ()) -> SafeString:
    """The institute's own text as HTML; the cache goes by the text and its pictures alone."""
    return render_markdown(source, dict(pictures))


def _for(role: str | None) -> QuerySet[Guide]:
    audiences = ["everyone", role] if role else ["everyone"]
    return Guide.objects.filter(active=True, audience__in=audiences)


def _is_read(person: Person) -> Exists:
    return Exists(GuideRead.objects.filter(guide=OuterRef("pk"), person=person))


def _words(parts: Iterable[str]) -> str:
    return _MARKUP.sub(lambda found: found[1] or " ", "\n".join(parts))
