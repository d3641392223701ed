"""Publish a draft: see what has changed since, choose words and way, confirm."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.staff import staff_site
from core.pairing import queries, services, states
from core.pairing.forms import PublishForm
from core.pairing.staff.frame import known, member, page
from core.pairing.states import Action

WORDS = "We have looked at everybody who waits, and think that the two of you go well together."


@staff_site.page("pairing/<uuid:pool_id>/publish/", "pairing_publish")
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """The last look: pairs that cannot be any more are named, the others are published."""
    pool = known(pool_id)
    if not states.can(pool.state, Action.PUBLISH):
        messages.info(request, "There is no draft here that could be published.")
        return redirect(pool)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        initial={"way": "ask_first", "statement": WORDS},
    )
    at_once = form.is_valid() and form.at_once
    if form.is_valid():
        try:
            return redirect(
                services.order_publication(
                    pool.pk,
                    words=form.cleaned_data["statement"],
                    at_once=at_once,
                    seal=request.POST.get("seal", "")[:64],
                    by=member(request),
                )
            )
        except NotAllowed:
            raise
        except RuleBroken as broken:
            form.add_error(None, broken.message)
    return page(
        request,
        "pairing/publish.html",
        "Publish this draft",
        status=422 if form.errors else 200,
        pool=pool,
        form=form,
        check=queries.check(pool, at_once=at_once, by=member(request)),
    )
