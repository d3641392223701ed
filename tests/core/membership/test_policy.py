"""Members whose membership is over: what stays open, and how it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.membership import services
from core.membership.rules import Record
from core.membership.tasks import end
from core.mentorships import errors
from core.mentorships import services as mentorships
from core.mentorships.states import State
from core.privacy.models import How
from core.privacy.services import consenting
from tests.core.membership.conftest import rules
from tests.factories.people import browser, sign_in

pytestmark = pytest.mark.django_db


def said(person: Person, status: str = "current") -> None:
    record = Record(subject=f"s-{person.pk}", email=person.email, email_verified=True,
                    status=status)  # fmt: skip
    services.take(record, source="pull", let_in=False)
    consenting.agree(person, consenting.note_versions().values(), how=How.FIRST_SIGN_IN)


def test_member_who_is_out_cannot_sign_in_and_is_withdrawn_from_everything(
    pair: tuple[Person, Person], active: Any
) -> None:
    _mentor, mentee = pair
    rules(membership_grace_days=0, lapsed_members="finish")
    for one in pair:
        said(one)
    visitor = browser()
    sign_in(visitor, mentee.username)
    assert visitor.get("/account/edit/").status_code == 200
    said(mentee, "ended")
    active.refresh_from_db()
    assert active.state == State.ACTIVE  # what was begun may be finished
    assert "You can finish what you have begun" in visitor.get("/relationships/").content.decode()
    rules(lapsed_members="out")
    assert end() == 1
    assert end() == 0
    active.refresh_from_db()
    assert active.state == State.ENDED
    assert visitor.get("/account/edit/").status_code == 302
    answer = sign_in(visitor, mentee.username)
    assert "_auth_user_id" not in visitor.session
    page = visitor.get(answer.url).content.decode()
    assert "Your membership has ended, so you cannot sign in here at present." in page
    assert OutboxMail.objects.filter(kind="membership_ended", to_address=mentee.email).exists()
    said(mentee)
    assert sign_in(visitor, mentee.username).status_code == 302
    assert "_auth_user_id" in visitor.session


def test_member_whose_membership_is_over_begins_nothing_new(
    pair: tuple[Person, Person], visit: Callable[[Person], Client]
) -> None:
    mentor, mentee = pair
    rules(membership_grace_days=0, lapsed_members="finish", profile_gate=False)
    said(mentee)
    said(mentee, "lapsed")
    with pytest.raises(errors.NotAMember):
        mentorships.send(mentor=mentor, area="", statement="May I?", by=mentee)
    page = visit(mentee).get("/mentors/").content.decode()
    assert "You can finish what you have begun, but not begin anything new." in page
    said(mentee)
    said(mentor)
    said(mentor, "lapsed")
    with pytest.raises(errors.AccountNotInUse):
        mentorships.send(mentor=mentor, area="", statement="May I?", by=mentee)
    assert mentor.full_name not in visit(mentee).get("/mentors/").content.decode()


def test_member_who_may_only_look_sends_nothing_but_keeps_their_account(
    pair: tuple[Person, Person], active: Any, visit: Callable[[Person], Client]
) -> None:
    _mentor, mentee = pair
    rules(membership_grace_days=0, lapsed_members="look")
    said(mentee)
    said(mentee, "ended")
    client = visit(mentee)
    assert client.get(f"/relationships/{active.pk}/").status_code == 200
    refused = client.post(f"/relationships/{active.pk}/end/", {"reason": ""})
    assert refused.status_code == 422
    assert "You can look at what is here, but not change it." in refused.content.decode()
    assert client.post("/account/mails/", {"wanted": []}).status_code == 302
    active.refresh_from_db()
    assert active.state == State.ACTIVE
