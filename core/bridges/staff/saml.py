"""What a SAML provider said of itself, on its page of the staff site."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.permissions import managers_only
from core.bridges.rules import Kind
from core.bridges.services.saml import keeping, metadata
from core.bridges.services.saml.documents import Unreadable
from core.kernel.staff import staff_site


@dataclass(frozen=True)
class Facts:
    """What is known of the provider, or why its metadata cannot be used any more."""

    party: metadata.Party | None = None
    problem: str = ""


def facts(row: Provider) -> Facts | None:
    """What the page shows of a SAML provider; None for another kind."""
    if row.kind != Kind.SAML:
        return None
    try:
        return Facts(metadata.read(row.metadata.encode(), row.issuer))
    except Unreadable as problem:
        return Facts(problem=str(problem))


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
