"""The figures of the programme, on rows made for the purpose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Person
from core.insights import queries, services
from core.insights.forms import choose
from core.insights.models import MemberFacts, Searcher, Tally
from core.insights.queries import Board, Topic, behind
from core.insights.rules import Number, Period, Side, Step
from core.kernel import clock
from core.kernel.events import tell
from core.matching.events import MentorsSearched
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, Role, State
from core.profiles.models import Field, Profile
from core.profiles.rules import Kind
from core.programme.models import Programme
from core.visits.models import DailyVisits
from core.visits.rules import Kind as Visit
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person
from tests.factories.profiles import a_field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programme", "empty")]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
YEAR = Period(date(2025, 4, 1), date(2026, 3, 1), date(2026, 3, 1))


@pytest.fixture
def empty(programme: Programme) -> None:
    """An institute without anybody, in Greenwich."""
    MentorshipStep.objects.all().delete()
    Mentorship.objects.all().delete()
    Profile.objects.all().delete()
    Person.objects.update(is_active=False, is_mentor=False, is_mentee=False)
    DailyVisits.objects.all().delete()
    Field.objects.all().delete()
    Programme.objects.update(time_zone="UTC")


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def counted(segment: str = "", **address: str) -> Board:
    with clock.frozen(NOW):
        services.count()
        asked = choose({**address, "segment": segment})
        assert not asked.notes
        return queries.board(asked.period, asked.segment, asked.questions)


def figure(board: Board, key: str) -> tuple[str, str]:
    found = next(one for one in board.figures if one.key == key)
    return str(found.number), found.change


def rows_behind(key: str, segment: str = "", of: str = "") -> list[list[object]]:
    with clock.frozen(NOW):
        listing = behind(key, YEAR, segment, of)
        return [[column.value(row) for column in listing.columns] for row in listing.rows]


def steps(board: Board) -> list[int]:
    return [one.number.count for one in board.mentees]


def mentee_who(step: Step, *, joined: float = 100, answers: dict[str, Any] | None = None) -> Person:
    """A mentee who came so far and no further."""
    person = make_person(is_mentee=True, joined_at=ago(joined))
    place = list(Step).index(step)
    if place >= 1:
        Profile.objects.create(
            person=person, role="mentee", complete=True, completed_at=ago(joined - 1),
            updated_at=ago(joined - 1), answers=answers or {},
        )  # fmt: skip
    if place >= 2:
        services.note_search(person.pk, ago(joined - 2).date())
    if place < 3:
        return person
    mentor = make_mentor(joined_at=ago(joined))
    pair = make_mentorship(mentor=mentor, mentee=person, sent_at=ago(joined - 3))
    if place >= 4:
        a_step(pair, Action.ACCEPT, joined - 5, State.PROPOSED, State.ACTIVE, Role.MENTOR)
        Mentorship.objects.filter(pk=pair.pk).update(
            state=State.ACTIVE, answered_at=ago(joined - 5)
        )
    if place >= 5:
        talk = ago(joined - 10)
        Meeting.objects.create(
            mentorship=pair, arranged_by=person, title="First talk", starts_at=talk,
            ends_at=talk + timedelta(hours=1), time_zone="UTC",
        )  # fmt: skip
    if place >= 6:
        a_step(pair, Action.COMPLETE, joined - 50, State.ACTIVE, State.COMPLETED, Role.MENTEE)
        Mentorship.objects.filter(pk=pair.pk).update(
            state=State.COMPLETED, changed_at=ago(joined - 50)
        )
    return person


def a_step(
    pair: Mentorship, action: Action, days: float, before: State, after: State, role: Role
) -> None:
    MentorshipStep.objects.create(
        mentorship=pair, action=action.value, before=before.value, after=after.value,
        role=role.value, at=ago(days),
    )  # fmt: skip


def test_everybody_is_counted_as_far_as_they_came() -> None:
    for step in Step:
        mentee_who(step)
    mentee_who(Step.SEARCHED, joined=500)
    board = counted()
    assert steps(board) == [7, 6, 5, 4, 3, 2, 1]
    assert figure(board, "searched") == ("5", "1 in these months a year before")
    assert len(rows_behind("searched")) == 5
    assert steps(counted(**{"from": "2024-01", "to": "2026-03"})) == [8, 7, 6, 4, 3, 2, 1]
    for place, step in enumerate(Step):
        assert len(rows_behind(f"mentee-{step}")) == 7 - place
    assert board.mentors[0].step is Step.REGISTERED
    assert [one.number.count for one in board.mentors][2:] == [4, 3, 2, 1]


def test_whoever_was_matched_without_a_search_counts_in_every_step_before() -> None:
    person = make_person(is_mentee=True, joined_at=ago(20))
    make_mentorship(mentee=person, state=State.ACTIVE, sent_at=ago(9), answered_at=ago(8))
    assert steps(counted()) == [1, 1, 1, 1, 1, 0, 0]


def test_a_talk_that_was_called_off_or_lies_ahead_is_no_conversation() -> None:
    person = mentee_who(Step.TALKED)
    Meeting.objects.update(cancelled_at=NOW)
    assert steps(counted())[5] == 0
    Meeting.objects.update(cancelled_at=None, starts_at=ago(-3), ends_at=ago(-4))
    assert steps(counted())[5] == 0
    assert MemberFacts.objects.get(person=person, side=Side.MENTEE).talked_on is None


def test_members_are_active_people_with_a_role() -> None:
    make_person(is_mentor=True, joined_at=ago(3))
    make_person(is_mentee=True, is_mentor=True, joined_at=ago(500))
    make_person(is_mentee=True, is_active=False, joined_at=ago(3))
    make_person(is_staff=True, joined_at=ago(3))
    make_person(joined_at=ago(3))
    board = counted()
    assert figure(board, "members")[0] == "2"
    assert figure(board, "joined") == ("2", "1 in these months a year before")
    assert len(rows_behind("members")) == 2
    assert len(rows_behind("joined")) == 2


def test_whoever_gives_a_role_up_is_counted_no_longer() -> None:
    person = make_person(is_mentor=True, is_mentee=True, joined_at=ago(3))
    counted()
    Person.objects.filter(pk=person.pk).update(is_mentor=False)
    counted()
    assert set(MemberFacts.objects.values_list("side", flat=True)) == {"mentee", "member"}
    Person.objects.filter(pk=person.pk).update(is_mentee=False)
    assert figure(counted(), "members")[0] == "0"
    assert not Tally.objects.exclude(measure__in=("surveyed", "replied", "scale")).exists()


def test_a_day_belongs_to_the_month_of_the_institutes_calendar() -> None:
    Programme.objects.update(time_zone="Pacific/Auckland")
    make_person(is_mentee=True, joined_at=datetime(2026, 1, 31, 23, tzinfo=UTC))
    assert Tally.objects.filter(measure="mentee").count() == 0
    counted()
    assert Tally.objects.get(measure="mentee", segment="").month == date(2026, 2, 1)


def test_time_to_answer_and_to_match_are_told_by_half_and_nine_of_ten() -> None:
    for hours in (1, 2, 3, 30, 30, 30, 30, 30, 30, 200):
        person = make_person(is_mentee=True, joined_at=ago(40))
        sent = ago(30)
        pair = make_mentorship(mentee=person, sent_at=sent, state=State.DECLINED)
        at = sent + timedelta(hours=hours)
        MentorshipStep.objects.create(
            mentorship=pair, action="decline", after="declined", role="mentor", at=at
        )
    person = make_person(is_mentee=True, joined_at=ago(40))
    make_mentorship(mentee=person, state=State.ACTIVE, sent_at=ago(39), answered_at=ago(38))
    board = counted()
    assert (board.answer.count.count, board.answer.middle, board.answer.late) == (11, 48, 48)
    assert (board.match.count.count, board.match.middle) == (1, 3)
    assert len(rows_behind("answered")) == 11
    assert len(rows_behind("first-matches")) == 1


def test_who_signs_in_again_and_who_begins_again() -> None:
    back = make_person(is_mentor=True, joined_at=ago(200), last_login=ago(100))
    make_person(is_mentor=True, joined_at=ago(200), last_login=ago(199))
    make_person(is_mentor=True, joined_at=ago(20), last_login=ago(1))
    board = counted()
    assert [(one.kept.count, one.due.count) for one in board.kept] == [
        (1, 2),
        (1, 2),
        (0, 2),
        (0, 0),
    ]
    assert [row[0] for row in rows_behind("kept-90")] == [back.full_name]
    assert len(rows_behind("lost-90")) == 1
    done = mentee_who(Step.COMPLETED)
    make_mentorship(mentee=done, state=State.ACTIVE, sent_at=ago(30), answered_at=ago(20))
    board = counted()
    assert (board.over.count, board.again.count, board.again_share) == (2, 1, 50)
    assert [row[0] for row in rows_behind("again")] == [done.full_name]


def test_a_topic_that_mentees_want_and_nobody_offers_is_named() -> None:
    a_field("areas_of_support", Kind.CHOICES, "boats", "maps", "knots")
    for _ in range(2):
        mentee_who(Step.SEARCHED, answers={"areas_of_support": ["boats", "maps"]})
    mentor = make_mentor()
    Profile.objects.filter(person=mentor).update(answers={"areas_of_support": ["maps"]})
    from core.matching.services import relist

    relist(mentor)
    topics = {one.key: one for one in counted().topics}
    assert (topics["boats"].mentees.count, topics["boats"].is_missing) == (2, True)
    assert (topics["maps"].mentors.count, topics["maps"].open.count) == (1, 1)
    assert not topics["maps"].is_missing
    assert not topics["knots"].is_missing
    assert len(rows_behind("topic-mentees", of="boats")) == 2
    assert [row[0] for row in rows_behind("topic-mentors", of="maps")] == [mentor.full_name]
    assert rows_behind("topic-mentors", of="boats") == []
    from core.matching.services import set_room

    set_room(mentor, 0)
    assert next(one for one in counted().topics if one.key == "maps").is_full


def test_a_segment_narrows_everything_and_hides_small_numbers() -> None:
    a_field("region", Kind.CHOICE, "north", "south")
    a_field("new_here", Kind.BOOLEAN)
    for region, number in (("north", 6), ("south", 4)):
        for _ in range(number):
            mentee_who(Step.MATCHED, answers={"region": region, "new_here": region == "north"})
    north, south = counted("region=north"), counted("region=south")
    assert [str(one.number) for one in north.mentees[:5]] == ["6"] * 5
    assert figure(north, "matches")[0] == "6"
    assert figure(north, "active")[0] == "6"
    assert counted("new_here=yes").mentees[0].number.count == 6
    assert {str(one.number) for one in south.mentees} == {"fewer than 5"}
    assert {str(one.number) for one in south.figures} == {"fewer than 5"}
    assert south.answer.middle is None
    assert south.feedback == []
    with clock.frozen(NOW):
        assert behind("mentee-matched", YEAR, "region=south").is_too_small("region=south")
        assert not behind("mentee-matched", YEAR, "region=north").is_too_small("region=north")
    assert len(rows_behind("mentee-matched", "region=north")) == 6
    assert len(rows_behind("matches", "region=north")) == 6


def test_an_answer_that_only_mentors_give_narrows_what_mentors_were_asked() -> None:
    a_field("years", Kind.CHOICE, "few", "many", audience="mentor")
    old = make_mentor()
    Profile.objects.filter(person=old).update(answers={"years": "many"})
    for _ in range(5):
        make_mentorship(mentor=old, sent_at=ago(3))
    make_mentorship(sent_at=ago(3))
    assert figure(counted("years=many"), "sent")[0] == "5"
    assert figure(counted(), "sent")[0] == "6"


def test_an_answer_that_is_no_option_any_more_is_no_segment() -> None:
    field = a_field("region", Kind.CHOICE, "north")
    mentee_who(Step.COMPLETE, answers={"region": "atlantis"})
    mentee_who(Step.COMPLETE, answers={"region": {"not": "an answer"}})
    counted()
    assert set(Tally.objects.values_list("segment", flat=True)) == {""}
    field.options.update(active=False)
    with clock.frozen(NOW):
        assert choose({"segment": "region=north"}).notes


def test_a_search_is_noted_once_a_day_and_says_nothing_of_what_was_wanted() -> None:
    from django.db import transaction

    person = make_mentee()
    for day in (9, 9, 10):
        with clock.frozen(NOW.replace(day=day)), transaction.atomic():
            tell(MentorsSearched(person_id=person.pk))
    row = Searcher.objects.get(person=person)
    assert (row.first_on, row.last_on, row.days) == (date(2026, 3, 9), date(2026, 3, 10), 2)
    assert {field.name for field in Searcher._meta.fields} == {
        "id", "person", "first_on", "last_on", "days",
    }  # fmt: skip


def test_counting_again_writes_only_what_changed() -> None:
    mentee_who(Step.COMPLETED)
    counted()
    before = dict(Tally.objects.values_list("pk", "count"))
    make_person(is_mentee=True, joined_at=ago(100))
    counted()
    after = dict(Tally.objects.values_list("pk", "count"))
    assert before.keys() == after.keys()
    assert sum(after.values()) > sum(before.values())


def test_visits_are_summed_by_month_with_the_year_before() -> None:
    for day, kind, count in (
        (date(2025, 2, 1), Visit.GUEST, 40),
        (date(2026, 2, 1), Visit.GUEST, 30),
        (date(2026, 2, 28), Visit.MENTEE, 20),
        (date(2026, 3, 9), Visit.STAFF, 1),
    ):
        DailyVisits.objects.create(day=day, kind=kind.value, count=count)
    shown = queries.visits(Period(date(2024, 4, 1), date(2026, 3, 1), date(2026, 3, 1)))
    assert shown[0].first_day == date(2025, 2, 1)
    assert [(m.total, m.before) for m in shown[-2:]] == [(50, 40), (1, 0)]
    assert shown[-1].unfinished
    past = queries.visits(Period(date(2025, 1, 1), date(2025, 3, 1), date(2026, 3, 1)))
    assert [(m.total, m.unfinished) for m in past] == [(40, False), (0, False)]


def test_an_institute_without_anybody_has_only_noughts() -> None:
    board = counted()
    assert {one.number.count for one in board.figures} == {0}
    assert board.answer.middle is None
    for key in ("members", "joined", "sent", "matches", "waiting", "silent", "mentor-matched"):
        assert rows_behind(key) == []


@pytest.mark.parametrize("key", ["secrets", "mentee-flown", "kept-31", "topic-mentees", ""])
def test_an_unknown_figure_has_no_rows(key: str) -> None:
    with pytest.raises(KeyError):
        behind(key, YEAR)


def test_figures_cost_the_same_for_few_and_many(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    a_field("region", Kind.CHOICE, "north", "south")

    def cost() -> list[int]:
        counted("region=north")
        costs = []
        asked = choose({"segment": "region=north"})
        works: list[Callable[[], object]] = [
            lambda: queries.visits(YEAR),
            lambda: queries.board(YEAR, "", asked.questions),
            lambda: queries.board(YEAR, "region=north", asked.questions),
            queries.waiting,
            lambda: rows_behind("members"),
            lambda: rows_behind("matches"),
            lambda: rows_behind("silent"),
        ]
        for work in works:
            with CaptureQueriesContext(connection) as seen:
                work()
            costs.append(len(seen))
        with clock.frozen(NOW), CaptureQueriesContext(connection) as seen:
            services.count()
        return [*costs, len(seen)]

    mentee_who(Step.COMPLETED, answers={"region": "north"})
    few = cost()
    for step in Step:
        for _ in range(3):
            mentee_who(step, answers={"region": "south"})
    assert cost() == few
    assert few[0] == 1, "visits of any period are one statement"


def test_a_topic_is_called_missing_only_where_its_numbers_may_be_told() -> None:
    def topic(*, narrowed: bool, mentors: int, room: int) -> Topic:
        numbers = [Number.of(n, narrowed=narrowed) for n in (9, mentors, room, 0)]
        return Topic("maps", "Maps", *numbers)

    assert topic(narrowed=False, mentors=0, room=0).is_missing
    assert topic(narrowed=False, mentors=6, room=0).is_full
    assert not topic(narrowed=True, mentors=0, room=0).is_missing
    assert not topic(narrowed=True, mentors=6, room=0).is_full
