"""Forms of invitations, imports and exports."""

from core.people.forms.accepting import AcceptForm
from core.people.forms.importing import ColumnsForm, ReadingForm, UploadForm
from core.people.forms.inviting import InviteForm
from core.people.forms.searching import ExportForm, SearchForm

__all__ = [
    "AcceptForm",
    "ColumnsForm",
    "ExportForm",
    "InviteForm",
    "ReadingForm",
    "SearchForm",
    "UploadForm",
]
