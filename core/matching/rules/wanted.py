"""What a mentee is looking for, and when a mentor meets it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

#: Words of the address that are not criteria; a field with such a key cannot be one.
RESERVED = frozenset({"must", "page"})


@dataclass(frozen=True)
class Choice:
    """An answer that can be asked for."""

    key: str
    label: str


@dataclass(frozen=True)
class Question:
    """A criterion as the search uses it: a snapshot without the database.

    key: names it in the address and the index; the key of the mentors' field.
    answer_key: the mentees' field that the search starts from ("" when there is none).
    many: more than one answer can be asked for.
    """

    key: str
    label: str
    any_label: str
    choices: tuple[Choice, ...]
    weight: int = 1
    exact_allowed: bool = True
    many: bool = False
    answer_key: str = ""


@dataclass(frozen=True)
class Want:
    """One question with the answers asked for, in the institute's order; none means "any"."""

    question: Question
    values: tuple[str, ...] = ()
    exact: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The wanted answers in words."""
        return tuple(one.label for one in self.question.choices if one.key in self.values)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The wanted answers as the index spells them."""
        return tuple(token(self.question.key, value) for value in self.values)


@dataclass(frozen=True)
class Wanted:
    """All criteria of an institute with what one mentee asks for."""

    wants: tuple[Want, ...] = field(default=())

    @property
    def asked(self) -> tuple[Want, ...]:
        """The criteria that are not left at "any"."""
        return tuple(want for want in self.wants if want.values)

    @property
    def exact(self) -> tuple[Want, ...]:
        """The asked criteria that a mentor has to meet (product B6)."""
        return tuple(want for want in self.asked if want.exact)

    @property
    def ranked(self) -> tuple[Want, ...]:
        """The asked criteria that only decide the order."""
        return tuple(want for want in self.asked if not want.exact)

    @property
    def most(self) -> int:
        """The points of a mentor who meets everything."""
        return sum(want.question.weight for want in self.asked)

    def relaxed(self, *keys: str) -> "Wanted":
        """The same search with exact matching taken off some criteria."""
        return Wanted(
            tuple(
                replace(want, exact=want.exact and want.question.key not in keys)
                for want in self.wants
            )
        )


def token(key: str, value: str) -> str:
    """An answer as one word of the index; keys hold no `=`, so no two answers share a word."""
    return f"{key}={value}"


def values_of(answer: object) -> frozenset[str]:
    """The option keys in a stored answer of any kind of field; nothing from other values."""
    if isinstance(answer, bool):
        return frozenset({"yes" if answer else "no"})
    if isinstance(answer, str):
        return frozenset({answer}) if answer else frozenset()
    if isinstance(answer, list | tuple | set | frozenset):
        return frozenset(one for one in answer if isinstance(one, str) and one)
    return frozenset()


def tokens_of(keys: Iterable[str], answers: Mapping[str, object]) -> list[str]:
    """The words of the index for a mentor's answers to the fields `keys`, sorted, each once."""
    return sorted({token(key, value) for key in keys for value in values_of(answers.get(key))})


def wanted_from_answers(questions: Iterable[Question], answers: Mapping[str, object]) -> Wanted:
    """The search that a mentee's profile speaks of (product B5); nothing is exact in it.

    Answers that are no longer among the choices are left out.
    """
    wants = []
    for question in questions:
        held = values_of(answers.get(question.answer_key)) if question.answer_key else frozenset()
        wants.append(Want(question, tuple(one.key for one in question.choices if one.key in held)))
    return Wanted(tuple(wants))


def meets(want: Want, tokens: Iterable[str]) -> bool:
    """Whether a mentor with these index words meets the criterion: any overlap is enough."""
    held = tokens if isinstance(tokens, set | frozenset) else set(tokens)
    return any(one in held for one in want.tokens)


def points(wanted: Wanted, tokens: Iterable[str]) -> int:
    """The weights of the criteria that the mentor meets, added up."""
    held = frozenset(tokens)
    return sum(want.question.weight for want in wanted.asked if meets(want, held))
