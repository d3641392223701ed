"""What is wanted, what is met, and how that is said."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.rules import (
    NOW_ANY,
    PAGES,
    STILL_ANY,
    Choice,
    Question,
    Want,
    Wanted,
    address,
    meets,
    points,
    read_address,
    receipt_of,
    tokens_of,
    values_of,
    wanted_from_answers,
)


def question(key: str, *options: str, many: bool = False, **more: object) -> Question:
    choices = tuple(Choice(option, option.capitalize()) for option in options)
    return Question(
        key,
        key.capitalize(),
        f"Any {key}",
        choices,
        many=many,
        answer_key=key,
        **more,  # type: ignore[arg-type]
    )


AREAS = question("areas", "leadership", "cpd", "career", many=True, weight=2)
REGION = question("region", "wales", "london")
SITE = question("site", "north", "south", exact_allowed=False)
ALL = (AREAS, REGION, SITE)


def read(query: dict[str, list[str]], answers: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    return read_address(ALL, query, answers or {})


def asked(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    return {want.question.key: want.values for want in wanted.asked}


def musts(wanted: Wanted) -> list[str]:
    return [want.question.key for want in wanted.exact]


def test_mentee_opens_the_search_and_it_starts_from_the_profile() -> None:
    found = read({}, {"areas": ["career", "leadership", "retired"], "region": "wales"})
    assert found.own
    assert asked(found.wanted) == {"areas": ("leadership", "career"), "region": ("wales",)}
    assert not found.wanted.exact
    assert not found.notes


def test_mentee_chooses_on_the_page_and_the_profile_is_silent() -> None:
    found = read({"areas": [""], "region": ["london"]}, {"areas": ["cpd"], "site": "north"})
    assert not found.own
    assert asked(found.wanted) == {"region": ("london",)}


def test_mentee_adds_exact_matching_and_it_becomes_a_must() -> None:
    found = read({"must": ["region"]}, {"areas": ["cpd"], "region": "wales"})
    assert musts(found.wanted) == ["region"]
    assert asked(found.wanted) == {"areas": ("cpd",), "region": ("wales",)}
    assert found.own


@pytest.mark.parametrize(
    ("query", "kept", "note"),
    [
        ({"nonsense": ["1"], "region": ["wales"]}, {"region": ("wales",)}, "left out"),
        ({"region": ["atlantis"]}, {}, "left out"),
        ({"region": ["wales", "london"]}, {"region": ("wales",)}, "left out"),
        ({"areas": ["cpd", "'; drop table"]}, {"areas": ("cpd",)}, "left out"),
        ({"region": ["wales"], "must": ["nonsense"]}, {"region": ("wales",)}, "left out"),
        ({"site": ["north"], "must": ["site"]}, {"site": ("north",)}, "cannot be asked for"),
        ({"region": [""], "must": ["region"]}, {}, "needs a choice first"),
    ],
)
def test_mentee_with_an_odd_address_gets_what_can_be_followed_and_a_note(
    query: dict[str, list[str]], kept: dict[str, tuple[str, ...]], note: str
) -> None:
    found = read(query)
    assert asked(found.wanted) == kept
    assert not [one for one in musts(found.wanted) if one not in kept or one == "site"]
    assert len(found.notes) == 1
    assert note in found.notes[0]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e3", "9" * 5000, str(PAGES + 1), "²", "٣"])
def test_mentee_with_an_absurd_page_sees_the_first(page: str) -> None:
    found = read({"page": [page]})
    assert found.page == 1
    assert "no such page" in found.notes[0]


def test_mentee_ticks_an_answer_and_forgets_to_untick_any_then_the_answer_counts() -> None:
    assert asked(read({"areas": [STILL_ANY, "cpd"]}).wanted) == {"areas": ("cpd",)}


def test_mentee_ticks_any_and_leaves_the_answers_then_any_counts() -> None:
    assert asked(read({"areas": [NOW_ANY, "cpd"]}).wanted) == {}


def wanteds(questions: Sequence[Question] = ALL) -> st.SearchStrategy[Wanted]:
    def want(one: Question) -> st.SearchStrategy[Want]:
        keys = [choice.key for choice in one.choices]
        most = len(keys) if one.many else 1
        values = st.lists(st.sampled_from(keys), unique=True, max_size=most).map(
            lambda chosen: tuple(key for key in keys if key in chosen)
        )
        return st.builds(
            lambda given_values, exact: Want(
                one, given_values, exact and bool(given_values) and one.exact_allowed
            ),
            values,
            st.booleans(),
        )

    return st.tuples(*map(want, questions)).map(Wanted)


@given(wanteds(), st.integers(1, PAGES))
def test_mentee_bookmarks_a_search_and_it_comes_back_the_same(wanted: Wanted, page: int) -> None:
    query: dict[str, list[str]] = {}
    for name, value in address(wanted, page):
        query.setdefault(name, []).append(value)
    found = read(query, {"areas": ["cpd"], "region": "wales"})
    assert found.wanted == wanted
    assert found.page == page
    assert not found.own
    assert not found.notes


names = st.one_of(st.sampled_from(["areas", "region", "site", "must", "page"]), st.text())
values = st.one_of(st.sampled_from(["wales", "cpd", "", "*", "region", "\x00"]), st.text())


@given(
    st.dictionaries(names, st.lists(values)),
    st.dictionaries(st.sampled_from(["areas", "region"]), st.recursive(st.none(), st.lists)),
)
def test_anything_in_an_address_is_read_calmly(
    query: dict[str, list[str]], answers: dict[str, object]
) -> None:
    found = read(query, answers)
    assert 1 <= found.page <= PAGES
    for want in found.wanted.wants:
        assert set(want.values) <= {choice.key for choice in want.question.choices}
    assert read_address(ALL, {k: [v] for k, v in address(found.wanted)}, answers) is not None


@given(wanteds(), st.sets(st.sampled_from(["areas=cpd", "areas=career", "region=wales", "x=y"])))
def test_receipt_says_exactly_what_is_met(wanted: Wanted, tokens: set[str]) -> None:
    receipt = receipt_of(wanted, tokens)
    assert receipt.score == points(wanted, tokens) <= receipt.most == wanted.most
    assert len(receipt.met) + len(receipt.unmet) == len(wanted.asked)
    assert {line.key for line in receipt.met} == {
        want.question.key for want in wanted.asked if meets(want, tokens)
    }
    assert 0 <= receipt.share <= 100
    assert all(line.answers for line in receipt.lines)


def test_receipt_is_read_as_words() -> None:
    wanted = wanted_from_answers(ALL, {"areas": ["cpd", "career"], "region": "wales"})
    wanted = Wanted((*wanted.wants, Want(question("sector", "rail"), ("rail",))))
    some = receipt_of(wanted, {"areas=cpd", "areas=career", "sector=rail"})
    assert some.words == "Meets 2 of 3"
    assert some.share == 75
    assert some.sentence == (
        "Meets 2 of 3: Areas: Cpd and Career; Sector: Rail. Not met: Region: Wales."
    )
    assert receipt_of(wanted, {"areas=cpd", "region=wales", "sector=rail"}).words == "Meets all 3"
    assert receipt_of(wanted, ()).words == "Meets none of 3"
    assert receipt_of(Wanted(), ()).words == "Nothing asked for"


def test_answers_of_every_kind_become_words_of_the_index() -> None:
    answers = {"areas": ["cpd", "career"], "region": "wales", "remote": True, "note": None, "n": 3}
    assert tokens_of(["areas", "region", "remote", "note", "n", "gone"], answers) == [
        "areas=career",
        "areas=cpd",
        "region=wales",
        "remote=yes",
    ]
    assert values_of(False) == {"no"}
    assert values_of({"a": 1}) == frozenset()
