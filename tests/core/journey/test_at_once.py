"""Real threads on committed rows: two who act in one moment are on one road, and both count."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from core.journey import queries, services
from core.journey.errors import WrittenMeanwhile
from core.journey.models import Run, Sheet, SheetVersion
from core.journey.rules import KEY, KIND
from core.kernel.errors import RuleBroken
from core.kernel.models import OutboxMail
from core.mentorships.states import State
from core.programme.services import publish
from tenants.context import tenant_context
from tenants.models import Institute
from tests.core.journey.conftest import PLAN, set_policy
from tests.factories.mentorships import make_mentorship

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(institute: Institute, deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in a thread and a connection of its own, let go together."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        with tenant_context(institute):
            try:
                barrier.wait(timeout=20)
                return deed()
            except RuleBroken as broken:
                return broken
            finally:
                connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_both_marking_at_once_complete_the_stage_once(ciltuk: Institute) -> None:
    publish(KIND, KEY, PLAN.model_dump(mode="json"))
    set_policy(who_completes="each")
    for _ in range(4):
        pair = make_mentorship(state=State.ACTIVE)
        seen = queries.run_of(pair)
        assert seen is not None
        marks = [
            partial(services.mark, seen, "first_conversation", by=who)
            for who in (pair.mentor, pair.mentee, pair.mentor)
        ]
        outcomes = all_at_once(ciltuk, marks)
        assert sum(isinstance(one, RuleBroken) for one in outcomes) == 1
        run = Run.objects.get(mentorship=pair)
        assert run.standing("first_conversation").passed
        told = OutboxMail.objects.filter(about_id=str(pair.pk)).values_list("kind", flat=True)
        assert sorted(told) == ["stage_completed", "stage_marked"]


def test_both_writing_at_once_lose_nothing(ciltuk: Institute) -> None:
    publish(KIND, KEY, PLAN.model_dump(mode="json"))
    pair = make_mentorship(state=State.ACTIVE)
    seen = queries.run_of(pair)
    assert seen is not None
    write = partial(services.fill_in, seen, "agreement", based_on=0)
    outcomes = all_at_once(
        ciltuk,
        [
            partial(write, {"often": "Every week."}, by=pair.mentor),
            partial(write, {"between": "Everything."}, by=pair.mentee),
            partial(write, {"often": "Every month."}, by=pair.mentee),
        ],
    )
    clashes = [one for one in outcomes if isinstance(one, WrittenMeanwhile)]
    assert len(clashes) == 1
    sheet = Sheet.objects.get()
    assert sheet.answers["between"] == "Everything."
    kept = {sheet.answers["often"], clashes[0].answers["often"]}
    assert kept == {"Every week.", "Every month."}
    assert SheetVersion.objects.count() == 2
