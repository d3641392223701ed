"""What people of a demo institute wrote to its team with the contact form."""

from datetime import datetime, timedelta

from core.accounts.models import Person
from core.help import services
from core.help.models import Enquiry, EnquiryKind
from core.help.services.asking import Asked
from core.kernel import clock
from core.kernel.ids import new_id

QUESTION = (
    "My partner and I live three hours apart. Is it fine if we only ever meet by video, or would "
    "you rather have us sit in one room now and then?"
)
ANSWER = (
    "By video alone is quite all right: many do it. If one of you travels anyway, a walk together "
    "is a pleasant change."
)
PROBLEM = (
    "The picture stays black when I join our video chat from the office. From home it works. What "
    "can I tell the people who look after our computers?"
)
COMPLAINT = (
    "I left the programme in spring and still had a message from it last week. Please tell me why "
    "you keep my address, and take it away."
)


def fill(known: dict[str, Person], slug: str, at: datetime) -> None:
    """One answered, one open, and a complaint from somebody without an account."""
    with clock.frozen(at - timedelta(days=12)):
        first = _sent(EnquiryKind.QUESTION, "Only by video?", QUESTION, known["mentee"])
    with clock.frozen(at - timedelta(days=11)):
        services.answer(first, ANSWER, by=known["staff"])
    with clock.frozen(at - timedelta(days=1)):
        _sent(EnquiryKind.PROBLEM, "Video chat from the office", PROBLEM, known["mentor"])
    with clock.frozen(at - timedelta(days=24)):
        asked = Asked(
            EnquiryKind.COMPLAINT,
            "Robin Marsh",
            f"robin.marsh@{slug}-friends.example",
            "Still on your list",
            COMPLAINT,
        )
        services.send_enquiry(asked, key=new_id(), person=None, network="demo")


def _sent(kind: EnquiryKind, subject: str, message: str, person: Person) -> Enquiry:
    asked = Asked(kind, person.full_name, person.email, subject, message)
    return services.send_enquiry(asked, key=new_id(), person=person, network="")
