"""What went wrong goes to the programme team when the member wants it (product E10)."""

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.feedback.models import ContactWish, Invitation, Reply, WishState
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.mentorships.queries import with_people
from core.programme.queries import current
from core.programme.services import write_mail


def make_wish(reply: Reply, invitation: Invitation) -> ContactWish:
    """Put the words into the team's queue under the member's name, and write to the team."""
    person = invitation.person
    reply.sent_to_team = True
    reply.save(update_fields=["sent_to_team"])
    made = ContactWish.objects.create(
        reply=reply, person=person, mentorship_id=invitation.mentorship_id, text=reply.concern
    )
    audit.record("feedback contact wished", thing=made, by=person)
    mentorship = with_people().get(pk=invitation.mentorship_id)
    mentor, mentee = mentorship.mentor, mentorship.mentee
    partner = mentee if person.pk == mentor.pk else mentor
    programme = current()
    write_mail(
        template="mails/feedback_wish",
        to=(programme.contact_name, programme.contact_email),
        kind="feedback_wish",
        about=made,
        reply_to=person.email,
        context={
            "member_name": one_line(person.full_name),
            "member_email": person.email,
            "partner_name": one_line(partner.full_name),
            "text": reply.concern,
            "page": absolute(reverse("staff:feedback_wish", args=[made.pk])),
        },
    )
    return made


def open_wish(wish: ContactWish, *, by: Person) -> None:
    """Somebody on the team reads it: noted (decision 4)."""
    audit.record("feedback wish read", thing=wish, by=by)


@transaction.atomic
def answer_wish(wish: ContactWish, note: str, *, by: Person) -> ContactWish:
    """Say that the member was contacted, and what came of it; again to add to the note."""
    found = ContactWish.objects.select_for_update().get(pk=wish.pk)
    if found.state == WishState.ANSWERED and found.note == note.strip():
        return found
    found.state, found.note = WishState.ANSWERED, note.strip()
    found.answered_at, found.answered_by = now(), by
    found.save(update_fields=["state", "note", "answered_at", "answered_by"])
    audit.record("feedback wish answered", thing=found, by=by)
    return found


@transaction.atomic
def reopen_wish(wish: ContactWish, *, by: Person) -> ContactWish:
    """It is not done after all."""
    found = ContactWish.objects.select_for_update().get(pk=wish.pk)
    if found.state == WishState.ANSWERED:
        found.state, found.answered_at, found.answered_by = WishState.OPEN, None, None
        found.save(update_fields=["state", "answered_at", "answered_by"])
        audit.record("feedback wish reopened", thing=found, by=by)
    return found
