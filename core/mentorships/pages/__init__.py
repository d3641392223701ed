"""Pages of members."""

from core.mentorships.pages.answering import act, detail
from core.mentorships.pages.asking import mentor
from core.mentorships.pages.places import availability, waiting_list
from core.mentorships.pages.relationships import dashboard

__all__ = ["act", "availability", "dashboard", "detail", "mentor", "waiting_list"]
