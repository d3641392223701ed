"""Criteria and the index of mentors on the staff site."""

from core.matching.staff import criteria, records

__all__ = ["criteria", "records"]
