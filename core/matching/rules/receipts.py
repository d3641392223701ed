"""Why a mentor stands where they stand, in words (product B7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.matching.rules.wanted import Wanted, meets


@dataclass(frozen=True)
class Line:
    """One criterion of a receipt: its name and the answers it is about.

    Of a criterion that is met, the wanted answers that the mentor has; else all wanted ones.
    """

    key: str
    label: str
    answers: tuple[str, ...]
    met: bool
    exact: bool

    @property
    def text(self) -> str:
        """Name and answers: "Region: North West"."""
        return f"{self.label}: {_listed(self.answers, 'and' if self.met else 'or')}"


@dataclass(frozen=True)
class Receipt:
    """Which of the mentee's criteria a mentor meets."""

    met: tuple[Line, ...]
    unmet: tuple[Line, ...]
    score: int
    most: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is met, then what is not."""
        return self.met + self.unmet

    @property
    def words(self) -> str:
        """How much is met, never a bare number: "Meets 4 of 5"."""
        met, asked = len(self.met), len(self.met) + len(self.unmet)
        if not asked:
            return "Nothing asked for"
        if asked == 1:
            return "Meets what you asked for" if met else "Does not meet what you asked for"
        if met == asked:
            return "Meets both" if asked == 2 else f"Meets all {asked}"
        return f"Meets {met or 'none'} of {asked}"

    @property
    def sentence(self) -> str:
        """The whole receipt as one line of text, for mails and other plain places."""
        met = "; ".join(line.text for line in self.met)
        unmet = "; ".join(line.text for line in self.unmet)
        parts = [f"{self.words}: {met}" if met else self.words]
        if unmet and self.met:
            parts.append(f"Not met: {unmet}")
        return ". ".join(parts) + "."

    @property
    def share(self) -> int:
        """The part of the weights that is met, 0 to 100, for the bar beside the words."""
        return round(100 * self.score / self.most) if self.most else 0


def receipt_of(wanted: Wanted, tokens: Iterable[str]) -> Receipt:
    """Hold a mentor's index words against what is wanted; criteria left at "any" do not count."""
    held = frozenset(tokens)
    met, unmet, score = [], [], 0
    for want in wanted.asked:
        question = want.question
        if meets(want, held):
            shared = tuple(
                label for label, one in zip(want.labels, want.tokens, strict=True) if one in held
            )
            met.append(Line(question.key, question.label, shared, True, want.exact))
            score += question.weight
        else:
            unmet.append(Line(question.key, question.label, want.labels, False, want.exact))
    return Receipt(tuple(met), tuple(unmet), score, wanted.most)


def _listed(parts: tuple[str, ...], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
