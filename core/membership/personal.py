"""What the society says about people."""

from core.kernel.personal import YOU_AND_TEAM, Group, Kept, Remove, keeps, kinds

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
            activity="status source lapsed_at grace_until out_at seen_at closed_by_scim",
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
)
