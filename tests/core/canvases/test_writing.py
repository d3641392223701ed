"""Two people write on one canvas: nobody's text is lost, and every version is kept."""

from datetime import timedelta

import pytest

from core.canvases import errors, queries, rules, services
from core.canvases.models import Aside, Sheet, Version
from core.canvases.rules import Given, mark
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Edition
from tests.core.canvases.conftest import NOON, on
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db


def test_second_click_begins_no_second_canvas(pair: Mentorship, sheet: Sheet) -> None:
    assert services.begin(pair, "swot", by=pair.mentee) == sheet
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    assert services.begin(pair, "swot", by=pair.mentee) != sheet
    assert queries.together(pair, "swot").count() == 2


def test_boxes_that_do_not_conflict_come_together(pair: Mentorship, sheet: Sheet) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    outcome = services.save(sheet, on(strengths="", threats="Haste"), by=pair.mentor)
    assert (outcome.written, outcome.clashes) == ({"threats"}, set())
    sheet.refresh_from_db()
    assert sheet.texts == {"strengths": "Patience", "threats": "Haste"}


def test_conflicting_box_keeps_both_texts_until_its_writer_chooses(
    pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    outcome = services.save(sheet, on(strengths="Courage", threats="Haste"), by=pair.mentor)
    assert (outcome.clashes, outcome.written) == ({"strengths"}, {"threats"})
    sheet.refresh_from_db()
    assert sheet.texts["strengths"] == "Patience"
    assert queries.waiting(sheet, pair.mentee) == {}
    beside = queries.waiting(sheet, pair.mentor)["strengths"]
    assert (beside.mine, beside.theirs) == ("Courage", "Patience")
    assert beside.who == "Noor changed this while you were writing."

    chosen = Given("Courage", beside.base, "both", beside.seen)
    services.save(sheet, {"strengths": chosen}, by=pair.mentor)
    sheet.refresh_from_db()
    assert sheet.texts["strengths"] == "Patience\n\nCourage"
    assert queries.waiting(sheet, pair.mentor) == {}
    assert not Aside.objects.exists()


def test_choosing_one_s_own_text_leaves_the_other_in_the_history(
    pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    mine = Given("Courage", mark(""), "mine", mark("Patience"))
    services.save(sheet, {"strengths": mine}, by=pair.mentor)
    texts = [one.texts["strengths"] for one in queries.versions(sheet)]
    assert texts == ["Courage", "Patience"]


def test_saves_while_typing_gather_in_one_version_until_somebody_saves(
    pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="P"), by=pair.mentee, typing=True)
    services.save(sheet, on("P", strengths="Pat"), by=pair.mentee, typing=True)
    services.save(sheet, {}, by=pair.mentee)
    assert [(one.number, one.gathers) for one in queries.versions(sheet)] == [(1, False)]
    services.save(sheet, on("Pat", strengths="Patience"), by=pair.mentee, typing=True)
    services.save(sheet, on(threats="Haste"), by=pair.mentor, typing=True)
    services.save(sheet, on("Patience", strengths="Patience."), by=pair.mentee, typing=True)
    with clock.frozen(NOON + rules.GATHERS):
        services.save(sheet, on("Patience.", strengths="Patience!"), by=pair.mentee, typing=True)
    found = [(one.number, one.texts["strengths"]) for one in queries.versions(sheet)]
    assert found == [
        (5, "Patience!"), (4, "Patience."), (3, "Patience"), (2, "Patience"), (1, "Pat"),
    ]  # fmt: skip


def test_old_version_comes_back_and_what_stood_is_kept(pair: Mentorship, sheet: Sheet) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    services.save(sheet, on("Patience", strengths="") | on(threats="Haste"), by=pair.mentor)
    first = queries.versions(sheet).get(number=1)
    services.bring_version_back(first, by=pair.mentor)
    sheet.refresh_from_db()
    assert (sheet.texts["strengths"], sheet.texts["threats"]) == ("Patience", "")
    latest = queries.versions(sheet)[0]
    assert (latest.number, latest.from_number) == (3, 1)
    services.bring_version_back(first, by=pair.mentor)
    assert Version.objects.filter(sheet=sheet).count() == 3


def test_history_says_who_changed_what(pair: Mentorship, sheet: Sheet) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    services.save(sheet, on(threats="Haste") | on(sheet.title, title="Ours"), by=pair.mentor)
    told = [
        (one.version.by, one.changed)
        for one in queries.moments(sheet, list(queries.versions(sheet)))
    ]
    assert told == [(pair.mentor, ["Title", "Threats"]), (pair.mentee, ["Strengths"])]


def test_history_stays_bounded(
    pair: Mentorship, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "VERSIONS_KEPT", 3)
    before = ""
    for text in "abcde":
        services.save(sheet, on(before, strengths=text), by=pair.mentee)
        before = text
    assert [one.number for one in queries.versions(sheet)] == [5, 4, 3]


def test_too_long_a_text_is_refused_and_the_others_are_saved(
    pair: Mentorship, sheet: Sheet
) -> None:
    long = "x" * (rules.BOX_LENGTH + 1)
    outcome = services.save(sheet, on(strengths=long, threats="Haste"), by=pair.mentee)
    assert outcome.refused == {"strengths": "Use 5,000 characters or fewer. You have used 5,001."}
    assert outcome.written == {"threats"}
    assert services.save(sheet, on(sheet.title, title=" "), by=pair.mentee).refused["title"]


def test_any_script_is_kept_and_what_a_database_refuses_is_left_out(
    pair: Mentorship, sheet: Sheet
) -> None:
    text = "אומץ\r\n勇気 🦉\x00 <script>alert(1)</script>"
    services.save(sheet, on(strengths=text), by=pair.mentee)
    sheet.refresh_from_db()
    assert sheet.texts["strengths"] == "אומץ\n勇気 🦉 <script>alert(1)</script>"


def test_deleted_canvas_comes_back_and_is_gone_for_good_after_a_while(
    pair: Mentorship, sheet: Sheet
) -> None:
    services.remove(sheet, by=pair.mentor)
    assert not queries.together(pair, "swot").exists()
    services.save(sheet, on(strengths="Written meanwhile"), by=pair.mentee)
    services.restore(sheet, by=pair.mentee)
    assert queries.together(pair, "swot").get().texts["strengths"] == "Written meanwhile"
    services.remove(sheet, by=pair.mentor)
    with clock.frozen(NOON + rules.UNDO):
        assert services.clear_out() == 0
    with clock.frozen(NOON + rules.UNDO + timedelta(seconds=1)):
        assert services.clear_out() == 1
    assert not Version.objects.exists()


def test_nobody_writes_after_the_end_and_nobody_else_ever(pair: Mentorship, sheet: Sheet) -> None:
    with pytest.raises(errors.NotTheirs):
        services.save(sheet, on(strengths="Mine"), by=make_mentee())
    for state in (State.COMPLETED, State.ENDED):
        Mentorship.objects.filter(pk=pair.pk).update(state=state)
        pair.refresh_from_db()
        for deed in (
            lambda: services.save(sheet, on(strengths="Late"), by=pair.mentee),
            lambda: services.begin(pair, "swot", by=pair.mentor),
            lambda: services.remove(sheet, by=pair.mentor),
            lambda: services.restore(sheet, by=pair.mentor),
        ):
            with pytest.raises(errors.NotWorkingTogether):
                deed()


def test_canvas_keeps_the_version_of_the_design_with_which_it_began(
    pair: Mentorship, sheet: Sheet
) -> None:
    design = sheet.design
    fewer = design.model_copy(update={"label": "Two boxes", "boxes": design.boxes[:2]})
    edition = services.publish_design("swot", fewer, by=pair.mentor)
    services.save(sheet, on(threats="Haste"), by=pair.mentee)
    sheet.refresh_from_db()
    assert len(sheet.design.boxes) == 4
    begun = services.begin(pair, "swot", by=pair.mentee)
    assert [box.key for box in begun.design.boxes] == ["strengths", "weaknesses"]
    services.retire_design(edition, by=pair.mentor)
    with pytest.raises(errors.NoSuchDesign):
        services.begin(pair, "swot", by=pair.mentor)
    assert Edition.objects.filter(kind="canvas", key="swot").count() == 2
