"""Dangerous acts ask who it is once more (product A5): the one table of them, and its guards.

`DANGEROUS` names pages by their URL names; the middleware `RecentSignIn` reads it. A page of a
floor above carries `@recent_sign_in_required` beside its own code and stands in the table too: a
test holds both in step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from core.accounts.models import Person
from core.accounts.permissions import signed_in_recently
from core.accounts.queries import locked_for
from core.programme.queries import policies

Page = Callable[..., HttpResponse]
MARK: Final = "asks_recent_sign_in"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Guard:
    """When a page asks: at every visit, or only for what is sent (`sent`), or as `when` says."""

    what: str
    sent: bool = False
    when: Callable[[HttpRequest], bool] | None = None

    def asks(self, request: HttpRequest) -> bool:
        """Whether this request is one of the dangerous ones."""
        if self.sent and request.method in SAFE:
            return False
        return self.when is None or self.when(request)


def recent_sign_in_required(page: Page) -> Page:
    """Open a page only to somebody who signed in, or showed who they are, minutes ago.

    Others are asked for password, passkey or code, or sent to their provider once more, and come
    back. What they sent meanwhile is not done: they are told, and send it again. For members'
    pages and pages of the team alike; a page that asks stands in `DANGEROUS`.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not signed_in_recently(request):
            raise ReauthenticationRequired
        return page(request, *args, **kwargs)

    setattr(guarded, MARK, True)
    return guarded


def _has_no_password(request: HttpRequest) -> bool:
    """The form asks for the password itself; whoever has none is asked in another way."""
    person = request.user
    return not (isinstance(person, Person) and person.has_usable_password())


def _has_own_address(request: HttpRequest) -> bool:
    """Where the society keeps addresses the page only says so, to whoever asks."""
    person = request.user
    return isinstance(person, Person) and "email" not in locked_for(person)


def _step(*steps: str) -> Callable[[HttpRequest], bool]:
    def is_sent(request: HttpRequest) -> bool:
        return request.POST.get("step", "") in steps

    return is_sent


def _touches_sign_in(request: HttpRequest) -> bool:
    """Whether the team, somebody's role on it, or the address that opens an account changes."""
    match = request.resolver_match
    key = match.kwargs.get("object_id") if match else None
    try:
        person = Person.objects.filter(pk=UUID(str(key))).first()
    except ValueError:
        return False
    if person is None:
        return False
    sent = request.POST
    if "email" in sent and sent["email"].strip().lower() != person.email:
        return True
    if "staff_role" not in sent:
        return False
    return ("is_staff" in sent) != person.is_staff or sent["staff_role"] != person.staff_role


def _changes_sign_in_rules(request: HttpRequest) -> bool:
    """Whether the rules about coming in and staying change; other rules ask nothing."""
    if request.POST.get("step") != "save":
        return False
    standing = policies()
    held = {
        "sign_in": standing.sign_in,
        "second_factor": standing.second_factor,
        "membership_link": standing.membership_link or "",
        "membership_grace_days": str(standing.membership_grace_days),
        "lapsed_members": standing.lapsed_members,
    }
    if any(request.POST.get(name, value).strip() != value for name, value in held.items()):
        return True
    # The form sends no box that is not ticked: none at all is a change as well.
    return set(request.POST.getlist("membership_keeps")) != set(standing.membership_keeps)


DANGEROUS: Final[Mapping[str, Guard]] = MappingProxyType({
    # a member's own account
    "accounts:delete": Guard("delete one's account", when=_has_no_password),
    "privacy:erase": Guard("ask for everything about one to be erased"),
    "account_email": Guard("change one's e-mail address", when=_has_own_address),
    "privacy:copy": Guard("have a copy of one's data made", sent=True),
    "privacy:copy_file": Guard("fetch a copy of one's data"),
    "mfa_activate_totp": Guard("add an authenticator app"),
    "mfa_deactivate_totp": Guard("remove the authenticator app"),
    "mfa_add_webauthn": Guard("add a passkey"),
    "mfa_edit_webauthn": Guard("rename a passkey"),
    "mfa_remove_webauthn": Guard("remove a passkey"),
    "mfa_view_recovery_codes": Guard("see recovery codes"),
    "mfa_generate_recovery_codes": Guard("make new recovery codes"),
    "mfa_download_recovery_codes": Guard("download recovery codes"),
    # the programme team
    "staff:accounts_person_change": Guard(
        "say who is on the team, and change an address", sent=True, when=_touches_sign_in
    ),
    "staff:duplicates_pair": Guard("merge two accounts", sent=True, when=_step("merge")),
    "staff:sign_in_as": Guard("sign in as somebody"),
    "staff:people_import_report": Guard(
        "import people, and take an import back", sent=True, when=_step("import", "undo")
    ),
    "staff:people_export": Guard("take people along as a file", sent=True),
    "staff:people_export_file": Guard("fetch a file of people"),
    "staff:agreements_file": Guard("take agreements along as a file"),
    "staff:policies": Guard("change how people sign in", sent=True, when=_changes_sign_in_rules),
    "staff:data_copy": Guard("have a copy of a member's data made", sent=True),
    "staff:erasure": Guard("erase somebody for good"),
    "staff:person_data": Guard("hold what is stored about somebody, and enter a request"),
    "staff:retention": Guard("say how long records are kept"),
    "staff:membership": Guard("change the bridges to the society", sent=True),
    "staff:provider": Guard("change a provider of sign-ins", sent=True),
    "staff:provider_certificate": Guard("renew our certificate with a provider", sent=True),
    "staff:provider_remove": Guard("remove a provider of sign-ins"),
    "staff:provider_new": Guard("add a provider of sign-ins"),
    # the platform's operators
    "console:deletion": Guard("delete an institute"),
    "console:restore": Guard("restore an institute"),
    "console:archive": Guard("take a backup along"),
    "console:remove_backup": Guard("remove a backup", sent=True),
    "console:visit_again": Guard("go on with dangerous acts on a visit"),
    "console:enter": Guard("enter an institute"),
    "console:head": Guard("name the head of a team"),
    "console:bundle_changes": Guard("apply a bundle", sent=True),
    "console:bundle_revision": Guard("roll a bundle back", sent=True),
})  # fmt: skip
"""URL name → when it asks. `account_change_password` asks for the present password itself."""
