"""Groups at the provider make people members of the programme team (product A6, F4)."""

from core.accounts.models import Person
from core.bridges.models import GivenRole, Provider
from core.bridges.queries import heir_of, is_held
from core.kernel import audit
from core.kernel.rights import StaffRole


def follow_groups(person: Person, provider: Provider, role: StaffRole | None) -> None:
    """Give, change or take the role that comes from a group; others are left as they are.

    The head of the team and roles that people gave by hand are never touched. A role that was
    changed by hand since is no longer the group's. Runs inside the caller's transaction.
    """
    if person.is_superuser or person.is_operator:
        return
    given = GivenRole.objects.select_for_update().filter(person=person).first()
    if given is not None and (not person.is_staff or person.staff_role != given.role):
        given.delete()
        if person.is_staff:
            return
        given = None
    if given is not None and given.provider_id != provider.pk:
        return
    if role is None:
        if given is not None:
            given.delete()
            _put(person, provider, None)
        return
    if given is None:
        if person.is_staff:
            return
        given = GivenRole(person=person, provider=provider)
    elif given.role == role:
        return
    given.role = role.value
    given.save()
    _put(person, provider, role)


def hand_on_roles(provider: Provider) -> None:
    """A provider goes: another that knows the person looks after the role, or nobody has it."""
    rows = GivenRole.objects.select_for_update(of=("self",)).filter(provider=provider)
    for given in rows.select_related("person"):
        heir = heir_of(given)
        if heir is not None:
            given.provider = heir
            given.save(update_fields=["provider"])
            continue
        if is_held(given):
            _put(given.person, provider, None)
        given.delete()


def _put(person: Person, provider: Provider, role: StaffRole | None) -> None:
    person.is_staff = role is not None
    person.staff_role = (role or StaffRole.READER).value
    person.save(update_fields=["is_staff", "staff_role"])
    verb = "bridge.role_given" if role else "bridge.role_taken"
    audit.record(verb, thing=person, provider=provider.name, role=role.value if role else "")
