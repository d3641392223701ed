"""Relationships from the first ask to the end, and who waits for a place."""

from core.kernel.personal import THE_TWO, Group, Kept, Remove, Unname, keeps, kinds

PAIR = ("mentorship__mentor", "mentorship__mentee")
TOGETHER = f"{THE_TWO}; the {{programme_team}}"

keeps(
    Kept(
        "mentorships.Mentorship",
        "Your {requests} and relationships",
        group=Group.RELATIONSHIPS,
        purpose="So that mentors and mentees can ask each other and work together.",
        seen_by=TOGETHER,
        people=("mentor", "mentee"),
        fields=kinds(
            words="statement note",
            choices="area area_label reason",
            activity="state by_team sent_at changed_at answered_at waiting_since paused_at "
            "reminded_day invited_back_at mentor_done_at mentee_done_at",
        ),
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "mentorships.Revision",
        "Earlier wordings of your {requests}",
        group=Group.RELATIONSHIPS,
        purpose="So that both see what was asked when it was answered.",
        seen_by=TOGETHER,
        people=PAIR,
        fields=kinds(words="statement", choices="area area_label", activity="at"),
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "mentorships.MentorshipStep",
        "The history of your relationships",
        group=Group.RELATIONSHIPS,
        purpose="So that both see what happened, and when.",
        seen_by=TOGETHER,
        people=PAIR,
        named=("by",),
        fields=kinds(words="note staff_note", activity="action before after role at"),
        shared=True,
        belongs={"staff_note": "by"},
        on_erase=Unname(),
    ),
    Kept(
        "mentorships.WaitingPlace",
        "Mentors whom you wait for",
        group=Group.RELATIONSHIPS,
        purpose="So that we can write to you when the mentor has a place.",
        seen_by="You; the {programme_team}; the mentor sees how many wait",
        people=("mentee",),
        named=("mentor",),
        fields=kinds(activity="joined_at told_at"),
        on_erase=Remove(),
    ),
)
