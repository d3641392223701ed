"""Whose account somebody gets who comes from a provider (product A6)."""

from typing import Any

import pytest

from core.accounts.models import Person
from core.bridges.models import GivenRole, Provider
from core.bridges.rules import Arrival, Kind, State
from core.bridges.services.arriving import foresee, let_in
from core.kernel.models import AuditEntry, OutboxMail
from core.kernel.rights import StaffRole
from core.membership.errors import EmailTaken, NoAccount
from core.membership.models import Member, Tie
from core.membership.rules import Status
from tests.factories.people import someone

pytestmark = pytest.mark.django_db


def a_provider(key: str = "society", **changes: Any) -> Provider:
    return Provider.objects.create(**{
        "key": key, "kind": Kind.OIDC, "name": key, "state": State.ON,
        "issuer": f"https://{key}.example", "mapping": {"groups": "groups"}, **changes,
    })  # fmt: skip


def mira(**changes: Any) -> Arrival:
    return Arrival(**{
        "subject": "s-1", "email": "mira@society.example", "email_verified": True,
        "first_name": "Mira", "last_name": "Holt", **changes,
    })  # fmt: skip


def test_people_stay_when_the_provider_changes() -> None:
    old = a_provider()
    person = let_in(old, mira())
    old.delete()
    same = a_provider("another-key", issuer="https://society.example")
    assert let_in(same, mira(email="new@society.example")) == person
    new = a_provider("new")
    assert let_in(new, mira(subject="n-77")) == person
    assert Tie.objects.filter(member__person=person).count() == 2


def test_subject_of_another_issuer_is_nobody() -> None:
    person = let_in(a_provider(), mira())
    other = a_provider("other")
    stranger = let_in(other, mira(email="else@other.example"))
    assert stranger != person
    moved = a_provider("moved", issuer="https://society.example")
    moved.issuer = "https://evil.example"
    with pytest.raises(NoAccount):
        let_in(moved, mira(email="", email_verified=False))


def test_address_given_to_somebody_else_at_the_provider_is_said_and_not_merged() -> None:
    provider = a_provider()
    person = let_in(provider, mira())
    with pytest.raises(EmailTaken):
        let_in(provider, mira(subject="s-2"))
    assert Member.objects.get().person == person


def test_provider_that_makes_no_accounts_knows_only_who_is_here() -> None:
    provider = a_provider(makes_accounts=False)
    with pytest.raises(NoAccount):
        let_in(provider, mira())
    person = someone("mentee", email="mira@society.example")
    assert let_in(provider, mira()) == person


def test_head_of_the_team_is_tied_to_a_provider_by_nobody_else() -> None:
    provider = a_provider()
    head = someone("mentee", email="mira@society.example", is_staff=True, is_superuser=True)
    for own in (None, someone("mentor")):
        with pytest.raises(NoAccount, match="Sign in to it here first"):
            let_in(provider, mira(), own)
    assert let_in(provider, mira(), head) == head
    assert let_in(provider, mira()) == head


def test_sign_in_without_a_word_on_membership_renews_nothing() -> None:
    provider = a_provider()
    person = let_in(provider, mira())
    Member.objects.update(status=Status.LAPSED)
    let_in(provider, mira())
    assert Member.objects.get(person=person).status == Status.LAPSED


def test_role_by_hand_and_role_of_another_provider_are_left_alone() -> None:
    provider, other = a_provider(), a_provider("other")
    by_hand = someone(email="hand@society.example", is_staff=True, staff_role="editor")
    let_in(provider, mira(subject="h", email=by_hand.email, role=StaffRole.MANAGER))
    let_in(provider, mira(subject="h", email=by_hand.email))
    by_hand.refresh_from_db()
    assert (by_hand.is_staff, by_hand.staff_role) == (True, "editor")
    person = let_in(provider, mira(role=StaffRole.READER))
    let_in(other, mira(subject="o"))
    person.refresh_from_db()
    assert person.is_staff
    let_in(provider, mira(role=StaffRole.COORDINATOR))
    person.refresh_from_db()
    assert person.staff_role == "coordinator"
    Person.objects.filter(pk=person.pk).update(staff_role="manager")  # by hand since
    let_in(provider, mira())
    person.refresh_from_db()
    assert (person.is_staff, person.staff_role) == (True, "manager")
    assert not GivenRole.objects.exists()


def test_foresight_does_all_and_leaves_nothing() -> None:
    provider = a_provider()
    before = [model.objects.count() for model in (Person, Member, AuditEntry, OutboxMail)]
    seen = foresee(provider, mira(role=StaffRole.EDITOR))
    assert (seen.name, seen.made, seen.is_staff) == ("Mira Holt", True, True)
    assert foresee(provider, mira(email_verified=False)).refused
    assert before == [model.objects.count() for model in (Person, Member, AuditEntry, OutboxMail)]
