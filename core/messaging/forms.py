"""What somebody writes to somebody."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.kernel.ids import new_id
from core.messaging import errors, services
from core.messaging.rules.writing import LONGEST_TEXT
from core.programme.queries import policies


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
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
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
        """Something has to be sent."""
        cleaned: dict[str, Any] = super().clean() or {}
        nothing = not cleaned.get("text", "").strip() and not cleaned.get("attachments")
        if nothing and not self.errors:
            self.add_error("text", "Write something first, or add a file.")
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
