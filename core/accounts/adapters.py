"""What django-allauth asks us: who signs in, which mails go out, where people land."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts import queries, services, tasks
from core.accounts.models import Person
from core.accounts.permissions import signed_in_recently
from core.accounts.rules import RESERVED_USERNAMES
from core.kernel.errors import RuleBroken
from core.kernel.limits import allow
from core.kernel.links import absolute
from core.kernel.ports import current_site
from core.programme.services import write_mail

ADDRESS_LENGTH = 254
_TRY_AGAIN = "We cannot sign you in with these details. Check them and try again."
_SENTENCES = {
    "account_inactive": "This account is closed.",
    "duplicate_email": "This is the address you have now.",
    "email_password_mismatch": _TRY_AGAIN,
    "username_password_mismatch": _TRY_AGAIN,
    "invalid_login": _TRY_AGAIN,
    "enter_current_password": "This is not your present password.",
    "incorrect_password": "This is not your password.",
    "invalid_password_reset": "This link cannot be used any more.",
    "too_many_login_attempts": "Too many tries. Wait a few minutes, then try again.",
    "rate_limited": "Too many tries. Wait a few minutes, then try again.",
    "username_blacklisted": "This username is taken. Choose another.",
    "username_taken": "This username is taken. Choose another.",
}
_MESSAGES = {
    "account/messages/logged_out.txt": "You are signed out.",
    "account/messages/email_confirmed.txt": "Your e-mail address is confirmed.",
    "account/messages/email_confirmation_failed.txt": (
        "This address could not be confirmed. Another account uses it."
    ),
    "account/messages/password_changed.txt": "Your password is changed.",
}


Mail = Callable[[str, dict[str, Any]], None]


def offer_mail(prefix: str, mail: Mail) -> None:
    """Register who writes a mail of the library's, named by its template's prefix."""
    _MAILS[prefix] = mail


def offer_message(template: str, sentence: str) -> None:
    """Register our sentence for a message of the library's."""
    _MESSAGES[template] = sentence


def person_mail(template: str, person: Person, email: str, **context: Any) -> None:
    """Write a mail to one of a person's own addresses."""
    with transaction.atomic():
        write_mail(
            template=f"mails/{template}",
            to=(person.full_name, email),
            context={"person": person, "link": absolute(reverse("front")), **context},
            kind=template,
            about=person,
        )


@dataclass(frozen=True)
class Way:
    """A way to show who one is, beside password and second step: its words and its address."""

    key: str
    label: str
    url: str


def offer_way(ways: Callable[[Person], Iterable[Way]]) -> None:
    """Register who knows further ways for a person to sign in afresh, such as their provider.

    The address takes `next`; coming back with a new sign-in is all that it has to do.
    """
    _WAYS.append(ways)


Bar = Callable[[Person], str]


def offer_bar(bar: Bar) -> None:
    """Register who knows why a person with an open account may not come in now.

    The function gives the sentence for them, or "".
    """
    _BARS.append(bar)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mails through the outbox, links from the stored address, our own sentences."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_SENTENCES}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return queries.may_register()

    def is_ajax(self, request: HttpRequest) -> bool:
        """There is one kind of answer: pages. A browser asks for a passkey's riddle as data."""
        match = request.resolver_match
        return bool(match and match.url_name == "mfa_login_webauthn" and request.method == "GET")

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: other hosts of the installation are other institutes."""
        from django.utils.http import url_has_allowed_host_and_scheme

        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or _MESSAGES.get(message_template or "")
        if sentence:
            super().add_message(request, level, extra_tags=extra_tags, message=sentence)

    def clean_email(self, email: str) -> str:
        """Refuse what the column cannot hold; allauth would cut it short without a word."""
        if len(email) > ADDRESS_LENGTH:
            raise ValidationError(f"Use {ADDRESS_LENGTH} characters or fewer.")
        return email

    def clean_username(self, username: str, shallow: bool = False) -> str:
        username = username.lower()
        if not shallow and (username in RESERVED_USERNAMES or services.is_reserved(username)):
            raise self.validation_error("username_taken")
        return str(super().clean_username(username, shallow))

    # -- signing in ------------------------------------------------------------------------------
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Remind somebody who has not confirmed the address yet, in the background.

        The answer on the screen is the same as for a wrong password.
        """
        person = getattr(request, "unconfirmed_person", None)
        if person is not None and allow(f"confirm:{person.pk}", limit=1, seconds=180):
            tasks.resend_confirmation.delay(str(person.pk))

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Turn away whom a floor above bars, however they showed who they are."""
        if sentence := next(filter(None, (bar(user) for bar in _BARS)), ""):
            messages.error(request, sentence)
            return redirect("account_login")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(
        self, request: HttpRequest, user: Person, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Let a person with both roles choose one at each sign-in (product A8)."""
        request.session.pop("acting_as", None)
        response: HttpResponse = super().post_login(
            request, user, redirect_url=redirect_url, **kwargs
        )
        if len(user.roles) < 2:
            return response
        address = reverse("accounts:role")
        target = response.headers.get("Location", "")
        if target not in ("", reverse("front")):
            address += "?" + urlencode({"next": target})
        return redirect(address)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:edit")

    # -- showing once more who one is ---------------------------------------------------------
    def is_reauthentication_required(self, *, app: str) -> bool:
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """With the ways of the floors above; a fresh trip to a provider counts as well."""
        found: list[dict[str, str]] = super().get_reauthentication_methods(user)
        if isinstance(user, Person):
            offered = (way for ways in _WAYS for way in ways(user))
            found += [{"id": w.key, "description": w.label, "url": w.url} for w in offered]
        return found

    # -- addresses -------------------------------------------------------------------------------
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        with transaction.atomic():
            person = email_address.user
            if "email" in queries.locked_for(person) and queries.is_confirmed(person):
                raise RuleBroken("Your e-mail address is changed at your society, not here.")
            if email_address.can_set_verified():
                services.release_address(email_address.email, keep=person)
            confirmed = bool(super().confirm_email(request, email_address))
            if confirmed:
                services.note_confirmation(person)
        return confirmed

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Only an address that was asked for and not confirmed; the one in force always stays."""
        owner: Person = email_address.user
        return not email_address.verified and email_address.email != owner.email

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        if self.request.user.is_authenticated:
            return reverse("accounts:edit")
        return reverse("account_login")

    # -- mails -----------------------------------------------------------------------------------
    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        kind = "confirm_address" if signup else "confirm_new_address"
        if not queries.is_confirmed(emailconfirmation.email_address.user):
            kind = "confirm_address"
        services.address_mail(
            f"mails/{kind}", email=emailconfirmation.email_address.email, kind=kind, path=path
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        services.address_mail(
            "mails/account_exists",
            email=email,
            kind="account_exists",
            path=reverse("account_reset_password"),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The rest of allauth's mails; an unknown one is a mistake of ours and raises KeyError."""
        kind = template_prefix.removeprefix("account/email/")
        _MAILS[kind](email, context)


def _no_mail(email: str, context: dict[str, Any]) -> None:
    """Nothing happened that the owner would have to know of."""


def _reset_mail(email: str, context: dict[str, Any]) -> None:
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": context["uid"], "key": context["key"]},
    )
    services.address_mail(
        "mails/reset_password",
        email=email,
        kind="reset_password",
        path=path,
        username=context["user"].username,
    )


def _unknown_mail(email: str, context: dict[str, Any]) -> None:
    services.address_mail(
        "mails/no_account",
        email=email,
        kind="no_account",
        path=reverse("account_signup" if queries.may_register() else "front"),
        may_register=queries.may_register(),
    )


def _password_changed_mail(email: str, context: dict[str, Any]) -> None:
    person = queries.person_with_address(email)
    if person is not None:
        person_mail("password_changed", person, email)


def _address_changed_mail(email: str, context: dict[str, Any]) -> None:
    person = queries.person_with_address(context["to_email"])
    if person is not None:
        person_mail("address_changed", person, email, new_address=context["to_email"])


_BARS: list[Bar] = []
_WAYS: list[Callable[[Person], Iterable[Way]]] = []
_MAILS: dict[str, Mail] = {
    "password_reset_key": _reset_mail,
    "unknown_account": _unknown_mail,
    "password_changed": _password_changed_mail,
    "password_reset": _password_changed_mail,
    "email_deleted": _no_mail,
    "email_changed": _address_changed_mail,
}


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Username or e-mail address with a password (product A5).

    Known or not, confirmed or not, every try costs one hash, so that the clock tells nothing.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        login = credentials.get("username") or credentials.get("email") or ""
        person = queries.person_of(login)
        checked = self._check_password(person, credentials.get("password") or "")
        if not isinstance(checked, Person):
            return None
        services.ensure_address(checked)
        if queries.is_confirmed(checked):
            return checked
        if request is not None:
            request.unconfirmed_person = checked  # type: ignore[attr-defined]
        return None

    def _mitigate_timing_attack(self, password: str) -> None:
        make_password(password)


class PasswordTokens(PasswordResetTokenGenerator):
    """Tokens of "forgotten password", good on one site only.

    They die with the password, the address, the next sign-in, and after the set time.
    """

    @property
    def key_salt(self) -> str:  # type: ignore[override]
        """The site is in the salt: keys and addresses may be the same on two sites."""
        return f"core.accounts.password:{current_site().key}"
