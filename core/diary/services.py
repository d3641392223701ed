"""An entry is written, changed, deleted, restored. Nothing here is audited: it is private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.diary import errors, queries, rules
from core.diary.models import Draft, Entry
from core.diary.rules import Prompt
from core.kernel.clock import now
from core.kernel.limits import allow
from core.mentorships.models import Mentorship
from core.mentorships.permissions import is_party


@dataclass(frozen=True, kw_only=True)
class Page:
    """What stands in an entry, as its writer filled it in."""

    written_on: date
    title: str
    text: str
    is_markdown: bool = False
    themes: Sequence[str] = ()
    mentorship: Mentorship | None = None


@transaction.atomic
def write(
    page: Page, *, by: Person, prompt: Prompt | None = None, form_key: UUID | None = None
) -> Entry:
    """Write an entry; the same form sent twice makes one (product E13).

    Errors: NotTheirs for a relationship of others, TooMuch.
    """
    lock(by)
    if form_key and (there := Entry.objects.filter(writer=by, form_key=form_key).first()):
        return there
    if queries.own(by).count() >= rules.ENTRIES:
        raise errors.TooMuch(
            f"A diary holds {rules.ENTRIES:,} entries. Export it, and delete what you no longer "
            "need here."
        )
    if not allow(f"diary:{by.pk}", limit=rules.ENTRIES_A_DAY, seconds=86_400):
        raise errors.TooMuch("That was a lot for one day. Come back tomorrow.")
    entry = Entry(writer=by, form_key=form_key)
    if prompt:
        entry.prompt_kind, entry.prompt_key = prompt.kind, prompt.key
        entry.prompt_label = prompt.label
    return _keep(entry, page, by)


@transaction.atomic
def change(entry: Entry, page: Page, *, by: Person) -> Entry:
    """Change an entry of one's own. Errors: NotTheirs."""
    return _keep(_own(entry, by), page, by)


@transaction.atomic
def delete(entry: Entry, *, by: Person) -> None:
    """Take an entry out of sight; `restore` brings it back for a day. Errors: NotTheirs."""
    held = _own(entry, by)
    Draft.objects.filter(entry=held).delete()
    Entry.objects.filter(pk=held.pk, deleted_at=None).update(deleted_at=now())


@transaction.atomic
def restore(entry: Entry, *, by: Person) -> None:
    """Bring back an entry that was deleted. Errors: NotTheirs."""
    held = _own(entry, by)
    Entry.objects.filter(pk=held.pk).update(deleted_at=None)


def keep_draft(
    *, by: Person, entry: Entry | None, title: str, text: str, key: UUID | None = None
) -> bool:
    """Keep what is being typed; nothing typed forgets it. What is too long is cut.

    A draft that arrives after its form was saved (the same `key`) comes too late and is dropped.
    """
    if entry is None and key and Entry.objects.filter(writer=by, form_key=key).exists():
        return False
    title = rules.one_line(title)[: rules.TITLE_LENGTH]
    text = text.replace("\x00", "")[: 2 * rules.TEXT_LENGTH]
    if not (title or text.strip()):
        Draft.objects.filter(writer=by, entry=entry).delete()
        return False
    Draft.objects.update_or_create(
        writer=by, entry=entry, defaults={"title": title, "text": text, "saved_at": now()}
    )
    return True


def forget_deleted() -> int:
    """Remove what was deleted a day ago, for good."""
    before = now() - timedelta(hours=rules.UNDO_HOURS)
    gone, _ = Entry.objects.filter(deleted_at__lt=before).delete()
    return gone


def _keep(entry: Entry, page: Page, by: Person) -> Entry:
    if page.mentorship is not None and not is_party(by, page.mentorship):
        raise errors.NotTheirs("There is no such relationship.")
    entry.written_on, entry.title, entry.text = page.written_on, page.title, page.text
    entry.is_markdown, entry.mentorship = page.is_markdown, page.mentorship
    known = [theme.name for theme in queries.themes_of(by)]
    entry.themes = rules.settled(page.themes, known)
    entry.changed_at = now()
    is_new = entry._state.adding
    entry.save()
    Draft.objects.filter(writer=by, entry=None if is_new else entry).delete()
    return entry


def _own(entry: Entry, by: Person) -> Entry:
    if not by.is_active:
        raise errors.NotTheirs("There is nothing here that you can do.")
    held = Entry.objects.select_for_update().filter(pk=entry.pk, writer=by).first()
    if held is None:
        raise errors.NotTheirs("There is nothing here that you can do.")
    return held
