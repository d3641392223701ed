"""What operators do. Looking into an institute is a deed: its own audit trail tells of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count
from unicodedata import normalize
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.urls import get_urlconf, reverse, set_urlconf

from console.queries import mails_found
from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.models import OutboxMail
from core.kernel.ports import was_erased
from core.kernel.rights import StaffRole
from core.programme.queries import current
from core.programme.services import write_mail
from core.security.services import open_support_visit, vouch_for_visit
from tenants import deeds
from tenants.context import platform_scope, tenant_context
from tenants.deeds import COMMAND_LINE, Operator
from tenants.errors import DeedRefused
from tenants.models import Institute, Kind, State
from tenants.site import base_url
from tenants.standing import OperatorVisit

MAILS_PER_PAGE = 40


def visitor(operator: Person) -> Operator:
    """The operator's own key, and a name that says where they come from."""
    return Operator(operator.pk, f"{operator.full_name} (platform operator)")


@contextmanager
def at_home(institute: Institute) -> Iterator[None]:
    """The institute in force, and its addresses: what is written there links to its own pages."""
    before = get_urlconf()
    set_urlconf(settings.ROOT_URLCONF)
    try:
        with tenant_context(institute):
            yield
    finally:
        set_urlconf(before)


def enter(
    institute: Institute, *, reason: str, minutes: int, may_change: bool, by: Person
) -> tuple[str, OperatorVisit]:
    """Open a visit to an institute; out: a link that signs in once, and the record of the visit.

    Errors: RuleBroken without a reason or for an odd time; DeedRefused unless it is active.
    """
    if institute.state != State.ACTIVE or institute.kind != Kind.INSTITUTE:
        raise DeedRefused(f"{institute.name} is not open, so nobody can enter it.")
    at = now()
    with at_home(institute), transaction.atomic():
        path = open_support_visit(
            operator_key=by.pk,
            operator_name=by.full_name,
            reason=reason,
            minutes=minutes,
            may_change=may_change,
        )
        with platform_scope():
            visit = OperatorVisit.objects.create(
                institute=institute,
                operator_key=by.pk,
                operator_name=by.full_name,
                reason=reason[:300],
                minutes=minutes,
                may_change=may_change,
                opened_at=at,
                ends_at=at + timedelta(minutes=minutes),
            )
    return f"{base_url(institute)}{path}", visit


def vouch(institute: Institute, visit_id: UUID, *, by: Person) -> str:
    """A link with which an operator who has just shown who they are goes on with a visit.

    Errors: RuleBroken when it is no visit of theirs in force.
    """
    with at_home(institute):
        path = vouch_for_visit(visit_id, operator_key=by.pk)
    return f"{base_url(institute)}{path}"


def invite_head(
    institute: Institute, *, email: str, first_name: str, last_name: str, by: Person | None
) -> Person:
    """Make a programme manager who chooses a password by a link in a mail.

    Errors: DeedRefused when somebody has the address already, or the institute is not open.
    """
    operator = visitor(by) if by is not None else COMMAND_LINE
    if institute.state != State.ACTIVE or institute.kind != Kind.INSTITUTE:
        raise DeedRefused(f"{institute.name} is not open, so nobody can be invited.")
    with at_home(institute), transaction.atomic():
        taken = DeedRefused(f"Somebody at {institute.name} has the address {email} already.")
        if Person.objects.filter(email__iexact=email).exists():
            raise taken
        if was_erased(email):
            raise DeedRefused(
                f"Everything about the owner of this address was erased at {institute.name}: only "
                "they themselves can come back."
            )
        try:
            with transaction.atomic():
                head = create_person(
                    username=_free_username(first_name, last_name),
                    email=email,
                    first_name=first_name,
                    last_name=last_name,
                    is_staff=True,
                    is_superuser=True,
                    staff_role=StaffRole.MANAGER.value,
                    time_zone=current().time_zone or settings.TIME_ZONE,
                )
        except IntegrityError:
            raise taken from None
        key = default_token_generator.make_token(head)
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": user_pk_to_url_str(head), "key": key},
        )
        write_mail(
            template="mails/first_head",
            to=head,
            context={"person": head, "link": absolute(path), "username": head.username},
            kind="first_head",
            about=head,
        )
        deeds.record("operator.invited_head", institute, by=operator, person=str(head.pk))
    return head


def _free_username(first_name: str, last_name: str) -> str:
    plain = normalize("NFKD", f"{first_name}.{last_name}".lower()).encode("ascii", "ignore")
    base = re.sub(r"[^a-z0-9.-]+", "", plain.decode()).strip(".-")[:40] or "team"
    taken = set(Person.objects.filter(username__startswith=base).values_list("username", flat=True))
    return next(
        name for name in chain([base], (f"{base}{n}" for n in count(2))) if name not in taken
    )


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
