"""The form in which staff write the text of a mail."""

from typing import Any

from django import forms

from core.kernel import letters
from core.kernel.letters import Case, Mail, Text
from core.programme.rules import PLACEHOLDERS


class MailTextForm(forms.Form):
    """Subject, text and button; what is wrong is said beside its box, with the line."""

    use_required_attribute = False
    subject = forms.CharField(required=False, label=letters.NAMES["subject"], strip=False)
    body = forms.CharField(
        required=False,
        label=letters.NAMES["body"],
        strip=False,
        widget=forms.Textarea({"rows": "16", "spellcheck": "true"}),
        help_text="An empty line begins a paragraph. Lines that begin with “- ” are a list, lines "
        "that begin with “> ” a quotation.",
    )
    button_label = forms.CharField(required=False, label=letters.NAMES["button_label"], strip=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, mail: Mail, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mail, self.case = mail, case

    @property
    def text(self) -> Text:
        """What stands in the boxes."""
        return Text(**{name: self.cleaned_data.get(name, "") for name in letters.NAMES}).clean()

    def clean(self) -> dict[str, Any]:
        """Refuse what the mail could not say."""
        cleaned = super().clean() or self.cleaned_data
        for flaw in letters.flaws(self.mail, self.case, self.text, PLACEHOLDERS):
            self.add_error(flaw.part, str(flaw))
        return cleaned
