"""Somebody writes to the institute (product F2).

The form is open to strangers, so it must not make the site send other people's words to addresses
that nobody has confirmed: a stranger's confirmation carries neither their name nor their text.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from redis.exceptions import RedisError

from core.accounts.models import Person
from core.help import errors, rules
from core.help.models import Enquiry, EnquiryKind
from core.help.queries import mail_values
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.limits import allow
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.programme.queries import current
from core.programme.services import write_mail

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Asked:
    """A message as it was typed."""

    kind: EnquiryKind
    name: str
    email: str
    subject: str
    message: str


def send_enquiry(asked: Asked, *, key: UUID, person: Person | None, network: str) -> Enquiry:
    """Put a message into the team's queue and mailbox, and confirm it to whoever sent it.

    Safe to repeat: the same `key`, or the same words from the same address within a day, is the
    message that is there. `network` is where it comes from. Errors: TooMuch; nothing is written
    then.
    """
    asked = Asked(
        asked.kind,
        one_line(asked.name)[: rules.LONGEST_NAME],
        asked.email.strip(),
        one_line(asked.subject)[: rules.LONGEST_SUBJECT],
        rules.clean(asked.message)[: rules.LONGEST_MESSAGE],
    )
    if made := _already_there(asked, key):
        return made
    if not _is_within_limits(asked, person, network):
        raise errors.TooMuch(
            "Several messages came from here already. Please write to "
            f"{current().contact_email} instead."
        )
    try:
        with transaction.atomic():
            return _made(asked, key, person)
    except IntegrityError:  # the same form at the same moment
        return Enquiry.objects.get(key=key)


def _already_there(asked: Asked, key: UUID) -> Enquiry | None:
    if made := Enquiry.objects.filter(key=key).first():
        return made
    return Enquiry.objects.filter(
        kind=asked.kind,
        email__iexact=asked.email,
        subject=asked.subject,
        message=asked.message,
        made_at__gt=now() - rules.SAME_WITHIN,
    ).first()


def _is_within_limits(asked: Asked, person: Person | None, network: str) -> bool:
    """A member is counted by who they are: nobody can use up their share in their name."""
    if person is not None:
        return _may(f"person:{person.pk}", rules.FROM_AN_ADDRESS_A_DAY, DAY)
    return _may(f"network:{network}", rules.FROM_A_NETWORK_AN_HOUR, HOUR) and _may(
        f"address:{asked.email.lower()}", rules.FROM_AN_ADDRESS_A_DAY, DAY
    )


def _may(what: str, limit: int, seconds: int) -> bool:
    try:
        return allow(f"enquiry:{what}", limit=limit, seconds=seconds)
    except RedisError:  # a lost cache must not keep people from being heard
        return True


def _made(asked: Asked, key: UUID, person: Person | None) -> Enquiry:
    made = Enquiry.objects.create(
        kind=asked.kind,
        person=person,
        name=asked.name,
        email=asked.email,
        subject=asked.subject,
        message=asked.message,
        key=key,
        made_at=now(),
    )
    audit.record("message to the team sent", thing=made, by=person, kind=str(asked.kind))
    if person is None and not _may("mails for strangers", rules.MAILS_FOR_STRANGERS_AN_HOUR, HOUR):
        return made  # a flood: the queue keeps it, the mailbox is spared
    _tell_team(made)
    _confirm(made)
    return made


def _tell_team(made: Enquiry) -> None:
    programme = current()
    write_mail(
        template="mails/enquiry_received",
        to=(programme.contact_name, programme.contact_email),
        kind="enquiry_received",
        about=made,
        thread=f"enquiry-{made.pk}",
        reply_to=made.email,
        context={
            **mail_values(made),
            "days": rules.ACKNOWLEDGE_WITHIN // timedelta(days=1),
            "page": absolute(reverse("staff:enquiry", args=[made.pk])),
        },
    )


def _confirm(made: Enquiry) -> None:
    programme = current()
    address = made.email.lower()
    if address in {programme.contact_email.lower(), programme.mail_sender_address.lower()}:
        return  # our own mailbox would answer itself
    if not _may(f"confirmed:{address}", rules.CONFIRMED_TO_AN_ADDRESS_A_DAY, DAY):
        return
    known = made.person is not None and made.person.email.lower() == address
    write_mail(
        template="mails/enquiry_confirmed",
        to=(made.person.full_name if known and made.person else "", made.email),
        kind="enquiry_confirmed",
        about=made,
        thread=f"enquiry-{made.pk}",
        context={
            **mail_values(made),
            "known": known,
            "days": rules.ACKNOWLEDGE_WITHIN // timedelta(days=1),
            "page": absolute(reverse("help:faqs")),
        },
    )
