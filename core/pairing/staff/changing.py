"""A draft is changed by hand: keep, take apart, another mentor, leave people out, solve again."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import Person
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.staff import staff_site
from core.pairing import queries, services, states
from core.pairing.models import Pool, Role, Standing
from core.pairing.staff.frame import known, member, page
from core.pairing.states import Action

Deed = Callable[[Pool, UUID, Person], object]

DEEDS: Final[Mapping[str, tuple[Deed, str]]] = {
    "keep": (
        lambda pool, key, by: services.keep(pool.pk, key, by=by),
        "Kept. Solving again leaves this pair as it is.",
    ),
    "let_go": (
        lambda pool, key, by: services.let_go(pool.pk, key, by=by),
        "Solving again may change this pair.",
    ),
    "take_apart": (
        lambda pool, key, by: services.take_apart(pool.pk, key, by=by),
        "Taken apart. Choose somebody else, or solve again.",
    ),
    "shut_out_mentee": (
        lambda pool, key, by: _person(services.shut_out, pool, key, Role.MENTEE, by),
        "Left out of this run.",
    ),
    "shut_out_mentor": (
        lambda pool, key, by: _person(services.shut_out, pool, key, Role.MENTOR, by),
        "Left out of this run. Solve again to find somebody else.",
    ),
    "let_in_mentee": (
        lambda pool, key, by: _person(services.let_in, pool, key, Role.MENTEE, by),
        "Back in this run. Solve again to find somebody.",
    ),
    "let_in_mentor": (
        lambda pool, key, by: _person(services.let_in, pool, key, Role.MENTOR, by),
        "Back in this run. Solve again to make use of it.",
    ),
}


@staff_site.page("pairing/<uuid:pool_id>/change/", "pairing_change")
@require_POST
def change(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """One deed: `do` is its name and the key it is about, "keep:<uuid>"; or solve, or discard."""
    pool, by = known(pool_id), member(request)
    name, _, key = request.POST.get("do", "").partition(":")
    try:
        if name == "solve":
            return redirect(services.order_solving(pool.pk, by=by))
        if name == "discard":
            services.discard(pool.pk, by=by)
            messages.success(request, "The draft is gone. Nobody was told anything.")
            return redirect("staff:pairing")
        deed, told = DEEDS[name]
        deed(pool, UUID(key), by)
    except (KeyError, ValueError):
        raise Http404 from None
    except NotAllowed:
        raise
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, told)
    return redirect(f"{pool.get_absolute_url()}{_way_back(request)}")


@staff_site.page("pairing/<uuid:pool_id>/people/<uuid:person_id>/", "pairing_mentee")
@require_http_methods(["GET", "HEAD", "POST"])
def mentee(request: HttpRequest, pool_id: UUID, person_id: UUID) -> HttpResponse:
    """Another mentor for a mentee of the draft: the closest who still have a place."""
    pool = known(pool_id)
    chosen = get_object_or_404(Person, pk=person_id)
    pair = queries.pairs(pool).filter(mentee=chosen).first()
    without = queries.left_out(pool).filter(mentee=chosen).first()
    if (pair is None and without is None) or not states.can(pool.state, Action.CHANGE):
        raise Http404
    if request.method == "POST":
        try:
            mentor = Person.objects.get(pk=UUID(request.POST.get("mentor", "")))
        except (Person.DoesNotExist, ValueError):
            raise Http404 from None
        try:
            services.pair_by_hand(pool.pk, mentee=chosen, mentor=mentor, by=member(request))
        except NotAllowed:
            raise
        except RuleBroken as broken:
            messages.error(request, broken.message)
            return redirect("staff:pairing_mentee", pool.pk, chosen.pk)
        messages.success(request, f"{chosen.full_name} goes with {mentor.full_name}.")
        return redirect(pool)
    return page(
        request,
        "pairing/mentee.html",
        f"Another choice for {chosen.full_name}",
        pool=pool,
        mentee=chosen,
        pair=pair,
        without=without,
        apart=pool.pairs.filter(mentee=chosen, standing=Standing.APART).select_related("mentor"),
        found=queries.alternatives(pool, chosen),
    )


def _person(deed: Callable[..., object], pool: Pool, key: UUID, role: Role, by: Person) -> object:
    person = get_object_or_404(Person, pk=key)
    return partial(deed, pool.pk, person=person, role=role, by=by)()


def _way_back(request: HttpRequest) -> str:
    """The part of the list from which the button was pressed."""
    number = request.POST.get("page", "")
    parts = ["left_out=1"] if request.POST.get("left_out") else []
    parts += [f"page={number}"] if number.isdecimal() and len(number) < 6 else []
    return f"?{'&'.join(parts)}" if parts else ""
