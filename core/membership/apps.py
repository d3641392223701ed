"""What the society says about its members (product A6)."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "core.membership"
    label = "membership"
    verbose_name = "membership"
