"""The role in force (product A8)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.accounts.models import Person, Role
from core.accounts.rules import ROLE_IN_SESSION


class ActingRole:
    """Sets `request.acting_as` to "mentor", "mentee" or None.

    One role: that one. Both: the one chosen in this session, None until then. A role that the
    person has lost since is dropped from the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting_as = _role_in_force(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def _role_in_force(request: HttpRequest) -> Role | None:
    person = request.user
    if not isinstance(person, Person):
        return None
    roles = person.roles
    chosen = request.session.get(ROLE_IN_SESSION)
    if chosen is not None and chosen not in roles:
        del request.session[ROLE_IN_SESSION]
        chosen = None
    if len(roles) == 1:
        return roles[0]
    for role in roles:
        if role == chosen:
            return role
    return None
