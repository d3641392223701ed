"""Staff draw the road: a draft, stage by stage, and at last a version for everybody new."""

from typing import Any

from django.db import transaction
from pydantic import ValidationError

from core.accounts.models import Person
from core.journey import queries
from core.journey.errors import PlanRefused
from core.journey.models import PlanDraft
from core.journey.rules import KEY, KIND, Plan, Stage
from core.kernel.clock import now
from core.programme.models import Edition
from core.programme.services import publish as publish_edition


def save_draft(plan: Plan, *, by: Person) -> PlanDraft:
    """Keep the road as it is drawn so far; nobody's journey changes by it."""
    with transaction.atomic():
        row, _ = PlanDraft.objects.update_or_create(
            only=True,
            defaults={
                "document": plan.model_dump(mode="json"), "changed_at": now(), "changed_by": by,
            },
        )  # fmt: skip
    return row


def put_stage(stage: Stage, *, replaces: str | None, by: Person) -> PlanDraft:
    """Put a stage into the draft: in the place of the one of that key, or before the end.

    Errors: PlanRefused where the road cannot be drawn like this.
    """
    stages = list(_plan().stages)
    if replaces is None:
        stages.insert(len(stages) - 1, stage)
    else:
        stages = [stage if one.key == replaces else one for one in stages]
    return save_draft(_drawn(stages), by=by)


def move(key: str, places: int, *, by: Person) -> PlanDraft:
    """Move a stage up (below nought) or down. Errors: PlanRefused."""
    stages = list(_plan().stages)
    at = next((at for at, one in enumerate(stages) if one.key == key), None)
    if at is None or not 0 <= at + places < len(stages):
        raise PlanRefused("This stage cannot be moved there.")
    stages.insert(at + places, stages.pop(at))
    return save_draft(_drawn(stages), by=by)


def remove_stage(key: str, *, by: Person) -> PlanDraft:
    """Take a stage off the draft. Errors: PlanRefused where too few are left."""
    return save_draft(_drawn([one for one in _plan().stages if one.key != key]), by=by)


def put_tips(tips: str, *, by: Person) -> PlanDraft:
    """Change the tips on ending well. Errors: PlanRefused."""
    return save_draft(_drawn(list(_plan().stages), tips), by=by)


def publish(*, by: Person) -> Edition:
    """Put the draft into force for everybody who sets out from now on.

    Errors: PlanRefused where there is nothing to publish.
    """
    with transaction.atomic():
        row = PlanDraft.objects.select_for_update().first()
        if row is None:
            raise PlanRefused("There is no draft to publish.")
        made = publish_edition(KIND, KEY, row.plan.model_dump(mode="json"), by=by)
        row.delete()
    return made


def discard() -> None:
    """Throw the draft away; the road in force stays."""
    PlanDraft.objects.all().delete()


def checked(document: dict[str, Any]) -> Plan:
    """A road from its parts. Errors: PlanRefused with a sentence for people."""
    try:
        return Plan.model_validate(document)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        said = str(first["ctx"]["error"]) if "error" in first.get("ctx", {}) else first["msg"]
        raise PlanRefused(f"The road cannot be drawn like this: {said}.") from None


def _plan() -> Plan:
    row = queries.draft()
    return row.plan if row else queries.plan_in_force()


def _drawn(stages: list[Stage], tips: str | None = None) -> Plan:
    return checked(
        {
            "stages": [one.model_dump(mode="json") for one in stages],
            "tips": _plan().tips if tips is None else tips,
        }
    )
