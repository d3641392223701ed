"""What operators do. Looking into an institute is a deed: its own audit trail tells of it."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction

from console.queries import mails_found
from core.accounts.models import Person
from core.kernel import audit
from core.kernel.models import OutboxMail
from tenants.context import tenant_context
from tenants.models import Institute

MAILS_PER_PAGE = 40


@dataclass(frozen=True)
class Visitor:
    """An operator as the audit trail of an institute names them."""

    pk: UUID
    full_name: str


def visitor(operator: Person) -> Visitor:
    """The operator's own key, and a name that says where they come from."""
    return Visitor(operator.pk, f"{operator.full_name} (platform operator)")


def list_mails(
    institute: Institute, *, query: str, page: str | None, by: Person
) -> Page[OutboxMail]:
    """One page of an institute's mails, told in its audit trail."""
    with tenant_context(institute), transaction.atomic():
        audit.record("operator.listed_mails", thing=institute, by=visitor(by), searched=bool(query))
        found = Paginator(mails_found(query), MAILS_PER_PAGE).get_page(page)
        found.object_list = list(found.object_list)
    return found


def read_mail(institute: Institute, mail_id: UUID, *, by: Person) -> OutboxMail | None:
    """One mail with its bodies, told in the institute's audit trail; None when there is none."""
    with tenant_context(institute), transaction.atomic():
        mail = OutboxMail.objects.filter(pk=mail_id).first()
        if mail is not None:
            audit.record("operator.read_mail", thing=mail, by=visitor(by), kind=mail.kind)
    return mail
