"""Two people who work together, made inside the running product.

`site.inside(...)` calls `arrange`: the tests themselves have another database.
"""

from core.accounts.models import Person
from core.mentorships.states import State
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site
from tests.factories.mentorships import make_mentorship, make_profile
from tests.factories.people import someone


def threads_of(site: Site, slug: str, mentor: str, mentee: str) -> tuple[str, str]:
    """The paths of the conversation as the mentor and as the mentee open it. The two are new and
    sign in by these names with the factories' password."""
    call = f"arrange({slug!r}, {mentor!r}, {mentee!r})"
    said = site.inside(f"from tests.browser.writing import arrange; print({call})")
    mentor_key, mentee_key = said.split()[-2:]
    return f"/messages/{mentee_key}/", f"/messages/{mentor_key}/"


def arrange(slug: str, mentor: str, mentee: str) -> str:
    """Out: the keys of the two."""
    with platform_scope():
        institute = Institute.objects.get(slug=slug)
    with tenant_context(institute):
        one, other = _person("mentor", mentor), _person("mentee", mentee)
        make_mentorship(mentor=one, mentee=other, state=State.ACTIVE)
        return f"{one.pk} {other.pk}"


def _person(role: str, name: str) -> Person:
    person = someone(
        role,
        username=name,
        email=f"{name}@people.example",
        first_name=name.capitalize(),
        last_name="Moss",
    )
    make_profile(person, role)
    return person
