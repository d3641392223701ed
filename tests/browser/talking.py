"""Two people with a video meeting, made inside the running product.

`site.inside(...)` calls `arrange`: the tests themselves have another database.
"""

from datetime import timedelta

from core.accounts.models import Person
from core.kernel.clock import now
from core.meetings.models import Meeting
from core.mentorships.states import State
from core.profiles.models import Profile
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site
from tests.factories.mentorships import make_mentorship, make_profile
from tests.factories.people import someone


def room_of(site: Site, slug: str, mentor: str, mentee: str, *, minutes: int = 0) -> str:
    """The path of a room whose meeting begins in so many minutes. The two sign in by these names
    with the factories' password; who is there already is taken."""
    call = f"arrange({slug!r}, {mentor!r}, {mentee!r}, {minutes})"
    said = site.inside(f"from tests.browser.talking import arrange; print({call})")
    return f"/video/{said.split()[-1]}/"


def arrange(slug: str, mentor: str, mentee: str, minutes: int) -> str:
    """Out: the key of the room."""
    with platform_scope():
        institute = Institute.objects.get(slug=slug)
    with tenant_context(institute):
        two = {role: _person(role, name) for role, name in (("mentor", mentor), ("mentee", mentee))}
        meeting = Meeting.objects.create(
            mentorship=make_mentorship(state=State.ACTIVE, **two),
            arranged_by=two["mentee"],
            title="First talk",
            starts_at=now() + timedelta(minutes=minutes),
            time_zone="Europe/London",
            is_video=True,
        )
        return meeting.room_key


def _person(role: str, name: str) -> Person:
    known = Person.objects.filter(username=name).first()
    if known is not None:
        return known
    first, last = name.capitalize(), "Tarn"
    person = someone(
        role, username=name, email=f"{name}@people.example", first_name=first, last_name=last
    )
    if not Profile.objects.filter(person=person, role=role).exists():
        make_profile(person, role)
    return person
