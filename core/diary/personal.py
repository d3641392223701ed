"""The diary: its writer's alone."""

from core.kernel.personal import ONLY_YOU, Group, Kept, Remove, keeps, kinds

keeps(
    Kept(
        "diary.Entry",
        "Your diary",
        group=Group.LEARNING,
        purpose="So that you can look back on what you learned.",
        seen_by=ONLY_YOU,
        people=("writer",),
        fields=kinds(
            words="title text themes prompt_label",
            choices="is_markdown prompt_kind prompt_key",
            activity="written_on created_at changed_at deleted_at",
            technical="form_key searched",
        ),
        with_whom=("mentorship__mentor", "mentorship__mentee"),
        withheld={"searched": "It holds the words of the entry again, for searching."},
        on_erase=Remove(),
    ),
    Kept(
        "diary.Draft",
        "What you are writing in your diary",
        group=Group.LEARNING,
        purpose="So that nothing you wrote is lost.",
        seen_by=ONLY_YOU,
        people=("writer",),
        fields=kinds(words="title text", activity="saved_at"),
        on_erase=Remove(),
    ),
)
