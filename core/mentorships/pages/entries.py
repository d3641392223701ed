"""What stands in the menus of a card, and beside its next step (product D2).

Apps above register theirs when they are ready, as with `core.accounts.queries.offer_next_step`:

    @offer_card_entry("goals")
    def goals(mentorship, reader): return Entry("Goals", reverse("goals:list", ...))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Road:
    """How far two have come, in one line."""

    label: str
    done: int
    of: int
    url: str


@dataclass(frozen=True)
class Notice:
    """A line on top of the dashboard about something that waits for its reader."""

    text: str
    label: str
    url: str
    warn: bool = False


NextStepOffer = Callable[[Mentorship, Person], NextStep | None]
CardEntry = Callable[[Mentorship, Person], Entry | None]
OtherEntry = Callable[[str, Mentorship, Person], Entry | None]
RoadOffer = Callable[[Mentorship, Person], Road | None]
_menu: dict[str, CardEntry] = {}
_others: list[OtherEntry] = []
_buttons: dict[str, CardEntry] = {}
_next_steps: list[tuple[int, NextStepOffer]] = []
_road: list[RoadOffer] = []
NoticeOffer = Callable[[Person], Iterable[Notice]]
_notices: list[NoticeOffer] = []


def offer_card_entry(key: str, *, button: bool = False) -> Callable[[CardEntry], CardEntry]:
    """Register what stands behind `key` in an institute's menus, or a button on every card.

    The function gets the mentorship with both people and the reader, and gives None where there
    is nothing for them. It is called once a card, so it must ask the database nothing.
    """

    def register(entry: CardEntry) -> CardEntry:
        (_buttons if button else _menu)[key] = entry
        return entry

    return register


def offer_other_entries(entry: OtherEntry) -> OtherEntry:
    """Register who answers for keys of an institute's own, which nobody else has registered."""
    if entry not in _others:
        _others.append(entry)
    return entry


def offer_card_step(*, order: int) -> Callable[[NextStepOffer], NextStepOffer]:
    """Register what partners do next while they work together; None passes on to a higher order.

    It is called once a card, so it must ask the database nothing of its own each time.
    """

    def register(offer: NextStepOffer) -> NextStepOffer:
        if (order, offer) not in _next_steps:
            _next_steps.append((order, offer))
            _next_steps.sort(key=lambda one: one[0])
        return offer

    return register


def offer_card_road(offer: RoadOffer) -> RoadOffer:
    """Register who knows how far two have come; asked once a card, the last one registered."""
    _road[:] = [offer]
    return offer


def road_of(mentorship: Mentorship, reader: Person) -> Road | None:
    """How far the two have come, while they work together."""
    return _road[0](mentorship, reader) if _road and mentorship.is_active else None


def offer_notices(offer: NoticeOffer) -> NoticeOffer:
    """Register what the dashboard tells a reader before anything else; it is called once a page."""
    if offer not in _notices:
        _notices.append(offer)
    return offer


def notices(reader: Person) -> list[Notice]:
    """What apps above have to tell this reader."""
    return [notice for offer in _notices for notice in offer(reader)]


def offered_step(mentorship: Mentorship, reader: Person) -> NextStep | None:
    """What an app above proposes as the next thing of two who work together."""
    return next((step for _, offer in _next_steps if (step := offer(mentorship, reader))), None)


def menu_entries(menu: Menu, mentorship: Mentorship, reader: Person) -> list[Entry]:
    """What this reader finds in a menu, in the institute's order; an institute may name more."""
    found = ((item, entry_of(item, mentorship, reader)) for item in menu.items)
    return [
        replace(entry, label=menu.names.get(item, entry.label)) for item, entry in found if entry
    ]


def entry_of(item: str, mentorship: Mentorship, reader: Person) -> Entry | None:
    """What stands behind one key, for pages that lead to a tool; None where nothing does."""
    if item in _menu:
        return _menu[item](mentorship, reader)
    if item in _buttons:
        return _buttons[item](mentorship, reader)
    others = (offered(item, mentorship, reader) for offered in _others)
    return next((entry for entry in others if entry), None)


def buttons(mentorship: Mentorship, reader: Person) -> list[Entry]:
    """The buttons of this card for this reader, in the order in which they were offered."""
    return [entry for offered in _buttons.values() if (entry := offered(mentorship, reader))]
