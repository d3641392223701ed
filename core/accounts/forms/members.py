"""Forms of accounts. allauth's own, with our labels, hints and limits."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from core.accounts import queries, rules, services
from core.accounts.forms.agreements import AgreementFields
from core.accounts.models import Person
from core.kernel.errors import Conflict
from core.programme.queries import current

EMPTY = "Fill this in."
HINT = "At least 10 characters. Three unrelated words are easy to remember."
PASSWORD_LENGTH = 256
ROLES = [("mentor", "I want to be a mentor"), ("mentee", "I want to be a mentee")]


def _dress(form: forms.BaseForm, **fields: tuple[str, str]) -> None:
    """Give fields their label and hint; take allauth's placeholders away."""
    for name, field in form.fields.items():
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = EMPTY
        field.widget.attrs.pop("placeholder", None)
        if isinstance(field.widget, forms.PasswordInput):
            cast("forms.CharField", field).max_length = PASSWORD_LENGTH
            field.widget.attrs["maxlength"] = str(PASSWORD_LENGTH)
            field.help_text = ""
        if name in fields:
            field.label, field.help_text = fields[name]


def _limited(form: forms.BaseForm, *names: str) -> None:
    """Refuse passwords that are longer than anybody types, before they are hashed."""
    for name in names:
        if len(form.data.get(form.add_prefix(name), "")) > PASSWORD_LENGTH:
            form.add_error(name, f"Use {PASSWORD_LENGTH} characters or fewer.")


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Username or e-mail address and password (product A5)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            login=("Username or e-mail address", ""),
            password=("Password", ""),
            remember=("Keep me signed in on this device for two weeks", ""),
        )
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "254",
        }
        cast("forms.CharField", self.fields["login"]).max_length = 254

    def clean_login(self) -> str:
        login = str(super().clean_login())
        if len(login) > 254:
            raise forms.ValidationError("Use 254 characters or fewer.")
        return login

    def clean(self) -> Any:
        _limited(self, "password")
        return super().clean()


class NameFields(forms.Form):
    """Names and workplace, kept fit to be printed in mails."""

    def _name(self, name: str, clean: Callable[[str], str] = rules.clean_name) -> str:
        try:
            return clean(self.cleaned_data[name])
        except rules.NameRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def clean_last_name(self) -> str:
        return self._name("last_name")


class SignupForm(NameFields, AgreementFields, allauth_forms.SignupForm):  # type: ignore[misc]
    """A new account as mentor, mentee or both (product A3)."""

    first_name = forms.CharField(
        label="First name",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    roles = forms.MultipleChoiceField(
        label="What would you like to do?",
        help_text="Choose one or both. You can change this later.",
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one: mentor or mentee."},
    )
    field_order = (
        "roles",
        "first_name",
        "last_name",
        "email",
        "username",
        "password1",
        "password2",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            email=("E-mail address", "We send a link to this address to make sure it is yours."),
            username=(
                "Username",
                "Lower-case letters, digits, full stops, hyphens and underscores.",
            ),
            password1=("Password", HINT),
            password2=("The same password again", ""),
        )
        self.fields["username"].widget.attrs |= {
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        if context.request.GET.get("as") in rules.ROLE_KEYS:
            self.fields["roles"].initial = [context.request.GET["as"]]
        self.add_agreements(queries.asked_of_newcomers())

    def clean(self) -> Any:
        _limited(self, "password1", "password2")
        return super().clean()

    def custom_signup(self, request: HttpRequest, user: Person) -> None:
        services.complete_registration(
            user,
            roles=self.cleaned_data["roles"],
            time_zone=current().time_zone,
            agreed=self.agreed,
        )

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """Make the account, or only tell the owner of a known address by mail.

        Both ways cost a hash and a mail and end on the same page.
        """
        username = self.cleaned_data["username"]
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            result = super().try_save(request)
        else:
            try:
                with transaction.atomic():
                    result = super().try_save(request)
            except IntegrityError:
                result = (None, self._somebody_was_first(request))
        services.reserve_username(username)
        return cast("tuple[Person | None, HttpResponse | None]", result)

    def _somebody_was_first(self, request: HttpRequest) -> HttpResponse:
        """Two registrations at once: the later one finds the address or the username taken."""
        email = self.cleaned_data["email"]
        if queries.person_with_address(email) is None:
            raise Conflict("This username has just been taken. Go back and choose another.")
        response: HttpResponse = flows.signup.prevent_enumeration(request, email=email)
        return response


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link for a new password goes."""

    users: list[Person]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, email=("E-mail address", "The address that you registered with."))

    def clean_email(self) -> str:
        """Find the owner only by the address in force, never by one that was merely asked for."""
        email = str(get_adapter().clean_email(self.cleaned_data["email"].lower()))
        person = queries.person_with_address(email)
        self.users = [person] if person is not None and person.is_active else []
        return email


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, behind the link from the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            password1=("New password", HINT),
            password2=("The same password again", ""),
        )

    def clean(self) -> Any:
        _limited(self, "password1", "password2")
        return super().clean()


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """Another password for somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            oldpassword=("Present password", ""),
            password1=("New password", HINT),
            password2=("The same password again", ""),
        )

    def clean(self) -> Any:
        _limited(self, "oldpassword", "password1", "password2")
        return super().clean()


class ChangeAddressForm(allauth_forms.AddEmailForm):  # type: ignore[misc]
    """Another e-mail address; it counts when the link sent to it was opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(
            self,
            email=(
                "New e-mail address",
                "We send a link to it. Your present address stays until you open the link.",
            ),
        )


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before a change that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, password=("Password", ""))

    def clean(self) -> Any:
        _limited(self, "password")
        return super().clean()


class EditAccountForm(NameFields):
    """What a person says about themselves, and the roles (product A7)."""

    first_name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    job_title = forms.CharField(
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    organisation = forms.CharField(
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label="Telephone number",
        help_text="Only people you are matched with see it, together with your e-mail address.",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    time_zone = forms.ChoiceField(help_text="Dates and times are shown in this zone.")
    is_mentor = forms.BooleanField(label="I want to be a mentor", required=False)
    is_mentee = forms.BooleanField(label="I want to be a mentee", required=False)

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        self.person = person
        super().__init__(data, initial={name: getattr(person, name) for name in self.base_fields})
        zones = rules.time_zones()
        if person.time_zone not in zones:
            zones = (person.time_zone, *zones)
        _dress(self)
        if "name" in queries.locked_for(person):
            del self.fields["first_name"], self.fields["last_name"]
        time_zone = cast("forms.ChoiceField", self.fields["time_zone"])
        time_zone.choices = [(zone, zone.replace("_", " ")) for zone in zones]

    def clean_job_title(self) -> str:
        return self._name("job_title")

    def clean_organisation(self) -> str:
        return self._name("organisation")

    def clean_phone(self) -> str:
        return self._name("phone", rules.clean_phone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.roles and not self.person.is_staff:
            self.add_error("is_mentor", "Choose at least one: mentor or mentee.")
        return cleaned

    @property
    def roles(self) -> list[str]:
        """The roles ticked."""
        return [role for role in rules.ROLE_KEYS if self.cleaned_data.get(f"is_{role}")]


class DeleteAccountForm(forms.Form):
    """A last question before one's account is deleted (product A10)."""

    password = forms.CharField(
        label="Your password",
        max_length=PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sure = forms.BooleanField(
        label="Yes, delete my account",
        error_messages={"required": "Tick the box if you want to delete your account."},
    )

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        self.person = person
        super().__init__(data)
        if not person.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Only the owner knows it."""
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError("This is not your password.")
        return password


class MailChoicesForm(forms.Form):
    """Which mails a person wants, of those that can be done without (product A13)."""

    wanted = forms.MultipleChoiceField(
        label="Send me an e-mail",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        choices = queries.mail_choices()
        wanted = [one.kind for one in choices if one.kind not in person.muted_mails]
        super().__init__(data, initial={"wanted": wanted})
        field = cast("forms.MultipleChoiceField", self.fields["wanted"])
        field.choices = [(one.kind, one.label) for one in choices]
