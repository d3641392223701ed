"""Every mentee against every mentor at once.

The same rule as a receipt (`core.matching.rules`): a criterion is met by one shared answer and
gives its weight; a criterion that the mentee leaves at "any" neither counts nor forbids. A test
holds the two equal, number by number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from core.matching.rules import Question, Wanted, token, wanted_from_answers

Marks = NDArray[np.bool_]
Points = NDArray[np.int64]


@dataclass(frozen=True)
class Mentee:
    """One who is looked for: key and profile answers."""

    key: UUID
    answers: Mapping[str, object]


@dataclass(frozen=True)
class Mentor:
    """One who can be found: key, words of the index, places in this run, mentees at present."""

    key: UUID
    tokens: frozenset[str]
    places: int
    taken: int = 0


@dataclass(frozen=True)
class Grid:
    """Mentees in rows, mentors in columns.

    points: the weights that are met, added up; most: what each mentee asks for altogether.
    musts: by criterion that is a must, who meets it or need not.
    """

    wanted: tuple[Wanted, ...]
    points: Points
    most: Points
    musts: Mapping[str, Marks]

    @property
    def share(self) -> Points:
        """Per cent of what is asked for, as receipts round it; who asks for nothing gets all."""
        most = self.most[:, None]
        share = np.rint(100 * self.points / np.maximum(most, 1)).astype(np.int64)
        return np.where(most > 0, share, 100)

    @property
    def meets_musts(self) -> Marks:
        """Who meets all musts."""
        met: Marks = np.ones(self.points.shape, dtype=bool)
        for one in self.musts.values():
            met &= one
        return met


def grid_of(
    questions: Sequence[Question],
    musts: Collection[str],
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
) -> Grid:
    """Score all pairs: one product of two small tables of noughts and ones a criterion."""
    wanted = tuple(_wanted(questions, musts, one.answers) for one in mentees)
    size = (len(mentees), len(mentors))
    points, most = np.zeros(size, dtype=np.int64), np.zeros(len(mentees), dtype=np.int64)
    kept: dict[str, Marks] = {}
    for number, question in enumerate(questions):
        columns = {one.key: at for at, one in enumerate(question.choices)}
        sought = np.zeros((size[0], len(columns)), dtype=np.float32)
        for row, one in enumerate(wanted):
            for value in one.wants[number].values:
                sought[row, columns[value]] = 1
        offered = np.zeros((size[1], len(columns)), dtype=np.float32)
        words = {token(question.key, key): at for key, at in columns.items()}
        for row, mentor in enumerate(mentors):
            for word in mentor.tokens & words.keys():
                offered[row, words[word]] = 1
        asked: Marks = np.any(sought > 0, axis=1)
        met: Marks = np.asarray((sought @ offered.T) > 0)
        points += question.weight * met
        most += question.weight * asked
        if question.key in musts:
            kept[question.key] = met | ~asked[:, None]
    return Grid(wanted, points, most, kept)


def _wanted(
    questions: Sequence[Question], musts: Collection[str], answers: Mapping[str, object]
) -> Wanted:
    wanted = wanted_from_answers(questions, answers)
    return Wanted(tuple(replace(one, exact=one.question.key in musts) for one in wanted.wants))
