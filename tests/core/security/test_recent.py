"""Dangerous acts ask who it is once more; the one table of them is complete, and each bites."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from core.accounts.adapters import Way, offer_way
from core.accounts.models import Person
from core.accounts.permissions import signed_in_recently
from core.kernel import clock
from core.programme.queries import policies
from core.security.permissions import DANGEROUS, Guard
from core.security.permissions.recent import MARK
from tests.factories.people import PASSWORD, browser, sign_in, someone

pytestmark = pytest.mark.django_db
ARGS: dict[str, list[Any]] = {
    "mfa_edit_webauthn": [1], "mfa_remove_webauthn": [1],
    "staff:duplicates_pair": [uuid4(), uuid4()], "console:bundle_changes": ["ciltuk", uuid4()],
    "console:bundle_revision": ["ciltuk", uuid4()], "console:restore": [uuid4()],
    "console:archive": [uuid4()], "console:remove_backup": [uuid4()],
    "staff:provider_new": ["oidc"],
    "console:deletion": ["ciltuk"], "console:enter": ["ciltuk"], "console:head": ["ciltuk"],
}  # fmt: skip
SENT = {
    "staff:duplicates_pair": {"step": "merge"},
    "staff:people_import_report": {"step": "undo"},
    "staff:policies": {"step": "save", "second_factor": "staff"},
    "staff:accounts_person_change": {"email": "new@people.example"},
}


def address(name: str, urlconf: str | None = None) -> str:
    """The page of this name, with made-up keys."""
    args = ARGS.get(name, [])
    try:
        return reverse(name, urlconf, args=args)
    except Exception:
        return reverse(name, urlconf, args=[uuid4()])


def later(minutes: int = 6) -> Any:
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


def tried(client: Client, name: str, guard: Guard, path: str, **extra: Any) -> Any:
    if guard.sent or name in SENT:
        return client.post(path, SENT.get(name, {}), **extra)
    return client.get(path, **extra)


@pytest.mark.parametrize("name", [one for one in DANGEROUS if not one.startswith("console:")])
def test_head_who_signed_in_long_ago_is_asked_before_each_dangerous_act(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = someone(is_staff=True, is_superuser=True)
    if name == "accounts:delete":
        head.set_unusable_password()
        head.save()
    client = browser()
    client.force_login(head, backend=settings.AUTHENTICATION_BACKENDS[0])
    path = (
        address(name) if name != "staff:accounts_person_change" else reverse(name, args=[head.pk])
    )
    guard = DANGEROUS[name]
    fresh = tried(client, name, guard, path)
    assert reverse("security:again") not in fresh.headers.get("Location", "")
    with later():
        asked = tried(client, name, guard, path)
        assert asked.status_code == 302
        assert asked.headers["Location"].startswith(reverse("security:again") + "?next=")
        # without its line in the table the page would open or answer by itself
        table = {key: one for key, one in DANGEROUS.items() if key != name}
        monkeypatch.setattr("core.security.middleware.DANGEROUS", table)
        if is_marked(dict(pages()).get(name)) or name.startswith(("mfa_", "account_email")):
            return  # guarded twice: by its own decorator too
        open_again = tried(client, name, guard, path)
        assert reverse("security:again") not in open_again.headers.get("Location", "")


def pages() -> Iterator[tuple[str, Any]]:
    for urlconf in (settings.ROOT_URLCONF, settings.OPERATORS_URLCONF):
        stack: list[tuple[str, Any]] = [("", get_resolver(urlconf))]
        while stack:
            space, node = stack.pop()
            for one in node.url_patterns:
                if isinstance(one, URLPattern):
                    yield f"{space}{one.name}", one.callback
                else:
                    stack.append((f"{space}{one.namespace}:" if one.namespace else space, one))


def is_marked(view: Any) -> bool:
    """Whether the decorator stands on a page, under whatever the staff site wraps around it."""
    seen = 0
    while view is not None and seen < 12:
        if getattr(view, MARK, False):
            return True
        inside = [
            cell.cell_contents
            for cell in getattr(view, "__closure__", None) or ()
            if callable(cell.cell_contents)
        ]
        view = getattr(view, "__wrapped__", None) or (inside[0] if len(inside) == 1 else None)
        seen += 1
    return False


def test_table_names_pages_that_exist_and_every_page_that_carries_the_decorator() -> None:
    named = dict(pages())
    assert set(DANGEROUS) <= set(named)
    assert {name for name, view in named.items() if is_marked(view)} <= set(DANGEROUS)
    assert is_marked(named["staff:sign_in_as"])
    # the sign-in library's pages about second steps: all but those that only show or answer
    harmless = {
        "mfa_index", "mfa_list_webauthn", "mfa_authenticate", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_login_webauthn",
    }  # fmt: skip
    assert {name for name in named if name.startswith("mfa_")} - harmless <= set(DANGEROUS)


def hidden(page: str) -> dict[str, list[str]]:
    """The boxes of the form that waits."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(.+?)" value="(.*?)">', page):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


def test_what_was_sent_meanwhile_is_kept_and_done_at_a_press_of_a_button_alone() -> None:
    head = someone(is_staff=True, is_superuser=True)
    colleague = someone(is_staff=True)
    client = browser()
    sign_in(client, head.username)
    path = reverse("staff:accounts_person_change", args=[colleague.pk])
    form = {
        "first_name": "Nia O'Hara", "last_name": "Moss", "email": colleague.email,
        "time_zone": "UTC", "staff_role": colleague.staff_role, "is_mentor": "on",
        "their_password": "hush", "csrfmiddlewaretoken": "x",
    }  # fmt: skip
    waiting = reverse("security:unsent")
    with later():
        page = f"http://{client.get('/').wsgi_request.get_host()}{path}"
        asked = client.post(path, form, headers={"referer": page})
        question = client.get(asked.headers["Location"])
        answer = client.post(question.headers["Location"], {"password": PASSWORD, "next": waiting})
        assert answer.headers["Location"] == waiting
        shown = client.get(waiting).content.decode()
        assert Person.objects.get(pk=colleague.pk).is_staff  # nothing was carried out
        assert f'action="{path}"' in shown
        assert f'href="{path}">Back' in shown
        assert "Passwords, secrets and files are never kept" in shown
        kept = hidden(shown)
        kept.pop("csrfmiddlewaretoken", None)
        secret = {"their_password", "csrfmiddlewaretoken"}
        assert kept == {name: [value] for name, value in form.items() if name not in secret}
        assert client.post(path, kept).headers["Location"] != asked.headers["Location"]
        assert client.get(waiting).status_code == 302  # it is sent: nothing waits any more
    changed = Person.objects.get(pk=colleague.pk)
    assert (changed.is_staff, changed.first_name) == (False, "Nia O'Hara")


def test_form_waits_for_a_quarter_of_an_hour_and_for_nobody_else() -> None:
    head = someone(is_staff=True, is_superuser=True)
    client, path = browser(), reverse("staff:membership")
    client.force_login(head, backend=settings.AUTHENTICATION_BACKENDS[0])
    waiting = reverse("security:unsent")
    with later():
        asked = client.post(path, {"step": "make-key", "name": "Site"})
        assert parse_qs(urlsplit(asked.headers["Location"]).query)["next"] == [waiting]
        assert client.get(waiting).status_code == 200
        other = browser()
        other.force_login(someone(is_staff=True), backend=settings.AUTHENTICATION_BACKENDS[0])
        assert other.get(waiting).headers["Location"] == reverse("front")
        scripted = client.post(path, {"step": "make-key"}, headers={"hx-request": "true"})
        assert waiting not in unquote(scripted.headers["HX-Redirect"])
        whole = client.post(path, {"step": "make-key", "name": "x" * 100_001})
        assert waiting not in unquote(whole.headers["Location"])
    with later(6 + 16):
        assert client.get(waiting).headers["Location"] == reverse("front")


def test_other_fields_of_a_person_and_other_rules_ask_nothing() -> None:
    head = someone(is_staff=True, is_superuser=True)
    member = someone("mentee")
    client = browser()
    client.force_login(head, backend=settings.AUTHENTICATION_BACKENDS[0])
    path = reverse("staff:accounts_person_change", args=[member.pk])
    form = {"first_name": "Nia", "last_name": "Moss", "email": member.email, "is_mentee": "on",
            "time_zone": "UTC", "staff_role": member.staff_role}  # fmt: skip
    with later():
        assert "again" not in client.post(path, form).headers["Location"]
        looked = client.post(reverse("staff:policies"), {"step": "look", "second_factor": "staff"})
        assert looked.status_code != 302


@pytest.mark.parametrize(
    "wanted",
    [{"lapsed_members": "out"}, {"membership_grace_days": "0"}, {"membership_keeps": ["name"]}],
)
def test_what_the_society_decides_is_not_changed_without_the_question(
    wanted: dict[str, Any],
) -> None:
    client = browser()
    head = someone(is_staff=True, is_superuser=True)
    client.force_login(head, backend=settings.AUTHENTICATION_BACKENDS[0])
    standing = policies()
    form = {"step": "save", "membership_keeps": list(standing.membership_keeps)}
    with later():
        kept = client.post(reverse("staff:policies"), form)
        sent = client.post(reverse("staff:policies"), {**form, **wanted})
    assert kept.status_code == 422  # the form is not whole, but nobody was asked
    assert "again" in sent.headers["Location"]
    assert policies() == standing


def test_members_are_not_led_to_the_question_by_pages_that_do_not_exist_for_them() -> None:
    member = someone("mentee")
    client = browser()
    client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    with later():
        assert client.get(reverse("staff:sign_in_as", args=[member.pk])).status_code == 404
        assert client.get(reverse("account_email")).status_code == 302


def test_person_of_a_provider_takes_a_fresh_trip_and_one_without_any_way_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.accounts.adapters._WAYS", [])
    person = someone("mentee")
    person.set_unusable_password()
    person.save()
    client = browser()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    with later():
        question = client.get(reverse("accounts:delete")).headers["Location"]
        assert client.get(question).status_code == 403
        offer_way(lambda one: [Way("society", "Sign in at the society", "/society/?fresh=1")])
        trip = client.get(question).headers["Location"]
        assert trip == "/society/?fresh=1&next=%2Faccount%2Fdelete%2F"
        elsewhere = reverse("security:again") + "?next=https://elsewhere.example/"
        assert client.get(elsewhere).headers["Location"].endswith("next=%2F")


def test_stand_in_and_a_mark_of_somebody_else_count_for_nothing() -> None:
    person, other = someone("mentee"), someone("mentee")
    request: HttpRequest = RequestFactory().get("/")
    request.user = person
    request.session = {"signed_in_at": [str(other.pk), clock.now().timestamp()]}  # type: ignore[assignment]
    assert not signed_in_recently(request)
    request.session["signed_in_at"] = [str(person.pk), clock.now().timestamp()]
    assert signed_in_recently(request)
