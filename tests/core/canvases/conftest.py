"""Two partners who work together, browsers for them, and what they send."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.canvases import services
from core.canvases.models import Sheet
from core.canvases.rules import Given, mark
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

Visit = Callable[[Person], Client]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> Mentorship:
    """A mentor and a mentee who work together."""
    return make_mentorship(
        mentor=make_mentor("Mara Keel"), mentee=make_mentee("Noor Vane"), state=State.ACTIVE
    )


@pytest.fixture
def sheet(pair: Mentorship) -> Sheet:
    """A SWOT on which nobody has written yet."""
    return services.begin(pair, "swot", by=pair.mentee)


def on(base: str = "", **texts: str) -> dict[str, Given]:
    """Texts as they are sent by somebody who began on boxes that read `base`."""
    return {key: Given(text=text, base=mark(base)) for key, text in texts.items()}


def sent(sheet: Sheet, **texts: str) -> dict[str, str]:
    """A form of the whole canvas, with these texts changed, as a browser posts it."""
    data = {}
    for key, text in sheet.standing().items():
        data[f"text_{key}"] = texts.get(key, text)
        data[f"base_{key}"] = mark(text)
    return data
