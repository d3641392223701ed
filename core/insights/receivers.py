"""What the overview learns from the rest of the house."""

from zoneinfo import ZoneInfo

from core.insights.services import note_search
from core.kernel.clock import now
from core.kernel.events import receives
from core.matching.events import MentorsSearched
from core.programme.queries import current


@receives(MentorsSearched)
def remember_search(event: MentorsSearched) -> None:
    """One more person who searched, for the road from registration to the first conversation."""
    note_search(event.person_id, now().astimezone(ZoneInfo(current().time_zone)).date())
