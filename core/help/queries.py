"""Reading questions, answers and legal pages."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from core.help.models import Faq, LegalPage
from core.help.rules import ranked, terms
from core.kernel.text import render_markdown
from core.programme.queries import placeholders
from core.programme.rules import expand


@dataclass(frozen=True)
class Entry:
    """A question with its answer in the institute's words."""

    key: str
    audience: str
    topic: str
    question: str
    words: str

    @property
    def html(self) -> SafeString:
        """The answer as HTML."""
        return rendered(self.words)


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
    return [
        Entry(
            key=faq.key,
            audience=faq.audience,
            topic=expand(faq.topic, names),
            question=expand(faq.question, names),
            words=expand(faq.answer, names),
        )
        for faq in Faq.objects.all()
    ]


def parts(role: str | None) -> list[Part]:
    """All questions by audience and topic (product F1); the part of the role in force comes
    before that of the other role."""
    order = (
        ["everyone", "mentor", "mentee"] if role == "mentor" else ["everyone", "mentee", "mentor"]
    )
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


def search(query: str) -> list[Entry]:
    """The questions that fit a search, best first; none for a query without words."""
    wanted = terms(query)
    return ranked(entries(), wanted) if wanted else []


def legal_page(slug: str) -> LegalPage | None:
    """A legal page."""
    return LegalPage.objects.filter(slug=slug).first()


@lru_cache(maxsize=512)
def rendered(source: str) -> SafeString:
    """The institute's own text as HTML. The cache goes by the text alone, so it can mix up
    nothing; only texts of staff come here, none of members."""
    return render_markdown(source)
