"""What stands in the menus of a card, and beside its next step (product D2).

Apps above register theirs when they are ready, as with `core.accounts.queries.offer_next_step`:

    @offer_card_entry("goals")
    def goals(mentorship, reader): return Entry("Goals", reverse("goals:list", ...))
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.accounts.models import Person
from core.mentorships.models import Mentorship
from core.programme.rules import Menu


@dataclass(frozen=True)
class Entry:
    """One line of a menu, or a button."""

    label: str
    url: str
    post: bool = False
    danger: bool = False


@dataclass(frozen=True)
class NextStep:
    """The one prominent thing on a card."""

    text: str
    label: str
    url: str
    quiet: bool = False


NextStepOffer = Callable[[Mentorship, Person], NextStep | None]
CardEntry = Callable[[Mentorship, Person], Entry | None]
_menu: dict[str, CardEntry] = {}
_buttons: dict[str, CardEntry] = {}
_next_steps: list[NextStepOffer] = []


def offer_card_entry(key: str, *, button: bool = False) -> Callable[[CardEntry], CardEntry]:
    """Register what stands behind `key` in an institute's menus, or a button on every card.

    The function gets the mentorship with both people and the reader, and gives None where there
    is nothing for them. It is called once a card, so it must ask the database nothing.
    """

    def register(entry: CardEntry) -> CardEntry:
        (_buttons if button else _menu)[key] = entry
        return entry

    return register


def offer_card_step(offer: NextStepOffer) -> NextStepOffer:
    """Register what partners do next while they work together; None passes on.

    It is called once a card, so it must ask the database nothing of its own each time.
    """
    if offer not in _next_steps:
        _next_steps.append(offer)
    return offer


def offered_step(mentorship: Mentorship, reader: Person) -> NextStep | None:
    """What an app above proposes as the next thing of two who work together."""
    return next((step for offer in _next_steps if (step := offer(mentorship, reader))), None)


def menu_entries(menu: Menu, mentorship: Mentorship, reader: Person) -> list[Entry]:
    """What this reader finds in a menu, in the institute's order; an institute may name more."""
    return [
        entry
        for item in menu.items
        if (offered := _menu.get(item)) and (entry := offered(mentorship, reader))
    ]


def buttons(mentorship: Mentorship, reader: Person) -> list[Entry]:
    """The buttons of this card for this reader, in the order in which they were offered."""
    return [entry for offered in _buttons.values() if (entry := offered(mentorship, reader))]
