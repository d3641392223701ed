"""Which guides somebody has read."""

from core.kernel.personal import YOU_AND_TEAM, Group, Kept, Remove, keeps, kinds, nothing

keeps(
    nothing(
        "resources.Guide",
        "a text of the institute",
        "slug title summary body audience topic stage order required active",
    ),
    Kept(
        "resources.GuideRead",
        "Guides that you marked as read",
        group=Group.LEARNING,
        purpose="So that you see what is left to read.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(activity="read_at"),
        beside={"Guide": "guide__title"},
        on_erase=Remove(),
    ),
    nothing(
        "resources.Picture",
        "a picture in a text of the institute",
        "key alt stored_as content_type width height",
    ),
    nothing(
        "resources.Video",
        "a video of the institute",
        "title order minutes link stored_as content_type size captions transcript",
    ),
)
