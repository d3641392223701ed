"""The bridges to the society on the staff site: keys, tokens, rounds, lapsed members (A6)."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.errors import RuleBroken
from core.kernel.links import absolute
from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site
from core.membership import queries, services
from core.membership.forms import FeedForm, KeyForm, NumberForm, TokenForm
from core.membership.models import Feed, Key, Run, Token
from core.membership.services import feeding
from core.programme.queries import current

PER_PAGE = 50
NAME = "membership"


@staff_site.page("membership/", NAME)
@never_cache
@sensitive_post_parameters("feed-token")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """All bridges and their state. What is sent is one of `_STEPS`; secrets are shown once."""
    if not staff_site.may(request, NAME, Right.WRITE):  # keys: managers alone look at them
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    step, _, key = request.POST.get("step", "").partition(":")
    handler = _STEPS.get(step)
    if handler is None:
        raise Http404
    try:
        return handler(request, cast(Person, request.user), key)
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return redirect(f"staff:{NAME}")


def _make_key(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, key_form=form)
    made, secret = services.make_key(form.cleaned_data["label"], by=member)
    return _page(request, made=made, secret=secret)


def _rotate(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    before = _found(Key, key)
    made, secret = services.make_key(before.label, by=member, instead_of=before)
    return _page(request, made=made, secret=secret)


def _make_token(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    _made, text = services.make_token(form.cleaned_data["label"], by=member)
    return _page(request, token=text)


def _withdraw(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    model: type[Key | Token] = Key if request.POST["step"].startswith("withdraw-key") else Token
    services.withdraw(_found(model, key), by=member)
    messages.success(request, "Withdrawn. It is good no more from this moment on.")
    return redirect(f"staff:{NAME}")


def _put_feed(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    form = FeedForm(Feed.objects.first(), request.POST)
    if form.is_valid():
        try:
            feeding.put_feed(**form.cleaned_data, by=member)
        except RuleBroken as broken:
            form.add_error("url", broken.message)
        else:
            messages.success(request, "Saved.")
            return redirect(f"staff:{NAME}")
    return _page(request, feed_form=form)


def _remove_feed(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    feeding.remove_feed(by=member)
    messages.success(request, "Removed. Nobody is asked any more.")
    return redirect(f"staff:{NAME}")


def _fetch(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    if not Feed.objects.exists():
        raise RuleBroken("Say first where the members are asked for.")
    address = reverse(f"staff:{NAME}")
    return redirect(
        jobs.order(
            kind="membership.fetch",
            title="Ask the society for its members",
            by=member,
            about={"by": member.full_name},
            done_url=address,
            back_url=address,
        )
    )


def _fetch_one(request: HttpRequest, member: Person, key: str) -> HttpResponse:
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, number_form=form)
    run = feeding.fetch_one(form.cleaned_data["number"], by=member)
    problem = run.problems[0][1] if run.problems else ""
    messages.success(request, problem or f"Done: {run.words}.")
    return redirect(f"staff:{NAME}")


_STEPS: dict[str, Callable[[HttpRequest, Person, str], HttpResponse]] = {
    "make-key": _make_key,
    "rotate": _rotate,
    "withdraw-key": _withdraw,
    "make-token": _make_token,
    "withdraw-token": _withdraw,
    "put-feed": _put_feed,
    "remove-feed": _remove_feed,
    "fetch": _fetch,
    "fetch-one": _fetch_one,
}


def _found(model: Any, key: str) -> Any:
    try:
        return model.objects.get(pk=UUID(key))
    except (ValueError, model.DoesNotExist):
        raise Http404 from None


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    feed = Feed.objects.first()
    forms = {
        "key_form": KeyForm(),
        "token_form": TokenForm(),
        "feed_form": FeedForm(feed),
        "number_form": NumberForm(),
        **more,
    }
    wrong = any(getattr(form, "errors", None) for form in more.values())
    policies = current().policies
    return staff_page(
        request,
        "membership/staff/membership.html",
        "Membership",
        status=422 if wrong else 200,
        counts=queries.counts(),
        rows=Paginator(queries.lapsed(), PER_PAGE).get_page(request.GET.get("page")),
        query="",
        keys=Key.objects.all()[:20],
        tokens=Token.objects.all()[:20],
        feed=feed,
        runs=Run.objects.all()[:10],
        arrive=absolute(reverse("membership:arrive")),
        audience=absolute("/").rstrip("/"),
        scim=absolute(reverse("scim:elsewhere", args=["x"])).removesuffix("/x"),
        policies=policies,
        is_membership=policies.sign_in == "membership",
        **forms,
    )
