"""Forms about one institute."""

from django import forms

from console.forms.fields import plain_text, reason

SHORT_NAME = "The first part of its address: lower-case letters, digits and hyphens."


class ReasonForm(forms.Form):
    """Why an institute is closed."""

    reason = reason("Kept with the institute and in its audit trail. Members do not see it.")


class NameForm(forms.Form):
    """A name for the console."""

    name = forms.CharField(
        label="Name", max_length=200, error_messages={"required": "Enter a name."}
    )


class MoveForm(forms.Form):
    """Another short name."""

    slug = plain_text("Short name", 60, SHORT_NAME, required="Enter a short name.")
    keep_old = forms.ChoiceField(
        label="The old address",
        choices=[
            ("leads", "leads to the new one for half a year"),
            ("stays", "stays in service beside the new one"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the old address."},
    )


class CloneForm(NameForm):
    """The names of a copy."""

    slug = plain_text("Short name", 60, SHORT_NAME, required="Enter a short name.")


class HeadForm(forms.Form):
    """Whoever runs the programme team."""

    first_name = forms.CharField(
        label="First name", max_length=80, error_messages={"required": "Enter a first name."}
    )
    last_name = forms.CharField(
        label="Last name", max_length=80, error_messages={"required": "Enter a last name."}
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address like name@institute.example.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class DomainForm(forms.Form):
    """A further address."""

    domain = plain_text(
        "Domain",
        253,
        "For example mentoring.institute.example, without https:// and without a path.",
        required="Enter a domain.",
    )


class EnterForm(forms.Form):
    """Why, how long, and how far."""

    reason = reason("The institute’s staff read it. Name the request it answers, if there is one.")
    minutes = forms.TypedChoiceField(
        label="How long",
        choices=[(15, "15 minutes"), (30, "30 minutes"), (60, "60 minutes")],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long."},
    )
    rights = forms.ChoiceField(
        label="What for",
        choices=[("read", "to look"), ("change", "to change something")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you will change something."},
    )
