"""What the society says about people."""

from core.kernel.personal import YOU_AND_TEAM, Group, Kept, Remove, keeps, kinds, nothing

PURPOSE = "So that your society's membership opens this site to you, and to nobody in your name."

keeps(
    Kept(
        "membership.Member",
        "Your membership",
        group=Group.ACCOUNT,
        purpose=PURPOSE,
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(
            identity="number user_name",
            words="facts",
            activity="status source lapsed_at grace_until out_at seen_at gone_at closed_by_scim",
        ),
        on_erase=Remove(),
    ),
    Kept(
        "membership.Tie",
        "The name under which your society knows you",
        group=Group.SIGN_IN,
        purpose=PURPOSE,
        seen_by=YOU_AND_TEAM,
        people=("member__person",),
        fields=kinds(identity="subject", technical="issuer", activity="at"),
        on_erase=Remove(),
    ),
    nothing(
        "membership.Key",
        "a key of the society's site",
        "kid label made_at used_at ends_at withdrawn_at",
        sealed="sealed",
        staff="made_by_name",
    ),
    nothing("membership.UsedTicket", "a mark that a ticket was used", "digest ends_at"),
    nothing(
        "membership.Token",
        "a key of the society's system",
        "label hint made_at used_at withdrawn_at",
        sealed="digest",
        staff="made_by_name",
    ),
    nothing(
        "membership.Feed",
        "where the society's list of members is",
        "only url makes_accounts is_on seen_until cursor next_from",
        sealed="sealed_token",
    ),
    nothing(
        "membership.Run",
        "how a round of asking the society went; problems name numbers of its list, for a while",
        "begun_at ended_at went_well counts problems message",
        staff="by_name",
    ),
)
