"""One's diary as a file to keep: Markdown, or a PDF in the institute's look (product E13)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.diary import errors, queries, rules
from core.diary.models import Entry
from core.diary.pages.finding import reader
from core.diary.pages.selecting import Selection, selection
from core.kernel import papers
from core.kernel.clock import now
from core.kernel.downloads import made_file
from core.kernel.limits import allow
from core.meetings.rules import zone_named

FILES_IN_AN_HOUR = 30
TOO_LARGE = (
    "That is more than one file holds. Choose a month or a theme in your diary first, and export "
    "that."
)


@member_required
@never_cache
@require_safe
def markdown(request: HttpRequest) -> HttpResponse:
    """The entries that the query string chooses, oldest first, as a text."""
    person = reader(request)
    if not allow(f"diary files:{person.pk}", limit=FILES_IN_AN_HOUR, seconds=3_600):
        raise errors.TooMuch("You have made many files in a short time. Come back in an hour.")
    chosen = selection(request.GET, person)
    _check(chosen, rules.MARKDOWN_CHARACTERS)
    parts = [f"# {_title(person)}", *(_as_markdown(entry) for entry in _in_order(chosen))]
    text = "\n\n".join(parts) + "\n"
    return made_file(text.encode(), name="diary.md", content_type="text/markdown; charset=utf-8")


@member_required
@never_cache
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The entries that the query string chooses, oldest first, as a PDF."""
    person = reader(request)
    chosen = selection(request.GET, person)
    letters = _check(chosen, rules.PAPER_CHARACTERS)
    order = papers.Order(
        kind="diary",
        about=chosen.parts,
        owner_id=person.pk,
        title="Your diary",
        file_name="diary.pdf",
        back_url=reverse("diary:list"),
        letters=letters,
    )
    return papers.hand_out(request, order)


@papers.makes("diary")
def diary(owner_id: UUID, about: dict[str, Any]) -> papers.Sheet | None:
    """What stands in the PDF; nothing for somebody who may no longer sign in."""
    person = Person.objects.filter(pk=owner_id, is_active=True).first()
    if person is None:
        return None
    chosen = selection({name: str(text) for name, text in about.items()}, person)
    return papers.Sheet("diary", _as_data(person, _in_order(chosen)))


def _check(chosen: Selection, longest: int) -> int:
    """How many characters there are. Errors: TooMuch."""
    count, characters = queries.size_of(chosen.rows)
    if characters > longest:
        raise errors.TooMuch(TOO_LARGE)
    return characters + 60 * count


def _in_order(chosen: Selection) -> list[Entry]:
    return list(chosen.rows.order_by("written_on", "id"))


def _as_markdown(entry: Entry) -> str:
    text = entry.text if entry.is_markdown else entry.text.replace("\n", "  \n")
    return f"## {entry.title}\n\n{_line(entry)}\n\n{text}"


def _as_data(person: Person, entries: Iterable[Entry]) -> dict[str, Any]:
    months: dict[str, list[dict[str, str]]] = {}
    for entry in entries:
        months.setdefault(f"{entry.written_on:%B %Y}", []).append(
            {"title": entry.title, "line": _line(entry), "text": entry.text}
        )
    made = now().astimezone(zone_named(person.time_zone))
    return {
        "title": _title(person),
        "about": f"Private. Made on {made.day} {made:%B %Y}.",
        "months": [{"name": name, "entries": rows} for name, rows in months.items()],
    }


def _line(entry: Entry) -> str:
    """ "Monday 2 March 2026 · Guide: Choosing a mentor · feedback, saying no"."""
    day, prompt = entry.written_on, entry.prompt
    parts = [f"{day:%A} {day.day} {day:%B} {day.year}"]
    if prompt:
        parts.append(f"{prompt.words}: {prompt.label}" if prompt.label else prompt.words)
    if entry.themes:
        parts.append(", ".join(entry.themes))
    return " · ".join(parts)


def _title(person: Person) -> str:
    return f"Diary of {person.full_name}"
