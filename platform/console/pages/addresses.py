"""Domains of an institute: add, check, make primary, remove."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from console import queries
from console.forms.care import DomainForm
from console.pages.found import institute_or_404
from console.permissions import operator_of, operators_only
from console.services import visitor
from core.kernel.limits import allow
from tenants import domains
from tenants.deeds import Operator
from tenants.errors import TenancyError
from tenants.hosts import primary_host
from tenants.models import DnsState, Domain, Institute


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: HttpRequest, slug: str) -> HttpResponse:
    """The addresses of an institute and what is to be set in DNS; a POST adds one."""
    institute = institute_or_404(slug)
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = domains.add(
                institute, form.cleaned_data["domain"], by=visitor(operator_of(request))
            )
        except TenancyError as refusal:
            form.add_error("domain", str(refusal))
        else:
            messages.success(request, f"{made.domain} is added. Set its TXT record, then check it.")
            return redirect("console:addresses", institute.slug)
    rows = [
        {
            "domain": each,
            "is_own": domains.is_own(each),
            "proof_name": domains.proof_name(each),
            "is_of_name": each.domain.split(".")[0] == institute.slug and domains.is_own(each),
        }
        for each in domains.of(institute)
    ]
    context = {
        "institute": institute,
        "form": form,
        "rows": rows,
        "points_at": primary_host(institute),
    }
    return render(request, "console/addresses.html", context, status=422 if form.errors else 200)


@operators_only
@require_POST
def check(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Ask DNS now; it answers within seconds, or is said to be away."""
    institute, domain = _found(slug, domain_id)
    if not allow(f"console:dns:{domain.pk}", limit=10, seconds=60):
        messages.warning(request, "It was looked up several times just now: wait a minute.")
        return redirect("console:addresses", institute.slug)
    checked = domains.check(domain, by=visitor(operator_of(request)))
    if checked.check_state == DnsState.FOUND:
        messages.success(request, f"{checked.domain} is proved and served. {checked.check_says}")
    else:
        messages.warning(request, checked.check_says)
    return redirect("console:addresses", institute.slug)


@operators_only
@require_POST
def make_primary(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Build links and mails from this address."""
    return _done(request, slug, domain_id, domains.make_primary, "{} is the primary address now.")


@operators_only
@require_POST
def remove(request: HttpRequest, slug: str, domain_id: UUID) -> HttpResponse:
    """Take an address away."""
    return _done(request, slug, domain_id, domains.remove, "{} is removed.")


def _done(
    request: HttpRequest,
    slug: str,
    domain_id: UUID,
    deed: Callable[..., None],
    sentence: str,
) -> HttpResponse:
    institute, domain = _found(slug, domain_id)
    operator: Operator = visitor(operator_of(request))
    try:
        deed(domain, by=operator)
    except TenancyError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, sentence.format(domain.domain))
    return redirect("console:addresses", institute.slug)


def _found(slug: str, domain_id: UUID) -> tuple[Institute, Domain]:
    institute = institute_or_404(slug)
    domain = queries.domain_of(institute, domain_id)
    if domain is None:
        raise Http404
    return institute, domain
