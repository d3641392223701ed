"""An answer is given, changed, put off or declined (product E10)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.accounts.models import Person
from core.feedback import errors, permissions
from core.feedback.models import Invitation, Reply
from core.feedback.queries import reply_to
from core.feedback.services.wishes import make_wish
from core.kernel.clock import now


@transaction.atomic
def answer(
    invitation: Invitation,
    *,
    by: Person,
    answers: Mapping[str, Any],
    concern: str = "",
    contact: bool = False,
    seen: int = 0,
) -> Reply:
    """Give an answer, or change it within a week. The same one sent twice is one.

    `seen` is the number of changes that the sender's page knew of. With `contact`, the words in
    `concern` go to the programme team under the member's name, once.
    Errors: NotAsked, AnsweredElsewhere, NoLongerChanged. Nothing is written then.
    """
    found = _held(invitation, by)
    standing, at = reply_to(found), now()
    wish = getattr(standing, "wish", None)
    concern = wish.text if wish is not None else concern.strip()
    if standing is not None:
        same = standing.answers == dict(answers) and standing.concern == concern
        if same and (wish is not None or not contact):
            return standing
        if not standing.can_change:
            raise errors.NoLongerChanged("This can no longer be changed: it counts already.")
        if standing.changes != seen:
            raise errors.AnsweredElsewhere(
                "You have answered in another window meanwhile. Below is what you wrote here: "
                "send it again to put it in the place of the other answer."
            )
        standing.answers, standing.concern = dict(answers), concern
        standing.changed_at, standing.changes = at, standing.changes + 1
        standing.save()
    else:
        standing = Reply.objects.create(
            invitation=found,
            survey=found.survey,
            moment=found.moment,
            role=found.role,
            respondent=by.pk,
            answers=dict(answers),
            concern=concern,
            given_at=at,
            changed_at=at,
        )
        found.answered_at, found.declined_at, found.draft = at, None, {}
        found.save(update_fields=["answered_at", "declined_at", "draft"])
    if contact and wish is None and concern:
        make_wish(standing, found)
    return standing


@transaction.atomic
def keep_draft(invitation: Invitation, *, by: Person, written: Mapping[str, Any]) -> None:
    """Keep what is written so far for the person alone. Errors: NotAsked."""
    found = _held(invitation, by)
    if found.answered_at is None:
        found.draft = dict(written)
        found.save(update_fields=["draft"])


@transaction.atomic
def decline(invitation: Invitation, *, by: Person) -> None:
    """Say that one would rather not: no reminder comes any more. Errors: NotAsked.

    An answer that was given meanwhile stays.
    """
    found = _held(invitation, by)
    if found.answered_at is not None or found.declined_at is not None:
        return
    if not permissions.may_decline(by, found):
        raise errors.NotAsked("There is nothing here that you can do.")
    found.declined_at, found.draft = now(), {}
    found.save(update_fields=["declined_at", "draft"])


def _held(invitation: Invitation, by: Person) -> Invitation:
    """The invitation as it stands now, one window at a time."""
    found = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not permissions.may_answer(by, found):
        raise errors.NotAsked("There is nothing here that you can do.")
    return found
