"""Going on after an end, when the mentor asks first (product D9).

When the mentee asks first, it is an ask again: see `asking.reopen`.
"""

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import events
from core.mentorships.models import Mentorship
from core.mentorships.services.places import count_places
from core.mentorships.services.steps import look_up, take
from core.mentorships.states import Action


def invite_back(mentorship: Mentorship, *, note: str = "", by: Person) -> Mentorship:
    """Ask the mentee to go on, with words of one's own if wished; nothing opens before their yes.

    Errors: NotTheirs, NoLongerPossible, NotThisWay, MentorFull, AlreadyOpen, AccountNotInUse.
    Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        mentorship = look_up(mentorship, Action.INVITE_BACK, by=by, hold=True)
        mentorship = take(
            mentorship, Action.INVITE_BACK, by=by, told=note.strip(), invited_back_at=now()
        )
        tell(events.InvitedBack(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def go_on(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Say yes to the mentor's invitation: active again, contact details open for both.

    Errors: NotTheirs, NoLongerPossible, NotThisWay, MentorFull, MentorUnavailable, AlreadyOpen,
    AccountNotInUse. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        mentorship = look_up(mentorship, Action.GO_ON, by=by, hold=True)
        mentorship = take(
            mentorship, Action.GO_ON, by=by,
            invited_back_at=None, mentor_done_at=None, mentee_done_at=None,
        )  # fmt: skip
        count_places(mentorship.mentor)
        tell(events.RelationshipResumed(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship
