"""A file of people: uploading it, how it is read, what its columns hold, what shall be done."""

from typing import Any

from django import forms

from core.people.models import Import, ImportKind
from core.people.queries.fields import columns
from core.people.rules import options, table, targets
from core.people.rules.invitations import LINE_LENGTH
from core.people.rules.options import Options

COLUMN = "column-"


class UploadForm(forms.Form):
    """A CSV file, and what becomes of the people in it."""

    kind = forms.ChoiceField(
        label="What shall become of the people in it?",
        choices=[
            (ImportKind.ACCOUNTS.value, "Make accounts for them, with what the file says of them"),
            (ImportKind.INVITATIONS.value, "Only invite them: they make their accounts themselves"),
        ],
        widget=forms.RadioSelect,
        initial=ImportKind.ACCOUNTS.value,
    )
    file = forms.FileField(
        label="CSV file",
        help_text=(
            f"With the names of the columns in the first row. At most {table.MOST_ROWS:,} people "
            "at once. Nothing is imported yet."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class ReadingForm(forms.Form):
    """Letters and delimiter, as they were found or as staff say."""

    encoding = forms.ChoiceField(label="Letters", choices=list(table.ENCODINGS.items()))
    delimiter = forms.ChoiceField(
        label="Between the cells stands a", choices=list(table.DELIMITERS.items())
    )


class ColumnsForm(forms.Form):
    """What each column holds, and what is done with whom."""

    existing = forms.ChoiceField(
        label="People who are here already", choices=options.EXISTING, widget=forms.RadioSelect
    )
    newcomers = forms.ChoiceField(
        label="People who are not here yet", choices=options.NEWCOMERS, widget=forms.RadioSelect
    )
    roles = forms.ChoiceField(label="Who is a mentor, who a mentee?", choices=options.ROLES)
    skip_refused = forms.BooleanField(
        label="Leave refused rows out and import the others", required=False
    )
    invite = forms.BooleanField(
        label="Send new people a link with which they choose a password", required=False
    )
    line = forms.CharField(
        label="A personal line in that mail",
        max_length=LINE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LINE_LENGTH}),
    )

    def __init__(self, source: Import, data: Any = None) -> None:
        held = Options.model_validate(source.options)
        begun: dict[str, Any] = held.model_dump()
        begun |= {f"{COLUMN}{place}": target for place, target in enumerate(source.mapping)}
        super().__init__(data, initial=begun)
        self.source = source
        choices = _choices(ImportKind(source.kind))
        for place, heading in enumerate(source.header):
            self.fields[f"{COLUMN}{place}"] = forms.ChoiceField(
                label=heading or f"Column {place + 1}", choices=choices, required=False
            )
        if source.kind == ImportKind.INVITATIONS:
            del self.fields["existing"], self.fields["newcomers"], self.fields["invite"]

    def columns(self) -> list[forms.BoundField]:
        """The boxes of the columns, in the order of the file."""
        return [self[f"{COLUMN}{place}"] for place in range(len(self.source.header))]

    @property
    def mapping(self) -> list[str]:
        """What each column holds."""
        return [
            str(self.cleaned_data.get(f"{COLUMN}{place}") or "")
            for place in range(len(self.source.header))
        ]

    @property
    def options(self) -> Options:
        """What shall be done."""
        names = [name for name in Options.model_fields if name in self.cleaned_data]
        return Options.model_validate({name: self.cleaned_data[name] for name in names})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for sentence in targets.flaws(
            self.mapping,
            roles_given=cleaned.get("roles", "file") != "file",
            makes=cleaned.get("newcomers", "make") == "make",
        ):
            self.add_error(None, sentence)
        return cleaned


def _choices(kind: ImportKind) -> list[Any]:
    account = [
        (key, label)
        for key, label in targets.ACCOUNT.items()
        if kind == ImportKind.ACCOUNTS or key in targets.INVITED
    ]
    answers = [(one.target, one.label) for one in columns()]
    groups: list[Any] = [("", "Leave out"), ("Account", account)]
    if kind == ImportKind.ACCOUNTS:
        groups.append(("Membership", list(targets.MEMBERSHIP.items())))
        groups += [("Profile", answers)] if answers else []
    return groups
