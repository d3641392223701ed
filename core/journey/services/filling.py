"""An activity is filled in by two people, perhaps at the same time (product E12)."""

from collections.abc import Mapping

from django.db import transaction

from core.accounts.models import Person
from core.journey import errors, rules
from core.journey.models import Run, Sheet, SheetVersion
from core.journey.services.going import hold
from core.kernel.clock import now


def fill_in(
    run: Run, activity: str, answers: Mapping[str, str], *, based_on: int, by: Person
) -> Sheet:
    """Save the answers; `based_on` is the number of the version that the writer began with.

    What the other saved meanwhile is kept where the two wrote in different boxes. Every version
    stays to be read. Errors: NotTheirs, NotWorkingTogether; WrittenMeanwhile with both texts where
    both wrote in one box. Nothing is written then.
    """
    with transaction.atomic():
        run = hold(run, by)
        found = run.plan.activity(activity)
        if found is None:
            raise errors.NotTheirs("There is nothing here that you can do.")
        known = {question.key for question in found[1].questions}
        mine = {key: text.strip() for key, text in answers.items() if key in known}
        sheet, _ = Sheet.objects.select_for_update(of=("self",)).get_or_create(
            run=run, activity=activity
        )
        merged = _merged(sheet, mine, based_on)
        if merged == sheet.answers and sheet.number:
            return sheet
        sheet.number += 1
        sheet.answers, sheet.changed_at, sheet.changed_by = merged, now(), by
        sheet.save()
        SheetVersion.objects.create(
            sheet=sheet, number=sheet.number, answers=merged, at=sheet.changed_at, by=by
        )
    return sheet


def _merged(sheet: Sheet, mine: dict[str, str], based_on: int) -> dict[str, str]:
    if based_on == sheet.number:
        return {**sheet.answers, **mine}
    began = sheet.versions.filter(number=based_on).first()
    merged = rules.merge(began.answers if began else {}, sheet.answers, {**sheet.answers, **mine})
    if merged.clashes:
        raise errors.WrittenMeanwhile(
            "The other one of you saved an answer while you wrote. Yours is not saved yet: look at "
            "both, and save what shall stand.",
            merged.answers,
            merged.clashes,
        )
    return merged.answers
