"""Rows of a file put into accounts, profiles and the index of mentors, a thousand at a time."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from core.accounts.models import Person
from core.accounts.rules import RESERVED_USERNAMES, username_from
from core.kernel import audit
from core.kernel.clock import now
from core.matching.services import list_newcomers, relist_all
from core.membership.models import Member
from core.people.models import Import, ImportKind, Invitation, InvitationState, Outcome
from core.people.queries.fields import required
from core.people.rules.invitations import GOOD_FOR
from core.people.rules.options import Options
from core.people.rules.targets import PLAIN
from core.people.services import members
from core.people.services.judging import Row
from core.profiles.models import Profile
from core.programme.queries import current


@dataclass
class Made:
    """What a row did: to whom, and for people who were here already what stood there before."""

    person_key: UUID | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class Putting:
    """Carries out what was decided of rows; `finish` once after the last."""

    def __init__(self, source: Import, options: Options, by: Person) -> None:
        self.source, self.options, self.by, self.at = source, options, by, now()
        self.time_zone = current().time_zone
        self.required = required()
        self._usernames: set[str] | None = None
        self._relist: set[UUID] = set()

    def put(self, rows: list[Row]) -> dict[int, Made]:
        """Carry out some rows; what each did by its number."""
        new = [row for row in rows if row.outcome == Outcome.NEW]
        if self.source.kind == ImportKind.INVITATIONS:
            self._invite(new)
            return {}
        made = self._put_new(new) if new else {}
        changed = [row for row in rows if row.outcome == Outcome.CHANGED]
        return made | (self._put_changed(changed) if changed else {})

    def finish(self) -> None:
        """Bring the index of mentors in line."""
        relist_all(self._relist)

    # -- new people ------------------------------------------------------------------------------
    def _put_new(self, rows: list[Row]) -> dict[int, Made]:
        people = [self._person(row) for row in rows]
        Person.objects.bulk_create(people)
        EmailAddress.objects.bulk_create(
            EmailAddress(user=person, email=person.email, verified=True, primary=True)
            for person in people
        )
        profiles = [
            self._filled(Profile(person=person, role=role), changes)
            for row, person in zip(rows, people, strict=True)
            for role, changes in row.profiles.items()
        ]
        Profile.objects.bulk_create(profiles)
        list_newcomers([profile for profile in profiles if profile.role == "mentor"])
        audit.record_all("person imported", things=people, by=self.by, file=str(self.source.pk))
        for row, person in zip(rows, people, strict=True):
            if row.membership:
                members.put(person, row.membership, by=self.by)
        if self.options.invite:
            self._invite(rows, people)
        return {row.number: Made(person.pk) for row, person in zip(rows, people, strict=True)}

    def _person(self, row: Row) -> Person:
        return Person(
            username=row.username or self._username(row),
            email=row.email,
            password=make_password(None),
            is_mentor="mentor" in row.roles,
            is_mentee="mentee" in row.roles,
            joined_at=self.at,
            **{"time_zone": self.time_zone, **{k: v for k, v in row.account.items() if v}},
        )

    def _username(self, row: Row) -> str:
        """A username from the name, with a number where somebody has it already."""
        if self._usernames is None:
            self._usernames = {*Person.objects.values_list("username", flat=True)}
            self._usernames |= RESERVED_USERNAMES
        base = username_from(row.account.get("first_name", ""), row.account.get("last_name", ""))
        base = base or username_from(row.email.partition("@")[0], "") or "member"
        for number in count(1):
            name = base if number == 1 else f"{base}{number}"
            if name not in self._usernames:
                break
        self._usernames.add(name)
        return name

    def _invite(self, rows: list[Row], people: list[Person] | None = None) -> None:
        """Open invitations whose mails are written later; a former one of the address ends."""
        standing = Invitation.objects.filter(
            state=InvitationState.OPEN, email__in=[row.email for row in rows]
        )
        standing.update(state=InvitationState.WITHDRAWN, settled_at=self.at)
        Invitation.objects.bulk_create(
            Invitation(
                email=row.email,
                first_name=row.account.get("first_name", ""),
                last_name=row.account.get("last_name", ""),
                is_mentor="mentor" in row.roles,
                is_mentee="mentee" in row.roles,
                line=self.options.line,
                person=people[place] if people else None,
                source=self.source,
                made_at=self.at,
                made_by=self.by,
                made_by_name=self.by.full_name,
                expires_at=self.at + GOOD_FOR,
            )
            for place, row in enumerate(rows)
        )

    # -- people who are here already -------------------------------------------------------------
    def _put_changed(self, rows: list[Row]) -> dict[int, Made]:
        people = [row.person for row in rows if row.person is not None]
        standing = {
            (profile.person_id, profile.role): profile
            for profile in Profile.objects.select_for_update().filter(person__in=people)
        }
        made: dict[int, Made] = {}
        begun: list[Profile] = []
        touched: list[Profile] = []
        for row, person in zip(rows, people, strict=True):
            did = Made(person.pk, {}, {})
            self._change_account(row, person, did)
            for role, changes in row.profiles.items():
                profile = standing.get((person.pk, role))
                _note(did, role, profile, changes)
                (touched if profile else begun).append(
                    self._filled(profile or Profile(person=person, role=role), changes)
                )
            made[row.number] = did
        Person.objects.bulk_update(people, [*PLAIN, "is_mentor", "is_mentee"], batch_size=500)
        Profile.objects.bulk_create(begun)
        Profile.objects.bulk_update(
            touched,
            ["answers", "capacity", "complete", "completed_at", "updated_at"],
            batch_size=500,
        )
        audit.record_all("person changed by import", things=people, by=self.by,
                         file=str(self.source.pk))  # fmt: skip
        self._put_memberships(rows, made)
        self._relist |= {person.pk for person in people}
        return made

    def _put_memberships(self, rows: list[Row], made: dict[int, Made]) -> None:
        """Last, as the society's word may withdraw people from what they are part of."""
        told = [(row, row.person) for row in rows if row.membership and row.person is not None]
        held = (
            Member.objects.select_related("person").in_bulk(
                [person.pk for _row, person in told], field_name="person"
            )
            if told
            else {}
        )
        for row, person in told:
            did = made[row.number]
            did.before["membership"], did.after["membership"] = members.put(
                person, row.membership, by=self.by, member=held.get(person.pk)
            )

    def _change_account(self, row: Row, person: Person, did: Made) -> None:
        for name, value in row.changes.items():
            did.before[name], did.after[name] = getattr(person, name), value
            setattr(person, name, value)
        for role in row.added:
            did.before[f"is_{role}"], did.after[f"is_{role}"] = False, True
            setattr(person, f"is_{role}", True)

    def _filled(self, profile: Profile, changes: dict[str, Any]) -> Profile:
        profile.answers = {**profile.answers, **changes.get("answers", {})}
        profile.capacity = changes.get("capacity", profile.capacity)
        profile.updated_at = self.at
        if not profile.complete and self.required.of(profile.role) <= profile.answers.keys():
            profile.complete, profile.completed_at = True, profile.completed_at or self.at
        return profile


def _note(did: Made, role: str, profile: Profile | None, changes: dict[str, Any]) -> None:
    """Write down what stood in a profile, for taking it back."""
    answers = changes.get("answers", {})
    held = profile.answers if profile else {}
    before: dict[str, Any] = {"answers": {key: held.get(key) for key in answers}}
    after: dict[str, Any] = {"answers": dict(answers)}
    if "capacity" in changes:
        before["capacity"] = profile.capacity if profile else None
        after["capacity"] = changes["capacity"]
    before["begun"] = profile is not None
    before["complete"] = profile.complete if profile else False
    did.before.setdefault("profiles", {})[role] = before
    did.after.setdefault("profiles", {})[role] = after
