"""Results show groups of five or more, whatever is chosen and whenever it is looked at."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import given as over
from hypothesis import strategies as st

from core.accounts.models import Person
from core.feedback import queries
from core.feedback.rules.results import FEWEST, Choice, Given, groups, results
from core.feedback.rules.survey import Survey
from tests.core.feedback.conftest import NOON, Visit
from tests.factories.feedback import SURVEY, make_reply, make_survey

DOCUMENT = Survey.model_validate(SURVEY)
CONCERN = "What went wrong"


def said(
    at: int,
    answers: dict[str, Any],
    *,
    role: str = "mentee",
    version: int = 1,
    by: UUID | None = None,
) -> Given:
    return Given(
        uuid4(), by or uuid4(), version, role, NOON + timedelta(days=at), answers
    )  # fmt: skip


def test_four_answers_are_not_shown_and_five_are() -> None:
    few = [said(day, {"worth": 4, "best": f"Text {day}"}) for day in range(4)]
    for one in results(few, {1: DOCUMENT}, Choice(), CONCERN):
        assert (one.count, one.bars, one.texts, one.mean) == (0, (), (), None)
    more = [*few, said(4, {"worth": 2})]
    shown = {one.key: one for one in results(more, {1: DOCUMENT}, Choice(), CONCERN)}
    assert (shown["worth"].count, shown["worth"].mean) == (5, 3.6)
    assert shown["best"].count == 0, "four wrote something here"


def test_five_answers_of_one_person_are_one_person() -> None:
    one = uuid4()
    assert groups([said(day, {"worth": 5}, by=one) for day in range(9)], "worth") == []
    others = [said(day, {"worth": 1}) for day in range(9, 13)]
    mixed = groups([*(said(day, {"worth": 5}, by=one) for day in range(9)), *others], "worth")
    assert [len(group.values) for group in mixed] == [13]


ANSWERS = st.lists(
    st.tuples(
        st.integers(0, 400), st.sampled_from(["mentor", "mentee"]), st.integers(1, 2),
        st.integers(0, 6), st.integers(1, 5),
    ),
    max_size=60,
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@over(answers=ANSWERS, day=st.integers(0, 400))
def test_no_two_views_differ_by_fewer_than_five_people(
    answers: list[tuple[int, str, int, int, int]], day: int
) -> None:
    """Every view is made of whole groups, today's groups are still there tomorrow."""
    people = [UUID(int=number + 1) for number in range(7)]
    rows = [
        said(at, {"worth": value}, role=role, version=version, by=people[person])
        for at, role, version, person, value in answers
    ]
    by_reply = {row.reply: row.respondent for row in rows}
    all_groups = groups(rows, "worth")
    earlier = groups([row for row in rows if row.at <= NOON + timedelta(days=day)], "worth")
    assert {group.values for group in earlier} <= {group.values for group in all_groups}
    since = NOON + timedelta(days=day)
    views = [
        frozenset(group.values for group in all_groups if group.is_in(choice))
        for choice in (
            Choice(), Choice(role="mentor"), Choice(role="mentee"), Choice(version=1),
            Choice(version=2), Choice(since=since), Choice(until=since),
            Choice(role="mentor", version=1, since=since),
        )
    ]  # fmt: skip
    views.append(frozenset(group.values for group in earlier))
    for one, other in itertools.permutations(views, 2):
        left = {by_reply[reply] for values in one - other for reply, _ in values}
        assert not left or len(left) >= FEWEST


def test_versions_are_compared_by_key_and_old_answers_keep_their_words() -> None:
    second = Survey.model_validate(
        {
            **SURVEY,
            "questions": [
                {**SURVEY["questions"][0], "label": "Worth your time?"},
                {"key": "again", "kind": "choice", "label": "Once more?",
                 "options": [{"key": "yes", "label": "Yes, please"}, {"key": "so", "label": "So"}]},
            ],
        }
    )  # fmt: skip
    rows = [said(day, {"worth": 2, "again": "no"}) for day in range(5)]
    rows += [said(day, {"worth": 4, "again": "yes"}, version=2) for day in range(5, 11)]
    shown = {one.key: one for one in results(rows, {1: DOCUMENT, 2: second}, Choice(), CONCERN)}
    assert shown["worth"].label == "Worth your time?"
    assert shown["worth"].over_versions == ((1, 5, 2.0), (2, 5, 4.0))
    assert [(bar.label, bar.count) for bar in shown["again"].bars] == [
        ("Yes, please", 5), ("So", 0), ("No", 5),
    ]  # fmt: skip
    only = {one.key for one in results(rows, {1: DOCUMENT, 2: second}, Choice(version=1), CONCERN)}
    assert "best" in only


def test_texts_stand_in_an_order_that_tells_nothing() -> None:
    rows = [said(day, {"best": f"{day}", "worth": 3}) for day in range(10)]
    texts = next(
        one.texts for one in results(rows, {1: DOCUMENT}, Choice(), CONCERN) if one.key == "best"
    )
    assert sorted(texts) == sorted(str(day) for day in range(10))
    assert list(texts) != [str(day) for day in range(10)]


@pytest.mark.django_db
def test_answers_count_when_they_are_settled_and_named_ones_stay_out() -> None:
    survey = make_survey()
    for days in (1, 6, 8, 9):
        make_reply(survey, {"worth": 3}, at=NOON - timedelta(days=days), concern="Unnamed")
    make_reply(
        survey, {"worth": 3}, at=NOON - timedelta(days=10), concern="Named", sent_to_team=True
    )
    counted = queries.counted("completion")
    assert len(counted) == 3
    assert sorted(one.answers["concern"] for one in counted) == ["", "Unnamed", "Unnamed"]


@pytest.mark.django_db
def test_staff_read_results_and_files_without_formulas(visit: Visit, staff: Person) -> None:
    survey = make_survey()
    for number in range(6):
        make_reply(
            survey,
            {"worth": 5, "best": f"=HYPERLINK({number})"},
            at=NOON - timedelta(days=30 + number),
        )
    browser = visit(staff)
    page = reverse("staff:survey_results", args=["completion"])
    shown = browser.get(page).content.decode()
    assert "Worth it?" in shown
    assert "5.0" in shown
    texts = browser.get(reverse("staff:survey_texts_file", args=["completion"])).content.decode()
    assert texts.count("'=HYPERLINK") == 5
    figures = browser.get(reverse("staff:survey_figures_file", args=["completion"]))
    assert 'Worth it?,"5, Yes",5,100,5' in figures.content.decode()
    narrow = browser.get(page, {"role": "mentor", "version": "1", "period": "2026"})
    assert "Too few answers" in narrow.content.decode()
    odd = browser.get(page, {"role": "cat", "version": "no", "period": "2026x"})
    assert odd.status_code == 200
    assert browser.get(reverse("staff:survey_results", args=["nothing"])).status_code == 404
