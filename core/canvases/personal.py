"""Canvases that two people fill in together."""

from core.kernel.personal import ONLY_YOU, THE_TWO, Group, Kept, Remove, Unname, keeps, kinds

keeps(
    Kept(
        "canvases.Sheet",
        "Canvases",
        group=Group.WORK,
        purpose="So that you two can think on one sheet.",
        seen_by=THE_TWO,
        people=("mentorship__mentor", "mentorship__mentee"),
        named=("made_by", "changed_by", "removed_by"),
        fields=kinds(
            words="title texts", technical="writers", activity="kind made_at changed_at removed_at"
        ),
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "canvases.Version",
        "Earlier versions of canvases",
        group=Group.WORK,
        purpose="So that nobody's words are lost when the other writes.",
        seen_by=THE_TWO,
        people=("sheet__mentorship__mentor", "sheet__mentorship__mentee"),
        named=("by",),
        fields=kinds(
            words="title texts", activity="number began_at saved_at", none="gathers from_number"
        ),
        none_because="says how a version came about",
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "canvases.Aside",
        "What you wrote while the other did",
        group=Group.WORK,
        purpose="So that you can choose what stands in a box that both of you changed.",
        seen_by=ONLY_YOU,
        people=("person",),
        fields=kinds(words="text", activity="at", technical="key base"),
        on_erase=Remove(),
    ),
)
