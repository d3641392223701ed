"""What people answer in their profiles."""

from core.kernel.personal import Group, Kept, Remove, keeps, kinds, nothing

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
        on_erase=Remove(),
    ),
)
