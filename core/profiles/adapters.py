"""What other rules of the programme would do to members and their profiles (product F5)."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.models import Person
from core.profiles.models import Profile
from core.profiles.rules import Audience
from core.programme.rules import Policies
from core.programme.services.foresight import foresees, many
from core.resources.models import Guide, GuideRead


@foresees
def members_at_the_gate(before: Policies, after: Policies) -> Iterator[str]:
    """Who would be asked for the profile, or the guides, before anything else opens."""
    if after.profile_gate != before.profile_gate:
        waiting = _unfinished().count()
        if waiting and after.profile_gate:
            yield (
                f"{many(waiting, 'member', 'members')} without a complete profile would be asked "
                "to complete it before anything else opens."
            )
        elif waiting:
            yield (
                f"{many(waiting, 'member', 'members')} without a complete profile could use "
                "everything at once."
            )
    if after.guides_first and not before.guides_first:
        if not Guide.objects.filter(active=True, required=True).exists():
            yield "No guide is marked as “to be read first”: nothing would come before profiles."
        else:
            unread = _unfinished().filter(_has_not_read()).count()
            if unread:
                yield (
                    f"{many(unread, 'member', 'members')} would be led to the guides before "
                    "their profile."
                )


def _unfinished() -> QuerySet[Person]:
    """Active members who have not completed the profile of a role that they have."""
    done = Profile.objects.filter(person=OuterRef("pk"), complete=True)
    as_mentor = Q(is_mentor=True) & Q(~Exists(done.filter(role=Audience.MENTOR)))
    as_mentee = Q(is_mentee=True) & Q(~Exists(done.filter(role=Audience.MENTEE)))
    return Person.objects.filter(as_mentor | as_mentee, is_active=True)


def _has_not_read() -> Exists:
    read = GuideRead.objects.filter(guide=OuterRef("pk"), person=OuterRef(OuterRef("pk")))
    return Exists(Guide.objects.filter(~Exists(read), active=True, required=True))
