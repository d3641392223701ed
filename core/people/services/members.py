"""What a file says of memberships: number and standing, as the society's register has them (A6).

Whatever is done goes through `membership.services.take`, like every other word of the society.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import F, Q
from django.db.models.functions import Lower

from core.accounts.models import Person
from core.membership import services as memberships
from core.membership.models import Member
from core.membership.rules import Record, Source, Status

if TYPE_CHECKING:
    from core.people.services.judging import Row

NUMBER, STANDING = "member_number", "standing"
ON_THE_TEAM = "On the programme team: the membership is left as it is."
OVER = "Has no account here, and the membership is not current: none is made."


class Register:
    """The memberships of some people, and of whom the numbers of some rows are."""

    def __init__(self, people: Iterable[Person], numbers: Iterable[str]) -> None:
        keys = [person.pk for person in people]
        wanted = {number for number in numbers if number}
        rows = Member.objects.filter(Q(person__in=keys) | Q(number__in=wanted))
        found = list(rows)
        self.members = {one.person_id: one for one in found}
        self._owners: dict[str, UUID] = {
            one.number: one.person_id for one in found if one.number in wanted
        }
        addresses = EmailAddress.objects.filter(user__in=keys).annotate(mail=Lower("email"))
        theirs = addresses.filter(mail=Lower(F("user__email"))).values_list("user", "verified")
        sure = {key for key, verified in theirs if verified}
        self._unsure = {key for key, _verified in theirs} - sure

    def judge(self, row: "Row", *, keep: bool) -> tuple[str, str]:
        """Put into `row.membership` what it says anew; out: what is wrong, with its column."""
        person = row.person
        owner = self._owners.get(row.member_number)
        if owner is not None and (person is None or owner != person.pk):
            return NUMBER, (
                "Somebody else here has this number. If it is the same person, change the address "
                "of the account first."
            )
        if person is None:
            row.membership = _said(row.member_number, row.standing)
            return "", ""
        if not (row.member_number or row.standing):
            return "", ""
        if person.is_staff or person.is_superuser:
            row.note = ON_THE_TEAM
            return "", ""
        member = self.members.get(person.pk)
        number, standing = row.member_number, row.standing
        if member is not None:
            if number == member.number or (keep and member.number):
                number = ""
            over = member.status != Status.CURRENT
            if keep or over == (standing in (Status.LAPSED, Status.ENDED)):
                standing = ""
        row.membership = _said(number, standing)
        if row.membership and person.pk in self._unsure:
            return "email", "This person has not confirmed the address yet."
        return "", ""


def _said(number: str, standing: str) -> dict[str, str]:
    said = {"number": number, "status": standing}
    return {name: value for name, value in said.items() if value}


def lapses(row: "Row") -> bool:
    """Whether a membership lapses by this row."""
    return row.membership.get("status") in (Status.LAPSED, Status.ENDED)


def put(
    person: Person, said: Mapping[str, str], *, by: Person, member: Member | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take what a row says of a membership; out: how it stood before, and how it stands now."""
    before = memberships.noted(member)
    taken = memberships.take(
        Record(
            email=person.email,
            email_verified=True,
            number=said.get("number"),
            status=said.get("status"),
        ),
        source=Source.IMPORT,
        by=by,
        let_in=False,
        member=member,
    )
    taken.member.refresh_from_db()
    return before, memberships.noted(taken.member)


def held_elsewhere(keys: Iterable[UUID]) -> set[UUID]:
    """Of these people, those of whose membership the society spoke by another way too."""
    rows = Member.objects.filter(person__in=list(keys))
    told = ~Q(source=Source.IMPORT.value) | Q(ties__isnull=False) | ~Q(user_name="") | ~Q(facts={})
    return set(rows.filter(told).values_list("person_id", flat=True))
