"""Records on the staff site, and the institute's words in its lists (product F4)."""

import re
from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from core.kernel.models import MailState, OutboxMail
from core.kernel.staff import ReadOnlyAdmin, staff_site
from core.programme.queries import in_our_words, words

_REQUEST = re.compile(r"\brequest\b")


def in_words(name: str) -> str:
    """A name from the code ("request_accepted") as the institute says it."""
    plain = name.replace(".", " ").replace("_", " ")
    return _REQUEST.sub(words()["request"].singular, plain).capitalize()


def filter_by(field: str, title: str, show: Callable[[str], str]) -> type[SimpleListFilter]:
    """A filter of a staff list by the values of a text column, each shown through `show`."""

    class ByValue(SimpleListFilter):
        parameter_name = field

        def __init__(self, *args: Any) -> None:
            self.title = title
            super().__init__(*args)

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            values = model_admin.model.objects.order_by(field).values_list(field, flat=True)
            return [(value, show(value)) for value in values.distinct() if value]

        def queryset(self, request: HttpRequest, rows: QuerySet[Model]) -> QuerySet[Model]:
            return rows.filter(**{field: self.value()}) if self.value() else rows

    return ByValue


def worded(field: str, title: str) -> Callable[..., Any]:
    """A column of a staff list: a text of the institute with its placeholders replaced."""

    @display(description=title, ordering=field)
    def column(self: Any, row: Model) -> str:
        return in_our_words(str(getattr(row, field)))

    return column


def _said(field: str) -> type[SimpleListFilter]:
    return filter_by(field, field, in_words)


class Outbox(ReadOnlyAdmin):
    """What was sent to whom and whether it arrived at the mail server; never the mail itself.

    Mails carry private links (reset a password, confirm an address): their text is for the person
    they were written to.
    """

    list_display = ("when", "kind_in_words", "to_name", "to_address", "state_in_words")
    list_filter = ("state", _said("kind"))
    search_fields = ("to_name", "to_address", "kind")
    fields = (
        "created_at", "kind_in_words", "to_name", "to_address", "from_name", "from_address",
        "state_in_words", "attempts", "sent_at", "due_at", "last_error",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMail]:
        rows: QuerySet[OutboxMail] = super().get_queryset(request)
        return rows.defer("text", "html", "subject")

    @display(description="written (UTC)", ordering="created_at")
    def when(self, mail: OutboxMail) -> str:
        return f"{mail.created_at.astimezone(UTC):%d %b %Y, %H:%M}"

    @display(description="kind", ordering="kind")
    def kind_in_words(self, mail: OutboxMail) -> str:
        return in_words(mail.kind)

    @display(description="state", ordering="state")
    def state_in_words(self, mail: OutboxMail) -> str:
        return MailState(mail.state).label


staff_site.register(OutboxMail, Outbox)
