"""Surveys, their results and the wishes to be contacted on the staff site (product E10)."""

from core.feedback.staff import results, surveys, wishes

__all__ = ["results", "surveys", "wishes"]
