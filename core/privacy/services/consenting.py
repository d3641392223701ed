"""Versions of the legal pages are noted, agreements kept, wishes given and taken back."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries.agreements import Asked, Page, Wish
from core.help.models import LegalPage
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.privacy.models import Consent, Document, DocumentKind, How, Permission, Purpose
from core.privacy.queries import consenting as queries
from core.programme.models import Programme
from core.programme.queries import placeholders
from core.programme.rules import expand

FIRST_SIGN_IN = "agree_first"
AGREED = "agreed_to"
"""In the session: to be asked after a first sign-in; and what is known to be agreed to."""


@transaction.atomic
def note_versions() -> dict[str, Document]:
    """The version in force of each legal page that exists, by kind; a changed text is noted.

    Staff, bundles and restores change the pages by their own ways: whoever needs a version asks
    here, so none of them has to know of this room.
    """
    newest = queries.documents_in_force()
    found: dict[str, Document] = {}
    names: dict[str, str] | None = None
    for page in LegalPage.objects.filter(slug__in=DocumentKind.values):
        names = names or placeholders()
        title, body = expand(page.title, names)[:200], expand(page.body, names)
        digest = hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()
        known = newest.get(page.slug)
        if known is None or known.digest != digest:
            number = 1 if known is None else known.number + 1
            known, _ = Document.objects.get_or_create(
                kind=page.slug,
                number=number,
                defaults={"digest": digest, "title": title, "body": body},
            )
        found[page.slug] = known
    return {kind: found[kind] for kind in DocumentKind.values if kind in found}


def asked(documents: Iterable[Document], *, with_wishes: bool) -> Asked:
    """These versions as boxes of a form: what is read, and what is accepted, each by its own."""
    purposes = Purpose.objects.filter(active=True) if with_wishes else ()
    return Asked(
        pages=tuple(_box(one) for one in documents),
        wishes=tuple(Wish(one.key, one.label, one.text) for one in purposes),
    )


def asked_of_newcomers() -> Asked:
    """Every legal page that is agreed to, in its version of now, and what is asked besides."""
    return asked(note_versions().values(), with_wishes=True)


def _box(document: Document) -> Page:
    is_read = document.kind == DocumentKind.PRIVACY
    return Page(
        key=document.kind,
        version=document.number,
        title=document.title,
        label=(
            f"I have read “{document.title}”: how my data is used."
            if is_read
            else f"I accept “{document.title}”: the rules for taking part."
        ),
        url=reverse("help:legal", args=[document.kind]),
        wrong=(
            f"Tick the box once you have read “{document.title}”. You cannot go on without it."
            if is_read
            else f"Tick the box if you accept “{document.title}”. You cannot go on without it."
        ),
    )


@transaction.atomic
def agree(person: Person, documents: Iterable[Document], *, how: How) -> None:
    """Keep that the person agreed to these versions; again is once."""
    for document in documents:
        _, is_new = Consent.objects.get_or_create(
            person=person, document=document, defaults={"how": how.value}
        )
        if is_new:
            audit.record(
                "agreement given",
                thing=person,
                by=person,
                page=document.kind,
                version=document.number,
                how=how.value,
            )


@transaction.atomic
def choose(person: Person, wanted: Collection[str], *, how: How) -> None:
    """Give exactly these optional consents (keys) and take back the others."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    for wish in queries.wishes_of(person):
        purpose = wish.purpose
        if purpose.key in wanted and wish.given is None and purpose.active:
            text = f"{purpose.label}\n\n{purpose.text}"
            Permission.objects.create(person=person, purpose=purpose, text=text, how=how.value)
            audit.record("consent given", thing=person, by=person, purpose=purpose.key)
        elif purpose.key not in wanted and wish.given is not None:
            wish.given.withdrawn_at = now()
            wish.given.save(update_fields=["withdrawn_at"])
            audit.record("consent taken back", thing=person, by=person, purpose=purpose.key)


@transaction.atomic
def decide(document: Document, *, ask: bool, start: date | None, by: Person) -> None:
    """Whether everybody is asked to agree to this version, and from which day on.

    Errors: RuleBroken for a version that is not the newest, or a day in the past.
    """
    newest = queries.documents_in_force().get(document.kind)
    if newest is None or newest.pk != document.pk:
        raise RuleBroken("The page has changed again meanwhile. Look at the newest version.")
    if ask and start is not None and start < now().date():
        raise RuleBroken("Choose today or a later day.")
    programme = Programme.objects.select_for_update().get()
    document.asks_again = ask
    document.asks_from = (start or now().date()) if ask else None
    document.save(update_fields=["asks_again", "asks_from"])
    if ask and document.asks_from:
        programme.asked_data = {
            **programme.asked_data,
            document.kind: {"number": document.number, "from": document.asks_from.isoformat()},
        }
        programme.save()
    elif programme.asked_data.get(document.kind, {}).get("number") == document.number:
        # Taken back: whoever had to agree to it is no longer asked.
        programme.asked_data = {
            kind: one for kind, one in programme.asked_data.items() if kind != document.kind
        }
        programme.save()
    audit.record(
        "agreement asked of everybody" if ask else "agreement not asked again",
        thing=document,
        by=by,
        page=document.kind,
        version=document.number,
    )
