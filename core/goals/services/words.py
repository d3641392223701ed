"""Staff choose the institute's words for the letters of SMART (product E4)."""

from django.db import transaction

from core.goals.rules import SMART, Smart
from core.kernel.audit import Actor
from core.programme.models import Edition
from core.programme.services import publish


@transaction.atomic
def choose_words(smart: Smart, *, by: Actor | None) -> Edition:
    """Put the words into force; the same words again change nothing."""
    return publish(SMART, SMART, smart.model_dump(mode="json"), by=by)
