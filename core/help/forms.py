"""The contact form, and what the team writes about a message."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from core.accounts.models import Person
from core.help import rules
from core.help.models import EnquiryKind
from core.help.services.asking import Asked
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.signing import BadToken, sign, unsign

STAMP = "contact form"
EMPTY = "Fill this in."
TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
AGAIN = "Nothing is lost: what you wrote is still here. Please choose “Send message” once more."


class ContactForm(forms.Form):
    """A message to the institute.

    Two quiet checks tell people from robots: a box that nobody sees and only robots fill in, and a
    signed stamp of when the form was opened. Whoever is caught by mistake sends it once more.
    """

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=EnquiryKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one."},
    )
    name = forms.CharField(
        label="Your name",
        max_length=rules.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": EMPTY, "max_length": TOO_LONG},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="The answer goes to this address.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": EMPTY, "invalid": "Write it like name@example.org."},
    )
    subject = forms.CharField(
        label="Subject",
        max_length=rules.LONGEST_SUBJECT,
        error_messages={"required": EMPTY, "max_length": TOO_LONG},
    )
    message = forms.CharField(
        label="Message",
        max_length=rules.LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": EMPTY, "max_length": TOO_LONG},
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_id()
        self._person = person
        if person is not None:
            self.fields["name"].initial = person.full_name
            self.fields["email"].initial = person.email

    @property
    def stamp(self) -> str:
        """When the form was first opened, signed; a fresh one in place of one that is not good."""
        given = str(self.data.get("began", ""))
        return given if _opened(given) is not None else sign(STAMP, str(int(now().timestamp())))

    def clean_email(self) -> str:
        """Quoted local parts are allowed by the standard and used by nobody but attackers."""
        address = str(self.cleaned_data["email"])
        if '"' in address or not address.isprintable():
            raise forms.ValidationError("Write it like name@example.org.")
        return address

    def clean_key(self) -> UUID:
        """A form without a key is a message of its own."""
        return self.cleaned_data["key"] or new_id()

    def clean(self) -> dict[str, Any]:
        """Ask those who look like robots to send it once more."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("website"):
            self.add_error(
                None, f"A box was filled in that has to stay empty; it is empty again. {AGAIN}"
            )
        elif self._person is None and not self.errors:
            opened = _opened(str(self.data.get("began", "")))
            if opened is None:
                self.add_error(None, f"This form was open for very long. {AGAIN}")
            elif now() - opened < rules.FASTEST:
                self.add_error(None, f"That was very quick. {AGAIN}")
        return cleaned

    @property
    def asked(self) -> Asked:
        """What the service takes; of a valid form."""
        given = self.cleaned_data
        return Asked(
            EnquiryKind(given["kind"]),
            given["name"],
            given["email"],
            given["subject"],
            given["message"],
        )


def _opened(stamp: str) -> datetime | None:
    try:
        seconds = int(unsign(STAMP, stamp, rules.OLDEST))
    except (BadToken, ValueError):
        return None
    opened = datetime.fromtimestamp(seconds, tz=now().tzinfo)
    return opened if now() - opened < rules.OLDEST else None


class TeamForm(forms.Form):
    """What a member of the team writes under a message."""

    text = forms.CharField(required=False, max_length=rules.LONGEST_NOTE)
    key = forms.UUIDField(required=False)
    seen = forms.IntegerField(required=False, min_value=0)
