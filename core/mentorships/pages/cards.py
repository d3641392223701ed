"""The cards of the dashboard: one a person, with one next step and the institute's menus."""

from dataclasses import dataclass, field
from typing import Literal

from django.urls import reverse
from django.utils.timezone import localdate

from core.accounts.models import Person
from core.mentorships import permissions, queries
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import (
    Entry,
    NextStep,
    Road,
    buttons,
    menu_entries,
    offer_card_entry,
    offered_step,
    road_of,
)
from core.mentorships.queries import Contact
from core.mentorships.states import WAITS_FOR, Action, State
from core.programme.queries import current, words

Tone = Literal["good", "warn", "quiet"]


@dataclass(frozen=True)
class Card:
    """What the dashboard shows of one mentorship to one of the two."""

    mentorship: Mentorship
    partner: Person
    contact: Contact | None
    waiting: bool
    badge: str
    tone: Tone
    next_step: NextStep
    menus: list[tuple[str, list[Entry]]] = field(default_factory=list)
    buttons: list[Entry] = field(default_factory=list)
    road: Road | None = None


def card(mentorship: Mentorship, reader: Person) -> Card:
    """The card as this reader sees it; asks the database nothing."""
    mine = reader.pk == mentorship.mentor_id
    partner = mentorship.mentee if mine else mentorship.mentor
    contact = (
        queries.contact_of(partner) if permissions.may_see_contact(reader, mentorship) else None
    )
    waiting = WAITS_FOR.get(State(mentorship.state)) == permissions.role_of(reader, mentorship)
    badge, tone = _badge(mentorship, waiting)
    menus = current().menus
    return Card(
        mentorship=mentorship,
        partner=partner,
        contact=contact,
        waiting=waiting,
        badge=badge,
        tone=tone,
        next_step=_next_step(mentorship, partner, reader),
        menus=[
            (menu.label, entries)
            for menu in (menus.tools, menus.details)
            if (entries := menu_entries(menu, mentorship, reader))
        ],
        buttons=buttons(mentorship, reader),
        road=road_of(mentorship, reader),
    )


def days_ago(mentorship: Mentorship) -> str:
    """How long it has stood like this, in words."""
    days = (localdate() - localdate(mentorship.changed_at)).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def _badge(mentorship: Mentorship, waiting: bool) -> tuple[str, Tone]:
    match State(mentorship.state):
        case State.PROPOSED | State.CHANGES_ASKED if waiting:
            return "Waiting for you", "warn"
        case State.PROPOSED:
            return f"Sent {days_ago(mentorship)}", "quiet"
        case State.CHANGES_ASKED:
            return "Changes asked for", "quiet"
        case State.ACTIVE:
            return "Active", "good"
        case state:
            return state.value.capitalize(), "quiet"


def _next_step(mentorship: Mentorship, partner: Person, reader: Person) -> NextStep:
    mine = reader.pk == mentorship.mentor_id
    page = mentorship.get_absolute_url()
    ask = words()["request"]
    name = partner.first_name or partner.full_name
    about = f" about “{mentorship.area_label}”" if mentorship.area_label else ""
    match State(mentorship.state):
        case State.PROPOSED if mine and mentorship.by_team:
            text = f"The {words()['programme_team'].singular} asks you to help {name}{about}."
            return NextStep(text, "Read and answer", page)
        case State.PROPOSED if mine:
            text = f"{name} sent you {ask.form('article')}{about}."
            return NextStep(text, "Read and answer", page)
        case State.PROPOSED:
            return NextStep(
                f"{name} has not answered yet. You will get an e-mail as soon as they do.",
                f"See your {ask.singular}",
                page,
                quiet=True,
            )
        case State.CHANGES_ASKED if not mine:
            text = f"{name} asks for changes before they answer."
            return NextStep(text, "Read and send a new version", _step(mentorship, Action.REVISE))
        case State.CHANGES_ASKED:
            text = f"You asked {name} for changes. You will get an e-mail when they answer."
            return NextStep(text, f"See the {ask.singular}", page, quiet=True)
        case State.ACTIVE if mentorship.mentor_done_at or mentorship.mentee_done_at:
            marked = mentorship.mentor if mentorship.mentor_done_at else mentorship.mentee
            who = name if marked.pk == partner.pk else "You"
            text = f"{who} marked the journey as complete."
            end = reverse("journey:ending", args=[mentorship.pk])
            return NextStep(text, "Look at it", end, quiet=marked.pk != partner.pk)
        case State.ACTIVE if offered := offered_step(mentorship, reader):
            return offered
        case _:
            text = queries.standing(mentorship)
            return NextStep(text, f"See the {ask.singular}", page, quiet=True)


@offer_card_entry("view")
def _view(mentorship: Mentorship, reader: Person) -> Entry | None:
    return Entry(f"View {words()['request'].singular}", mentorship.get_absolute_url())


@offer_card_entry("edit")
def _edit(mentorship: Mentorship, reader: Person) -> Entry | None:
    ask = words()["request"].singular
    if permissions.may_revise(reader, mentorship):
        return Entry("Send a new version", _step(mentorship, Action.REVISE))
    if permissions.may_edit(reader, mentorship):
        return Entry(f"Edit {ask}", _step(mentorship, Action.EDIT))
    return None


@offer_card_entry("withdraw")
def _withdraw(mentorship: Mentorship, reader: Person) -> Entry | None:
    if permissions.may_end(reader, mentorship):
        label = "Withdraw from the relationship"
        return Entry(label, _step(mentorship, Action.END), danger=True)
    if permissions.may_withdraw(reader, mentorship):
        label = f"Withdraw {words()['request'].singular}"
        return Entry(label, _step(mentorship, Action.WITHDRAW), danger=True)
    return None


@offer_card_entry("reopen")
def _reopen(mentorship: Mentorship, reader: Person) -> Entry | None:
    if permissions.may_go_on(reader, mentorship) and queries.is_invited_back(mentorship):
        return Entry("Answer whether to go on", mentorship.get_absolute_url())
    if permissions.may_invite_back(reader, mentorship) and not queries.is_invited_back(mentorship):
        return Entry("Ask to go on", _step(mentorship, Action.INVITE_BACK))
    if not permissions.may_reopen(reader, mentorship):
        return None
    if mentorship.state == State.ENDED:
        return Entry("Ask to go on", _step(mentorship, Action.REOPEN))
    return Entry(f"Reopen {words()['request'].singular}", _step(mentorship, Action.REOPEN))


def _step(mentorship: Mentorship, action: Action) -> str:
    return reverse("mentorships:act", args=[mentorship.pk, action.value])
