"""What people answer in their profiles."""

from collections.abc import Mapping
from typing import Any

from core.kernel.personal import Asked, Form, Group, Kept, Remove, keeps, kinds, nothing
from core.profiles.models import Field


def _questions(document: Mapping[str, Any], key: str) -> Asked:
    """The questions of the institute as they read today; answers outlive a question."""
    fields = list(Field.objects.prefetch_related("options"))
    return Asked(
        {one.key: one.label for one in fields},
        {one.key: {each.key: each.label for each in one.options.all()} for one in fields},
    )


keeps(
    nothing("profiles.Section", "a part of the form", "key label help audience order"),
    nothing(
        "profiles.Field",
        "a question of the form",
        "key label help kind audience required visible_to order max_length minimum maximum active",
    ),
    nothing("profiles.Option", "an answer that the form offers", "key label order active"),
    Kept(
        "profiles.Profile",
        "Your profiles",
        group=Group.PROFILE,
        purpose="So that mentors and mentees who fit can find each other.",
        seen_by="Members who may see you, as each question says; the {programme_team}",
        people=("person",),
        fields=kinds(
            words="answers",
            choices="role capacity available back_on",
            activity="complete completed_at updated_at",
        ),
        forms={"answers": Form(_questions)},
        on_erase=Remove(),
    ),
)
