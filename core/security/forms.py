"""The library's forms with our labels and hints."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

CODE_HINT = "The six digits that your authenticator app shows, or one of your recovery codes."


def _dress_code(form: forms.BaseForm, label: str, hint: str) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = "Enter the code."
    field.widget.attrs = {
        "autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20",
        "spellcheck": "false", "autocapitalize": "none",
    }  # fmt: skip


class SignInCodeForm(base.AuthenticateForm):  # type: ignore[misc]
    """The second step itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code", CODE_HINT)


class AgainCodeForm(base.ReauthenticateForm):  # type: ignore[misc]
    """The code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code", CODE_HINT)


class AddAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code shows that app and account agree."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code from the app", "Six digits, new every half minute.")


class _Careful(forms.Form):
    """What a browser sends in place of a passkey may be anything, and the library trips over most
    of it: to the person every such thing is a passkey that did not work."""

    def clean_credential(self) -> Any:
        try:
            known = getattr(super(), "clean_credential", None)
            return known() if known else self.cleaned_data["credential"]
        except forms.ValidationError:
            raise
        except Exception as problem:
            raise get_adapter().validation_error("incorrect_passkey") from problem

    def clean(self) -> Any:
        try:
            return super().clean()
        except forms.ValidationError:
            raise
        except Exception as problem:
            raise get_adapter().validation_error("incorrect_passkey") from problem


class SignInPasskeyForm(_Careful, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey in place of a password."""


class SecondPasskeyForm(_Careful, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class AgainPasskeyForm(_Careful, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """The passkey once more, before something that matters."""


class AddPasskeyForm(_Careful, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, by wish one that signs in without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name",
            required=False,
            max_length=60,
            help_text="So that you know it again, for instance by the device it is on.",
        )
        self.fields["passwordless"] = forms.BooleanField(
            label="Let me sign in with it alone, without a password",
            required=False,
            initial=True,
            help_text="The device then asks for your fingerprint, face or PIN.",
        )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name", max_length=60, error_messages={"required": "Give it a name."}
        )


class StandInForm(forms.Form):
    """Why one of the team signs in as a member."""

    reason = forms.CharField(
        label="Why do you sign in as this person?",
        help_text="They read it in the mail that tells them, and it stands in the audit trail.",
        max_length=500,
        error_messages={
            "required": "Say why. The person is told.",
            "max_length": "Use 500 characters or fewer.",
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )
