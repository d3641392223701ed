"""Local accounts, kept by django-allauth in the institute's own schema."""

AUTHENTICATION_BACKENDS = ["core.accounts.adapters.SignIn"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Keys of confirmations are rows of the institute: signed ones would be good on every site.
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# In the browser that registered, the confirmed person is signed in without typing again.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Known and unknown addresses both get a mail: the answer and its time are the same.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_COOKIE_AGE = 14 * 24 * 3600
ACCOUNT_ADAPTER = "core.accounts.adapters.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "core.accounts.adapters.PasswordTokens"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_FORMS = {
    "login": "core.accounts.forms.SignInForm",
    "signup": "core.accounts.forms.SignupForm",
    "reset_password": "core.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",
    "change_password": "core.accounts.forms.ChangePasswordForm",
    "add_email": "core.accounts.forms.ChangeAddressForm",
    "reauthenticate": "core.accounts.forms.ReauthenticateForm",
}

# --- the second step -------------------------------------------------------------------------
MFA_ADAPTER = "core.security.adapters.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "core.security.forms.SignInCodeForm",
    "reauthenticate": "core.security.forms.AgainCodeForm",
    "activate_totp": "core.security.forms.AddAppForm",
    "login_webauthn": "core.security.forms.SignInPasskeyForm",
    "authenticate_webauthn": "core.security.forms.SecondPasskeyForm",
    "reauthenticate_webauthn": "core.security.forms.AgainPasskeyForm",
    "add_webauthn": "core.security.forms.AddPasskeyForm",
    "edit_webauthn": "core.security.forms.RenamePasskeyForm",
}

# --- providers of the institutes' own (core.bridges) --------------------------------------------
SOCIALACCOUNT_ADAPTER = "core.bridges.adapters.Bridges"
SOCIALACCOUNT_STORE_TOKENS = False
