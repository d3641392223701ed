"""The search as an address: read with patience, written in one way only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.matching.rules.wanted import RESERVED, Question, Want, Wanted, wanted_from_answers

PAGE_SIZE = 20
PAGES = 50

#: What the box "Any …" of a question with many answers sends. It says whether the box was ticked
#: when the page was drawn: one that had been ticked already gives way to an answer ticked since,
#: one that is ticked now takes the answers away.
STILL_ANY = ""
NOW_ANY = "*"

_LEFT_OUT = "Part of this address is not a choice of this search. It was left out."
_NO_PAGE = "There is no such page of results. This is the first one."
_NOT_EXACT = "Exact matching cannot be asked for on “{label}”. It only counts towards the order."
_NOTHING_EXACT = "Exact matching on “{label}” needs a choice first. It was taken off."


@dataclass(frozen=True)
class Search:
    """What an address asks for.

    own: the address names no criterion, so the mentee's profile speaks.
    notes: calm sentences about what could not be followed.
    """

    wanted: Wanted
    page: int
    own: bool
    notes: tuple[str, ...]


def read_address(
    questions: Sequence[Question],
    given: Mapping[str, Sequence[str]],
    answers: Mapping[str, object],
) -> Search:
    """Read a search out of the address (product B5, B6).

    In: the institute's questions, the address as lists of values by name, the mentee's profile
    answers. Whatever is unknown, doubled or out of range is left out with a note.
    """
    notes: dict[str, None] = {}
    known = {question.key for question in questions}
    if any(name not in known and name not in RESERVED for name in given):
        notes[_LEFT_OUT] = None
    own = not any(name in known for name in given)
    must = set(given.get("must", ()))
    if must - known:
        notes[_LEFT_OUT] = None
    start = wanted_from_answers(questions, answers if own else {})
    wants = []
    for want in start.wants:
        question = want.question
        values = want.values if own else _values(question, given.get(question.key, ()), notes)
        exact = question.key in must
        if exact and not question.exact_allowed:
            exact = False
            notes[_NOT_EXACT.format(label=question.label)] = None
        elif exact and not values:
            exact = False
            notes[_NOTHING_EXACT.format(label=question.label)] = None
        wants.append(Want(question, values, exact))
    page = _page(given.get("page", ()), notes)
    return Search(Wanted(tuple(wants)), page, own, tuple(notes))


def address(wanted: Wanted, page: int = 1) -> list[tuple[str, str]]:
    """The one address of a search, as pairs for a query string.

    Every criterion is named, so that a bookmark stays what it is when the profile changes.
    """
    pairs = [
        (want.question.key, value) for want in wanted.wants for value in want.values or (STILL_ANY,)
    ]
    pairs += [("must", want.question.key) for want in wanted.exact]
    if page > 1:
        pairs.append(("page", str(page)))
    return pairs


def _values(question: Question, given: Iterable[str], notes: dict[str, None]) -> tuple[str, ...]:
    asked = set(given)
    if NOW_ANY in asked:
        return ()
    if asked - {STILL_ANY} - {one.key for one in question.choices}:
        notes[_LEFT_OUT] = None
    values = tuple(one.key for one in question.choices if one.key in asked)
    if len(values) > 1 and not question.many:
        notes[_LEFT_OUT] = None
        return values[:1]
    return values


def _page(given: Sequence[str], notes: dict[str, None]) -> int:
    if not given:
        return 1
    text = given[-1]
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= PAGES:
        return int(text)
    notes[_NO_PAGE] = None
    return 1
