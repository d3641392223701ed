"""What somebody writes to somebody."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.kernel.ids import new_id
from core.messaging import errors, services
from core.messaging.models import Reason, ReportKind
from core.messaging.rules.reporting import (
    AFTER,
    BEFORE,
    LATEST,
    LONGEST_NOTE,
    LONGEST_REPORT,
    MUTE_DAYS,
)
from core.messaging.rules.writing import LONGEST_TEXT
from core.programme.queries import policies, words

NOTHING = "Write something first, or add a file."


class ManyFiles(forms.FileInput):
    """A box for files that takes several at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that may go along with a message; cleaned they are `services.Checked`."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[services.Checked]:
        """A sentence for each file that cannot go along."""
        uploads = [one for one in data or [] if isinstance(one, UploadedFile)]
        try:
            return services.check_files(uploads)
        except errors.FilesRefused as refused:
            raise forms.ValidationError(list(refused.sentences)) from None


class MessageForm(forms.Form):
    """A message. `key` makes a form that is sent twice one message."""

    text = forms.CharField(
        label="Your message",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": NOTHING,
            "max_length": "Use %(limit_value)d characters or fewer. You have used %(show_value)d.",
        },
    )
    attachments = FilesField(label="Add files", required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft_url: str, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_id()
        text, files = self.fields["text"], self.fields["attachments"]
        text.label = label or text.label
        text.widget.attrs |= {
            "hx-post": draft_url,
            "hx-trigger": "input changed delay:800ms",
            "hx-params": "csrfmiddlewaretoken,text,key",
            "hx-encoding": "application/x-www-form-urlencoded",
            "hx-target": "#draft-state",
            "data-kept": draft_url,
        }
        allowed, endings = policies(), services.endings()
        if not endings:
            del self.fields["attachments"]
            return
        count = allowed.files_per_message
        files.help_text = (
            f"{'One file' if count == 1 else f'Up to {count} files'}, {allowed.file_size_mb} MB "
            f"each at most: {', '.join(endings)}."
        )
        files.widget.attrs["accept"] = ",".join(f".{ending}" for ending in endings)

    def clean_key(self) -> UUID:
        """A form without a key is a message of its own."""
        return self.cleaned_data["key"] or new_id()

    def clean(self) -> dict[str, Any]:
        """A file alone is a message too."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("attachments") and self.has_error("text", "required"):
            del self.errors["text"]
            cleaned["text"] = ""
        return cleaned

    @property
    def files_to_choose_again(self) -> bool:
        """Whether files came with a form that goes back: a browser does not keep them."""
        return bool(self.errors and self.files)

    @property
    def written(self) -> dict[str, Any]:
        """What the services take; of a valid form."""
        return {
            "text": self.cleaned_data["text"],
            "key": self.cleaned_data["key"],
            "files": self.cleaned_data.get("attachments", []),
        }


class ReportForm(forms.Form):
    """What somebody tells the programme team about a message or a person."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label="What is it about?",
        required=False,
        choices=[("", "Choose one"), *Reason.choices],
        help_text="A report needs this. Leave it open if you ask for somebody to step in.",
    )
    text = forms.CharField(
        label="In your own words",
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say in a few words what happened."},
    )
    with_messages = forms.BooleanField(required=False)
    block = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, message: bool, talked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = words()["programme_team"].singular
        kinds = [
            (ReportKind.PERSON.value, f"Report {name}"),
            (ReportKind.STEP_IN.value, f"Ask the {team} to step in between us"),
        ]
        if message:
            kinds.insert(0, (ReportKind.MESSAGE.value, "Report this message"))
        kind, shared, block = (self.fields[one] for one in ("kind", "with_messages", "block"))
        self.fields["key"].initial = new_id()
        if isinstance(kind, forms.ChoiceField):
            kind.choices = kinds
        kind.label = "What would you like to do?"
        kind.initial = kinds[0][0] if message else None  # `initial` of the form goes first
        kind.error_messages["required"] = "Choose one."
        self.fields[
            "text"
        ].help_text = f"Read by the {team} and by nobody else. {name} is not told."
        shared.label = f"Let the {team} read our newest messages"
        shared.help_text = (
            f"A copy of up to {LATEST} messages goes with it. Without this they read none."
            if not message
            else f"For a reported message a copy of it goes along in any case, with up to {BEFORE} "
            f"before and {AFTER} after it. Tick this only when you report more than that."
        )
        block.label = f"Also block {name}"
        block.help_text = (
            "You will not find each other or write to each other any more, and what is open "
            "between you ends. They are not told why."
        )
        if not talked:
            del self.fields["with_messages"]

    def clean_key(self) -> UUID:
        """A form without a key is a report of its own."""
        return self.cleaned_data["key"] or new_id()

    def clean(self) -> dict[str, Any]:
        """A report says what it is about; asking to step in need not."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in (ReportKind.MESSAGE, ReportKind.PERSON) and not cleaned.get(
            "reason"
        ):
            self.add_error("reason", "Choose what it is about.")
        return cleaned


class NoteForm(forms.Form):
    """A note, or the outcome, of a report."""

    text = forms.CharField(max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 4}))


class MuteForm(forms.Form):
    """For how long somebody cannot write."""

    person = forms.UUIDField()
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[
            (days, f"for {days} days" if days else "until it is lifted") for days in MUTE_DAYS
        ],
    )
