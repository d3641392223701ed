"""What happens to profiles."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.events import tell
from core.profiles import queries, rules
from core.profiles.errors import AnswersRefused
from core.profiles.events import MentorReturned, ProfileSaved
from core.profiles.models import Profile
from core.profiles.rules import Audience


def save_profile(
    person: Person,
    role: str,
    answers: Mapping[str, object],
    *,
    by: Person,
    draft: bool = False,
    capacity: object = None,
) -> Profile:
    """Keep a person's answers in one role: `save_and_tell` for those who need only the row."""
    return save_and_tell(person, role, answers, by=by, draft=draft, capacity=capacity)[0]


def save_and_tell(
    person: Person,
    role: str,
    answers: Mapping[str, object],
    *,
    by: Person,
    draft: bool = False,
    capacity: object = None,
) -> tuple[Profile, bool]:
    """Keep a person's answers in one role (product B1, B2, B10).

    In: raw answers by field key; fields left out count as empty, answers to fields that are not
    asked now are kept as they are. A draft may miss required answers and leaves an incomplete
    profile incomplete; a complete profile cannot go back to a draft. `capacity` for mentors.
    Out: the profile, and whether this save completed it.
    Errors: AnswersRefused with a message a field, nothing saved; NotAllowed without the role.
    """
    if role not in person.roles:
        raise NotAllowed("This person does not have that role.")
    with transaction.atomic():
        # The person's row is the lock: two first saves at once make one profile.
        Person.objects.select_for_update().only("pk").get(pk=person.pk)
        profile = queries.profile_of(person, role) or Profile(person=person, role=role)
        was_complete = profile.complete
        form = queries.form_of(role)
        field_rules = queries.rules_for(form, profile.answers)
        checked = rules.check(field_rules, answers, draft=draft and not was_complete)
        messages = dict(checked.messages)
        room = profile.capacity
        if role == "mentor" and capacity not in (None, ""):
            try:
                room = rules.clean_capacity(capacity)
            except rules.AnswerRefusedError as refusal:
                messages[rules.CAPACITY] = str(refusal)
        if messages:
            raise AnswersRefused(messages)
        asked = {rule.key for rule in field_rules}
        kept = {key: value for key, value in profile.answers.items() if key not in asked}
        profile.answers = kept | checked.values
        profile.capacity = room
        profile.updated_at = now()
        profile.complete = was_complete or not (draft or queries.missing(profile, form))
        if profile.complete and profile.completed_at is None:
            profile.completed_at = profile.updated_at
        profile.save()
        newly = profile.complete and not was_complete
        audit.record(
            "profile completed" if newly else "profile saved", thing=profile, by=by, role=role
        )
        tell(ProfileSaved(profile_id=profile.pk, newly_complete=newly))
    return profile, newly


@transaction.atomic
def set_terms(profile: Profile, *, capacity: int | None, available: bool, by: Person) -> Profile:
    """Change how many mentees a mentor takes and whether there is room at all (product B10)."""
    profile = Profile.objects.select_for_update().get(pk=profile.pk)
    if capacity is not None:
        try:
            capacity = rules.clean_capacity(capacity)
        except rules.AnswerRefusedError as refusal:
            raise AnswersRefused({rules.CAPACITY: str(refusal)}) from None
    profile.capacity = capacity
    profile.available = available
    profile.updated_at = now()
    profile.save(update_fields=["capacity", "available", "updated_at"])
    audit.record("terms changed", thing=profile, by=by, capacity=capacity, available=available)
    tell(ProfileSaved(profile_id=profile.pk))
    return profile


@transaction.atomic
def set_availability(
    person: Person, *, available: bool, back_on: date | None = None, by: Person | None
) -> Profile:
    """Make a mentor available or unavailable, perhaps with a day of return (product B11).

    Saying the same once more changes nothing. `by` is None for the clock.
    Errors: NotAllowed without a mentor's profile; RuleBroken for a day that is not to come.
    """
    profile = (
        Profile.objects.select_for_update().filter(person=person, role=Audience.MENTOR).first()
    )
    if profile is None:
        raise NotAllowed("There is no mentor's profile here.")
    back_on = None if available else back_on
    if back_on is not None and back_on <= queries.today():
        raise RuleBroken("The day of your return must be in the future.")
    if (profile.available, profile.back_on) == (available, back_on):
        return profile
    profile.available, profile.back_on, profile.updated_at = available, back_on, now()
    profile.save(update_fields=["available", "back_on", "updated_at"])
    verb = "mentor available" if available else "mentor unavailable"
    audit.record(verb, thing=profile, by=by, back_on=back_on)
    tell(ProfileSaved(profile_id=profile.pk))
    return profile


def welcome_back() -> int:
    """Make available whose day of return has come; gives how many. Safe to run at any time."""
    due = Profile.objects.filter(
        role=Audience.MENTOR, available=False, back_on__lte=queries.today()
    ).select_related("person")
    back = 0
    for profile in due:
        with transaction.atomic():
            lock(profile.person)
            if Profile.objects.filter(pk=profile.pk, available=False, back_on=profile.back_on):
                set_availability(profile.person, available=True, by=None)
                tell(MentorReturned(profile_id=profile.pk))
                back += 1
    return back
