"""Taking an import back, until people acted (product F4).

Accounts that nobody used and nothing else refers to go; values go back to what they were unless
somebody changed them since. Who stays is named in the report.
"""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from core.accounts.events import AccountEdited
from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell as tell_event
from core.kernel.jobs import Tell
from core.matching.models import Listing
from core.matching.services import relist_all
from core.membership.models import Member
from core.membership.services import put_back
from core.people.models import (
    Import,
    ImportKind,
    ImportRow,
    ImportState,
    Invitation,
    InvitationState,
    Outcome,
)
from core.people.permissions import may_change_people
from core.people.rules.targets import PLAIN
from core.people.services import members
from core.people.services.importing import NOT_ANY_MORE, one_at_a_time
from core.profiles.models import Profile

AT_ONCE = 1000
OWN = (Profile, Listing, EmailAddress, Invitation, Member)
"""What an account is made with: it goes with it, and keeps nobody."""


def take_back(source_id: UUID, by_id: UUID, tell: Tell) -> str:
    """Take an import back. Within the job's transaction. Errors: RuleBroken."""
    source = Import.objects.select_for_update().filter(pk=source_id).first()
    if source is None or source.state != ImportState.DONE:
        raise RuleBroken("This import was taken back already, or never carried out.")
    by = Person.objects.filter(pk=by_id).first()
    if by is None or not may_change_people(by):
        raise RuleBroken(NOT_ANY_MORE)
    one_at_a_time()
    withdrawn = Invitation.objects.filter(source=source, state=InvitationState.OPEN)
    withdrawn.update(state=InvitationState.WITHDRAWN, settled_at=now())
    if source.kind == ImportKind.INVITATIONS:
        accepted = source.invitations.filter(state=InvitationState.USED)
        emails = [email.lower() for email in accepted.values_list("email", flat=True)]
        source.rows.filter(email__in=emails, outcome=Outcome.NEW).update(kept="has accepted")
        gone, kept = source.rows.filter(outcome=Outcome.NEW, kept="").count(), len(emails)
    else:
        gone, kept = _take_back_people(source, by, tell)
    source.state, source.undone_at = ImportState.UNDONE, now()
    source.save(update_fields=["state", "undone_at"])
    audit.record("people.import_undone", thing=source, by=by, name=source.file_name,
                 taken_back=gone, kept=kept)  # fmt: skip
    stays = "stays as it is" if kept == 1 else "stay as they are"
    stay = f" {kept:,} {stays}: the report names them." if kept else ""
    return f"{gone:,} {'row is' if gone == 1 else 'rows are'} taken back.{stay}"


def _take_back_people(source: Import, by: Person, tell: Tell) -> tuple[int, int]:
    done = kept = 0
    rows = source.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED), person_key__isnull=False)
    total = rows.count()
    brought = rows.filter(outcome=Outcome.NEW).order_by().values("person_key")
    # All of them are held before anybody looks, so that nobody comes to be referred to meanwhile.
    list(Person.objects.filter(pk__in=brought).order_by("pk").select_for_update().values_list("pk"))
    busy = _referred_to(brought)

    def remove(chunk: list[ImportRow], source: Import, by: Person) -> None:
        _remove(chunk, busy, source, by)

    for outcome, take in ((Outcome.NEW, remove), (Outcome.CHANGED, _restore)):
        found = list(rows.filter(outcome=outcome))
        for start in range(0, len(found), AT_ONCE):
            chunk = found[start : start + AT_ONCE]
            take(chunk, source, by)
            staying = [row for row in chunk if row.kept]
            ImportRow.objects.bulk_update(staying, ["kept"], batch_size=500)
            kept += len(staying)
            done += len(chunk)
            tell(done, total)
    connection.check_constraints()
    return total - kept, kept


# -- people whom the import brought -------------------------------------------------------------
def _remove(rows: list[ImportRow], referred: dict[UUID, str], source: Import, by: Person) -> None:
    keys = [row.person_key for row in rows if row.person_key]
    people = Person.objects.in_bulk(keys)
    busy = referred | dict.fromkeys(members.held_elsewhere(people), "membership")
    going = []
    for row in rows:
        person = people.get(row.person_key) if row.person_key else None
        if person is None:
            continue
        if person.last_login is not None or person.has_usable_password():
            row.kept = "has signed in since"
        elif person.pk in busy:
            row.kept = f"takes part already: {busy[person.pk]}"
        else:
            going.append(person)
    audit.record_all("imported person removed", things=going, by=by, file=str(source.pk))
    gone = [person.pk for person in going]
    Invitation.objects.filter(person__in=gone).update(person=None)
    for model in (Listing, Profile, EmailAddress, Member):
        name = "user" if model is EmailAddress else "person"
        _wipe(model.objects.filter(**{f"{name}__in": gone}))
    _wipe(Person.objects.filter(pk__in=gone))


def _wipe(rows: Any) -> None:
    """Delete without looking for what depends on the rows: that was done before."""
    rows._raw_delete(rows.db)


def _referred_to(people: QuerySet[ImportRow, Any]) -> dict[UUID, str]:
    """Those of these people to whom any other table refers, and the name of what does.

    In: their keys, as a query: a statement a table, however many people there are.
    """
    found: dict[UUID, str] = {}
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        if model in OWN or getattr(model, "is_derived", False):
            continue
        column = relation.field.attname
        held = model._base_manager.filter(**{f"{relation.field.name}__in": people})
        for key in held.values_list(column, flat=True).distinct():
            found.setdefault(key, str(model._meta.verbose_name))
    return found


# -- people who were here before ----------------------------------------------------------------
def _restore(rows: list[ImportRow], source: Import, by: Person) -> None:
    keys = [row.person_key for row in rows if row.person_key]
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    }
    profiles: dict[Any, dict[str, Profile]] = {}
    for profile in Profile.objects.filter(person__in=keys).select_for_update():
        profiles.setdefault(profile.person_id, {})[profile.role] = profile
    for row in rows:
        person = people.get(row.person_key) if row.person_key else None
        if person is None:
            continue
        stays = _restore_account(row, person)
        if "membership" in row.after and not put_back(
            person, before=row.before["membership"], after=row.after["membership"], by=by
        ):
            stays.append("membership")
        for role, before in row.before.get("profiles", {}).items():
            found = profiles.get(person.pk, {}).get(role)
            if found is not None:
                stays += _restore_profile(found, before, row.after["profiles"][role])
        row.kept = f"changed since: {', '.join(stays)}"[:200] if stays else ""
    every = [profile for held in profiles.values() for profile in held.values()]
    begun = _begun_by(rows, profiles)
    empty = {one.pk for one in every if one.pk in begun and not one.answers}
    Profile.objects.filter(pk__in=empty).delete()
    Profile.objects.bulk_update(
        [one for one in every if one.pk not in empty],
        ["answers", "capacity", "complete", "completed_at"],
        batch_size=500,
    )
    Person.objects.bulk_update(people.values(), PLAIN, batch_size=500)
    audit.record_all("person restored", things=people.values(), by=by, file=str(source.pk))
    relist_all(people)


def _begun_by(rows: list[ImportRow], profiles: dict[Any, dict[str, Profile]]) -> set[UUID]:
    """The profiles that the import began."""
    return {
        profiles[row.person_key][role].pk
        for row in rows
        for role, before in row.before.get("profiles", {}).items()
        if not before["begun"] and role in profiles.get(row.person_key, {})
    }


def _restore_account(row: ImportRow, person: Person) -> list[str]:
    """Put back what nobody touched since; the names of what was."""
    stays, dropped = [], set()
    for name, before in row.before.items():
        if name in ("profiles", "membership"):
            continue
        if getattr(person, name) != row.after[name]:
            stays.append(str(getattr(Person, name).field.verbose_name))
            continue
        if name.startswith("is_"):
            dropped.add(name.removeprefix("is_"))
            continue
        setattr(person, name, before)
    if dropped:
        stays += _drop_roles(person, dropped)
    return stays


def _drop_roles(person: Person, roles: set[str]) -> list[str]:
    """Take back roles that the import gave; one in use stays."""
    try:
        with transaction.atomic():
            for role in roles:
                setattr(person, f"is_{role}", False)
            person.save(update_fields=[f"is_{role}" for role in roles])
            tell_event(AccountEdited(person_id=person.pk, roles_dropped=frozenset(roles)))
    except RuleBroken:
        for role in roles:
            setattr(person, f"is_{role}", True)
        return sorted(roles)
    return []


def _restore_profile(profile: Profile, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    stays = []
    for key, answer in after["answers"].items():
        if profile.answers.get(key) != answer:
            stays.append(key.replace("_", " "))
        elif before["answers"][key] is None:
            profile.answers.pop(key)
        else:
            profile.answers[key] = before["answers"][key]
    if "capacity" in after:
        if profile.capacity == after["capacity"]:
            profile.capacity = before["capacity"]
        else:
            stays.append("mentees at once")
    if not before["complete"] and not stays:
        profile.complete, profile.completed_at = False, None
    return stays
