"""Which notices of the programme team somebody has put away."""

from core.kernel.personal import NOBODY, Group, Kept, Remove, keeps, kinds, nothing

keeps(
    nothing(
        "notices.Notice",
        "a text of the programme team",
        "title body audience first_day last_day link_label link_url state mailed_at",
    ),
    Kept(
        "notices.NoticeRead",
        "Notices that you have put away",
        group=Group.ACCOUNT,
        purpose="So that you do not see them again.",
        seen_by=NOBODY,
        people=("person",),
        fields=kinds(),
        beside={"Notice": "notice__title"},
        on_erase=Remove(),
    ),
)
