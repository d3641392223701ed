"""Forms of accounts."""

from core.accounts.forms.agreements import AgreementFields
from core.accounts.forms.members import (
    EMPTY,
    HINT,
    PASSWORD_LENGTH,
    ROLES,
    ChangeAddressForm,
    ChangePasswordForm,
    DeleteAccountForm,
    EditAccountForm,
    MailChoicesForm,
    NameFields,
    NewPasswordForm,
    ReauthenticateForm,
    ResetPasswordForm,
    SignInForm,
    SignupForm,
)
from core.accounts.forms.team import CloseAccountsForm, TrailForm

__all__ = [
    "EMPTY",
    "HINT",
    "PASSWORD_LENGTH",
    "ROLES",
    "AgreementFields",
    "ChangeAddressForm",
    "ChangePasswordForm",
    "CloseAccountsForm",
    "DeleteAccountForm",
    "EditAccountForm",
    "MailChoicesForm",
    "NameFields",
    "NewPasswordForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "SignInForm",
    "SignupForm",
    "TrailForm",
]
