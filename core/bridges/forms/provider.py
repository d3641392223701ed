"""How a provider is reached, what it is called, and what its claims mean."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms import BoundField
from pydantic import ValidationError as Refused

from core.accounts.forms import EMPTY
from core.bridges.errors import ProviderRefused
from core.bridges.models import Provider
from core.bridges.queries import profile_fields
from core.bridges.rules import Kind, Mapping
from core.bridges.services.discovery import discover
from core.kernel.rights import ROLE_NAMES, StaffRole

WORDS: Final = ("current_words", "lapsed_words", "ended_words")
CLAIMS: Final = (
    "subject", "email", "email_verified", "first_name", "last_name", "number", "status", "groups",
)  # fmt: skip


def _claim(label: str, hint: str = "", initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, initial=initial, max_length=200, required=False
    )


class NameForm(forms.Form):
    """What a provider is called."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As people know it, for example the name of your society.",
    )
    button = forms.CharField(
        label="Words on the button",
        max_length=60,
        help_text="For example: Sign in with your membership.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = EMPTY


class OpenIdForm(forms.Form):
    """How an OpenID Connect provider is reached; its description is read before it is kept."""

    address = forms.URLField(
        label="Address of the provider",
        max_length=300,
        assume_scheme="https",
        help_text="Its “issuer”: we read the rest from the description that it publishes there.",
        error_messages={
            "required": EMPTY, "invalid": "Enter an address that begins with https://.",
        },
    )  # fmt: skip
    client_id = forms.CharField(
        label="Client ID", max_length=190, error_messages={"required": EMPTY}
    )
    secret = forms.CharField(
        label="Client secret",
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="It is kept sealed and never shown again.",
    )
    scopes = forms.CharField(
        label="Scopes",
        max_length=300,
        initial="openid profile email",
        help_text="What we ask the provider for, with blanks between.",
        error_messages={"required": EMPTY},
    )

    def __init__(self, data: Any = None, files: Any = None, provider: Provider | None = None):
        self._held = bool(provider and provider.secret_sealed)
        self._before = provider.issuer if provider else ""
        initial = (
            {name: getattr(provider, name) for name in ("address", "client_id", "scopes")}
            if provider
            else {}
        )
        super().__init__(data, initial=initial)
        self.issuer = ""
        if self._held:
            self.fields["secret"].help_text += " Empty: the present one stays."

    def clean(self) -> dict[str, Any]:
        """Read the provider's description; what is wrong with it stands beside its field."""
        cleaned = super().clean() or self.cleaned_data
        if "scopes" in cleaned and "openid" not in cleaned["scopes"].split():
            self.add_error("scopes", "Keep openid among them: without it nobody can sign in.")
        if not cleaned.get("secret") and not self._held and "secret" not in self.errors:
            self.add_error("secret", EMPTY)
        if self.errors:
            return cleaned
        try:
            self.issuer = discover(cleaned["address"])["issuer"]
        except ProviderRefused as refused:
            self.add_error("address", refused.message)
        else:
            if self._held and not cleaned.get("secret") and self.issuer != self._before:
                self.add_error("secret", "This is another provider: enter its own secret.")
        return cleaned

    def put(self, provider: Provider) -> None:
        """Write what was entered into a provider's row, which the caller saves."""
        provider.address = self.cleaned_data["address"]
        provider.issuer = self.issuer
        provider.client_id = self.cleaned_data["client_id"].strip()
        provider.scopes = " ".join(self.cleaned_data["scopes"].split())
        if self.cleaned_data["secret"]:
            provider.secret = self.cleaned_data["secret"]


class SettingsForm(NameForm):
    """Rules, and which claim gives what."""

    auto = forms.BooleanField(
        label="Lead people there at once, without the sign-in page", required=False
    )
    makes_accounts = forms.BooleanField(
        label="Make an account at the first sign-in", required=False
    )
    trusts_addresses = forms.BooleanField(
        label="Its e-mail addresses are confirmed, even where it does not say so", required=False
    )
    ends_sessions = forms.BooleanField(
        label="Sign people out there when they sign out here", required=False
    )
    subject = _claim(
        "What people are known by",
        "Leave it empty for the NameID. Name an attribute if that changes from time to time.",
    )
    email = _claim("E-mail address")
    email_verified = _claim("That the address is confirmed")
    first_name = _claim("First name")
    last_name = _claim("Last name")
    number = _claim("Membership number")
    status = _claim(
        "Membership status", "Leave it empty when the provider does not tell who is a member."
    )
    current_words = forms.CharField(
        label="Words for members",
        max_length=600,
        required=False,
        help_text="With commas between. If you write any, every other word means “lapsed”.",
    )
    lapsed_words = forms.CharField(label="Words for lapsed", max_length=600, required=False)
    ended_words = forms.CharField(label="Words for ended", max_length=600, required=False)
    groups = _claim("Groups")

    GROUPS: Final = (
        ("Name and rules", ("name", "button", "makes_accounts", "trusts_addresses",
                            "ends_sessions", "auto")),
        ("Which claim gives what", ("subject", "email", "email_verified", "first_name",
                                    "last_name", "number")),
        ("Membership", ("status", *WORDS)),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, provider: Provider, may_give_roles: bool = True
    ) -> None:
        mapping = provider.maps
        self._mapped = mapping
        initial: dict[str, Any] = {
            name: getattr(provider, name)
            for name in ("name", "button", "auto", "makes_accounts", "trusts_addresses",
                         "ends_sessions")
        }  # fmt: skip
        initial |= {name: getattr(mapping, name) for name in CLAIMS}
        initial |= {name: ", ".join(getattr(mapping, name)) for name in WORDS}
        super().__init__(data, initial=initial)
        self._profile = {f"field_{key}": key for key, _label in profile_fields()}
        for key, label in profile_fields():
            self.fields[f"field_{key}"] = _claim(label, initial=mapping.fields.get(key, ""))
        self._roles = {f"role_{role.value}": role for role in StaffRole} if may_give_roles else {}
        if not may_give_roles:
            del self.fields["groups"]
        if provider.kind != Kind.SAML:
            del self.fields["subject"]
        for name, role in self._roles.items():
            held = [value for value, given in mapping.roles.items() if given == role]
            self.fields[name] = forms.CharField(
                label=f"Groups that become {ROLE_NAMES[role]}",
                initial=", ".join(held),
                max_length=600,
                required=False,
            )

    def groups_of_fields(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The boxes in their groups."""
        for title, names in self.GROUPS:
            yield title, [self[name] for name in names if name in self.fields]
        if self._roles:
            yield "The programme team", [self["groups"], *(self[name] for name in self._roles)]

    def answers(self) -> list[BoundField]:
        """The boxes of profile fields that a claim can fill."""
        return [self[name] for name in self._profile]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.mapping = Mapping.model_validate({
                **{name: cleaned[name].strip() for name in CLAIMS if name in cleaned},
                **{name: _split(cleaned[name]) for name in WORDS},
                "fields": {
                    key: cleaned[name].strip()
                    for name, key in self._profile.items()
                    if cleaned[name].strip()
                },
                "roles": {
                    value: role
                    for name, role in self._roles.items()
                    for value in _split(cleaned[name])
                },
                **({} if self._roles else self._kept_roles()),
            })  # fmt: skip
        except Refused as refused:
            for error in refused.errors():
                place = str(error["loc"][0]) if error["loc"] else None
                message = error["msg"].removeprefix("Value error, ").capitalize()
                self.add_error(place if place in self.fields else None, f"{message}.")
        if any(cleaned[name].strip() for name in self._roles) and not cleaned["groups"].strip():
            self.add_error("groups", "Say which claim holds the groups.")
        return cleaned

    def _kept_roles(self) -> dict[str, Any]:
        """Who is on the team is for the head to say: for others the groups stay as they are."""
        return {"groups": self._mapped.groups, "roles": self._mapped.roles}

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the row beside the mapping; only of a valid form."""
        names = ("name", "button", "auto", "makes_accounts", "trusts_addresses", "ends_sessions")
        return {name: self.cleaned_data[name] for name in names}


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
