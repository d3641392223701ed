"""Whether a mentor is there for mentees, for pages of other apps (product B11)."""

from django import template

from core.accounts.models import Person
from core.profiles.models import Profile
from core.profiles.queries import profile_of

register = template.Library()


@register.simple_tag
def mentor_terms(person: Person) -> Profile | None:
    """The person's finished profile as a mentor, with availability and return date."""
    profile = profile_of(person, "mentor") if person.is_mentor else None
    return profile if profile is not None and profile.complete else None
