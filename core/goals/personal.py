"""Goals: their owner's, read by the partner."""

from core.kernel.personal import THE_TWO, Group, Kept, Remove, keeps, kinds

keeps(
    Kept(
        "goals.Goal",
        "Your goals",
        group=Group.WORK,
        purpose="So that you and your partner see what you work towards.",
        seen_by=THE_TWO,
        people=("owner",),
        fields=kinds(
            words="label details outcome",
            activity="expected_on dated_at created_at changed_at completed_at deleted_at "
            "reminded_for",
            technical="form_key",
            none="version",
        ),
        with_whom=("mentorship__mentor", "mentorship__mentee"),
        none_because="counts how often it was saved",
        on_erase=Remove(),
    ),
    Kept(
        "goals.Milestone",
        "Steps towards your goals",
        group=Group.WORK,
        purpose="So that you and your partner see what comes next.",
        seen_by=THE_TWO,
        people=("goal__owner",),
        fields=kinds(
            words="text", activity="due_on done_at", technical="form_key", none="position"
        ),
        none_because="the place in a list",
        beside={"Goal": "goal__label"},
        on_erase=Remove(),
    ),
    Kept(
        "goals.Review",
        "What you noted on the way",
        group=Group.WORK,
        purpose="So that you and your partner see how it goes.",
        seen_by=THE_TWO,
        people=("goal__owner",),
        fields=kinds(words="body", activity="written_at", technical="form_key"),
        beside={"Goal": "goal__label"},
        on_erase=Remove(),
    ),
)
