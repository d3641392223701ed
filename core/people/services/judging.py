"""What each row of a file would do, decided a thousand rows at a time (product F4).

Dry run and import ask the same question here, so that what was shown is what is done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import default_storage
from django.db.models.functions import Lower

from core.accounts import queries as accounts
from core.accounts.models import Person
from core.accounts.rules import RESERVED_USERNAMES
from core.kernel.errors import RuleBroken
from core.kernel.ports import erased_among
from core.people.models import Import, ImportKind, Invitation, InvitationState, Outcome
from core.people.queries.fields import readers
from core.people.rules import cells, table
from core.people.rules.cells import Answer, CellRefused
from core.people.rules.options import Options
from core.people.rules.targets import ACCOUNT, MEMBERSHIP, PLAIN
from core.people.services import members
from core.people.services.members import Register
from core.profiles.models import Profile
from core.profiles.rules import AnswerRefusedError, clean_capacity, is_empty

AT_ONCE = 1000
ERASED = (
    "Everything about the owner of this address was erased here, as they wished or because its "
    "time had come. No file brings them back. They may register again themselves; if they ask you "
    "to, you can invite them."
)
NO_ROLE = "Nothing says whether this is a mentor or a mentee."


@dataclass
class Row:
    """A row as it was read, and then what becomes of it."""

    number: int
    email: str = ""
    account: dict[str, str] = field(default_factory=dict)
    username: str = ""
    roles: frozenset[str] = frozenset()
    capacity: int | None = None
    member_number: str = ""
    standing: str = ""
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    outcome: Outcome = Outcome.REFUSED
    note: str = ""
    person: Person | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    membership: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in the file, else the one that the person has."""
        first, last = self.account.get("first_name", ""), self.account.get("last_name", "")
        found = f"{first} {last}".strip()
        return found or (self.person.full_name if self.person is not None else "")


class Judge:
    """Reads a file and says of each row what it would do."""

    def __init__(self, source: Import) -> None:
        self.source = source
        self.options = Options.model_validate(source.options)
        self.text = _text(source)
        self.width = len(source.header)
        self._readers = readers()
        self._seen: dict[str, int] = {}
        self._usernames: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._columns = [
            (place, target, source.header[place])
            for place, target in enumerate(source.mapping)
            if target
        ]
        self._headings = {target: heading for _place, target, heading in self._columns}

    def total(self) -> int:
        """How many rows there are. Raises RuleBroken for more than are taken."""
        count = sum(1 for _ in table.rows_of(self.text, self.source.delimiter))
        if count > table.MOST_ROWS:
            raise RuleBroken(
                f"The file has {count:,} rows. {table.MOST_ROWS:,} are taken at once: split it."
            )
        return count

    def addresses(self) -> set[str]:
        """Every address in the file, as far as it is one."""
        place = self.source.mapping.index("email")
        found = set()
        for record in table.rows_of(self.text, self.source.delimiter):
            try:
                found.add(cells.email(record.cells[place]))
            except (CellRefused, IndexError):
                continue
        return found

    def chunks(self) -> Iterator[list[Row]]:
        """All rows in order, decided, a thousand at a time."""
        chunk: list[Row] = []
        for record in table.rows_of(self.text, self.source.delimiter):
            chunk.append(self._read(record))
            if len(chunk) == AT_ONCE:
                yield self._decided(chunk)
                chunk = []
        if chunk:
            yield self._decided(chunk)

    # -- reading ---------------------------------------------------------------------------------
    def _read(self, record: table.Record) -> Row:
        row = Row(record.line)
        if record.problem:
            row.problems.append(["", record.problem])
            return row
        if any(cell.strip() for cell in record.cells[self.width :]):
            row.problems.append(
                ["", f"This row has {len(record.cells)} cells, the header has {self.width}."]
            )
            return row
        said: dict[str, bool | None] = {}
        for place, target, heading in self._columns:
            cell = record.cells[place] if place < len(record.cells) else ""
            try:
                self._take(row, target, cells.unguarded(cell), said)
            except (CellRefused, AnswerRefusedError) as refusal:
                row.problems.append([heading, str(refusal)])
                row.unread.add(target)
        row.roles |= {role for role, given in said.items() if given}
        row.roles = row.roles or self.options.roles_given
        if row.email:
            first = self._seen.setdefault(row.email, row.number)
            if first != row.number:
                row.problems.append(
                    [self._headings["email"], f"The same address stands in line {first}."]
                )
        if row.member_number:
            first = self._numbers.setdefault(row.member_number, row.number)
            if first != row.number:
                row.problems.append(
                    [self._heading(members.NUMBER), f"The same number stands in line {first}."]
                )
        return row

    def _take(self, row: Row, target: str, cell: str, said: dict[str, bool | None]) -> None:
        if len(cell) > table.LONGEST_CELL:
            raise CellRefused(f"This cell holds {len(cell):,} characters.")
        if target == "email":
            row.email = cells.email(cell)
        elif target == "full_name":
            first, last = cells.split_name(cell)
            row.account["first_name"] = cells.account("first_name", first)
            row.account["last_name"] = cells.account("last_name", last)
        elif target in PLAIN:
            row.account[target] = cells.account(target, cell)
        elif target == "username":
            row.username = cells.username(cell) if cell.strip() else ""
        elif target == "roles":
            row.roles |= cells.roles(cell)
        elif target in ("is_mentor", "is_mentee"):
            said[target.removeprefix("is_")] = cells.yes_or_no(cell)
        elif target == "capacity":
            row.capacity = clean_capacity(cells.whole(cell)) if cell.strip() else None
        elif target == members.NUMBER:
            row.member_number = cells.member_number(cell)
        elif target == members.STANDING:
            row.standing = cells.standing(cell)
        else:
            whose, _, key = target.partition(":")
            reader = self._readers.get(key)
            answer = reader(cell) if reader is not None else None
            if answer is not None:
                row.answers[(whose, key)] = answer

    # -- deciding --------------------------------------------------------------------------------
    def _decided(self, chunk: list[Row]) -> list[Row]:
        emails = [row.email for row in chunk if row.email]
        people = _people(emails)
        erased = erased_among([one for one in emails if one not in people])
        for row in chunk:
            if row.email in erased:
                row.outcome, row.problems = Outcome.ERASED, [["", ERASED]]
        chunk, whole = [one for one in chunk if one.outcome != Outcome.ERASED], chunk
        if self.source.kind == ImportKind.INVITATIONS:
            invited = _invited(emails)
            for row in chunk:
                row.person = people.get(row.email)
                self._decide_invitation(row, row.email in invited)
            return whole
        profiles = _profiles(people)
        taken = _usernames([row.username for row in chunk if row.username])
        register = None
        if MEMBERSHIP.keys() & self._headings.keys():
            register = Register(people.values(), [row.member_number for row in chunk])
        for row in chunk:
            row.person = people.get(row.email)
            if row.person is None:
                self._decide_new(row, taken, register)
            else:
                self._decide_existing(row, profiles.get(row.person.pk, {}), register)
        return whole

    def _decide_invitation(self, row: Row, invited: bool) -> None:
        if row.person is None and not row.roles and not row.problems:
            row.problems.append(["", NO_ROLE])
        if row.problems:
            return
        row.outcome = Outcome.UNCHANGED if row.person or invited else Outcome.NEW
        if row.person:
            row.note = "Is a member already."
        elif invited:
            row.note = "Is invited already."

    def _decide_new(self, row: Row, taken: Mapping[str, str], register: Register | None) -> None:
        left = self.options.newcomers == "leave"
        if row.email and not row.problems and (left or row.standing in ("lapsed", "ended")):
            row.outcome = Outcome.UNCHANGED
            row.note = "Has no account here." if left else members.OVER
            return
        for name in ("first_name", "last_name"):
            unread = {name, "full_name"} & row.unread
            if row.email and not row.account.get(name) and not unread:
                row.problems.append(
                    [self._heading(name), f"There is no {ACCOUNT[name].lower()} in this row."]
                )
        if row.email and not row.roles and not {"roles", "is_mentor", "is_mentee"} & row.unread:
            row.problems.append(["", NO_ROLE])
        if row.username and not row.problems:
            first = self._usernames.setdefault(row.username, row.number)
            if row.username in taken or row.username in RESERVED_USERNAMES:
                row.problems.append([self._heading("username"), "This username is taken."])
            elif first != row.number:
                row.problems.append(
                    [self._heading("username"), f"The same username stands in line {first}."]
                )
        for role in row.roles:
            self._merge(row, role, None, keep=False)
        self._refuse_strangers(row, row.roles)
        self._judge_membership(row, register, keep=False)
        if not row.problems:
            row.outcome = Outcome.NEW

    def _decide_existing(
        self, row: Row, profiles: Mapping[str, Profile], register: Register | None
    ) -> None:
        person = row.person
        assert person is not None
        if not person.is_active:
            row.problems.append([self._heading("email"), "The account of this person is closed."])
        if row.problems:
            return
        row.outcome = Outcome.UNCHANGED
        if self.options.existing == "leave":
            row.note = "Is here already."
            return
        keep = self.options.existing == "fill"
        society = ("first_name", "last_name") if "name" in accounts.locked_for(person) else ()
        for name, value in row.account.items():
            held = getattr(person, name)
            if name in society:  # changed there alone
                continue
            if value and value != held and not (keep and held):
                row.changes[name] = value
        row.added = row.roles - set(person.roles)
        roles = frozenset(person.roles) | row.added
        for role in roles:
            self._merge(row, role, profiles.get(role), keep=keep)
        self._refuse_strangers(row, roles)
        self._judge_membership(row, register, keep=keep)
        if row.problems:
            row.outcome = Outcome.REFUSED
        elif row.changes or row.added or row.profiles or row.membership:
            row.outcome = Outcome.CHANGED

    def _judge_membership(self, row: Row, register: Register | None, *, keep: bool) -> None:
        if register is None:
            return
        target, sentence = register.judge(row, keep=keep)
        if sentence:
            row.problems.append([self._heading(target), sentence])
        elif row.person is not None and members.lapses(row):
            row.note = "The membership lapses."

    def _merge(self, row: Row, role: str, profile: Profile | None, *, keep: bool) -> None:
        """Put into `row.profiles` what the row says anew of somebody in a role."""
        held = profile.answers if profile is not None else {}
        fresh: dict[str, Answer] = {}
        for (whose, key), answer in row.answers.items():
            reader = self._readers[key]
            if role not in reader.roles or whose not in ("answer", role):
                continue
            before = held.get(key)
            if answer == before or (keep and not is_empty(before)):
                continue
            try:
                reader.check_kept(answer, before)
            except CellRefused as refusal:
                row.problems.append([self._heading(f"{whose}:{key}"), str(refusal)])
                continue
            fresh[key] = answer
        changes: dict[str, Any] = {}
        if fresh:
            changes["answers"] = fresh
        if role == "mentor" and row.capacity is not None:
            room = profile.capacity if profile is not None else None
            if row.capacity != room and not (keep and room is not None):
                changes["capacity"] = row.capacity
        if changes:
            row.profiles[role] = changes

    def _refuse_strangers(self, row: Row, roles: frozenset[str]) -> None:
        """Answers that nobody in these roles is asked for are told, not lost without a word."""
        if not roles:
            return
        for whose, key in row.answers:
            asked = set(self._readers[key].roles) if whose == "answer" else {whose}
            if not asked & roles:
                only = "mentors" if "mentor" in asked else "mentees"
                row.problems.append(
                    [self._heading(f"{whose}:{key}"), f"Only {only} are asked this."]
                )
        if row.capacity is not None and "mentor" not in roles:
            row.problems.append([self._heading("capacity"), "Only mentors are asked this."])

    def _heading(self, target: str) -> str:
        if target in ("first_name", "last_name") and target not in self._headings:
            target = "full_name"
        return str(self._headings.get(target, ""))


def _text(source: Import) -> str:
    try:
        with default_storage.open(source.stored_as) as opened:
            return table.text_of(opened.read(), source.encoding)
    except table.Unreadable as unreadable:
        raise RuleBroken(str(unreadable)) from None
    except (FileNotFoundError, ValueError):
        raise RuleBroken("The file is not kept any more. Upload it again.") from None


def _people(emails: list[str]) -> dict[str, Person]:
    """The people with these addresses; registrations that nobody confirmed do not count."""
    found = Person.objects.alias(address=Lower("email")).filter(address__in=emails)
    people: dict[str, Person] = {person.email.lower(): person for person in found}
    if people:
        strangers = set(
            accounts.unconfirmed()
            .filter(pk__in=[one.pk for one in people.values()])
            .values_list("pk", flat=True)
        )
        people = {email: one for email, one in people.items() if one.pk not in strangers}
    return people


def _profiles(people: Mapping[str, Person]) -> dict[Any, dict[str, Profile]]:
    found: dict[Any, dict[str, Profile]] = {}
    keys = [person.pk for person in people.values()]
    for profile in Profile.objects.filter(person__in=keys):
        found.setdefault(profile.person_id, {})[profile.role] = profile
    return found


def _usernames(names: list[str]) -> Mapping[str, str]:
    found = Person.objects.filter(username__in=names)
    return dict(found.values_list("username", "email"))


def _invited(emails: list[str]) -> set[str]:
    found = Invitation.objects.annotate(address=Lower("email")).filter(
        address__in=emails, state=InvitationState.OPEN
    )
    return set(found.values_list("address", flat=True))
