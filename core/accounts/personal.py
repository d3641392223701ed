"""What is kept about people by their account, and by Django and allauth for it."""

from collections.abc import Callable

from django.contrib.auth.hashers import make_password

from core.kernel.ids import new_id
from core.kernel.personal import (
    NEVER,
    NOBODY,
    ONLY_YOU,
    TEAM,
    YOU_AND_TEAM,
    Blank,
    Group,
    Kept,
    Remove,
    keeps,
    kinds,
    nothing,
)


def _new(pattern: str) -> Callable[[], str]:
    return lambda: pattern.format(new_id().hex)


keeps(
    Kept(
        "accounts.Person",
        "Your account",
        group=Group.ACCOUNT,
        purpose="So that you can sign in, and the people you work with know who you are.",
        seen_by="The {programme_team}; other members see your name, job title and organisation, and"
        " whoever you are in a running relationship with your e-mail address and telephone number",
        people=("pk",),
        named=("merged_into",),
        fields=kinds(
            identity="username first_name last_name job_title organisation staff_role",
            contact="email phone",
            choices="time_zone is_mentor is_mentee muted_mails",
            activity="last_login joined_at closed_at closed_by_owner last_closed_at"
            " erased_at is_active is_staff is_superuser",
            sealed="password",
            none="support_key",
        ),
        none_because="set for operators of the platform alone",
        on_erase=Blank(
            username=_new("erased-{}"),
            email=_new("{}@erased.invalid"),
            password=lambda: make_password(None),
            first_name="A former",
            last_name="member",
            job_title="",
            organisation="",
            phone="",
            time_zone="Europe/London",
            muted_mails=list,
            last_login=None,
            is_active=False,
            is_staff=False,
            is_superuser=False,
            is_mentor=False,
            is_mentee=False,
        ),
    ),
    Kept(
        "accounts.Person_groups",
        "Your groups",
        group=Group.STAFF,
        purpose="So that members of the programme team have the rights that their work needs.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(),
        on_erase=Remove(),
    ),
    Kept(
        "accounts.Person_user_permissions",
        "Rights of your own",
        group=Group.STAFF,
        purpose="So that members of the programme team have the rights that their work needs.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(),
        on_erase=Remove(),
    ),
    Kept(
        "accounts.Block",
        "People you blocked",
        group=Group.SIGN_IN,
        purpose="So that neither of you finds or writes to the other.",
        seen_by=ONLY_YOU,
        people=("blocker",),
        named=("blocked",),
        fields=kinds(activity="at"),
        on_erase=Remove(),
    ),
    Kept(
        "accounts.KeptApart",
        "Accounts like yours that are somebody else's",
        group=Group.RECORDS,
        purpose="So that the {programme_team} does not take you for another person.",
        seen_by=TEAM,
        people=("one", "other"),
        fields=kinds(identity="by_name", activity="at"),
        shown=NEVER,
        hidden_because="Each of these names another person.",
        on_erase=Remove(),
    ),
    Kept(
        "account.EmailAddress",
        "Your e-mail addresses",
        group=Group.ACCOUNT,
        purpose="So that mails reach you and nobody else, and you can change your address.",
        seen_by=YOU_AND_TEAM,
        people=("user",),
        fields=kinds(contact="email", activity="verified primary"),
        on_erase=Remove(),
    ),
    Kept(
        "account.EmailConfirmation",
        "Open confirmations of an e-mail address",
        group=Group.SIGN_IN,
        purpose="So that a new address counts only when you have confirmed it.",
        seen_by=NOBODY,
        people=("email_address__user",),
        fields=kinds(activity="created sent", sealed="key"),
        on_erase=Remove(),
    ),
    Kept(
        "admin.LogEntry",
        "Your changes on the staff site",
        group=Group.STAFF,
        purpose="So that the programme team can see who changed what.",
        seen_by=TEAM,
        people=("user",),
        fields=kinds(
            activity="action_time action_flag",
            words="object_repr change_message",
            technical="object_id",
        ),
        withheld={
            "object_repr": "It can name other people.",
            "change_message": "It can speak of other people.",
        },
        on_erase=Remove(),
    ),
    nothing("auth.Group", "a set of rights", "name"),
    nothing("auth.Group_permissions", "the rights in a set"),
    nothing("auth.Permission", "a right that the software knows", "name codename"),
    nothing("contenttypes.ContentType", "a kind of row that the software knows", "app_label model"),
)
