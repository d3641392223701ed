"""Reading how people stand with the society."""

from django.db.models import Count, QuerySet

from core.accounts.models import Person
from core.kernel.clock import now
from core.membership.models import Member
from core.membership.rules import Standing, Status
from core.programme import queries as programme
from core.programme.queries import policies


def member_of(person: Person) -> Member | None:
    """What the society says about a person, if it ever said anything."""
    return Member.objects.filter(person=person).first()


def is_over(member: Member) -> bool:
    """Whether the days of grace are over, whether or not the daily round has seen it."""
    if member.status == Status.ENDED:
        return True
    over = member.grace_until is not None and member.grace_until <= now()
    return member.status == Status.LAPSED and over


def standing(person: Person) -> Standing:
    """What is open to a person under the policy in force.

    Whoever the society never spoke of has everything; so has everybody in the days of grace. The
    programme team always gets in, whatever becomes of their own membership.
    """
    return standing_of_member(person, member_of(person))


def standing_of(person: Person) -> Standing:
    """The same for a row that has just been read, together with `membership` at best."""
    return standing_of_member(person, getattr(person, "membership", None))


def standing_of_member(person: Person, member: Member | None) -> Standing:
    """The same for whoever has read the member's row already."""
    if member is None or not is_over(member):
        return Standing()
    return standing_after(policies().lapsed_members, team=person.is_staff or person.is_superuser)


def standing_after(rule: str, *, team: bool = False) -> Standing:
    """What a policy leaves open after the days of grace."""
    if team or rule == "finish":
        return Standing(
            may_ask=False,
            sentence="Your membership has ended. You can finish what you have begun, "
            "but not begin anything new.",
        )
    sentence = "Your membership has ended. You can look at what is here, but not change it."
    if rule == "look":
        return Standing(may_ask=False, may_act=False, sentence=sentence)
    return Standing(
        may_sign_in=False,
        may_ask=False,
        may_act=False,
        sentence="Your membership has ended, so you cannot sign in here at present.",
    )


def counts() -> dict[str, int]:
    """How many members there are by status."""
    rows = Member.objects.filter(person__is_active=True).values_list("status")
    found = dict(rows.annotate(count=Count("pk")).order_by())
    return {one.value: found.get(one.value, 0) for one in Status}


def lapsed() -> QuerySet[Member]:
    """Whose membership has lapsed or ended, latest first."""
    rows = Member.objects.exclude(status=Status.CURRENT).select_related("person")
    return rows.filter(person__support_key=None).order_by("-lapsed_at", "-id")


def locked() -> frozenset[str]:
    """Of "password", "email" and "name": what the society is master of."""
    return programme.locked()
