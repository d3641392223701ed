"""Both are asked when a relationship is over, once, and reminded on the institute's days."""

from datetime import timedelta

import pytest
from django.conf import settings

from core.feedback import services, tasks
from core.feedback.models import Invitation
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.mentorships import services as relationship
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import State
from tests.core.feedback.conftest import NOON, Policy
from tests.factories.feedback import make_invitation

pytestmark = pytest.mark.django_db


def mails(kind: str) -> list[str]:
    return sorted(OutboxMail.objects.filter(kind=kind).values_list("to_address", flat=True))


def test_completion_asks_both_and_writes_an_hour_later(
    pair: Mentorship, set_policy: Policy
) -> None:
    set_policy(who_completes="either")
    relationship.complete(pair, by=pair.mentor)
    assert Invitation.objects.filter(mentorship=pair, moment="completion").count() == 2
    services.write_to_asked()
    assert mails("feedback_asked") == []
    with clock.frozen(NOON + timedelta(hours=1)):
        assert services.write_to_asked() == 2
        assert services.write_to_asked() == 0
    assert mails("feedback_asked") == sorted([pair.mentor.email, pair.mentee.email])


def test_early_end_asks_both_only_where_the_institute_wants_it(
    pair: Mentorship, set_policy: Policy
) -> None:
    set_policy(feedback_after_end=False)
    relationship.end(pair, by=pair.mentee)
    assert not Invitation.objects.exists()
    set_policy(feedback_after_end=True)
    assert services.ask_after(pair.pk, ended_early=True) == 2
    assert services.ask_after(pair.pk, ended_early=True) == 0
    assert Invitation.objects.filter(ended_early=True).count() == 2


def test_who_has_left_or_answered_gets_no_mail(pair: Mentorship) -> None:
    services.ask_after(pair.pk, ended_early=False)
    asked = Invitation.objects.get(person=pair.mentee)
    services.answer(asked, by=pair.mentee, answers={"worth_it": 4})
    pair.mentor.is_active = False
    pair.mentor.save()
    with clock.frozen(NOON + timedelta(days=30)):
        assert tasks.write() == (0, 0)


def test_reminders_come_on_their_days_and_late_ones_only_once(
    pair: Mentorship, set_policy: Policy
) -> None:
    set_policy(feedback="asked", feedback_reminder_days=[7, 21])
    make_invitation(pair, mailed_at=NOON)
    for days, expected in ((6, 0), (7, 1), (8, 0), (21, 1), (60, 0)):
        with clock.frozen(NOON + timedelta(days=days)):
            assert services.remind() == expected, days
    Invitation.objects.update(reminded=0)
    with clock.frozen(NOON + timedelta(days=30)):
        assert (services.remind(), services.remind()) == (1, 0)
    assert len(mails("feedback_reminder")) == 3


def test_nobody_is_reminded_where_feedback_is_optional_or_was_declined(
    pair: Mentorship, set_policy: Policy
) -> None:
    asked = make_invitation(pair, mailed_at=NOON)
    set_policy(feedback="optional")
    with clock.frozen(NOON + timedelta(days=8)):
        assert services.remind() == 0
        set_policy(feedback="asked")
        services.decline(asked, by=pair.mentee)
        assert services.remind() == 0


def test_midway_asks_once_in_the_institutes_week(pair: Mentorship, set_policy: Policy) -> None:
    assert services.ask_midway() == 0
    set_policy(feedback_midpoint_weeks=10)
    with clock.frozen(NOON - timedelta(minutes=1)):
        assert services.ask_midway() == 0
    assert (services.ask_midway(), services.ask_midway()) == (2, 0)
    late = Mentorship.objects.get(pk=pair.pk)
    Invitation.objects.all().delete()
    late.answered_at = NOON - timedelta(weeks=15)
    late.save()
    assert services.ask_midway() == 0, "a new policy asks nobody about old times"


def test_end_closes_what_was_asked_on_the_way(pair: Mentorship, set_policy: Policy) -> None:
    set_policy(feedback_midpoint_weeks=10)
    services.ask_midway()
    services.ask_after(pair.pk, ended_early=False)
    assert Invitation.objects.filter(moment="midpoint", closed_at=None).count() == 0
    assert Invitation.objects.filter(moment="completion", closed_at=None).count() == 2


def test_new_round_is_asked_about_anew(pair: Mentorship) -> None:
    services.ask_after(pair.pk, ended_early=True)
    MentorshipStep.objects.create(
        mentorship=pair, action="accept", before=State.PROPOSED, after=State.ACTIVE, role="mentor",
        at=NOON + timedelta(days=9),
    )  # fmt: skip
    assert services.ask_after(pair.pk, ended_early=False) == 2
    assert Invitation.objects.filter(closed_at=None).count() == 2


def test_tasks_run_for_every_institute() -> None:
    assert {tasks.ask_midway.name, tasks.write.name} <= set(settings.EACH_INSTITUTE)
