"""Pages of members."""

from core.journey.pages.activities import activity, version
from core.journey.pages.ends import ending
from core.journey.pages.roads import first_conversation, road_map, stage

__all__ = ["activity", "ending", "first_conversation", "road_map", "stage", "version"]
