"""Reading questions, answers, legal pages, and the messages to the team."""

from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from core.help.models import Enquiry, EnquiryKind, EnquiryState, Faq, LegalPage
from core.help.rules import PAGES, plain, with_addresses
from core.kernel.fulltext import Text, hits
from core.kernel.text import render_markdown
from core.programme.queries import placeholders
from core.programme.rules import expand

AUDIENCES = ("everyone", "mentee", "mentor")


@dataclass(frozen=True)
class Entry:
    """A question with its answer in the institute's words."""

    key: str
    audience: str
    topic: str
    question: str
    words: str

    excerpt: str = ""
    rank: float = 0

    @property
    def html(self) -> SafeString:
        """The answer as HTML, its links to pages made addresses."""
        return shown(self.words)

    @property
    def address(self) -> str:
        """The page of this question alone."""
        return reverse("help:faq", args=(self.key,))


@dataclass(frozen=True)
class Topic:
    """Questions of one topic."""

    name: str
    anchor: str
    entries: list[Entry]


@dataclass(frozen=True)
class Part:
    """The topics for everyone, for mentees or for mentors."""

    audience: str
    topics: list[Topic]


def entries() -> list[Entry]:
    """All questions in the institute's order; one query."""
    names = placeholders()
    return [_entry(faq, names) for faq in Faq.objects.all()]


def entry(key: str) -> Entry | None:
    """One question."""
    faq = Faq.objects.filter(key=key).first()
    return None if faq is None else _entry(faq, placeholders())


def _entry(faq: Faq, names: dict[str, str]) -> Entry:
    return Entry(
        key=faq.key,
        audience=faq.audience,
        topic=expand(faq.topic, names),
        question=expand(faq.question, names),
        words=expand(faq.answer, names),
    )


@lru_cache(maxsize=1)
def _addresses() -> dict[str, str]:
    return {name: reverse(name) for name in PAGES}


def shown(source: str) -> SafeString:
    """A text as HTML, its links to pages made addresses."""
    return rendered(with_addresses(source, _addresses()))


def parts(role: str | None) -> list[Part]:
    """All questions by audience and topic (product F1); the part of the role in force comes
    before that of the other role."""
    order = [one for one in AUDIENCES if not _is_others(one, role)]
    order += [one for one in AUDIENCES if _is_others(one, role)]
    topics: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries():
        topics.setdefault((entry.audience, entry.topic), []).append(entry)
    result = []
    for audience in order:
        found = [
            Topic(name, f"{audience}-{number}", group)
            for number, ((whose, name), group) in enumerate(topics.items(), start=1)
            if whose == audience
        ]
        if found:
            result.append(Part(audience, found))
    return result


def search(query: str, role: str | None) -> list[Entry]:
    """The questions that fit a search, best first; those for the other role come after."""
    every = entries()
    texts = [Text(one.question, plain(one.words)) for one in every]
    found = [
        replace(every[hit.position], excerpt=hit.excerpt, rank=hit.rank)
        for hit in hits(query, texts)
    ]
    return sorted(found, key=lambda one: _is_others(one.audience, role))


def _is_others(audience: str, role: str | None) -> bool:
    return role is not None and audience not in ("everyone", role)


def legal_page(slug: str) -> LegalPage | None:
    """A legal page."""
    return LegalPage.objects.filter(slug=slug).first()


@lru_cache(maxsize=512)
def rendered(source: str) -> SafeString:
    """The institute's own text as HTML. The cache goes by the text alone, so it can mix up
    nothing; only texts of staff come here, none of members."""
    return render_markdown(source)


def queue() -> QuerySet[Enquiry]:
    """Messages to the team as they want attention: complaints that nobody has confirmed, other
    complaints, then the open ones, each with the oldest first; then what is done, newest first."""
    is_open = Q(state=EnquiryState.OPEN)
    place = Case(
        When(complaint_waits(), then=Value(0)),
        When(is_open & Q(kind=EnquiryKind.COMPLAINT), then=Value(1)),
        When(is_open, then=Value(2)),
        When(state=EnquiryState.ANSWERED, then=Value(3)),
        default=Value(4),
    )
    return (
        Enquiry.objects.select_related("person", "taken_by")
        .annotate(place=place, waits_since=Case(When(place__lt=3, then=F("made_at"))))
        .order_by("place", "waits_since", "-made_at", "-id")
    )


def complaint_waits() -> Q:
    """The condition of complaints whose clock runs."""
    return Q(kind=EnquiryKind.COMPLAINT, acknowledged_at=None) & ~Q(state=EnquiryState.CLOSED)


def waiting_complaints() -> QuerySet[Enquiry]:
    """Complaints that nobody has confirmed, oldest first."""
    return Enquiry.objects.filter(complaint_waits()).order_by("made_at", "id")


def mail_values(enquiry: Enquiry) -> dict[str, str | bool]:
    """What mails say of a message to the team."""
    return {
        "asked": enquiry.subject,
        "message": enquiry.message,
        "sender_name": enquiry.name,
        "sender_email": enquiry.email,
        "written_on": date_format(localtime(enquiry.made_at), "j F Y"),
        "not_signed_in": "" if enquiry.person_id else "not signed in",
        "is_complaint": enquiry.is_complaint,
        "is_problem": enquiry.kind == EnquiryKind.PROBLEM,
    }
