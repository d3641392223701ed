"""Invitations, and files of people that the programme team brings in or takes out."""

from typing import Any

from django.db.models import Q

from core.kernel.ageing import delete
from core.kernel.personal import (
    NEVER,
    ONLY_YOU,
    TEAM,
    Blank,
    Group,
    Kept,
    Remove,
    keeps,
    kinds,
    retention,
)
from core.people.models import Import, ImportRow, Invitation, InvitationState


def _invited(person: Any) -> Q:
    return Q(person=None, email__iexact=person.email)


def _in_a_row(person: Any) -> Q:
    return Q(email__iexact=person.email)


def _with_a_row(person: Any) -> Q:
    rows = ImportRow.objects.filter(Q(person_key=person.pk) | Q(email__iexact=person.email))
    return Q(pk__in=rows.values("source"))


keeps(
    Kept(
        "people.Invitation",
        "How you were invited",
        group=Group.ACCOUNT,
        purpose="So that you can join, and the {programme_team} knows who came.",
        seen_by=TEAM,
        people=("person",),
        also=_invited,
        unseen=("made_by",),
        fields=kinds(
            identity="first_name last_name staff_role made_by_name",
            contact="email",
            words="line",
            choices="is_mentor is_mentee",
            activity="state made_at by_operator expires_at sent_at reminded_at settled_at",
        ),
        belongs={"made_by_name": "made_by"},
        retention="invitations",
        on_erase=Remove(),
    ),
    Kept(
        "people.ImportRow",
        "What the institute's file said about you",
        group=Group.ACCOUNT,
        purpose="So that an import can be checked and taken back.",
        seen_by=TEAM,
        people=("person_key",),
        also=_in_a_row,
        fields=kinds(
            identity="name",
            contact="email",
            words="before after problems kept",
            activity="number outcome",
        ),
        kept_for="Two months",
        on_erase=Blank(email="", name="", before=dict, after=dict, problems=list, kept=""),
    ),
    Kept(
        "people.Import",
        "Files of people with a line about you",
        group=Group.RECORDS,
        purpose="So that an import can be checked and taken back.",
        seen_by=TEAM,
        people=(),
        also=_with_a_row,
        unseen=("made_by",),
        fields=kinds(
            words="file_name",
            file="stored_as",
            choices="kind header mapping options",
            activity="counts state made_at done_at undone_at",
            none="encoding delimiter",
        ),
        none_because="how the file is read",
        shown=NEVER,
        hidden_because="These files hold lines about other people; yours is handed out by itself.",
        kept_for="The file for a week, what it did for two months",
        on_erase=Blank(stored_as=""),
    ),
    Kept(
        "people.Export",
        "Files of people that you took out",
        group=Group.STAFF,
        purpose="So that you can fetch the file when it is ready.",
        seen_by=ONLY_YOU,
        people=("owner",),
        fields=kinds(
            choices="file_format wanted columns", file="stored_as", activity="count made_at"
        ),
        kept_for="One day",
        withheld={"stored_as": "The file holds other people's data."},
        on_erase=Remove(),
    ),
)

retention(
    "invitations",
    "Invitations that nobody accepted",
    default_days=None,
    least_days=30,
    due=lambda before: Invitation.objects.exclude(state=InvitationState.USED).filter(
        expires_at__lt=before
    ),
    remove=delete,
)
retention(
    "imports",
    "Imports of people with their reports, which cannot be taken back then",
    default_days=None,
    least_days=30,
    due=lambda before: Import.objects.filter(made_at__lt=before),
    remove=delete,
)
