"""The profile form as members fill it in, and as staff draw it."""

from core.profiles.forms.answering import DateBoxes, ProfileForm
from core.profiles.forms.drawing import FieldForm, OptionForm, SectionForm

__all__ = ["DateBoxes", "FieldForm", "OptionForm", "ProfileForm", "SectionForm"]
