"""SAML 2.0: where people are sent off, come back and sign out, and what we say of ourselves."""

import logging
import secrets
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST, require_safe

from core.bridges import tasks
from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.arriving import arrive, refuse
from core.bridges.services.leaving import IN_SESSION
from core.bridges.services.saml import answers, asking, leaving, metadata, ours
from core.bridges.services.saml.answers import AnswerRefused, NotSignedIn, Said, UnknownKey
from core.bridges.services.saml.documents import Unreadable
from core.kernel.limits import allow
from core.kernel.staff import is_staff
from core.membership.models import Member

logger = logging.getLogger(__name__)
SECONDS = 120
MOST_A_MINUTE = 120


def send_off(
    request: HttpRequest, provider: Provider, *, next_url: str, trial: bool, afresh: bool = False
) -> HttpResponse:
    """Lead somebody to a SAML provider. The caller has looked at `next_url` and who may try.

    afresh: the provider asks for the password though it still knows the person.
    """
    party = _party(provider)
    if party is None:
        return _closed(request, provider)
    onward = asking.begin(request, provider, party, then=next_url, is_test=trial, afresh=afresh)
    if not onward.field:
        return HttpResponseRedirect(onward.address)
    page = render(request, "bridges/onward.html", {"provider": provider, "onward": onward})
    page.headers["Content-Security-Policy"] = _with_form_to(onward.address)
    return page


@require_safe
def saml_metadata(request: HttpRequest, key: str) -> HttpResponse:
    """What we say of ourselves, for the provider's staff; there before the provider is open."""
    provider = Provider.objects.filter(key=key, kind=Kind.SAML).exclude(sp_certificate="").first()
    if provider is None:
        raise Http404
    return HttpResponse(
        ours.metadata(provider),
        content_type="application/samlmetadata+xml",
        headers={"Content-Disposition": 'inline; filename="metadata.xml"'},
    )


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_POST
def saml_answer(request: HttpRequest, key: str) -> HttpResponse:
    """The provider's page sends its signed answer here, without our cookies: they stay at home
    when another site sends a form. So the answer is read, kept for a moment, and given to the
    browser that asked at the next address.
    """
    provider = _known(key)
    party = _party(provider) if provider.state != State.OFF else None
    address = request.META.get("REMOTE_ADDR", "")
    if not allow(f"saml answer {address}", limit=MOST_A_MINUTE, seconds=60):
        return HttpResponse("Too many answers at once.", status=429, content_type="text/plain")
    if party is None:  # something happened while somebody was on the way
        return _closed(request, provider)
    field, number = request.POST.get("SAMLResponse", ""), ""
    kept: dict[str, Any]
    try:
        number = answers.number_of(field)
        if not asking.is_open(number, provider):
            raise AnswerRefused("It answers a question that was not asked, or no longer counts.")
        kept = asdict(answers.read(field, provider, party, number))
        if not asking.use_up(number):
            raise AnswerRefused("It was used before.")
    except AnswerRefused as refused:
        if isinstance(refused, UnknownKey):
            _ask_for_keys(provider)
        # A question has one answer: nobody learns anything by sending a hundred that are wrong.
        if not number or not asking.is_open(number, provider) or not asking.use_up(number):
            return _refused(request, provider, refused)
        kept = {"why": str(refused), "signed_in": not isinstance(refused, NotSignedIn)}
    token = secrets.token_urlsafe(24)
    cache.set(_kept(token), {"key": key, "number": number, **kept}, SECONDS)
    return HttpResponseRedirect(reverse("bridges:saml_finish", args=[key, token]), status=303)


@never_cache
@require_GET
def saml_finish(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """The browser that was sent off is signed in; another one is not."""
    provider = _known(key)
    if provider.state == State.OFF:
        return _closed(request, provider)
    kept = cache.get(_kept(token))
    if not kept or not cache.delete(_kept(token)) or kept.pop("key") != key:
        return _refused(request, provider, AnswerRefused("It was used before."))
    asked = asking.take_back(request, kept.pop("number"), provider)
    if asked is None:
        return _refused(request, provider, AnswerRefused("Another browser asked for it."))
    if asked.is_test and not is_staff(request):
        raise Http404
    if "why" in kept:
        why = AnswerRefused(kept["why"]) if kept["signed_in"] else NotSignedIn(kept["why"])
        return _refused(request, provider, why, tell=asked.is_test)
    said = Said(**kept)
    if not answers.is_afresh(said, asked.since):
        return refuse(request, provider, f"{provider.name} did not ask you again who you are.")
    try:
        subject = answers.subject_of(said, provider)
    except AnswerRefused as refused:
        logger.warning("Answer of %s refused: %s", provider.pk, refused)
        return refuse(request, provider, str(refused))
    leaving.remember(said.subject, provider, subject)
    facts = {
        "name": said.subject,
        "format": said.format,
        "nq": said.qualifiers.get("NameQualifier", ""),
        "spnq": said.qualifiers.get("SPNameQualifier", ""),
        "session": said.session,
    }
    return arrive(
        request,
        provider,
        said.claims,
        subject,
        next_url=asked.then or None,
        trial=asked.is_test,
        afresh=asked.since is not None,
        facts=facts,
    )


@never_cache
@require_GET
def saml_sign_out(request: HttpRequest, key: str) -> HttpResponse:
    """The provider signs somebody out, or answers that it has."""
    provider = _provider(key)
    party = _party(provider)
    query = request.META.get("QUERY_STRING", "")
    try:
        if party is None:
            raise AnswerRefused("The settings cannot be read.")
        if "SAMLResponse" in request.GET:
            if leaving.is_goodbye(query, provider, party):
                messages.success(request, f"You are signed out here and at {provider.name}.")
            else:
                messages.warning(
                    request,
                    f"You are signed out here. {provider.name} could not sign you out everywhere.",
                )
            return redirect("front")
        who = leaving.heard(query, provider, party)
    except AnswerRefused as refused:
        logger.warning("Sign-out of %s refused: %s", provider.pk, refused)
        return refuse(request, provider, f"{provider.name} sent what cannot be believed.")
    if leaving.is_of(request.session.get(IN_SESSION), provider, who):
        logout(request)
    subject = leaving.subject_of(who, provider)
    member = Member.objects.filter(ties__issuer=provider.tie, ties__subject=subject).first()
    if member is not None:
        leaving.end_sessions(member.person_id, provider, who)
    return HttpResponseRedirect(who.back) if who.back else redirect("front")


def _known(key: str) -> Provider:
    """A SAML provider, open or not: people may be on the way back from it. Errors: Http404."""
    found = Provider.objects.filter(key=key, kind=Kind.SAML).first()
    if found is None:
        raise Http404
    return found


def _provider(key: str) -> Provider:
    """A SAML provider that is open to somebody. Errors: Http404."""
    found = _known(key)
    if found.state == State.OFF:
        raise Http404
    return found


def _with_form_to(address: str) -> str:
    """The site's rules for a page whose form leads to the provider: some lead on to other hosts of
    theirs, which browsers hold against the rules as well."""
    parts = urlsplit(address)
    targets = dict.fromkeys([f"{parts.scheme}://{parts.netloc}", "https:"])
    policy = {**settings.CONTENT_SECURITY_POLICY, "form-action": list(targets)}
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


def _closed(request: HttpRequest, provider: Provider) -> HttpResponse:
    return refuse(request, provider, f"Nobody can sign in with {provider.name} at present.")


def _ask_for_keys(provider: Provider) -> None:
    """An unknown key may be the provider's next one: look, at most once in five minutes."""
    if provider.address and allow(f"keys of {provider.pk}", limit=1, seconds=300):
        tasks.refresh_one.delay(str(provider.pk))


def _party(provider: Provider) -> metadata.Party | None:
    """The provider's own words, read again: certificates may have ended since."""
    try:
        return metadata.read(provider.metadata.encode(), provider.issuer)
    except Unreadable as problem:
        logger.warning("Metadata of %s cannot be used: %s", provider.pk, problem)
        return None


def _refused(
    request: HttpRequest, provider: Provider, why: AnswerRefused, *, tell: bool = False
) -> HttpResponse:
    """People read one sentence; why an answer does not count is for staff who try, and the log."""
    logger.warning("Answer of %s refused: %s", provider.pk, why)
    if isinstance(why, NotSignedIn):
        sentence = f"{provider.name} did not sign you in. Try again."
    else:
        sentence = (
            f"The answer of {provider.name} does not count, or no longer does. Sign in again from "
            "this site."
        )
    if tell:
        sentence = f"{sentence} The reason: {why}"
    return refuse(request, provider, sentence)


def _kept(token: str) -> str:
    return f"saml:answered:{token}"
