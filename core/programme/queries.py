"""Reads of the institute's settings."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from django.core.cache import cache
from django.template.loader import render_to_string
from redis.exceptions import RedisError

from core.kernel import letters
from core.programme.models import Edition, Programme, Provided
from core.programme.rules import Policies, Words, expand, spoken

CACHE_KEY = "programme:current"
TEXTS_KEY = "programme:mail_texts"
_SECONDS = 60


_instead: ContextVar[Programme | None] = ContextVar("programme_instead", default=None)
_kept: ContextVar[dict[str, Any] | None] = ContextVar("programme_kept", default=None)
LegalPages = Callable[[], Sequence[tuple[str, str]]]
_legal_pages: list[LegalPages] = []


@contextmanager
def shown_as(row: Programme) -> Iterator[None]:
    """Within it these unsaved settings are the current ones: for previews, never for deeds."""
    token = _instead.set(row)
    try:
        yield
    finally:
        _instead.reset(token)


@contextmanager
def read_once() -> Iterator[None]:
    """Within it the settings come out of the cache once: for a page, which asks for a word of the
    institute dozens of times; never for long work."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def read_again() -> None:
    """The settings have changed: whoever reads them once reads them once more."""
    if (kept := _kept.get()) is not None:
        kept.clear()


def offer_legal_pages(pages: LegalPages) -> LegalPages:
    """Register who knows the pages that the footer can lead to: [(slug, title), …]."""
    _legal_pages[:] = [pages]
    return pages


def legal_pages() -> list[tuple[str, str]]:
    """The pages that the footer can lead to."""
    return [page for pages in _legal_pages for page in pages()]


def current() -> Programme:
    """The settings of the present site, from the cache for a minute at most.

    The cache key carries the site; saving the row drops it. Raises Programme.DoesNotExist on a
    site that was never set up.
    """
    if (instead := _instead.get()) is not None:
        return instead
    if (kept := _kept.get()) is None:
        return _from_cache()
    key = cache.make_key(CACHE_KEY)  # the site's own: a page may look at more than one
    if key not in kept:
        kept[key] = pickle.dumps(_from_cache())
    # Everybody gets a row of their own, as from the cache.
    return cast("Programme", pickle.loads(kept[key]))  # noqa: S301 - written a line above


def _from_cache() -> Programme:
    try:
        row = cast("Programme | None", cache.get(CACHE_KEY))
        if row is None:
            row = Programme.objects.get()
            cache.set(CACHE_KEY, row, _SECONDS)
    except RedisError:  # pages stay up without the cache
        return Programme.objects.get()
    return row


def words() -> Words:
    """The institute's nouns."""
    if _instead.get() is not None or (kept := _kept.get()) is None:
        return current().words
    key = cache.make_key("words")
    if key not in kept:
        kept[key] = current().words
    return cast("Words", kept[key])


def policies() -> Policies:
    """The institute's decisions."""
    return current().policies


def locked() -> frozenset[str]:
    """Of "password", "email" and "name": what the society keeps, so that no form here changes it
    (product A6). Pages show `membership_link` in its place."""
    return policies().locked


def placeholders() -> dict[str, str]:
    """What the placeholders of the institute's texts stand for: {{ a_request }}, {{ tools_menu }},
    {{ programme }} and the others. Read once for many texts."""
    programme = current()
    return {
        **spoken(programme.words, programme.menus),
        "programme": programme.programme_name,
        "organisation": programme.organisation_name,
        "the_organisation": programme.organisation,
        "The_organisation": programme.the_organisation,
        "contact_name": programme.contact_name,
        "contact_email": programme.contact_email,
        "typical_length": programme.typical_length,
    }


def in_our_words(text: str) -> str:
    """One text of the institute with its placeholders replaced."""
    return expand(text, placeholders())


def editions(kind: str) -> dict[str, Edition]:
    """The editions in force of a kind ("journey", "canvas", "survey"), by key: one query."""
    return {row.key: row for row in Edition.objects.filter(kind=kind, retired_at=None)}


def edition(kind: str, key: str) -> Edition | None:
    """The edition in force, or None where the institute has none."""
    return Edition.objects.filter(kind=kind, key=key, retired_at=None).first()


def mail_texts() -> Mapping[str, tuple[UUID, dict[str, Any]]]:
    """The institute's own texts of mails: key and document of the edition in force, by the text's
    key; from the cache for a minute at most."""
    with suppress(RedisError):  # mails go out without the cache
        kept = cast("dict[str, tuple[UUID, dict[str, Any]]] | None", cache.get(TEXTS_KEY))
        if kept is not None:
            return kept
    texts = {key: (row.pk, row.document) for key, row in editions(letters.KIND).items()}
    with suppress(RedisError):
        cache.set(TEXTS_KEY, texts, _SECONDS)
    return texts


def own_text(key: str) -> letters.Text | None:
    """The institute's own text of a mail, as it stands in the database."""
    row = edition(letters.KIND, key)
    return letters.Text.read(row.document) if row else None


@lru_cache(maxsize=256)
def default_text(mail: str, case_key: str) -> letters.Text:
    """What the product's template says, with placeholders where it puts in values.

    What a template leaves out when a value is empty stands between [[ and ]].
    """
    one = letters.known(mail)
    if one is None:
        raise KeyError(mail)
    case = next(case for case in one.cases if case.key == case_key)
    marks = _Marks()
    context = {
        "programme": SimpleNamespace(
            programme_name=marks.of("programme"),
            organisation_name=marks.of("organisation"),
            organisation=marks.of("the_organisation"),
            the_organisation=marks.of("The_organisation"),
            contact_name=marks.of("contact_name"),
            contact_email=marks.of("contact_email"),
        ),
        "spell_words": marks.word,
        **{blank.key: marks.of(blank.name) for blank in one.blanks},
        **case.given,
    }
    gaps = [blank.key for blank in one.blanks if blank.optional]
    parts = {}
    for part in letters.NAMES:
        whole = _rendered(one, part, context)
        stretches = [
            letters.without(whole, shorter)
            for gap in gaps
            if (shorter := _rendered(one, part, {**context, gap: ""})) != whole
        ]
        parts[part] = marks.spelt(letters.bracketed(whole, stretches))
    return letters.Text(**parts)


class _Mark(str):
    """A stand-in for a value; as a number it is several, so that words around it are plural."""

    def __float__(self) -> float:
        return 2.0


class _Marks:
    """Stand-ins for values: letters that no text holds."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def of(self, name: str) -> str:
        if name not in self._names:
            self._names.append(name)
        return _Mark(chr(0xE000 + self._names.index(name)))

    def word(self, key: str, form: str, cap: bool) -> str:
        name = {"singular": key, "plural": f"{key}s", "article": f"a_{key}"}[form]
        return self.of(name.capitalize() if cap else name)

    def spelt(self, text: str) -> str:
        for number, name in enumerate(self._names):
            text = text.replace(chr(0xE000 + number), f"{{{{ {name} }}}}")
        return text


def _rendered(mail: letters.Mail, part: str, context: dict[str, Any]) -> str:
    return render_to_string(f"{mail.template}.txt", {**context, "part": part}).strip()


def provided_texts(kind: str, key: str) -> dict[str, Any]:
    """The texts that the bundle brought for a thing; nothing for one that staff wrote, and for one
    of a bundle that was applied before texts were kept."""
    found = Provided.objects.filter(kind=kind, key=key).values_list("texts", flat=True).first()
    return found or {}
