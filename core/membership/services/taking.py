"""One member as the society describes them, taken into the account here (product A6).

An account is found by the society's own key of the person, or by an e-mail address that both sides
know to be theirs; never by a name. A closed account stays closed.
"""

from dataclasses import dataclass
from itertools import count

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from core.accounts import queries as accounts
from core.accounts import services as account_services
from core.accounts.models import Person
from core.accounts.rules import RESERVED_USERNAMES, NameRefusedError, clean_name, username_from
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.ports import was_erased
from core.membership import queries
from core.membership.errors import (
    AccountClosed,
    EmailTaken,
    MembershipEnded,
    NoAccount,
    WasErased,
)
from core.membership.models import Member, Tie
from core.membership.rules import LONGEST_NUMBER, PUSHED, SIGN_INS, Record, Source, Status
from core.membership.services.answering import put_answers
from core.membership.services.standing import put_status
from core.programme.queries import current

NAMES = ("first_name", "last_name")


@dataclass(frozen=True)
class Taken:
    """What came of a record: whose account, whether it is new, and what changed in it."""

    person: Person
    member: Member
    made: bool
    changed: tuple[str, ...] = ()


def take(
    record: Record,
    *,
    source: Source | str,
    by: Actor | None = None,
    make: bool = True,
    let_in: bool = True,
    member: Member | None = None,
    own: Person | None = None,
) -> Taken:
    """Find or make the account of a member and bring it in line with what the society says.

    In: `make` says whether an account may be made; `let_in` whether somebody is to be signed in
    now, so that an ended membership is an error; `member`, where it is known whom it is about;
    `own`, who is signed in here: a head's account is tied to a society by its owner alone.
    Call it outside a transaction that an error would undo: what the society said is kept although
    nobody is let in.
    Errors: AccountClosed, WasErased, EmailTaken, NoAccount; MembershipEnded under the policy "out".
    """
    source = Source(source)
    try:
        with transaction.atomic():
            taken = _taken(record, source, by, make=make, known=member, let_in=let_in, own=own)
    except IntegrityError:  # somebody else with this key or address was first
        raise EmailTaken from None
    if let_in:
        standing = queries.standing(taken.person)
        if not standing.may_sign_in:
            raise MembershipEnded(standing.sentence)
    return taken


def _taken(
    record: Record,
    source: Source,
    by: Actor | None,
    *,
    make: bool,
    known: Member | None,
    let_in: bool,
    own: Person | None,
) -> Taken:
    person = known.person if known is not None else find(record, source, own)
    made = person is None
    if person is None:
        if record.status not in (None, Status.CURRENT) and let_in:
            raise MembershipEnded
        if source in PUSHED and was_erased(record.email):
            raise WasErased
        person = _make(record, by, make=make)
    account_services.lock(person)
    person.refresh_from_db()
    if not person.is_active and not (known is not None and known.closed_by_scim):
        raise AccountClosed
    if source == Source.HANDOVER and (person.is_staff or person.is_superuser):
        # Whoever makes keys could sign tickets for the head of the team.
        raise NoAccount("You are on the programme team: sign in with your own account here.")
    member, changed = _member(person, record, source)
    changed += [] if made else _follow(person, record, source, by)
    if record.status is not None:
        before = member.status
        member = put_status(member, record.status, by=by)
        changed += ["status"] * (member.status != before)
    changed += put_answers(person, record.answers)
    return Taken(person, member, made, tuple(changed))


def find(record: Record, source: Source, own: Person | None = None) -> Person | None:
    """Whose account a record is about. Errors: EmailTaken when the address is somebody else's;
    NoAccount when it is a head's, who has not tied it to the society."""
    if record.subject:
        ties = Tie.objects.filter(issuer=record.issuer, subject=record.subject)
        tie = ties.select_related("member__person").first()
        if tie is not None:
            return tie.member.person
    email = record.email.strip().lower()
    person = accounts.person_with_address(email) if email else None
    if person is None:
        return None
    if person.is_operator or not record.email_verified:
        raise EmailTaken
    theirs = EmailAddress.objects.filter(user=person, email__iexact=email)
    if theirs.exists() and not theirs.filter(verified=True).exists():
        if person in accounts.unconfirmed():
            return None  # a stranger's registration, which never counted
        raise EmailTaken
    if source in PUSHED and (person.is_staff or person.is_superuser):
        raise EmailTaken
    other = Tie.objects.filter(member__person=person, issuer=record.issuer)
    if record.subject and other.exclude(subject=record.subject).exists():
        raise EmailTaken  # the society gave an old address to somebody else
    is_own = own is not None and own.pk == person.pk
    if person.is_superuser and source in SIGN_INS and not is_own:
        # Whoever sets a provider up could let it vouch for the head's address.
        raise NoAccount(
            "This account leads the programme team. Sign in to it here first, then sign in with "
            "your society in the same browser: from then on they belong together."
        )
    return person


def _make(record: Record, by: Actor | None, *, make: bool) -> Person:
    if not make:
        raise NoAccount
    email = record.email.strip().lower()
    if not email or not record.email_verified:
        raise NoAccount(
            "Your society has not sent a confirmed e-mail address, so no account can be made."
        )
    names = {name: _name(getattr(record, name)) for name in NAMES}
    for stranger in accounts.unconfirmed().filter(email__iexact=email):
        audit.record("unconfirmed registration removed", thing=stranger)
        stranger.delete()
    return account_services.create_person(
        username=_username(names, email),
        email=email,
        by=by,
        time_zone=current().time_zone,
        is_mentor="mentor" in record.roles,
        is_mentee="mentee" in record.roles,
        **names,
    )


def _username(names: dict[str, str], email: str) -> str:
    base = username_from(names["first_name"], names["last_name"])
    base = base or username_from(email.partition("@")[0], "") or "member"
    held = set(Person.objects.filter(username__startswith=base).values_list("username", flat=True))
    held |= RESERVED_USERNAMES
    for number in count(1):
        name = base if number == 1 else f"{base}{number}"
        if name not in held:
            return name
    raise AssertionError  # the count has no end


def _name(text: str | None) -> str:
    """A name as it can be kept; "" for one that we would not print in a mail."""
    try:
        return clean_name(text or "")[:80]
    except NameRefusedError:
        return ""


def _member(person: Person, record: Record, source: Source) -> tuple[Member, list[str]]:
    member, _new = Member.objects.get_or_create(person=person, defaults={"source": source.value})
    member.source, member.seen_at = source.value, now()
    changed = []
    if record.number is not None and record.number.strip()[:LONGEST_NUMBER] != member.number:
        member.number = record.number.strip()[:LONGEST_NUMBER]
        changed.append("number")
    if record.facts:
        member.facts = {**member.facts, **record.facts}
    member.save()
    if record.subject:
        tie, new = Tie.objects.get_or_create(
            member=member, issuer=record.issuer, defaults={"subject": record.subject}
        )
        if new:
            audit.record("membership linked", thing=person, source=source.value)
        elif tie.subject != record.subject:
            raise EmailTaken
    return member, changed


def _follow(person: Person, record: Record, source: Source, by: Actor | None) -> list[str]:
    """Change what the society is master of; what is the person's own stays theirs."""
    if source in PUSHED and (person.is_staff or person.is_superuser):
        return []
    locked = queries.locked()
    changed: list[str] = []
    if "name" in locked:
        given = {name: _name(getattr(record, name)) for name in NAMES}
        fresh = {k: v for k, v in given.items() if v and v != getattr(person, k)}
        for name, value in fresh.items():
            setattr(person, name, value)
        if fresh:
            person.save(update_fields=[*fresh])
            audit.record("account edited", thing=person, by=by, fields=sorted(fresh))
            changed += fresh
    email = record.email.strip().lower()
    if "email" in locked and email and record.email_verified and email != person.email.lower():
        other = accounts.person_with_address(email)
        if other is not None and other.pk != person.pk and other not in accounts.unconfirmed():
            raise EmailTaken
        account_services.set_address(person, email, by=by)
        changed.append("email")
    return changed
