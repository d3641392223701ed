"""The ladder (product C5): days 3, 7 and 15, and on day 21 it is withdrawn by itself."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.services import block
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry, OutboxMail
from core.mentorships import queries, services
from core.mentorships.models import Mentorship
from core.mentorships.services import ladder
from core.mentorships.states import State
from core.mentorships.tasks import climb_ladder
from core.messaging.services import send as write
from tenants.models import Institute
from tests.core.mentorships.test_races import all_at_once
from tests.core.mentorships.test_services import send, set_policy
from tests.factories.mentorships import STATEMENT, make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 20, 9, 30, tzinfo=UTC)  # the clocks go forward on 28 March


def at(days: float) -> Any:
    return clock.frozen(START + timedelta(days=days))


def on_days(days: Any) -> dict[int, list[str]]:
    """Run the task at noon of each day; gives the mails by day."""
    found: dict[int, list[str]] = {}
    for day in days:
        known = set(OutboxMail.objects.values_list("pk", flat=True))
        with at(day + 0.1):
            climb_ladder()
        new = OutboxMail.objects.exclude(pk__in=known).order_by("kind")
        if kinds := list(new.values_list("kind", flat=True)):
            found[day] = kinds
    return found


def asked(**who: Any) -> Mentorship:
    with at(0):
        return send(**{"mentor": make_mentor(), "by": make_mentee(), **who})


def test_mentor_is_reminded_on_days_3_7_and_15_and_on_21_it_lapses() -> None:
    row, other = asked(), make_mentor("Perrin Sedge")
    assert on_days(range(30)) == {
        3: ["request_reminder"],
        7: ["request_reminder"],
        15: ["request_reminder"],
        21: ["request_expired", "request_lapsed"],
    }
    row.refresh_from_db()
    assert row.state == State.LAPSED
    last = row.steps.get(action="lapse")
    assert (last.by, last.role, last.before) == (None, "clock", "proposed")
    assert AuditEntry.objects.filter(verb="mentorship lapsed", thing_id=row.pk).count() == 1
    lapsed = OutboxMail.objects.get(kind="request_lapsed")
    assert lapsed.to_address == row.mentee.email
    assert f"- {other.full_name}" in lapsed.text
    assert row.mentor.email not in lapsed.text
    reminder = OutboxMail.objects.filter(kind="request_reminder").earliest("created_at")
    assert reminder.to_address == row.mentor.email
    assert "20 March 2027" in reminder.text
    assert "10 April 2027" in reminder.text


def test_task_is_rung_in_every_institute_by_beat() -> None:
    assert climb_ladder.name in settings.EACH_INSTITUTE


def test_running_twice_says_nothing_twice() -> None:
    asked()
    with at(7.5):
        assert climb_ladder() == (0, 1)
        assert climb_ladder() == (0, 0)
    with at(21):
        assert climb_ladder() == (1, 0)
        assert climb_ladder() == (0, 0)


def test_missed_days_are_made_good_by_one_mail() -> None:
    asked()
    assert on_days([16, 17]) == {16: ["request_reminder"]}


def test_rung_is_reached_to_the_second_whatever_the_clocks_do() -> None:
    asked()
    with at(15 - 1 / 86_400):
        climb_ladder()
    assert Mentorship.objects.get().reminded_day == 7
    with at(15):
        climb_ladder()
    assert Mentorship.objects.get().reminded_day == 15


def test_numbers_may_change_while_requests_are_open() -> None:
    asked()
    assert on_days(range(8)) == {3: ["request_reminder"], 7: ["request_reminder"]}
    set_policy(reminder_days=[2, 5, 10], lapse_days=12)
    assert on_days(range(8, 14)) == {
        10: ["request_reminder"],
        12: ["request_expired", "request_lapsed"],
    }


def test_institute_without_reminders_sends_none() -> None:
    set_policy(reminder_days=[], lapse_days=21)
    asked()
    assert list(on_days(range(25))) == [21]


def test_message_of_the_mentor_pauses_and_the_answer_lets_it_go_on() -> None:
    row = asked()
    assert list(on_days(range(4))) == [3]
    with at(4):
        services.pause(mentor=row.mentor, mentee=row.mentee)
    assert on_days(range(5, 34)) == {}
    with at(34):
        services.resume(mentor=row.mentor, mentee=row.mentee)
    assert list(on_days(range(34, 60))) == [37, 45, 51]


def test_written_messages_turn_the_clock_off_and_on() -> None:
    row = asked()
    with at(1):
        write(to=row.mentor, text="May I add something?", key=new_id(), by=row.mentee)
    row.refresh_from_db()
    assert row.paused_at is None
    with at(2):
        write(to=row.mentee, text="What is your aim?", key=new_id(), by=row.mentor)
    row.refresh_from_db()
    assert row.paused_at == START + timedelta(days=2)
    with at(6):
        write(to=row.mentor, text="Peace.", key=new_id(), by=row.mentee)
    row.refresh_from_db()
    assert (row.paused_at, row.waiting_since) == (None, START + timedelta(days=4))


def test_asking_for_changes_pauses_until_the_new_version() -> None:
    set_policy(negotiation="ask_for_changes")
    row = asked()
    with at(1):
        services.ask_changes(row, note="Say more.", by=row.mentor)
    assert on_days(range(2, 50)) == {}
    with at(50):
        services.revise(row, area=row.area, statement=STATEMENT, by=row.mentee)
    assert list(on_days(range(50, 75))) == [52, 56, 64, 70]


def test_reopening_starts_the_clock_afresh_and_editing_does_not_touch_it() -> None:
    row = asked()
    on_days(range(6))
    with at(6):
        services.edit(row, area=row.area, statement=f"{STATEMENT} More.", by=row.mentee)
    assert list(on_days(range(6, 22))) == [7, 15, 21]
    with at(30):
        services.reopen(row, by=row.mentee)
    assert list(on_days(range(30, 55))) == [33, 37, 45, 51]


@pytest.mark.parametrize("state", sorted(set(State) - {State.PROPOSED}))
def test_what_does_not_wait_for_a_mentor_is_left_alone(state: State) -> None:
    make_mentorship(state=state, waiting_since=START)
    assert on_days([3, 7, 15, 21, 40]) == {}


def test_many_cost_as_many_statements_as_few() -> None:
    cost: Counter[int] = Counter()
    for number in (2, 12):
        for _ in range(number):
            asked()
        for day in (7, 21):
            with at(day), CaptureQueriesContext(connection) as written:
                climb_ladder()
            cost[number] += len(written)
    assert cost[2] == cost[12]


def test_more_than_one_chunk_is_climbed_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "CHUNK", 2)
    for _ in range(5):
        asked()
    with at(7):
        assert climb_ladder() == (0, 5)
    with at(22):
        assert climb_ladder() == (5, 0)


def test_lapse_offers_nobody_who_is_blocked_or_was_asked() -> None:
    row, blocked, fits = asked(), make_mentor(), make_mentor()
    another = asked()
    block(row.mentee, by=blocked)
    found = queries.closest_left_for_all([row.mentee, another.mentee])
    for one in (row, another):
        mine = found[one.mentee_id]
        assert [each.person for each in mine] == [
            each.person for each in queries.closest_left(one.mentee)
        ]
        assert [each.receipt for each in mine] == [
            each.receipt for each in queries.closest_left(one.mentee)
        ]
    people = [each.person for each in found[row.mentee_id]]
    assert fits in people
    assert blocked not in people
    assert row.mentor not in people


@pytest.mark.django_db(transaction=True)
def test_answers_and_the_clock_at_once_give_one_outcome(ciltuk: Institute) -> None:
    for _ in range(6):
        row = asked()

        deeds: list[Callable[[], object]] = [
            partial(services.accept, row, by=row.mentor),
            partial(services.decline, row, by=row.mentor),
            partial(services.withdraw, row, by=row.mentee),
            services.climb,
            services.climb,
        ]
        all_at_once(ciltuk, [partial(_on_day, 22, deed, row) for deed in deeds])
        with at(23):
            services.climb()
        row.refresh_from_db()
        assert row.steps.count() == 2
        last = row.steps.last()
        assert last is not None
        assert last.after == row.state
        mails = OutboxMail.objects.filter(about_id=str(row.pk)).count()
        expected = {State.ACTIVE: 3, State.DECLINED: 2, State.WITHDRAWN: 2, State.LAPSED: 3}
        assert mails == expected[State(row.state)]
        verbs = AuditEntry.objects.filter(thing_id=str(row.pk)).exclude(verb="mentor reminded")
        assert verbs.count() == 2


def _on_day(day: int, deed: Callable[[], object], row: Mentorship) -> Mentorship:
    with at(day):
        deed()
    return row
