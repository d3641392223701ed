"""An institute with three criteria of different kinds and weights."""

from collections.abc import Callable

import pytest

from core.matching.models import Criterion
from core.programme.models import Programme
from tests.factories.matching import clear_criteria, make_criterion

SetPolicy = Callable[..., None]


@pytest.fixture
def criteria(db: None) -> list[Criterion]:
    """Areas of support (many, counts twice), region and function (one each)."""
    clear_criteria()
    return [
        make_criterion("areas", ["leadership", "cpd", "career", "study"], many=True, weight=2),
        make_criterion("region", ["north_west", "wales", "london"]),
        make_criterion("function", ["rail", "ports", "warehousing"]),
    ]


@pytest.fixture
def set_policy(db: None) -> SetPolicy:
    """``set_policy(full_mentors="shown")`` changes decisions of the institute."""

    def changed(**policies: object) -> None:
        programme = Programme.objects.get()
        programme.policies_data = {**programme.policies_data, **policies}
        programme.save()

    return changed
