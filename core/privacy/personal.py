"""Requests to be erased and receipts, and the look, which cannot see the map itself."""

from core.kernel.personal import (
    NEVER,
    TEAM,
    YOU_AND_TEAM,
    Group,
    Kept,
    Remove,
    Stay,
    keeps,
    kinds,
    nothing,
)

keeps(
    Kept(
        "privacy.ErasureRequest",
        "When you asked to be erased",
        group=Group.RECORDS,
        purpose="So that the institute answers within the month that the law sets.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        unseen=("entered_by", "settled_by"),
        fields=kinds(activity="state asked_at received_at settled_at reminded_at", words="reason"),
        on_erase=Remove(),
    ),
    nothing(
        "privacy.Erasure",
        "a receipt: digests and counts, nothing that leads back to anybody",
        "person_digest address_digests at asked_at way counts files mails",
        unseen=("by",),
    ),
    Kept(
        "privacy.LegalHold",
        "Reasons to keep what is stored about you",
        group=Group.RECORDS,
        purpose="So that nothing is lost that a court or an inquiry may need.",
        seen_by=TEAM,
        people=("person",),
        unseen=("by", "ended_by"),
        fields=kinds(words="reason", activity="at ended_at"),
        shown=NEVER,
        hidden_because="The law lets an institute keep to itself what it keeps for a dispute.",
        on_erase=Stay(
            "While one is in force nobody is erased; ended ones explain why it took long."
        ),
    ),
    nothing("privacy.RetentionRun", "counts of a day", "key days at count", unseen=("by",)),
    nothing("theming.Brand", "the institute's look", "only seeds_data logo updated_at"),
    nothing("theming.BrandRevision", "the institute's look", "digest seeds_data css created_at"),
    nothing(
        "theming.LookVersion",
        "the institute's look as it was",
        "number seeds_data logo css_digest logo_digest icon_digest chosen_at back_to",
        belongs={"chosen_by_name": "chosen_by"},
    ),
)
