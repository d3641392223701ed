"""What staff choose for a run: who, how criteria count, and what is best."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.matching.rules import Question

MOST_WEIGHT: Final = 100
Goal = Literal["best_total", "most_people"]


class Choices(BaseModel):
    """The choices of one run, as they are kept with it.

    filters: mentees' answers that are let in, by field key; a field that is not named lets in all.
    weights: by criterion; one that is not named has the institute's weight.
    minimum: per cent of what a mentee asks for that a pair has to meet.
    cap: how many mentees a mentor gets in this run at most.
    hold: keep a place free for each ask that waits for a mentor's answer.
    """

    model_config = ConfigDict(frozen=True)

    goal: Goal = "best_total"
    filters: dict[str, tuple[str, ...]] = {}
    musts: tuple[str, ...] = ()
    weights: dict[str, Annotated[int, Field(ge=0, le=MOST_WEIGHT)]] = {}
    minimum: Annotated[int, Field(ge=0, le=100)] = 0
    cap: Annotated[int, Field(ge=1)] | None = None
    hold: bool = True


def asked_in(choices: Choices, questions: Iterable[Question]) -> list[Question]:
    """The institute's criteria as this run counts them; weight 0 without a must is left out."""
    counted = []
    for question in questions:
        weight = choices.weights.get(question.key, question.weight)
        if weight or question.key in choices.musts:
            counted.append(replace(question, weight=weight))
    return counted
