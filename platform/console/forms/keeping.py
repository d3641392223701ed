"""Forms of backups, deletions and bundles."""

from django import forms

from console.forms.fields import plain_text


class BackupForm(forms.Form):
    """A backup, and why."""

    reason = forms.CharField(
        label="What for (optional)",
        max_length=200,
        required=False,
        help_text="For whoever looks for it later, for example: before the move.",
    )


class RestoreForm(forms.Form):
    """Where an archive goes."""

    place = forms.ChoiceField(
        label="Restore it",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it goes."},
    )
    slug = plain_text("Short name of the new institute", 60)
    name = forms.CharField(label="Name of the new institute", max_length=200, required=False)
    opens = forms.BooleanField(
        label="Open the new institute at once",
        required=False,
        help_text="Its clock then writes to its members: reminders of requests and meetings.",
    )

    def __init__(self, *args: object, slug: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("here", f"in place of {slug}: what came after the backup is gone"),
            ("as", "as another institute, under a short name of its own"),
        ]

    def clean(self) -> dict[str, object]:
        """A new institute needs a short name."""
        given: dict[str, object] = super().clean() or {}
        if given.get("place") == "as" and not given.get("slug") and "slug" not in self.errors:
            self.add_error("slug", "Enter a short name for the new institute.")
        return given


class DeletionForm(forms.Form):
    """Why, the name once more, and whether an archive stays."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="It stands in the receipt.",
        error_messages={"required": "Give a reason."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    typed_name = plain_text(
        "Short name, to be sure", 60, required="Type the short name of the institute."
    )
    backup = forms.ChoiceField(
        label="Final backup",
        choices=[
            ("keep", "make one before the deletion and keep it"),
            ("none", "keep nothing"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether a final backup is kept."},
    )
