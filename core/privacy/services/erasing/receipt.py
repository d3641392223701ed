"""The receipt of an erasure: for the person by mail, for the team as a file."""

import json
from collections.abc import Iterable

from django.urls import reverse

from core.kernel import personal
from core.kernel.links import absolute
from core.kernel.models import OutboxMail
from core.kernel.personal import Kept
from core.privacy.models import Erasure
from core.privacy.queries.stored import placeholders, said
from core.programme.services import write_mail


def send_receipt(erasure: Erasure, *, to: tuple[str, str]) -> OutboxMail | None:
    """Write to the address that is forgotten as soon as the mail is out."""
    return write_mail(
        template="mails/erasure_done",
        to=to,
        kind="erasure_done",
        context={
            "number": erasure.number,
            "done_on": f"{erasure.at.day} {erasure.at:%B %Y}",
            "rows": erasure.rows,
            "files": erasure.files,
            "front": absolute(reverse("front")),
        },
    )


def receipt_of(erasure: Erasure) -> bytes:
    """The receipt as a file: counts and digests, in JSON."""
    told = {
        "receipt": erasure.number,
        "person_digest": erasure.person_digest,
        "address_digests": erasure.address_digests,
        "asked_at": erasure.asked_at.isoformat() if erasure.asked_at else None,
        "erased_at": erasure.at.isoformat(),
        "way": erasure.get_way_display(),
        "by": erasure.by.full_name if erasure.by else None,
        "rows": erasure.counts,
        "files": erasure.files,
    }
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def titles_of(entries: Iterable[Kept]) -> dict[str, str]:
    """The titles of entries by their label, in the institute's words."""
    nouns = placeholders()
    return {one.label: said(one.title, nouns) or one.label for one in entries}


def lines_of(erasure: Erasure) -> list[tuple[str, int]]:
    """What went, in words, the most first."""
    titles = titles_of(personal.everything())
    tables = {one.model._meta.db_table: titles[one.label] for one in personal.everything()}
    told = [
        (titles.get(name) or f"Mentions in: {tables.get(name, name)}", count)
        for name, count in erasure.counts.items()
    ]
    return sorted(told, key=lambda one: (-one[1], one[0]))
