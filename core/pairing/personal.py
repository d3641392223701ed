"""Drafts in which the programme team puts people together."""

from django.db.models import Q

from core.kernel.personal import TEAM, Group, Kept, Remove, keeps, kinds, nothing

PUBLISHED = Q(pool__state="published")
WORKING_PAPER = "What is not published is a working paper of the {programme_team}."

keeps(
    nothing(
        "pairing.Pool",
        "a run of the {programme_team} over all members",
        "state document made_at solved_at changes figures published_at words at_once",
        unseen=("made_by", "published_by"),
    ),
    Kept(
        "pairing.PairDraft",
        "Matches that the {programme_team} proposed for you",
        group=Group.RELATIONSHIPS,
        purpose="So that the {programme_team} can find a match for everybody.",
        seen_by=TEAM,
        people=("mentee", "mentor"),
        fields=kinds(choices="receipt", activity="standing points most share", words="refusal"),
        shown=PUBLISHED & Q(mentorship__isnull=False),
        hidden_because=WORKING_PAPER,
        withheld={"refusal": "It can speak of the other one."},
        shared=True,
        on_erase=Remove(),
    ),
    Kept(
        "pairing.LeftOut",
        "When no match was found for you",
        group=Group.RELATIONSHIPS,
        purpose="So that the {programme_team} can find a match for everybody.",
        seen_by=TEAM,
        people=("mentee",),
        fields=kinds(activity="reason", words="detail"),
        shown=PUBLISHED,
        hidden_because=WORKING_PAPER,
        withheld={
            "reason": "It can speak of other people.",
            "detail": "It can name mentors.",
        },
        on_erase=Remove(),
    ),
    Kept(
        "pairing.Exclusion",
        "When the {programme_team} left you out of a match",
        group=Group.RELATIONSHIPS,
        purpose="So that nobody is matched who should not be.",
        seen_by=TEAM,
        people=("person",),
        fields=kinds(choices="role"),
        on_erase=Remove(),
    ),
)
