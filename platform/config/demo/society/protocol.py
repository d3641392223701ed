"""The endpoints of OpenID Connect: read what is asked, let ``provider`` answer."""

import time

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.demo.society import pages, provider


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """What clients read first."""
    return JsonResponse(provider.discovery())


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The key that tokens are checked with."""
    return JsonResponse(provider.keys())


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest) -> HttpResponse:
    """Send a member back with a code, after sign-in where it is needed."""
    given = (request.GET if request.method == "GET" else request.POST).dict()
    texts = {name: str(value) for name, value in given.items()}
    try:
        asked = provider.read(texts)
    except provider.Wrong as wrong:
        return render(request, "society/problem.html", {"words": str(wrong)}, status=400)
    except provider.Refused as refused:
        return HttpResponseRedirect(refused.location)
    who, at = pages.signed_in(request)
    fresh = asked.max_age is None or time.time() - at <= asked.max_age
    if who is not None and fresh and asked.prompt not in {"login", "select_account"}:
        return HttpResponseRedirect(provider.answer(asked, who, at))
    if asked.prompt == "none":
        return HttpResponseRedirect(provider.refuse(asked, "login_required"))
    return pages.ask_for_sign_in(request, texts)


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code."""
    given = {name: str(value) for name, value in request.POST.items()}
    try:
        said = provider.exchange(given, request.headers.get("Authorization", ""))
    except provider.Error as error:
        return _refused(error)
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Who an access token is for."""
    try:
        said = provider.userinfo(request.headers.get("Authorization", ""))
    except provider.Error as error:
        return _refused(error)
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out whom the ID token names; somebody else is asked first."""
    given = (request.GET if request.method == "GET" else request.POST).dict()
    texts = {name: str(value) for name, value in given.items()}
    who, _ = pages.signed_in(request)
    meant = provider.leaver(texts.get("id_token_hint", ""))
    if who is not None and who.subject != meant:
        return render(request, "society/leaving.html", {"out_to": provider.out_to(texts)})
    request.session.flush()
    return HttpResponseRedirect(provider.out_to(texts) or "/")


def _refused(error: provider.Error) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if error.status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{error.name}"'
    body = {"error": error.name, "error_description": error.words}
    return JsonResponse(body, status=error.status, headers=headers)
