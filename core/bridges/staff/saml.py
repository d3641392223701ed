"""What a SAML provider said of itself, and our certificate with it, on the staff site."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.permissions import managers_only
from core.bridges.rules import Kind
from core.bridges.services.saml import keeping, metadata, own_keys
from core.bridges.services.saml.documents import Unreadable
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site

STEPS = {
    "make": (own_keys.make_next, "The next certificate is in our metadata. Hand them over."),
    "use": (
        own_keys.use_next,
        "The new certificate is used. The old one decrypts for a month more.",
    ),
    "forget": (own_keys.forget_other, "The other certificate was forgotten."),
}


@dataclass(frozen=True)
class Facts:
    """What is known of the provider, or why its metadata cannot be used any more; own certificates
    of ours, the one in use and the next or the old one."""

    own: metadata.Certificate
    other: metadata.Certificate | None = None
    party: metadata.Party | None = None
    problem: str = ""


def facts(row: Provider) -> Facts | None:
    """What the page shows of a SAML provider; None for another kind, or before its metadata."""
    if row.kind != Kind.SAML or not row.sp_certificate:
        return None
    own = metadata.of_pem(row.sp_certificate)
    other = metadata.of_pem(row.other_certificate) if row.other_certificate else None
    try:
        return Facts(own, other, metadata.read(row.metadata.encode(), row.issuer))
    except Unreadable as problem:
        return Facts(own, other, problem=str(problem))


@staff_site.page("sign-in/<uuid:provider_id>/keys/", "provider_keys")
@managers_only
@require_POST
def ask_again(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Ask the provider's address for its metadata now instead of tomorrow."""
    row = get_object_or_404(Provider.objects.exclude(address=""), pk=provider_id, kind=Kind.SAML)
    try:
        keeping.refresh(row, by=cast(Person, request.user))
    except Unreadable as problem:
        messages.error(request, f"{problem} What was known before stays in force.")
    else:
        messages.success(request, "The metadata were read again.")
    return redirect("staff:provider", row.pk)


@staff_site.page("sign-in/<uuid:provider_id>/certificate/", "provider_certificate")
@managers_only
@require_POST
def renew(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """A step of renewing our certificate: make the next one, use it, forget the other one."""
    rows = Provider.objects.exclude(sp_certificate="")
    row = get_object_or_404(rows, pk=provider_id, kind=Kind.SAML)
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    act, sentence = STEPS[step]
    try:
        act(row, by=cast(Person, request.user))
    except RuleBroken as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, sentence)
    return redirect("staff:provider", row.pk)
