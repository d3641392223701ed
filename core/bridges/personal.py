"""What is kept about people who sign in with an account elsewhere."""

from core.kernel.personal import (
    ONLY_YOU,
    TEAM,
    YOU_AND_TEAM,
    Group,
    Kept,
    Remove,
    keeps,
    kinds,
    nothing,
)

keeps(
    nothing(
        "bridges.Provider",
        "settings of a provider of sign-ins",
        "key kind name button state order auto issuer address client_id scopes metadata "
        "metadata_read_at sp_certificate other_certificate other_until mapping makes_accounts "
        "trusts_addresses ends_sessions created_at changed_at tried_at",
        sealed="secret_sealed sp_key_sealed other_key_sealed",
    ),
    Kept(
        "bridges.GivenRole",
        "Your place on the programme team by a group elsewhere",
        group=Group.STAFF,
        purpose="So that whoever leaves the group leaves the programme team too.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(identity="role", activity="at"),
        on_erase=Remove(),
    ),
    Kept(
        "bridges.Rescue",
        "Links with which you could sign in while the provider was down",
        group=Group.STAFF,
        purpose="So that each of these links works once.",
        seen_by=TEAM,
        people=("person",),
        fields=kinds(activity="at used_at"),
        on_erase=Remove(),
    ),
    Kept(
        "socialaccount.SocialAccount",
        "Your account elsewhere that signs you in",
        group=Group.SIGN_IN,
        purpose="So that your institute's own sign-in opens this account and no other.",
        seen_by=ONLY_YOU,
        people=("user",),
        fields=kinds(
            identity="uid extra_data", choices="provider", activity="last_login date_joined"
        ),
        on_erase=Remove(),
    ),
    Kept(
        "socialaccount.SocialToken",
        "Keys to your account elsewhere",
        group=Group.SIGN_IN,
        purpose="So that your institute's own sign-in can be asked about you.",
        seen_by=ONLY_YOU,
        people=("account__user",),
        fields=kinds(sealed="token token_secret", activity="expires_at"),
        on_erase=Remove(),
    ),
    nothing(
        "socialaccount.SocialApp",
        "settings of a provider of sign-ins",
        "provider provider_id name client_id settings",
        sealed="secret key",
    ),
)
