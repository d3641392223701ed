"""Fields that many forms of the console share."""

from django import forms


def plain_text(
    label: str, length: int, help_text: str = "", *, required: str = ""
) -> forms.CharField:
    """A field for names of machines: no capitals put in by phones, no spelling marked.

    In: `required` is the sentence when nothing is entered; without it the field may stay empty.
    """
    return forms.CharField(
        label=label,
        max_length=length,
        required=bool(required),
        error_messages={"required": required},
        help_text=help_text,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        ),
    )


def reason(help_text: str) -> forms.CharField:
    """Why an operator does something."""
    return forms.CharField(
        label="Reason",
        max_length=300,
        help_text=help_text,
        error_messages={"required": "Give a reason."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
