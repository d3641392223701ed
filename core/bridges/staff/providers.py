"""Providers on the staff site (product A6): add, set up, try, switch on."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.bridges.forms import MetadataForm, NameForm, OpenIdForm, SettingsForm
from core.bridges.models import Provider
from core.bridges.permissions import managers_only
from core.bridges.queries import going, start_url
from core.bridges.rules import Kind, State
from core.bridges.services import oidc, providers
from core.bridges.services.saml import ours
from core.bridges.staff import saml
from core.kernel.errors import RuleBroken
from core.kernel.links import absolute
from core.kernel.staff import staff_page, staff_site
from core.programme.queries import current

KIND_NAMES = {Kind.OIDC: "OpenID Connect", Kind.SAML: "SAML 2.0"}
STATE_NAMES = {State.OFF: "Off", State.TEST: "Being tried", State.ON: "On"}


@staff_site.page("sign-in/", "providers")
@managers_only
@require_http_methods(["GET", "HEAD"])
def listing(request: HttpRequest) -> HttpResponse:
    """All providers with their states, and what the sign-in page asks for besides."""
    return staff_page(
        request,
        "bridges/staff/providers.html",
        "Signing in elsewhere",
        rows=[
            (row, KIND_NAMES[Kind(row.kind)], STATE_NAMES[State(row.state)])
            for row in Provider.objects.all()
        ],
        kinds=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        local=current().policies.signs_in_here,
    )


@staff_site.page("sign-in/new/<slug:kind>/", "provider_new")
@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A provider with its name and how it is reached."""
    if kind not in list(Kind):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    named, connection = NameForm(sent), _connection(Kind(kind), request, None, sent)
    asked = request.POST.get("key", "")
    key = providers.free_key(asked or "members")
    if sent is not None and all([named.is_valid(), connection.is_valid()]):
        made = providers.add(
            Kind(kind),
            named.cleaned_data["name"],
            named.cleaned_data["button"],
            connection.put,
            by=cast(Person, request.user),
            key=asked if kind == Kind.OIDC else "",
        )
        messages.success(request, "Added. Nobody can use it yet: open it for a test first.")
        return redirect("staff:provider", made.pk)
    return staff_page(
        request,
        "bridges/staff/provider_new.html",
        f"A new provider: {KIND_NAMES[Kind(kind)]}",
        status=422 if named.errors or connection.errors else 200,
        forms=[named, connection],
        wrongs=_wrongs(named, connection),
        kind=kind,
        key=key,
        addresses=_addresses(Provider(kind=kind, key=key)) if kind == Kind.OIDC else [],
    )


@staff_site.page("sign-in/<uuid:provider_id>/", "provider")
@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """One provider: its state, its addresses, its settings; each part is saved by itself."""
    row = get_object_or_404(Provider, pk=provider_id)
    kind = Kind(row.kind)
    step, _, wanted = request.POST.get("step", "").partition(":")
    member = cast(Person, request.user)
    connection = _connection(kind, request, row, request.POST if step == "connection" else None)
    settings = SettingsForm(
        request.POST if step == "settings" else None,
        provider=row,
        may_give_roles=member.is_superuser,
    )
    if step == "state":
        if wanted not in list(State):
            raise Http404
        try:
            providers.put_state(row, State(wanted), by=member)
        except RuleBroken as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"{row.name}: {STATE_NAMES[State(wanted)].lower()}.")
        return redirect("staff:provider", row.pk)
    if step == "connection" and connection.is_valid():
        providers.put_connection(row, connection.put, by=member)
        messages.success(request, "Saved.")
        return redirect("staff:provider", row.pk)
    if step == "settings" and settings.is_valid():
        providers.put_settings(row, settings.mapping, by=member, **settings.values)
        messages.success(request, "Saved.")
        return redirect("staff:provider", row.pk)
    return staff_page(
        request,
        "bridges/staff/provider.html",
        row.name,
        status=422 if connection.errors or settings.errors else 200,
        provider=row,
        kind=KIND_NAMES[kind],
        state=STATE_NAMES[State(row.state)],
        connection=connection,
        settings=settings,
        wrongs=_wrongs(connection, settings),
        addresses=_addresses(row),
        saml=saml.facts(row),
        try_url=start_url(row, **{"try": "1"}),
    )


def _wrongs(*forms: Form) -> list[tuple[str, str]]:
    """What has to be mended on the page: the box to go to, if it is one, and the words."""
    found = []
    for form in forms:
        found += [("", str(error)) for error in form.non_field_errors()]
        for box in form:
            found += [(box.id_for_label, f"{box.label}: {error}") for error in box.errors]
    return found


@staff_site.page("sign-in/<uuid:provider_id>/remove/", "provider_remove")
@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Say what goes with a provider and how its people sign in then; POST removes it."""
    row = get_object_or_404(Provider, pk=provider_id)
    member = cast(Person, request.user)
    wrong = ""
    if request.method == "POST":
        try:
            providers.remove(row, by=member)
        except RuleBroken as refused:
            wrong = refused.message
        else:
            messages.success(request, f"{row.name} is removed.")
            return redirect("staff:providers")
    return staff_page(
        request,
        "bridges/staff/provider_remove.html",
        f"Remove {row.name}",
        status=422 if wrong else 200,
        provider=row,
        going=going(row),
        wrong=wrong,
        is_head=member.is_superuser,
    )


def _connection(kind: Kind, request: HttpRequest, row: Provider | None, sent: Any) -> Any:
    files = request.FILES if sent is not None else None
    if kind is Kind.OIDC:
        return OpenIdForm(sent, files, row)
    return MetadataForm(sent, files, initial={"address": row.address if row else ""})


def _addresses(row: Provider) -> list[tuple[str, str]]:
    """What the provider's staff have to know of us."""
    if row.kind == Kind.OIDC:
        return [
            ("Redirect address", oidc.callback_url(row)),
            ("Address after signing out", absolute(reverse("front"))),
            ("Back-channel log-out, with the session or without", oidc.sign_out_url(row)),
        ]
    return [
        ("Our entity ID, and our metadata", ours.entity(row)),
        ("Where answers are sent (ACS)", ours.answer_address(row)),
        ("Single log-out", ours.sign_out_address(row)),
    ]
