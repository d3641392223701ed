"""Staff write the next version of a survey and publish it (product E10)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.accounts.models import Person
from core.feedback import errors
from core.feedback.models import SurveyDraft
from core.feedback.queries import KIND
from core.feedback.rules.survey import Moment, Survey, flaws
from core.kernel.clock import now
from core.programme.models import Edition, Programme
from core.programme.services import publish


@transaction.atomic
def save_draft(
    moment: Moment, document: Mapping[str, Any], *, seen: int, by: Person
) -> SurveyDraft:
    """Keep the draft of the team. `seen` is the number of saves that the sender's page knew of.

    Errors: SavedByOthers, with nothing written.
    """
    Programme.objects.select_for_update().get()  # one who saves at a time
    row = SurveyDraft.objects.filter(key=moment).first()
    if row is not None and row.document == dict(document):
        return row
    if (row.saves if row else 0) != seen:
        raise errors.SavedByOthers(
            "Somebody else has changed this draft meanwhile. Your words stand below, unsaved: "
            "press the button again to put them in the place of the other draft."
        )
    row = row or SurveyDraft(key=moment, saves=0)
    row.document, row.saves = dict(document), row.saves + 1
    row.saved_at, row.saved_by = now(), by
    row.save()
    return row


@transaction.atomic
def publish_draft(moment: Moment, *, by: Person) -> Edition:
    """Put the draft into force. Who is asked already keeps the version of their day.

    Errors: NotReady where something is missing.
    """
    row = SurveyDraft.objects.select_for_update().filter(key=moment).first()
    if row is None or flaws(row.document):
        raise errors.NotReady("Something is missing: the version is not published.")
    document = Survey.model_validate(row.document).model_dump(mode="json")
    made = publish(KIND, moment, document, by=by)
    row.delete()
    return made


def discard_draft(moment: Moment) -> None:
    """Throw the draft away; the version in force stays."""
    SurveyDraft.objects.filter(key=moment).delete()
