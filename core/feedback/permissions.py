"""Who may do what with feedback: whoever is asked, and nobody else (product E10)."""

from core.accounts.models import Person
from core.feedback.models import Invitation
from core.programme.queries import policies


def may_answer(person: Person, invitation: Invitation) -> bool:
    """The one who is asked, also after saying no; not when a later survey took its place."""
    asked = person.is_active and person.pk == invitation.person_id
    return asked and invitation.closed_at is None


def may_decline(person: Person, invitation: Invitation) -> bool:
    """Whoever is asked, where the institute does not require an answer."""
    return (
        may_answer(person, invitation) and invitation.is_open and policies().feedback != "required"
    )
