"""What the programme team enters about erasing, holds and retention."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from core.accounts.forms import AgreementFields
from core.accounts.queries.agreements import Asked
from core.kernel.personal import Retention
from core.privacy.rules import LONGEST_DAYS


class AgreeForm(AgreementFields):
    """What is to be read or accepted, each with a box of its own."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, asked: Asked) -> None:
        super().__init__(data)
        self.add_agreements(asked)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=1000, error_messages={"required": "Say why."})


class CarryOutForm(forms.Form):
    """A last question before everything about somebody goes."""

    sure = forms.BooleanField(error_messages={"required": "Tick the box if it is to be done."})


class PeriodsForm(forms.Form):
    """One box a rule; empty keeps for good."""

    def __init__(
        self,
        rules: Iterable[Retention],
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for rule in rules:
            self.fields[rule.key] = forms.IntegerField(
                label=rule.title,
                required=False,
                min_value=rule.least_days,
                max_value=LONGEST_DAYS,
                error_messages={
                    "min_value": f"Choose at least {rule.least_days:,} days.",
                    "max_value": f"Choose at most {LONGEST_DAYS:,} days.",
                    "invalid": "Enter a number of days, or nothing.",
                },
            )

    @property
    def days(self) -> dict[str, int]:
        """What was chosen."""
        return {key: days for key, days in self.cleaned_data.items() if days}
