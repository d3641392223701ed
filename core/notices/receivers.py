"""Keep the cached notices true; let people do without the mails."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.accounts.queries import offer_mail_choice
from core.notices import (
    rules,
    tasks,  # noqa: F401 - registers what jobs do
)
from core.notices.models import Notice
from core.notices.queries import forget_published

offer_mail_choice(rules.MAIL, lambda: "when the team has news for all members")


@receiver((post_save, post_delete), sender=Notice)
def forget_cached_notices(**kwargs: Any) -> None:
    """Now, and once more after commit (a reader may have refilled it)."""
    forget_published()
    transaction.on_commit(forget_published, robust=True)
