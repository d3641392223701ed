"""The room, and the mailbox behind it (product D7)."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.calls import queries, services
from core.calls.errors import TakenOver
from core.calls.rules import (
    REQUESTS_A_MINUTE,
    SIGNAL_BYTES,
    START,
    Malformed,
    State,
    read_cursor,
    read_signal,
    read_visit,
)
from core.kernel.limits import allow


@member_required
@never_cache
@require_safe
def room(request: HttpRequest, room_key: str) -> HttpResponse:
    """The two alone; anybody else is told that there is no such page."""
    found = _room(request, room_key)
    page = "calls/room.html" if found.state is State.OPEN else "calls/closed.html"
    return render(request, page, {"room": found, "partner": found.partner})


@never_cache
@require_http_methods(["GET", "POST"])
def signals(request: HttpRequest, room_key: str) -> HttpResponse:
    """Leave a signal for the partner, or fetch what came: 404 for everybody else, 410 when the
    room is shut, 409 when the person is in another window, 429 when asked too often."""
    found = _room(request, room_key)
    if found.state is not State.OPEN:
        return _refused("The room is closed.", 410)
    try:
        if not allow(f"call:{found.person.pk}", limit=REQUESTS_A_MINUTE, seconds=60):
            return _refused("That is too often.", 429)
        return _send(request, found) if request.method == "POST" else _receive(request, found)
    except Malformed as problem:
        return _refused(str(problem), 400)
    except TakenOver:
        return _refused("You are in this call in another window.", 409)
    except RedisError:
        return _refused("The mailbox cannot be reached.", 503)


def _send(request: HttpRequest, found: queries.Room) -> HttpResponse:
    if request.content_type != "application/json":
        raise Malformed("It is not JSON.")
    signal = read_signal(request.read(SIGNAL_BYTES + 1))
    match signal.type:
        case "hello":
            services.enter(found, signal)
            until = found.hours.closes_at
            return JsonResponse({"servers": queries.helping_servers(found.person, until=until)})
        case "bye":
            services.leave(found, signal)
        case _:
            services.pass_on(found, signal)
    return JsonResponse({})


def _receive(request: HttpRequest, found: queries.Room) -> HttpResponse:
    visit = read_visit(request.GET.get("visit", ""))
    post = services.collect(found, visit, read_cursor(request.GET.get("after", START)))
    return JsonResponse({"partner": post.partner, "signals": post.signals, "after": post.after})


def _room(request: HttpRequest, room_key: str) -> queries.Room:
    person = request.user
    found = queries.room_of(person, room_key) if isinstance(person, Person) else None
    if found is None:
        raise Http404
    return found


def _refused(why: str, status: int) -> HttpResponse:
    return JsonResponse({"why": why}, status=status)
