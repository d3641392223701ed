"""The audit trail: who did what when, operators and stand-ins included (product F4, F6).

Read by keyset and never counted, so that it costs the same with a million entries.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from io import StringIO
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from core.accounts.forms import TrailForm
from core.accounts.models import Person
from core.accounts.queries import trail
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.deeds import phrase
from core.kernel.models import AuditEntry
from core.kernel.sheets import safe_cell
from core.kernel.staff import ReadOnlyAdmin, staff_site
from core.programme.queries import placeholders

PER_PAGE = 50
HEADER = ("When (UTC)", "Who", "Really done by", "What", "To whom", "Kind", "Key", "Details")


@dataclass(frozen=True)
class Line:
    """An entry in words. `whom` is the person that it was done to, if it was one."""

    entry: AuditEntry
    who: str
    really: str
    what: str
    whom: str
    kind: str


def lines(entries: Iterable[AuditEntry], spoken: dict[str, str]) -> list[Line]:
    """Entries in words; one query for the names of people, however many there are."""
    rows = list(entries)
    keys = {row.thing_id for row in rows if row.thing_type == Person._meta.label}
    people = Person.objects.in_bulk([key for key in map(_uuid, keys) if key is not None])
    found = []
    for row in rows:
        person = people.get(_uuid(row.thing_id)) if row.thing_type == Person._meta.label else None
        own = person is not None and person.pk == row.actor_id
        found.append(
            Line(
                entry=row,
                who=row.actor_name or row.behind_name or "The system",
                really=row.behind_name if row.behind_name != row.actor_name else "",
                what=phrase(row.verb, spoken),
                whom=person.full_name if person is not None and not own else "",
                kind=kind_in_words(row.thing_type),
            )
        )
    return found


def kind_in_words(label: str) -> str:
    """What the rows of a model are called; the label where the product no longer has it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def spoken_words() -> dict[str, str]:
    """The institute's words as the phrases of deeds want them."""
    names = placeholders()
    return {**names, "team": names["programme_team"]}


class AuditTrail(ReadOnlyAdmin):
    """The list is a page of our own; an entry opens as a page to read."""

    fields = ("when", "what", "who", "really", "about", "thing_id", "details")
    readonly_fields = ("when", "what", "who", "really", "about", "details")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Filters, sentences, and the way to older entries."""
        form = TrailForm(request.GET, spoken=spoken_words())
        wanted = form.wanted() if form.is_valid() else None
        found = list(trail(wanted, limit=PER_PAGE + 1)) if wanted is not None else []
        asked = request.GET.copy()
        asked.pop("before", None)
        request.current_app = staff_site.name
        context = {
            **staff_site.each_context(request),
            "title": "Audit trail",
            "form": form,
            "lines": lines(found[:PER_PAGE], spoken_words()),
            "last": found[PER_PAGE - 1] if len(found) > PER_PAGE else None,
            "asked": asked.urlencode(),
            "narrowed": any(asked.values()),
            "is_first": "before" not in request.GET,
        }
        status = 200 if form.is_valid() else 422
        return render(request, "accounts/staff/trail.html", context, status=status)

    @display(description="when (UTC)")
    def when(self, entry: AuditEntry) -> str:
        return _moment(entry)

    @display(description="what")
    def what(self, entry: AuditEntry) -> str:
        return lines([entry], spoken_words())[0].what

    @display(description="who")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor_name or "The system"

    @display(description="really done by")
    def really(self, entry: AuditEntry) -> str:
        return entry.behind_name

    @display(description="about")
    def about(self, entry: AuditEntry) -> str:
        kind = kind_in_words(entry.thing_type)
        return kind[:1].upper() + kind[1:]

    @display(description="details")
    def details(self, entry: AuditEntry) -> SafeString:
        facts = [(name.replace("_", " "), _plain(value)) for name, value in entry.facts.items()]
        return format_html_join("", "<p>{}: {}</p>", facts)


@staff_site.page("audit.csv", "kernel_auditentry_file")
@require_safe
def trail_file(request: HttpRequest) -> HttpResponse:
    """Everything that the filters leave, as a file that is made while it is sent."""
    form = TrailForm(request.GET, spoken=spoken_words())
    if not form.is_valid():
        return HttpResponse("The filters are not right.\n", status=422, content_type="text/plain")
    answer = StreamingHttpResponse(
        _written(trail(form.wanted()), spoken_words()), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{now():%Y-%m-%d}.csv"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if isinstance(request.user, Person):
        audit.record("audit.exported", thing=request.user, by=request.user)
    return cast(HttpResponse, answer)  # the site's pages are typed for answers made at once


def _written(entries: Iterator[AuditEntry], spoken: dict[str, str]) -> Iterator[str]:
    yield "\ufeff" + _rows([HEADER])
    batch: list[AuditEntry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == 1000:
            yield _rows(_cells(line) for line in lines(batch, spoken))
            batch = []
    if batch:
        yield _rows(_cells(line) for line in lines(batch, spoken))


def _cells(line: Line) -> tuple[object, ...]:
    entry = line.entry
    facts = json.dumps(entry.facts, ensure_ascii=False) if entry.facts else ""
    return (
        _moment(entry), line.who, line.really, line.what, line.whom, line.kind, entry.thing_id,
        facts,
    )  # fmt: skip


def _rows(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _moment(entry: AuditEntry) -> str:
    return f"{entry.at.astimezone(UTC):%d %b %Y, %H:%M:%S}"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return str(value)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


staff_site.register(AuditEntry, AuditTrail)
