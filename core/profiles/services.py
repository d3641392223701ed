"""What happens to profiles."""

from collections.abc import Mapping

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import NotAllowed
from core.kernel.events import tell
from core.profiles import queries, rules
from core.profiles.errors import AnswersRefused
from core.profiles.events import ProfileSaved
from core.profiles.models import Profile


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
