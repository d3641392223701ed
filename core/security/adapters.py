"""What the sign-in library asks us about second steps."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from core.accounts.adapters import offer_mail, offer_message, person_mail
from core.accounts.models import Person
from core.accounts.queries import person_with_address
from core.kernel.sealing import seal, unseal
from core.programme.queries import current
from core.programme.rules import Policies
from core.programme.services.foresight import foresees, many
from core.security import queries

PURPOSE = "second step"
KEY_NAME = "Passkey"
_MAILS = {
    "totp_activated": "An authenticator app was added to your account",
    "totp_deactivated": "The authenticator app was removed from your account",
    "webauthn_added": "A passkey was added to your account",
    "webauthn_removed": "A passkey was removed from your account",
    "recovery_codes_generated": "New recovery codes were made for your account",
}
_MESSAGES = {
    "totp_activated": "Your authenticator app is set up.",
    "totp_deactivated": "Your authenticator app is removed.",
    "webauthn_added": "Your passkey is added.",
    "webauthn_removed": "The passkey is removed.",
    "recovery_codes_generated": "Here are new recovery codes. Keep them in a safe place.",
}


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed, names are the institute's, and who must have a step keeps one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or is no longer right. Try the next one.",
        "incorrect_passkey": "That passkey could not be used. Try again, or take another way.",
        "cannot_delete_authenticator": (
            "The programme team signs in with a second step. Add another one before you remove "
            "this."
        ),
        "unverified_email": "Confirm your new e-mail address first.",
    }

    def get_totp_issuer(self) -> str:
        return current().programme_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the address on which it was made."""
        return {**super().get_public_key_credential_rp_entity(), "name": current().programme_name}

    def generate_authenticator_name(
        self,
        user: Person,
        type: Authenticator.Type,  # noqa: A002 - the library's name
    ) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return KEY_NAME if number == 1 else f"{KEY_NAME} {number}"

    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(PURPOSE, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        person = authenticator.user
        if authenticator.type not in queries.PRIMARY or not queries.must_have_second_step(person):
            return True
        others = Authenticator.objects.filter(user=person, type__in=queries.PRIMARY)
        return bool(others.exclude(pk=authenticator.pk).exists())


def _told(sentence: str, email: str, context: dict[str, Any]) -> None:
    person = person_with_address(email)
    if person is not None:
        person_mail("second_step_changed", person, email, sentence=sentence)


for _name, _sentence in _MAILS.items():
    offer_mail(f"mfa/email/{_name}", partial(_told, _sentence))
for _name, _sentence in _MESSAGES.items():
    offer_message(f"mfa/messages/{_name}.txt", _sentence)


@foresees
def team_without_second_step(before: Policies, after: Policies) -> Iterator[str]:
    """Who of the team would be asked for a second step."""
    if after.second_factor == "staff" != before.second_factor:
        have = Authenticator.objects.filter(type__in=queries.PRIMARY).values("user")
        team = Person.objects.filter(is_staff=True, is_active=True, support_key=None)
        if count := team.exclude(pk__in=have).count():
            yield (
                f"{many(count, 'member', 'members')} of the team would have to set up a second "
                "step before they go on."
            )
