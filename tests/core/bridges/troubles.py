"""What both kinds of provider are tried with: a member whose membership lapses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.membership.models import Member
from core.membership.rules import Status
from core.privacy.models import How
from core.privacy.services import consenting
from tests.core.membership.conftest import rules
from tests.factories.people import someone

SignIn = Callable[[str], tuple[Any, Client]]
ENDED = "Your membership has ended, so you cannot sign in here at present."
FINISH = "You can finish what you have begun, but not begin anything new."


def a_lapsed_member_with_an_account_meets_each_policy(address: str, sign_in: SignIn) -> None:
    """Call it inside the institute. In: ``sign_in(standing)`` goes to the provider, which says this
    of the member, and comes back: our answer and the browser."""
    rules(membership_grace_days=14, lapsed_members="out", profile_gate=False)
    person = someone("mentee", email=address)
    consenting.agree(person, consenting.note_versions().values(), how=How.FIRST_SIGN_IN)
    assert _came_in(sign_in("current"), person)
    assert _came_in(sign_in("lapsed"), person)  # the days of grace
    member = Member.objects.get(person=person)
    assert (member.status, Person.objects.count()) == (Status.LAPSED, 1)
    Member.objects.update(grace_until=now() - timedelta(days=1))
    answer, browser = sign_in("lapsed")
    assert (answer.status_code, "_auth_user_id" in browser.session) == (422, False)
    page = answer.content.decode()
    assert ENDED in page
    assert reverse("bridges:ask_rescue") not in page  # which is for the team alone
    rules(lapsed_members="finish")
    came = sign_in("lapsed")
    assert _came_in(came, person)
    assert FINISH in came[1].get("/mentors/").content.decode()
    member.refresh_from_db()
    assert member.status == Status.ENDED  # to come in is not to be a member again


def _came_in(came: tuple[Any, Client], person: Person) -> bool:
    answer, browser = came
    return bool(
        answer.status_code == 302 and browser.session.get("_auth_user_id") == str(person.pk)
    )
