"""By what a person can be recognised in a text, taken down before it goes."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.utils.crypto import salted_hmac

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.models import OutboxMail
from core.kernel.personal import Kind
from core.privacy.models import Erasure
from core.privacy.rules import FORMER
from core.programme.queries import current

SHORTEST_NAME = 5
SHORTEST_NUMBER = 6
_TELLING = re.compile(r"[0-9._-]")


@dataclass(frozen=True)
class Identity:
    """The marks of one person: names that nobody else here has, and what is theirs alone."""

    names: tuple[str, ...]
    marks: tuple[str, ...]
    addresses: tuple[str, ...]
    first_names: tuple[str, ...]

    def pattern(self, marks: Iterable[str]) -> str:
        """A regular expression of PostgreSQL for these, as whole words; "" for none.

        Also as they stand in JSON, where a quotation mark has a stroke in front.
        """
        found = {
            form for mark in marks for form in (mark, json.dumps(mark, ensure_ascii=False)[1:-1])
        }
        if not found:
            return ""
        parts = "|".join(_quoted(one) for one in sorted(found, key=len, reverse=True))
        return rf"(?<![[:alnum:]])({parts})(?![[:alnum:]])"

    def expression(self, marks: Iterable[str]) -> re.Pattern[str]:
        """The same for these as an expression of Python."""
        return re.compile(rf"(?<!\w)({'|'.join(_forms(marks))})(?!\w)", re.IGNORECASE)

    def octets(self, marks: Iterable[str]) -> re.Pattern[bytes]:
        """These as they stand in stored bytes, whatever is around them."""
        return re.compile("|".join(_forms(marks)).encode(), re.IGNORECASE)

    @property
    def everything(self) -> str:
        """The pattern of names and marks."""
        return self.pattern((*self.names, *self.marks))


def identity_of(people: Iterable[Person]) -> Identity:
    """The marks of a person and of the accounts that were merged into theirs."""
    people = list(people)
    keys = [one.pk for one in people]
    addresses = {one.email.lower() for one in people}
    addresses |= {
        email.lower()
        for email in EmailAddress.objects.filter(user__in=keys).values_list("email", flat=True)
    }
    called = {one.full_name for one in people} | _earlier_names(keys)
    called = {name for name in called if not _is_anothers(name, keys)}
    addresses |= _earlier_addresses(called, keys)
    backwards = {
        f"{one.last_name}, {one.first_name}".strip(", ")
        for one in people
        if one.full_name in called
    }
    names = {form for form in called | backwards if len(form) >= SHORTEST_NAME and " " in form}
    telling = {one.username for one in people if _TELLING.search(one.username)}
    numbers = {one.phone for one in people if sum(map(str.isdigit, one.phone)) >= SHORTEST_NUMBER}
    marks = addresses | numbers | {mark for mark in telling if len(mark) >= SHORTEST_NAME}
    return Identity(
        names=tuple(sorted(names)),
        marks=tuple(sorted(marks)),
        addresses=tuple(sorted(addresses)),
        first_names=tuple(sorted({one.first_name for one in people if len(one.first_name) > 1})),
    )


def person_digest(key: UUID) -> str:
    """What a receipt keeps of a person: nobody reads back from it who it was."""
    return _digest(str(key))


def address_digest(address: str) -> str:
    """What a receipt keeps of an address; without the platform's secret nobody can try guesses."""
    return _digest(address.strip().lower())


def erased_among(addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses that belonged to somebody who was erased, as they were given."""
    if len(addresses) == 1:
        (address,) = addresses
        found = Erasure.objects.filter(address_digests__contains=[address_digest(address)])
        return frozenset(addresses if found.exists() else ())
    digests = Erasure.objects.values_list("address_digests", flat=True)
    gone = {digest for each in digests for digest in each}
    return frozenset(one for one in addresses if gone and address_digest(one) in gone)


def _digest(text: str) -> str:
    salt = f"privacy.erasure:{current().pk}"  # stays what it is when a backup is restored
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()


def _earlier_names(keys: list[UUID]) -> set[str]:
    """What somebody was called before: rows that stay keep a copy of the name of their day."""
    return {
        name
        for kept in personal.everything()
        for copied, path in kept.belongs.items()
        if kept.fields.get(copied) is Kind.IDENTITY
        for name in kept.model._base_manager.filter(**{f"{path}__in": keys})
        .order_by()
        .values_list(copied, flat=True)
        .distinct()
        if name and name != FORMER
    }


def _earlier_addresses(names: Iterable[str], keys: list[UUID]) -> set[str]:
    """Where mails to these names went and nobody else is reached now: before a change."""
    mails = OutboxMail.objects.filter(to_name__in=[name for name in names if " " in name])
    found = {address.lower() for address in mails.values_list("to_address", flat=True)}
    others = Person.objects.exclude(pk__in=keys).annotate(address=Lower("email"))
    found -= set(others.filter(address__in=found).values_list("address", flat=True))
    also = EmailAddress.objects.exclude(user__in=keys).annotate(address=Lower("email"))
    return found - set(also.filter(address__in=found).values_list("address", flat=True))


def _is_anothers(name: str, keys: list[UUID]) -> bool:
    """Whether somebody else has the very same name, who keeps it."""
    named = Person.objects.exclude(pk__in=keys).annotate(
        whole=Lower(Concat("first_name", Value(" "), "last_name"))
    )
    return named.filter(whole=name.lower()).exists()


def _forms(marks: Iterable[str]) -> list[str]:
    """Marks as expressions of Python, plain and as both kinds of JSON write them; longest first."""
    found = {
        form
        for mark in marks
        for form in (mark, json.dumps(mark)[1:-1], json.dumps(mark, ensure_ascii=False)[1:-1])
    }
    return [
        r"\s+".join(map(re.escape, form.split())) for form in sorted(found, key=len, reverse=True)
    ]


def _quoted(text: str) -> str:
    """The text as PostgreSQL's expressions take it literally, runs of blanks as any blanks."""
    words = [re.sub(r"([^\w])", r"\\\1", word, flags=re.ASCII) for word in text.split()]
    return r"\s+".join(words)
