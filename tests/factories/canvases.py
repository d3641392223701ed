"""Canvases of two who work together."""

from core.accounts.models import Person
from core.canvases import services
from core.canvases.models import Sheet
from core.canvases.rules import Given, mark
from core.mentorships.models import Mentorship


def make_canvas(mentorship: Mentorship, *, by: Person, kind: str = "swot") -> Sheet:
    """One on which something was written, twice."""
    sheet = services.begin(mentorship, kind, by=by)
    services.save(sheet, {"strengths": Given("Patience", mark(""))}, by=mentorship.mentee)
    services.save(sheet, {"threats": Given("Haste", mark(""))}, by=mentorship.mentor)
    return sheet
