"""The mails of an institute, where a setting opens them to operators (demos)."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from console.permissions import may_read_mails, operator_of, operators_only
from console.queries import institute_called
from console.services import list_mails, read_mail
from core.kernel.models import OutboxMail
from tenants.models import Institute
from tenants.site import base_url

# A mail is shown as it looks at home, and can do nothing: no script, no form, no other host.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src {institute} data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)


@operators_only
@require_safe
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    """The mails of an institute, newest first, where the setting allows it."""
    institute = _readable(slug)
    query = request.GET.get("q", "").strip()[:100]
    page = list_mails(institute, query=query, page=request.GET.get("page"), by=operator_of(request))
    return render(
        request, "console/mails.html", {"institute": institute, "query": query, "page": page}
    )


@operators_only
@require_safe
def mail(request: HttpRequest, slug: str, mail_id: UUID) -> HttpResponse:
    """One mail: whom it went to, its looks in a sealed frame, its text."""
    institute = _readable(slug)
    response = render(
        request,
        "console/mail.html",
        {"institute": institute, "mail": _mail(request, institute, mail_id)},
    )
    policy = {**settings.CONTENT_SECURITY_POLICY, "frame-src": ["'self'"]}
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in policy.items()
    )
    return response


@operators_only
@xframe_options_sameorigin
@require_safe
def mail_body(request: HttpRequest, slug: str, mail_id: UUID) -> HttpResponse:
    """The HTML part alone, for the frame: sealed by its own policy wherever it is opened."""
    institute = _readable(slug)
    found = _mail(request, institute, mail_id)
    policy = MAIL_POLICY.format(institute=base_url(institute))
    return HttpResponse(found.html, headers={"Content-Security-Policy": policy})


def _readable(slug: str) -> Institute:
    institute = institute_called(slug) if may_read_mails() else None
    if institute is None:
        raise Http404
    return institute


def _mail(request: HttpRequest, institute: Institute, mail_id: UUID) -> OutboxMail:
    found = read_mail(institute, mail_id, by=operator_of(request))
    if found is None:
        raise Http404
    return found
