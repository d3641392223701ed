"""What the ground floor keeps about people."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from core.kernel.ageing import delete
from core.kernel.models import AuditEntry, MailState, OutboxMail
from core.kernel.personal import (
    ONLY_YOU,
    TEAM,
    YOU_AND_TEAM,
    Group,
    Kept,
    Remove,
    Unname,
    keeps,
    kinds,
    retention,
)

PERSON = "accounts.Person"
OWN_DEEDS = ~Q(thing_type=PERSON) | Q(actor_id=None) | Q(thing_id=Cast("actor_id", CharField()))
"""Who blocked somebody, and who put a hold on what is stored, stands in the trail too."""


def _deeds(person: Any) -> Q:
    return Q(actor_id=person.pk) | Q(behind_id=person.pk) | Q(thing_type=PERSON, thing_id=person.pk)


def _mails(person: Any) -> Q:
    return Q(to_address__iexact=person.email)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


keeps(
    Kept(
        "kernel.AuditEntry",
        "What was done, and when",
        group=Group.RECORDS,
        purpose="So that the institute can show who did what to an account or a relationship.",
        seen_by=TEAM,
        people=("actor_id", "behind_id"),
        also=_deeds,
        fields=kinds(
            identity="actor_name behind_name",
            activity="at verb by_operator",
            technical="thing_type thing_id",
            words="facts",
        ),
        belongs={"actor_name": "actor_id", "behind_name": "behind_id"},
        shown=OWN_DEEDS,
        hidden_because="What others did about an account can speak of them.",
        withheld={"facts": "The details can speak of other people."},
        retention="audit_trail",
        on_erase=Unname(),
    ),
    Kept(
        "kernel.OutboxMail",
        "Mails to you",
        group=Group.RECORDS,
        purpose="So that no mail is lost, and problems with sending can be found.",
        seen_by=TEAM,
        people=(),
        also=_mails,
        fields=kinds(
            identity="to_name",
            contact="to_address",
            words="subject text html attachments",
            activity="kind created_at state attempts due_at sent_at",
            technical="message_id in_reply_to about_type about_id last_error",
            none="from_name from_address reply_to",
        ),
        none_because="the institute's own sender",
        withheld={
            "text": "You have the mail itself, and links in it can open your account.",
            "html": "You have the mail itself, and links in it can open your account.",
            "attachments": "You have the mail itself.",
            "last_error": "It speaks of the mail servers.",
        },
        retention="mails",
        on_erase=Remove(),
    ),
    Kept(
        "kernel.Paper",
        "PDFs being made for you",
        group=Group.RECORDS,
        purpose="So that you can fetch a large PDF when it is ready.",
        seen_by=ONLY_YOU,
        people=("owner_id",),
        fields=kinds(
            words="title file_name",
            file="stored_as",
            activity="kind letters state created_at begun_at",
            technical="about",
            none="back_url",
        ),
        none_because="a page of this site",
        kept_for="One day",
        on_erase=Remove(),
    ),
    Kept(
        "kernel.Job",
        "Long work that you ordered",
        group=Group.RECORDS,
        purpose="So that you can see how far it is.",
        seen_by=YOU_AND_TEAM,
        people=("owner_id",),
        fields=kinds(
            words="title message",
            activity="kind state attempts created_at begun_at ended_at",
            technical="about",
            none="done_url back_url",
        ),
        none_because="pages of this site",
        kept_for="Thirty days",
        on_erase=Remove(),
    ),
)

retention(
    "mails",
    "Mails that were sent, with their text and address",
    default_days=None,
    least_days=30,
    due=lambda before: OutboxMail.objects.filter(
        state__in=(MailState.SENT, MailState.FAILED), created_at__lt=before
    ),
    remove=delete,
    example=lambda mail: f"“{mail.subject}” to {mail.to_address}, {_day(mail.created_at)}",
)
retention(
    "audit_trail",
    "Entries of the audit trail",
    default_days=None,
    least_days=365,
    due=lambda before: AuditEntry.objects.filter(at__lt=before),
    remove=delete,
    example=lambda entry: f"{_day(entry.at)}, {entry.actor_name or 'the clock'}: {entry.verb}",
)
