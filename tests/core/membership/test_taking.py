"""Accounts follow what the society says: found by key or by an address both know, never by name."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.membership import queries, services
from core.membership.errors import AccountClosed, EmailTaken, MembershipEnded, NoAccount
from core.membership.models import Member, Tie
from core.membership.rules import Record, Status
from core.membership.services.standing import end_due
from tests.core.membership.conftest import rules
from tests.factories.people import someone

pytestmark = pytest.mark.django_db


def said(**changes: object) -> Record:
    given = {"subject": "m-1", "email": "ada@members.example", "email_verified": True,
             "first_name": "Ada", "last_name": "Holm", "number": "0042",
             "status": "current", **changes}  # fmt: skip
    return Record(**given)  # type: ignore[arg-type]


def test_newcomer_gets_an_account_and_is_found_by_key_from_then_on() -> None:
    first = services.take(said(roles=("mentee",)), source="handover")
    assert first.made
    assert (first.person.username, first.person.full_name) == ("ada.holm", "Ada Holm")
    assert first.person.roles == ["mentee"]
    assert not first.person.has_usable_password()
    again = services.take(said(email="", first_name="Somebody", last_name="Else"), source="scim")
    assert (again.person.pk, again.made) == (first.person.pk, False)
    assert again.person.full_name == "Ada Holm"  # names are the person's own here


def test_member_with_a_known_address_is_linked_once() -> None:
    person = someone(email="ada@members.example")
    taken = services.take(said(), source="oidc")
    assert (taken.person.pk, taken.made) == (person.pk, False)
    with pytest.raises(EmailTaken):  # the society gave the address to somebody else
        services.take(said(subject="m-2"), source="oidc")


def test_same_name_alone_links_nothing() -> None:
    person = someone(first_name="Ada", last_name="Holm")
    assert services.take(said(), source="saml").person.pk != person.pk


@pytest.mark.parametrize("source", ["oidc", "handover", "scim"])
def test_address_that_was_not_shown_to_be_theirs_links_nothing(source: str) -> None:
    someone(email="ada@members.example")
    with pytest.raises(EmailTaken):
        services.take(said(email_verified=False), source=source)
    assert not Member.objects.exists()


def test_newcomer_without_a_confirmed_address_gets_no_account() -> None:
    with pytest.raises(NoAccount):
        services.take(said(email_verified=False), source="oidc")
    with pytest.raises(NoAccount):
        services.take(said(), source="oidc", make=False)
    assert not Person.objects.filter(email="ada@members.example").exists()


def test_strangers_registration_with_the_address_makes_way() -> None:
    stranger = someone(email="ada@members.example")
    EmailAddress.objects.filter(user=stranger).delete()
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=False, primary=True)
    taken = services.take(said(), source="handover")
    assert taken.made
    assert not Person.objects.filter(pk=stranger.pk).exists()


def test_keys_of_two_issuers_never_meet() -> None:
    services.take(said(), source="oidc")
    other = services.take(said(email="bo@members.example", issuer="another"), source="oidc")
    assert other.made
    assert Tie.objects.filter(subject="m-1").count() == 2


def test_closed_account_is_not_opened_by_any_bridge() -> None:
    person = services.take(said(), source="oidc").person
    Person.objects.filter(pk=person.pk).update(is_active=False)
    for source in ("oidc", "saml", "handover", "scim", "pull"):
        with pytest.raises(AccountClosed):
            services.take(said(), source=source)
    assert not Person.objects.get(pk=person.pk).is_active


def test_row_that_stands_for_an_operator_is_never_matched() -> None:
    someone(email="ada@members.example", support_key="018f0000-0000-7000-8000-000000000001")
    with pytest.raises(EmailTaken):
        services.take(said(), source="oidc")


@pytest.mark.parametrize("source", ["scim", "pull", "import"])
def test_pushed_record_never_links_one_of_the_team(source: str) -> None:
    someone(email="ada@members.example", is_staff=True)
    with pytest.raises(EmailTaken):
        services.take(said(), source=source)


def test_society_that_keeps_address_and_name_changes_both() -> None:
    rules(sign_in="membership", membership_keeps=("email", "name"))
    person = services.take(said(), source="oidc").person
    services.take(said(email="new@members.example", last_name="Berg"), source="oidc")
    person.refresh_from_db()
    assert (person.email, person.full_name) == ("new@members.example", "Ada Berg")
    assert EmailAddress.objects.get(user=person).email == "new@members.example"
    assert OutboxMail.objects.get(kind="address_changed").to_address == "ada@members.example"
    someone(email="taken@members.example")
    with pytest.raises(EmailTaken):
        services.take(said(email="taken@members.example"), source="oidc")


def test_lapsed_member_has_grace_and_then_what_the_policy_leaves() -> None:
    rules(membership_grace_days=10, lapsed_members="finish")
    person = services.take(said(), source="oidc").person
    services.take(said(status="lapsed"), source="oidc")
    assert queries.standing(person).may_ask
    assert OutboxMail.objects.filter(kind="membership_lapsed").count() == 1
    with clock.frozen(clock.now() + timedelta(days=11)):
        assert not queries.standing(person).may_ask  # before the daily round, too
        assert end_due() == 1
        assert end_due() == 0
        assert queries.standing(person).may_sign_in
        services.take(said(status="lapsed"), source="oidc")
        assert OutboxMail.objects.filter(kind="membership_ended").count() == 1
        rules(lapsed_members="look")
        assert not queries.standing(person).may_act
        rules(lapsed_members="out")
        with pytest.raises(MembershipEnded):
            services.take(said(status="lapsed"), source="oidc")
        services.take(said(), source="oidc")
        assert queries.standing(person).may_ask


def test_society_that_ends_a_membership_is_heard_although_nobody_gets_in() -> None:
    rules(membership_grace_days=0, lapsed_members="out")
    person = services.take(said(), source="oidc").person
    with pytest.raises(MembershipEnded):
        services.take(said(status="ended"), source="oidc")
    assert Member.objects.get(person=person).status == Status.ENDED
    with pytest.raises(MembershipEnded):
        services.take(said(subject="m-9", email="late@members.example", status="ended"),
                      source="oidc")  # fmt: skip
    assert not Person.objects.filter(email="late@members.example").exists()


def test_one_of_the_team_gets_in_although_their_membership_is_over() -> None:
    rules(membership_grace_days=0, lapsed_members="out")
    person = services.take(said(), source="oidc").person
    Person.objects.filter(pk=person.pk).update(is_staff=True)
    taken = services.take(said(status="ended"), source="oidc")
    assert queries.standing(taken.person).may_sign_in
