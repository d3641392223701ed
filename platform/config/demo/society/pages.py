"""The membership office: front door, "My membership", the secretary's register and sites."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.demo.society import place, provider, register, sites, telling
from config.demo.society.forms import Admission, Details, SignIn
from config.demo.society.register import Member

STYLE = Path(__file__).with_name("society.css")
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16"'
    ' rx="3" fill="#1f4d3a"/><path d="M4 12C4 6 8 4 12 4c0 5-3 8-8 8z" fill="#f7f1e1"/></svg>'
)
SHOWN = 25


def polite(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put a strict policy on every page: forms lead to the sites that we know, and no further."""
    rules = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )

    def polite_answer(request: HttpRequest) -> HttpResponse:
        said = answer(request)
        said.headers["Content-Security-Policy"] = f"{rules} {sites.origins()}"
        said.headers.setdefault("Cache-Control", "no-store")
        return said

    return polite_answer


def around(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: who is there, and the way to the site of the members."""
    who, _ = signed_in(request)
    chosen = place.chosen()
    return {
        "who": who,
        "start": chosen.start,
        "site": chosen.site,
        "told": request.session.pop("told", None),
        "password": chosen.password,
    }


def signed_in(request: HttpRequest) -> tuple[Member | None, int]:
    """Out: the member and when they signed in."""
    subject = request.session.get("subject", "")
    return (register.member(subject) if subject else None), int(request.session.get("at", 0))


def ask_for_sign_in(request: HttpRequest, asked: dict[str, str]) -> HttpResponse:
    """Lead to the sign-in page and back to what was asked, which then asks no second time."""
    again = {name: text for name, text in asked.items() if name not in {"prompt", "max_age"}}
    there = f"/oidc/authorise?{urlencode(again)}"
    return HttpResponseRedirect(f"/sign-in?{urlencode({'next': there})}")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """A sign of life."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The style sheet."""
    return HttpResponse(STYLE.read_bytes(), content_type="text/css")


@require_safe
def mark(request: HttpRequest) -> HttpResponse:
    """The leaf that browsers show beside the title."""
    return HttpResponse(MARK, content_type="image/svg+xml")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front door; members go to their own page."""
    who, _ = signed_in(request)
    if who is not None:
        return redirect("secretary" if who.office == "secretary" else "membership")
    return render(request, "society/front.html", {"form": SignIn()})


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member in and lead on; a sign-in is always a new session."""
    form = SignIn(request.POST or None)
    further = (request.POST or request.GET).get("next", "")
    if not url_has_allowed_host_and_scheme(further, allowed_hosts=None):
        further = ""
    if form.is_valid() and form.member is not None:
        request.session.flush()
        request.session["subject"] = form.member.subject
        request.session["at"] = int(time.time())
        return HttpResponseRedirect(further or "/")
    status = 422 if request.method == "POST" else 200
    there = {"form": form, "next": further, "asking": _asking(further)}
    return render(request, "society/sign_in.html", there, status=status)


def _asking(further: str) -> sites.Site | None:
    """The site that somebody signs in for, if one waits behind the sign-in page."""
    query = parse_qs(urlsplit(further).query)
    return sites.known(query.get("client_id", [""])[0]) if further.startswith("/oidc/") else None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; lead to a site that asked for it when its address is known."""
    request.session.flush()
    further = request.POST.get("out_to", "")
    known = further.partition("?")[0] in sites.outs()
    return HttpResponseRedirect(further if known else "/")


@require_http_methods(["GET", "POST"])
def membership(request: HttpRequest) -> HttpResponse:
    """My membership: the card, and the details that the society is master of."""
    who, _ = signed_in(request)
    if who is None:
        return redirect("/sign-in?next=/membership")
    standing = {"first_name": who.first_name, "last_name": who.last_name, "email": who.email}
    form = Details(request.POST or None, initial=standing)
    if form.is_valid():
        try:
            changed = register.change(who, **form.cleaned_data)
        except register.EmailHeld:
            form.add_error("email", "Another member has this address.")
        else:
            _tell(request, changed, who, "Your details are saved.")
            return redirect("membership")
    status = 422 if form.errors else 200
    return render(request, "society/membership.html", {"form": form}, status=status)


@require_safe
def password(request: HttpRequest) -> HttpResponse:
    """Where a real society would let members change it."""
    who, _ = signed_in(request)
    return render(request, "society/password.html", {"who": who})


@require_http_methods(["GET", "POST"])
def secretary(request: HttpRequest) -> HttpResponse:
    """The register: the secretary lets memberships lapse and return."""
    if (refused := _unless_secretary(request, "The register is")) is not None:
        return refused
    if request.method == "POST":
        return _lapse_or_renew(request)
    wanted = request.GET.get("name", "").strip()[:60]
    found = [each for each in register.members() if wanted.lower() in _searched(each)]
    found.sort(key=lambda each: each.username is None)
    there = {"members": found[:SHOWN], "more": max(0, len(found) - SHOWN), "wanted": wanted}
    return render(request, "society/secretary.html", there)


def _lapse_or_renew(request: HttpRequest) -> HttpResponse:
    about = register.member(request.POST.get("subject", ""))
    status = request.POST.get("status", "")
    if about is not None and status in {"current", "lapsed"}:
        changed = register.change(about, status=status)
        words = "has lapsed" if status == "lapsed" else "is current again"
        _tell(request, changed, about, f"The membership of {about.name} {words}.")
    further = request.POST.get("name", "").strip()[:60]
    return redirect(f"/secretary?{urlencode({'name': further})}" if further else "/secretary")


@require_http_methods(["GET", "POST"])
def admitted(request: HttpRequest) -> HttpResponse:
    """The sites that may ask who somebody is: the secretary lets them in, and removes them."""
    if (refused := _unless_secretary(request, "The list of sites is")) is not None:
        return refused
    if gone := request.POST.get("remove", ""):
        sites.remove(gone)
        request.session["told"] = {"done": True, "words": "That site is answered no more."}
        return redirect("sites")
    form = Admission(request.POST or None)
    if form.is_valid():
        client, secret = sites.admit(**form.cleaned_data)
        name = form.cleaned_data["name"]
        request.session["made"] = {"name": name, "client": client, "secret": secret}
        return redirect("sites")
    there = {
        "form": form,
        "sites": sites.everybody(),
        "made": request.session.pop("made", None),
        "address": place.address(),
        "scopes": " ".join(provider.SCOPES),
    }
    return render(request, "society/sites.html", there, status=422 if form.errors else 200)


def _unless_secretary(request: HttpRequest, what: str) -> HttpResponse | None:
    who, _ = signed_in(request)
    if who is None:
        return redirect(f"/sign-in?{urlencode({'next': request.path})}")
    if who.office == "secretary":
        return None
    words = f"{what} open to the secretary alone."
    return render(request, "society/problem.html", {"words": words}, status=403)


def _searched(each: Member) -> str:
    return f"{each.name} {each.number} {each.email} {each.username or ''}".lower()


def _tell(request: HttpRequest, about: Member, before: Member, saved: str) -> None:
    told = telling.tell(about, before)
    request.session["told"] = {"done": told.done, "words": f"{saved} {told.sentence}"}
