"""Versions of the legal pages, who agreed to which, and what somebody still has to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from core.accounts.models import Person
from core.kernel import differences
from core.kernel.clock import now
from core.kernel.models import AuditEntry
from core.membership.models import Member
from core.privacy.models import Consent, Document, DocumentKind, Permission, Purpose
from core.programme.queries import current

CONTEXT = 2
"""So many lines that stayed are shown around each that changed."""


@dataclass(frozen=True)
class Needed:
    """A page to agree to; with what changed since the version to which the person agreed."""

    document: Document
    before: Document | None
    changes: list[differences.Line]


@dataclass(frozen=True)
class Wish:
    """An optional consent, and whether the person has given it."""

    purpose: Purpose
    given: Permission | None


def asked_now(asked: dict[str, Any]) -> dict[str, int]:
    """Kind → the number from which on an agreement is wanted today. No query."""
    today = now().date().isoformat()
    return {
        kind: int(one["number"]) for kind, one in asked.items() if str(one.get("from", "")) <= today
    }


def documents_in_force() -> dict[str, Document]:
    """The newest known version of each page, by kind: one query."""
    newest = Document.objects.order_by("kind", "-number").distinct("kind")
    return {one.kind: one for one in newest}


def documents_as(agreed: Iterable[tuple[str, int]]) -> list[Document]:
    """The versions that somebody ticked, by kind and number."""
    wanted = dict(agreed)
    rows = Document.objects.filter(kind__in=wanted, number__in=set(wanted.values()))
    return [one for one in rows if wanted[one.kind] == one.number]


def agreed_numbers(person: Person) -> dict[str, int]:
    """Kind → the highest version to which the person agreed: one query."""
    rows = (
        Consent.objects.filter(person=person)
        .order_by()
        .values("document__kind")
        .annotate(highest=Max("document__number"))
    )
    return {row["document__kind"]: row["highest"] for row in rows}


def kinds_missing(person: Person, *, all_of_them: bool = False) -> list[str]:
    """The kinds to which the person has to agree now, in a fixed order.

    all_of_them: at a first sign-in, whatever was never agreed to counts.
    """
    agreed = agreed_numbers(person)
    newest = documents_in_force()
    missing = set()
    for kind, number in asked_now(current().asked_data).items():
        known = newest.get(kind)
        if known is not None and agreed.get(kind, 0) < min(number, known.number):
            missing.add(kind)
    if all_of_them:
        missing |= {kind for kind in newest if kind not in agreed}
    return [kind for kind in DocumentKind.values if kind in missing]


def needed(person: Person, documents: Iterable[Document]) -> list[Needed]:
    """These versions with what changed for this person."""
    found = []
    for document in documents:
        before = (
            Document.objects.filter(kind=document.kind, consents__person=person)
            .order_by("-number")
            .first()
        )
        found.append(Needed(document, before, changes(before, document)))
    return found


def changes(before: Document | None, after: Document) -> list[differences.Line]:
    """The lines that changed, each with a little of what stands around it."""
    if before is None:
        return []
    lines = differences.lines(before.body, after.body)
    near = {
        place + step
        for place, line in enumerate(lines)
        if line.kind != "same"
        for step in range(-CONTEXT, CONTEXT + 1)
    }
    return [line for place, line in enumerate(lines) if place in near and line.text.strip()]


def agreements_of(person: Person) -> QuerySet[Consent]:
    """What the person agreed to, latest first, with the texts as they were."""
    return Consent.objects.filter(person=person).select_related("document")


def wishes_of(person: Person) -> list[Wish]:
    """The optional consents that are asked for or were given, with the person's answers."""
    given = {
        one.purpose_id: one for one in Permission.objects.filter(person=person, withdrawn_at=None)
    }
    shown = Purpose.objects.filter(Q(active=True) | Q(pk__in=given))
    return [Wish(purpose, given.get(purpose.pk)) for purpose in shown]


def permissions_of(person: Person) -> QuerySet[Permission]:
    """All that the person ever allowed, with when it was taken back."""
    return Permission.objects.filter(person=person).select_related("purpose")


def allows(person: Person, key: str) -> bool:
    """Whether the person allows what the purpose with this key says, now."""
    return Permission.objects.filter(person=person, purpose__key=key, withdrawn_at=None).exists()


def versions() -> QuerySet[Document]:
    """All versions, with how many open accounts agreed to each (`people`)."""
    counted = Q(consents__person__is_active=True, consents__person__support_key=None)
    counts = Document.objects.annotate(people=Count("consents", filter=counted))
    return counts.order_by("kind", "-number")


def without(document: Document) -> QuerySet[Any]:
    """Open accounts that agreed neither to this version nor to a later one, by name.

    `agreed_to` is the number of the version to which they agreed before, or None.
    """
    of_kind = Consent.objects.filter(document__kind=document.kind)
    enough = of_kind.filter(document__number__gte=document.number)
    highest = (
        of_kind.filter(person=OuterRef("pk"))
        .order_by("-document__number")
        .values("document__number")[:1]
    )
    people = Person.objects.filter(is_active=True, support_key=None)
    return (
        people.exclude(pk__in=enough.values("person"))
        .annotate(agreed_to=Subquery(highest))
        .order_by("last_name", "first_name", "pk")
    )


def purposes() -> QuerySet[Purpose]:
    """The optional consents, with how many open accounts allow each (`people`)."""
    counted = Q(
        permissions__withdrawn_at=None,
        permissions__person__is_active=True,
        permissions__person__support_key=None,
    )
    return Purpose.objects.annotate(people=Count("permissions", filter=counted)).order_by("order")


def open_accounts() -> int:
    """How many people could have agreed."""
    return Person.objects.filter(is_active=True, support_key=None).count()


def rows_of_file() -> list[tuple[str, str, str, int, datetime, str]]:
    """Every agreement of an open account: name, address, page, version, when, how."""
    rows = (
        Consent.objects.filter(person__is_active=True, person__support_key=None)
        .select_related("person", "document")
        .order_by("document__kind", "-document__number", F("at").asc())
    )
    return [
        (
            one.person.full_name, one.person.email, one.document.get_kind_display(),
            one.document.number, one.at, one.get_how_display(),
        )
        for one in rows
    ]  # fmt: skip


def rows_without(document: Document) -> list[tuple[str, str, str, int, int | None]]:
    """Who has not agreed: name, address, page, version, the version to which they did agree."""
    return [
        (
            one.full_name, one.email, document.get_kind_display(), document.number, one.agreed_to,
        )
        for one in without(document)
    ]  # fmt: skip


def asked_from(kind: str) -> tuple[int, date] | None:
    """The version that everybody is asked to agree to, and from when; None while nobody is."""
    one = current().asked_data.get(kind)
    return (int(one["number"]), date.fromisoformat(one["from"])) if one else None


def is_newcomer(person: Person) -> bool:
    """Whether somebody came by the society or a file and was never asked to agree to anything."""
    if Consent.objects.filter(person=person).exists():
        return False
    if Member.objects.filter(person=person).exists():
        return True
    brought = AuditEntry.objects.filter(verb="person imported", thing_id=str(person.pk))
    return brought.exists()
