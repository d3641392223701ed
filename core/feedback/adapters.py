"""The mails about feedback that people can do without (product A13), and what other rules of
asking would do (F5)."""

from collections.abc import Iterator

from core.accounts.queries import offer_mail_choice
from core.feedback.queries import still_waited_for
from core.programme.rules import Policies
from core.programme.services.foresight import foresees, many

offer_mail_choice("feedback_asked", lambda: "when I am asked how a relationship went")
offer_mail_choice("feedback_reminder", lambda: "when my answer to such a question is missing")


@foresees
def people_who_are_asked(before: Policies, after: Policies) -> Iterator[str]:
    """Whose answers are waited for when the rules of asking change."""
    if after.feedback == before.feedback:
        return
    waiting = still_waited_for().count()
    if not waiting:
        return
    asked = many(waiting, "person was", "people were")
    if after.feedback == "optional":
        yield f"{asked} asked and not heard from: they would get no more reminders."
    elif before.feedback == "optional":
        yield f"{asked} asked and not heard from: they would be reminded."
    if after.feedback == "required":
        yield f"{asked} asked and not heard from: they could no longer decline."
