"""What staff choose to see of the results, and what they note about a wish to be contacted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from core.feedback.rules.results import Choice
from core.feedback.rules.survey import LONGEST_TEXT
from core.kernel.clock import now
from core.programme.queries import current, words

LATELY = "lately"


class WishForm(forms.Form):
    """What was done about a wish to be contacted."""

    note = forms.CharField(required=False, max_length=LONGEST_TEXT)


class ResultsForm(forms.Form):
    """Version, role and period; what is not there is not narrowed."""

    version = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    role = forms.ChoiceField(required=False)
    period = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict, *, versions: Iterable[int], years: Iterable[int]) -> None:
        super().__init__(data)
        spoken = words()
        shown: dict[str, list[tuple[str, str]]] = {
            "version": [("", "All versions"), *((str(one), f"Version {one}") for one in versions)],
            "role": [
                ("", "Everybody"),
                *((role, f"The {spoken[role].plural}") for role in ("mentee", "mentor")),
            ],
            "period": [
                ("", "From the beginning"),
                (LATELY, "The last 12 months"),
                *((str(year), str(year)) for year in years),
            ],
        }
        for name, choices in shown.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def choice(self) -> Choice:
        """What to show; a value that there is not narrows nothing."""
        data = self.cleaned_data if self.is_valid() else {}
        since = until = None
        period = data.get("period") or ""
        if period == LATELY:
            since = now() - timedelta(days=365)
        elif period:
            zone = ZoneInfo(current().time_zone)
            since = datetime(int(period), 1, 1, tzinfo=zone)
            until = datetime(int(period) + 1, 1, 1, tzinfo=zone)
        return Choice(
            role=data.get("role") or None, version=data.get("version"), since=since, until=until
        )
