"""A record is issued with a code that anybody can check, and taken back (product E14)."""

import hashlib
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import lock
from core.cpd import errors, queries, rules
from core.cpd.models import Issued
from core.cpd.rules import Line, Period, Scheme
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.limits import allow
from core.kernel.links import absolute
from core.kernel.pdf import typeset
from core.meetings.rules import zone_named


def issue(period: Period, scheme: Scheme, *, by: Person, form_key: UUID | None = None) -> Issued:
    """Make the chosen lines of a period a record that never changes, with its PDF.

    The same form sent twice issues one. Errors: NothingChosen, TooMuch.
    """
    if form_key and (there := Issued.objects.filter(member=by, form_key=form_key).first()):
        return there
    lines = [line for line in queries.lines_of(by, period) if line.included]
    _check(lines, by)
    at, code = now(), rules.new_code()
    zone = zone_named(by.time_zone)
    pdf = typeset("cpd", _as_data(lines, period, scheme, by, code, at.astimezone(zone).date()))
    stored_as = default_storage.save(f"cpd/{new_id()}.pdf", ContentFile(pdf))
    try:
        with transaction.atomic():
            lock(by)
            if form_key and (there := Issued.objects.filter(member=by, form_key=form_key).first()):
                default_storage.delete(stored_as)
                return there
            made = Issued.objects.create(
                member=by,
                code=code,
                name=by.full_name,
                scheme=scheme.scheme,
                first_day=period.first,
                last_day=period.last,
                minutes=queries.total(lines),
                lines=[line.kept() for line in lines],
                stored_as=stored_as,
                digest=hashlib.sha256(pdf).hexdigest(),
                issued_at=at,
                form_key=form_key,
            )
            audit.record("cpd record issued", thing=made, by=by)
    except BaseException:
        default_storage.delete(stored_as)
        raise
    return made


@transaction.atomic
def revoke(record: Issued, *, by: Person) -> None:
    """Take a record back: its code then says that, and nothing more. Errors: NotTheirs."""
    held = Issued.objects.select_for_update().filter(pk=record.pk, member=by).first()
    if held is None or not by.is_active:
        raise errors.NotTheirs("There is nothing here that you can do.")
    if Issued.objects.filter(pk=held.pk, revoked_at=None).update(revoked_at=now()):
        audit.record("cpd record taken back", thing=held, by=by)


def _check(lines: list[Line], by: Person) -> None:
    if not lines:
        raise errors.NothingChosen("Choose at least one line for your record.")
    if len(lines) > rules.LINES_SHOWN or sum(map(_letters, lines)) > rules.LETTERS:
        raise errors.TooMuch(
            "That is more than one record holds. Choose a shorter period or fewer reflections."
        )
    if not allow(f"cpd:{by.pk}", limit=rules.ISSUED_A_DAY, seconds=86_400):
        raise errors.TooMuch("You have issued many records today. Come back tomorrow.")


def _letters(line: Line) -> int:
    return len(line.title) + len(line.note) + len(line.text)


def _as_data(
    lines: list[Line], period: Period, scheme: Scheme, by: Person, code: str, today: Any
) -> dict[str, Any]:
    check_url = absolute(reverse("cpd:verify"))
    return {
        "title": f"{scheme.scheme}: record of {by.full_name}",
        "facts": [
            ["Name", by.full_name],
            ["Period", period.words],
            ["Hours", rules.hours_of(queries.total(lines))],
            ["Issued", rules.day_in_words(today)],
            ["Code", rules.in_groups(code)],
        ],
        "check": f"Anybody can check this record with its code at {check_url}",
        "link": scheme.link or "",
        "groups": [
            {
                "name": name,
                "lines": [_line(line) for line in lines if line.kind == kind],
            }
            for kind, name in rules.KINDS.items()
            if any(line.kind == kind for line in lines)
        ],
    }


def _line(line: Line) -> dict[str, str]:
    one = "hour" if line.minutes == 60 else "hours"
    hours = f" · {line.hours} {one}" if line.minutes else ""
    note = line.note
    if line.is_adjusted and line.measured:
        measured = f"Measured: {rules.hours_of(line.measured)} hours."
        note = f"{measured} {note}".strip()
    return {
        "title": line.title,
        "when": f"{rules.day_in_words(line.day)}{hours}",
        "note": note,
        "text": line.text,
    }
