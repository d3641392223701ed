"""How mentors are found."""

from core.kernel.personal import Group, Kept, Remove, keeps, kinds, nothing

keeps(
    nothing(
        "matching.Criterion",
        "a criterion of the institute",
        "weight exact_allowed any_label order active",
    ),
    Kept(
        "matching.Listing",
        "Your place in the search for mentors",
        group=Group.PROFILE,
        purpose="So that mentees find you by your answers, while you have room.",
        seen_by="Members who look for a mentor see you among the results",
        people=("person",),
        fields=kinds(choices="tokens", activity="listed taken room updated_at"),
        on_erase=Remove(),
    ),
)
