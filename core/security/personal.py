"""What is kept about signing in: browsers, sessions, second steps, and who stood in for whom."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Q

from core.kernel.ageing import delete
from core.kernel.personal import (
    NOBODY,
    ONLY_YOU,
    YOU_AND_TEAM,
    Blank,
    Group,
    Kept,
    Remove,
    keeps,
    kinds,
    retention,
)
from core.security.models import KnownBrowser, StandIn


def _sessions(person: Any) -> Q:
    own = UserSession.objects.filter(user_id=person.pk).values("session_key")
    return Q(session_key__in=own)


keeps(
    Kept(
        "security.KnownBrowser",
        "Kinds of browser that you signed in with",
        group=Group.SIGN_IN,
        purpose="So that we write to you when somebody signs in with a browser that is new.",
        seen_by=NOBODY,
        people=("person",),
        fields=kinds(technical="digest", activity="seen_at"),
        retention="browsers",
        on_erase=Remove(),
    ),
    Kept(
        "security.StandIn",
        "When somebody worked in another's account",
        group=Group.SIGN_IN,
        purpose="So that help in your account leaves a record that you can see.",
        seen_by=YOU_AND_TEAM,
        people=("person", "by"),
        fields=kinds(
            identity="by_name ended_by_name operator_key",
            words="reason",
            activity="kind may_change asked_at begun_at ends_at ended_at",
        ),
        belongs={"by_name": "by"},
        withheld={
            "operator_key": "It names a member of staff of the platform.",
            "ended_by_name": "It can name another person.",
        },
        retention="stand_ins",
        on_erase=Blank(reason="(removed)"),
    ),
    Kept(
        "usersessions.UserSession",
        "Where you are signed in",
        group=Group.SIGN_IN,
        purpose="So that you can see your sessions and end those that are not yours.",
        seen_by=ONLY_YOU,
        people=("user",),
        fields=kinds(
            activity="created_at last_seen_at", technical="ip user_agent data", sealed="session_key"
        ),
        on_erase=Remove(),
    ),
    Kept(
        "sessions.Session",
        "Your sessions",
        group=Group.SIGN_IN,
        purpose="So that you stay signed in from page to page.",
        seen_by=NOBODY,
        people=(),
        also=_sessions,
        fields=kinds(sealed="session_key session_data", activity="expire_date"),
        kept_for="Until you sign out, or have not been here for a while",
        on_erase=Remove(),
    ),
    Kept(
        "mfa.Authenticator",
        "Your second steps",
        group=Group.SIGN_IN,
        purpose="So that a password alone does not open your account.",
        seen_by=ONLY_YOU,
        people=("user",),
        fields=kinds(choices="type", sealed="data", activity="created_at last_used_at"),
        on_erase=Remove(),
    ),
)

retention(
    "browsers",
    "Browsers with which somebody signed in; a sign-in from one of them is news again",
    default_days=None,
    least_days=30,
    due=lambda before: KnownBrowser.objects.filter(seen_at__lt=before),
    remove=delete,
)
retention(
    "stand_ins",
    "Records of who stood in for whom",
    default_days=None,
    least_days=180,
    due=lambda before: StandIn.objects.filter(ends_at__lt=before),
    remove=delete,
)
