"""The team's second step, the question who it is (product A5), and stand-ins (F4, F6)."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from core.accounts.models import Person
from core.accounts.permissions import signed_in_recently
from core.kernel import audit
from core.kernel.rights import Right, StaffRole
from core.kernel.staff import staff_site
from core.security import queries, services
from core.security.models import StandIn
from core.security.permissions import DANGEROUS, may_be_stood_in_for, may_stand_in
from core.security.permissions.recent import SAFE
from core.security.queries import has_second_step, must_have_second_step
from core.security.rules import IN_SESSION, StandInKind, is_open

SESSION_KEY = "has_second_step"
Page = Callable[[HttpRequest], HttpResponse]


class StandsIn:
    """Puts the member in the place of the one who signed in as them, and lends operators rights.

    Stands right after the sign-in. `request.stand_in` is the stand-in in force or None;
    `request.really` is who sits there. Looked at anew with each request: whoever loses the right,
    runs out of time or is stopped gets no further with the next click.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Out: the page; every deed behind it carries both names in the audit trail."""
        request.stand_in = request.stand_in_over = None  # type: ignore[attr-defined]
        person = request.user
        if not isinstance(person, Person):
            return self.get_response(request)
        key = request.session.get(IN_SESSION)
        if key is None and not person.is_operator:
            return self.get_response(request)
        found = queries.stand_in_of(key) if key is not None else None
        request.really = person  # type: ignore[attr-defined]
        if found is None or not _is_in_force(found, person):
            request.stand_in_over = found or StandIn()  # type: ignore[attr-defined]
            return self.get_response(request)
        request.stand_in = found  # type: ignore[attr-defined]
        if found.is_operator:
            # In memory alone: the row itself has no right, whatever session finds it.
            person.is_staff = True
            role = StaffRole.MANAGER if found.may_change else StaffRole.READER
            person.staff_role = role.value
        else:
            request.user = cast(Person, found.person)
        behind = audit.Behind(
            found.operator_key if found.is_operator and found.operator_key else person.pk,
            found.by_name,
            is_operator=found.is_operator,
        )
        with audit.stood_in_by(behind):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: the way back when it is over, a calm page for what is closed, or None."""
        over: StandIn | None = getattr(request, "stand_in_over", None)
        if over is not None:
            return _led_back(request, over)
        stand_in: StandIn | None = getattr(request, "stand_in", None)
        if stand_in is None:
            return None
        match = request.resolver_match
        if match is not None and is_open(StandInKind(stand_in.kind), match.view_name):
            return None
        return render(request, "security/closed.html", {"stand_in": stand_in}, status=403)


def _is_in_force(stand_in: StandIn, person: Person) -> bool:
    if not stand_in.is_open or stand_in.person is None:
        return False
    if stand_in.is_operator:
        return bool(stand_in.person_id == person.pk and person.is_operator)
    if stand_in.by_id != person.pk:
        return False
    return may_stand_in(person) and may_be_stood_in_for(stand_in.person)


def _led_back(request: HttpRequest, over: StandIn) -> HttpResponse:
    """Into one's own session again; operators have none. What was sent is not done."""
    person = request.user
    if isinstance(person, Person) and person.is_operator:
        logout(request)
        messages.info(request, "The support visit is over.")
        address = reverse("front")
    else:
        services.put_down(request.session)
        name = over.person.full_name if over.person_id and over.person else "somebody else"
        messages.info(request, f"You are yourself again: the time as {name} is over.")
        address = queries.way_back(over)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


class SecondStepOfStaff:
    """Leads staff without a second step to the page where they set one up.

    Once seen it is remembered in the session; whoever must have a step cannot remove the last one.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: a redirect, or None to let the page open."""
        match = request.resolver_match
        if match is None or "staff" not in match.namespaces or self._is_let_in(request):
            return None
        messages.info(
            request, "The programme team signs in with a second step. Set one up, then go on."
        )
        return redirect("mfa_index")

    def _is_let_in(self, request: HttpRequest) -> bool:
        person = request.user
        if not isinstance(person, Person) or request.session.get(SESSION_KEY):
            return True
        if not must_have_second_step(person):
            return True
        if has_second_step(person):
            request.session[SESSION_KEY] = True
            return True
        return False


class RecentSignIn:
    """Asks once more who it is before the acts of `DANGEROUS`, and wherever a page demands it.

    What was sent is not done afterwards by itself: it is kept for a while, without secrets, and
    the person sends it at the press of a button.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Out: the way to the question, or None to let the page open (or refuse by itself)."""
        match = request.resolver_match
        guard = DANGEROUS.get(match.view_name) if match else None
        if match is None or guard is None or not isinstance(request.user, Person):
            return None
        if "staff" in match.namespaces:
            needed = Right.READ if request.method in SAFE else Right.WRITE
            if not staff_site.may(request, match.url_name or "", needed):
                return None
        if not guard.asks(request):
            return None
        if signed_in_recently(request):
            if request.method not in SAFE:
                services.forget_unsent(request.session, request.get_full_path())
            return None
        return ask_again(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The decorator and the sign-in library say so by an exception."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        return ask_again(request)


def ask_again(request: HttpRequest) -> HttpResponse:
    """Out: a redirect to the question, which leads back to the page on which the person was."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    target = request.get_full_path()
    if request.method not in SAFE:
        target = _page_before(request) or target
        kept_at = _kept(request, target)
        if not kept_at:
            messages.info(
                request,
                "What you sent is not done yet. You come back to the page afterwards: send it "
                "again there.",
            )
        target = kept_at or target
    address = f"{_question()}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _question() -> str:
    try:
        return reverse("security:again")
    except NoReverseMatch:
        return reverse("console:again")


def _kept(request: HttpRequest, back: str) -> str:
    """The page that keeps what was sent; "" where nothing is kept: on the operators' site, of
    what a script sent, and of very much."""
    try:
        page = reverse("security:unsent")
    except NoReverseMatch:
        return ""
    if request.headers.get("HX-Request") or not services.keep_unsent(request, back):
        return ""
    return page


def _page_before(request: HttpRequest) -> str:
    """The page of this site from which something was sent: some addresses take posts alone."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host() or not before.path.startswith("/"):
        return ""
    return before.path + (f"?{before.query}" if before.query else "")
