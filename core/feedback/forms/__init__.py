"""What members fill in, and what staff do."""

from core.feedback.forms.answering import AnswerForm
from core.feedback.forms.building import blank, read, rearranged
from core.feedback.forms.following import ResultsForm, WishForm

__all__ = ["AnswerForm", "ResultsForm", "WishForm", "blank", "read", "rearranged"]
