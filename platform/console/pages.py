"""Pages of the operators' site."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from console.forms import ProvisionForm, SignInForm
from console.permissions import is_operators_site, may_operate, may_read_mails, operators_only
from console.queries import (
    PER_PAGE,
    institute_called,
    institutes_found,
    last_runs,
    rows_of,
    run_with,
)
from console.services import list_mails, read_mail
from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import OutboxMail
from tenants.bundles.problems import BundleInvalid
from tenants.context import platform_scope
from tenants.errors import NameRefused, NameTaken
from tenants.models import Institute, Outcome, ProvisionRun
from tenants.requesting import request_provision
from tenants.site import base_url

# A mail is shown as it looks at home, and can do nothing: no script, no form, no other host.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src {institute} data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
PATIENCE = 20  # seconds after which a run that nobody took up is remarked upon


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Operators sign in with accounts of their own schema."""
    if not is_operators_site():
        raise Http404
    if may_operate(request.user):
        return redirect("console:institutes")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.operator is not None:
        login(request, form.operator)
        return redirect(next_of(request))
    status = 422 if form.errors else 200
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "console/sign_in.html", context, status=status)


def next_of(request: HttpRequest) -> str:
    """Where the operator wanted to go, if that is a page of this site; else the institutes."""
    address = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and safe else reverse("console:institutes")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if not is_operators_site():
        raise Http404
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("console:sign_in")


@operators_only
@require_safe
def institutes(request: HttpRequest) -> HttpResponse:
    """Every institute with its state, addresses and numbers. `?q=` searches."""
    query = request.GET.get("q", "").strip()[:100]
    with platform_scope():
        page = Paginator(institutes_found(query), PER_PAGE).get_page(request.GET.get("page"))
        on_page: list[Institute] = list(page.object_list)
    return render(
        request,
        "console/institutes.html",
        {
            "query": query,
            "page": page,
            "rows": rows_of(on_page),
            "runs": last_runs(),
            "reads_mails": may_read_mails(),
        },
    )


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def provision(request: HttpRequest) -> HttpResponse:
    """Ask for a new institute from a shipped bundle; a worker makes it."""
    form = ProvisionForm(request.POST or None, base_host=settings.BASE_HOST)
    if request.method == "POST" and form.is_valid():
        run = _requested(request, form)
        if run is not None:
            return redirect("console:run", run.pk)
    return render(
        request,
        "console/provision.html",
        {"form": form, "base_host": settings.BASE_HOST},
        status=422 if form.errors else 200,
    )


def _requested(request: HttpRequest, form: ProvisionForm) -> ProvisionRun | None:
    given = form.cleaned_data
    slug, domain = given["slug"], given["domain"]
    try:
        return request_provision(given["bundle"], slug=slug, domains=[domain] if domain else [])
    except (NameRefused, NameTaken) as refusal:
        form.add_error("domain" if domain and domain in str(refusal) else "slug", str(refusal))
    except BundleInvalid as refusal:
        for problem in refusal.problems[:10]:
            form.add_error("bundle", str(problem))
    except OperationalError:
        messages.warning(request, "The queue of tasks cannot be reached: no run was started.")
    return None


@operators_only
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How a run stands. htmx asks for the part that changes; without it the page asks again."""
    found = run_with(run_id)
    if found is None:
        raise Http404
    running = found.outcome in (Outcome.WAITING, Outcome.RUNNING)
    age = (now() - found.started_at).total_seconds()
    made = institute_called(found.slug) if found.outcome == Outcome.DONE else None
    template = (
        "console/run_progress.html" if "HX-Request" in request.headers else "console/run.html"
    )
    context = {
        "run": found,
        "running": running,
        "nobody_works": found.outcome == Outcome.WAITING and age > PATIENCE,
        "address": base_url(made) if made else "",
    }
    # 286 tells htmx to stop asking.
    status = 286 if template.endswith("progress.html") and not running else 200
    return render(request, template, context, status=status)


@operators_only
@require_safe
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    """The mails of an institute, newest first, where the setting allows it."""
    institute = _readable(slug)
    query = request.GET.get("q", "").strip()[:100]
    page = list_mails(institute, query=query, page=request.GET.get("page"), by=_operator(request))
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
    found = read_mail(institute, mail_id, by=_operator(request))
    if found is None:
        raise Http404
    return found


def _operator(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
