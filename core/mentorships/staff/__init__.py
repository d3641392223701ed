"""The programme team's side of mentorships: lists with history, stepping in, matching by hand."""

from core.mentorships.staff import lists, matching, stepping_in

__all__ = ["lists", "matching", "stepping_in"]
