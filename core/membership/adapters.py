"""What the sign-in library and the staff's form of rules ask us."""

from collections.abc import Iterable

from core.accounts.adapters import offer_bar
from core.accounts.models import Person
from core.membership.models import Member
from core.membership.queries import standing
from core.membership.rules import Status
from core.programme.rules import Policies
from core.programme.services.foresight import foresees, many


def bar(person: Person) -> str:
    """Why somebody may not sign in, or ""."""
    found = standing(person)
    return "" if found.may_sign_in else found.sentence


offer_bar(bar)


@foresees
def lapsed_members(before: Policies, after: Policies) -> Iterable[str]:
    """What another policy does to members whose days of grace are over."""
    if before.lapsed_members == after.lapsed_members:
        return
    ended = Member.objects.filter(status=Status.ENDED, person__is_active=True)
    number = ended.filter(person__is_staff=False).count()
    if not number:
        return
    people = many(number, "member whose membership has ended", "members whose membership has ended")
    words = {
        "finish": "can sign in and finish what they have begun",
        "look": "can look, but change nothing any more",
        "out": "cannot sign in any more and are withdrawn from what is open within a day",
    }
    yield f"{people} {words[after.lapsed_members]}."
