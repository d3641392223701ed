"""Facts from which the institute's figures are counted."""

from core.kernel.personal import NOBODY, TEAM, Group, Kept, Remove, Unname, keeps, kinds, nothing

keeps(
    Kept(
        "insights.Searcher",
        "That you looked for a mentor",
        group=Group.RECORDS,
        purpose="So that the institute sees how many look for a mentor. Not what they looked for.",
        seen_by=NOBODY,
        people=("person",),
        fields=kinds(activity="first_on last_on days"),
        on_erase=Remove(),
    ),
    Kept(
        "insights.Nudge",
        "When the {programme_team} reminded you",
        group=Group.RECORDS,
        purpose="So that nobody is reminded too often.",
        seen_by=TEAM,
        people=("person",),
        unseen=("by",),
        fields=kinds(activity="at"),
        on_erase=Remove(),
    ),
    Kept(
        "insights.MemberFacts",
        "How far you have come",
        group=Group.RECORDS,
        purpose="So that the institute's figures can be counted; made anew every day.",
        seen_by=TEAM,
        people=("person",),
        fields=kinds(
            choices="side segments",
            activity="active listed open reached joined_on complete_on searched_on requested_on "
            "matched_on talked_on completed_on over_on again_on seen_on",
        ),
        on_erase=Remove(),
    ),
    Kept(
        "insights.PairFacts",
        "How far your relationships have come, for figures",
        group=Group.RECORDS,
        purpose="So that the institute's figures can be counted; made anew every day.",
        seen_by=TEAM,
        people=("mentorship__mentor", "mentorship__mentee"),
        fields=kinds(
            choices="segments",
            activity="sent_on answer_hours matched_on talked_on completed_on over_on running",
        ),
        shared=True,
        on_erase=Unname(),
    ),
    nothing("insights.Tally", "counts of a month", "segment month measure key count"),
    nothing("insights.Counting", "when the figures were counted", "only at first_month"),
)
