"""Requests to be erased and receipts, and the look, which cannot see the map itself."""

from core.kernel.ageing import delete
from core.kernel.personal import (
    NEVER,
    ONLY_YOU,
    TEAM,
    YOU_AND_TEAM,
    Blank,
    Group,
    Kept,
    Remove,
    Stay,
    keeps,
    kinds,
    nothing,
    retention,
)
from core.privacy.services import retained

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
        on_erase=Blank(reason=""),
    ),
    nothing(
        "privacy.Erasure",
        "a receipt: digests and counts, nothing that leads back to anybody",
        "person_digest address_digests at asked_at way counts files mails doomed",
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
    Kept(
        "privacy.Export",
        "Copies of what is stored about you",
        group=Group.RECORDS,
        purpose="So that you can fetch the copy that you asked for.",
        seen_by=ONLY_YOU,
        people=("person",),
        unseen=("by",),
        fields=kinds(file="stored_as", activity="size rows made_at expires_at fetched_at"),
        kept_for="Seven days",
        withheld={"stored_as": "A copy does not hold the copies before it."},
        on_erase=Remove(),
    ),
    nothing("privacy.RetentionRun", "counts of a day", "key days at count", unseen=("by",)),
    Kept(
        "privacy.Consent",
        "What you agreed to",
        group=Group.RECORDS,
        purpose="So that you and the institute can show which version of a page you agreed to.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(activity="at how"),
        beside={"Page": "document__title", "Version": "document__number"},
        on_erase=Remove(),
    ),
    Kept(
        "privacy.Permission",
        "What you allowed, and took back",
        group=Group.RECORDS,
        purpose="So that the institute does what you allowed, and stops when you take it back.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(choices="text", activity="at how withdrawn_at"),
        on_erase=Remove(),
    ),
    nothing(
        "privacy.Document",
        "a legal page of the institute as it was",
        "kind number digest title body noted_at asks_again asks_from",
    ),
    nothing("privacy.Purpose", "a question of the institute", "key label text active order"),
    nothing("theming.Brand", "the institute's look", "only seeds_data logo updated_at"),
    nothing("theming.BrandRevision", "the institute's look", "digest seeds_data css created_at"),
    nothing(
        "theming.LookVersion",
        "the institute's look as it was",
        "number seeds_data logo css_digest logo_digest icon_digest chosen_at back_to",
        belongs={"chosen_by_name": "chosen_by"},
    ),
)

retention(
    "closed_accounts",
    "Accounts that their owners deleted: everything about the person is erased",
    default_days=None,
    least_days=60,
    due=retained.deleted_accounts,
    remove=retained.erase_all,
)
retention(
    "accounts_closed_by_team",
    "Accounts that the team or the society closed: everything about the person is erased",
    default_days=None,
    least_days=60,
    due=retained.closed_accounts,
    remove=retained.erase_all,
)
retention(
    "messages",
    "Messages between people who no longer work together, with their files",
    default_days=None,
    least_days=90,
    due=retained.quiet_messages,
    remove=delete,
)
