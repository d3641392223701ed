"""The society's system keeps its members' accounts here by SCIM: makes, changes, closes, opens."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from core.accounts import services as accounts
from core.accounts.events import AccountClosing
from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.membership.errors import AccountClosed
from core.membership.models import Member, Tie, Token
from core.membership.rules import LONGEST_NUMBER, LONGEST_SUBJECT, SOCIETY, Record, Source, Status
from core.membership.rules.scim import MEMBER, ScimRefused
from core.membership.services.taking import find, take

REASON = "closed by the society"


@transaction.atomic
def create(document: Mapping[str, Any], *, by: Token) -> Member:
    """Make or link the account of a user; one whom SCIM deleted comes back.

    Errors: ScimRefused, with 409 when the user is here already.
    """
    record, user_name, active = read(document)
    _check_name(user_name, None)
    known = _known(record)
    if known is not None and known.gone_at is None and known.user_name:
        raise _taken("This user is here already.")
    if known is not None:
        _set_active(known, True, by)
    member = _take(record, by, known)
    return _finish(member, user_name, active, by)


@transaction.atomic
def replace(member: Member, document: Mapping[str, Any], *, by: Token) -> Member:
    """Bring an account in line with a whole user. Errors: ScimRefused."""
    record, user_name, active = read(document)
    member = _held(member)
    _refuse_team(member.person)
    _check_name(user_name, member)
    if active:
        _set_active(member, True, by)
    _follow_key(member, record.subject)
    if member.person.is_active or member.closed_by_scim:
        _take(record, by, member)
        member = _held(member)
    return _finish(member, user_name, active, by)


@transaction.atomic
def delete(member: Member, *, by: Token) -> None:
    """Close the account and withdraw its owner from everything; SCIM knows them no more."""
    member = _held(member)
    _refuse_team(member.person)
    if member.person.is_active:
        tell(AccountClosing(person_id=member.person_id, by_team=True))
    _set_active(member, False, by)
    member.gone_at = now()
    member.user_name = ""
    member.save(update_fields=["gone_at", "user_name"])


def read(document: Mapping[str, Any]) -> tuple[Record, str, bool]:
    """What a user says: the record, the user name, whether the account is open.

    Errors: ScimRefused.
    """
    user_name = _text(document, "userName", LONGEST_SUBJECT, needed=True)
    name = document.get("name") or {}
    extension = document.get(MEMBER) or {}
    status = extension.get("status")
    if status not in (None, Status.CURRENT, Status.LAPSED):
        raise _bad("“status” must be current or lapsed.")
    roles = extension.get("roles") or []
    if not isinstance(roles, list):
        raise _bad("“roles” must be a list.")
    record = Record(
        subject=_text(document, "externalId", LONGEST_SUBJECT),
        email=_email(document, user_name),
        email_verified=True,
        first_name=_text(name, "givenName", 80),
        last_name=_text(name, "familyName", 80),
        number=_text(extension, "number", LONGEST_NUMBER),
        status=status,
        roles=tuple(role for role in ("mentor", "mentee") if role in roles),
    )
    return record, user_name, _flag(document.get("active", True))


def _take(record: Record, by: Token, member: Member | None) -> Member:
    try:
        return take(record, source=Source.SCIM, by=by, let_in=False, member=member).member
    except AccountClosed:
        raise _taken("The account of this user was closed here, and stays closed.") from None
    except RuleBroken as broken:
        raise _taken(broken.message) from None


def _finish(member: Member, user_name: str, active: bool, by: Token) -> Member:
    member.user_name, member.gone_at = user_name, None
    try:
        with transaction.atomic():
            member.save(update_fields=["user_name", "gone_at"])
    except IntegrityError:
        raise _taken("Another user has this userName.") from None
    if not active:
        _set_active(member, False, by)
    return _held(member)


def _set_active(member: Member, active: bool, by: Token) -> None:
    """Close an account, or open one that SCIM itself has closed. Errors: ScimRefused."""
    person = member.person
    if person.is_active == active:
        return
    if active and (person.closed_by_owner or not member.closed_by_scim):
        raise ScimRefused(
            "The account of this user was closed here, and stays closed.",
            status=HTTPStatus.CONFLICT,
        )
    _refuse_team(person)
    try:
        accounts.set_active(person, active, by=by, reason=REASON)
    except RuleBroken as broken:
        raise ScimRefused(broken.message, status=HTTPStatus.CONFLICT) from None
    member.closed_by_scim = not active
    member.save(update_fields=["closed_by_scim"])


def _known(record: Record) -> Member | None:
    """Whom the society spoke of before; SCIM may have deleted them and send them again."""
    try:
        person = find(record, Source.SCIM)
    except RuleBroken as broken:
        raise _taken(broken.message) from None
    if person is None:
        return None
    return Member.objects.select_related("person").filter(person=person).first()


def _follow_key(member: Member, subject: str) -> None:
    """Another externalId for a user who stays the same. Errors: ScimRefused."""
    if Tie.objects.filter(issuer=SOCIETY, subject=subject).exclude(member=member).exists():
        raise _taken("Another user has this externalId.")
    if subject:
        Tie.objects.update_or_create(member=member, issuer=SOCIETY, defaults={"subject": subject})
    else:
        Tie.objects.filter(member=member, issuer=SOCIETY).delete()


def _check_name(user_name: str, member: Member | None) -> None:
    others = Member.objects.filter(user_name__iexact=user_name)
    if (others.exclude(pk=member.pk) if member else others).exists():
        raise _taken("Another user has this userName.")


def _refuse_team(person: Person) -> None:
    if person.is_staff or person.is_superuser:
        raise ScimRefused(
            "This user is on the programme team: the team itself looks after them.",
            status=HTTPStatus.FORBIDDEN,
        )


def _held(member: Member) -> Member:
    return Member.objects.select_for_update(of=("self",)).select_related("person").get(pk=member.pk)


def _email(document: Mapping[str, Any], user_name: str) -> str:
    mails = document.get("emails") or []
    first = next((one for one in mails if _flag(one.get("primary", False))), None)
    first = first or (mails[0] if mails else {})
    address = first.get("value") or (user_name if "@" in user_name else "")
    try:
        validate_email(address)
    except (ValidationError, TypeError):
        raise _bad("A user needs an e-mail address.") from None
    if len(address) > 254:
        raise _bad("The e-mail address is too long.")
    return str(address)


def _text(document: Mapping[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    value = document.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise _bad(f"“{name}” must be a text of at most {longest} characters.")
    return value.strip()


def _flag(value: object) -> bool:
    """A yes or no; some systems send it as a word."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise _bad("A yes or no must be true or false.")
    return value


def _bad(detail: str) -> ScimRefused:
    return ScimRefused(detail, kind="invalidValue")


def _taken(detail: str) -> ScimRefused:
    return ScimRefused(detail, status=HTTPStatus.CONFLICT, kind="uniqueness")
