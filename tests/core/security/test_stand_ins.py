"""Staff sign in as a member; operators of the platform visit: told, limited, noted, closed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from core.security import services
from core.security.models import StandIn
from core.security.rules import names_of_open_pages
from tests.factories.people import PASSWORD, browser, mails_to, sign_in, someone

pytestmark = pytest.mark.django_db

OPERATOR = uuid4()


def team(**fields: Any) -> tuple[Person, Client]:
    """One of the team who has typed the password a moment ago."""
    person = someone(is_staff=True, first_name="Tessa", last_name="Rowe", **fields)
    client = browser()
    sign_in(client, person.username)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return person, client


def stand_in(client: Client, member: Person, reason: str = "They asked for help") -> Any:
    return client.post(reverse("staff:sign_in_as", args=[member.pk]), {"reason": reason})


def standing(**fields: Any) -> tuple[Person, Person, Client]:
    staff, client = team(**fields)
    member = someone("mentee")
    assert stand_in(client, member).headers["Location"] == "/"
    return staff, member, client


def visit(minutes: int = 20, may_change: bool = False) -> str:
    return services.open_support_visit(
        operator_key=OPERATOR,
        operator_name="Olive Ng",
        reason="Ticket 12",
        minutes=minutes,
        may_change=may_change,
    )


def visiting(**how: Any) -> Client:
    client = browser()
    assert client.post(visit(**how)).headers["Location"] == "/staff/"
    return client


def test_staff_signs_in_as_a_member_who_is_told_and_every_page_says_so() -> None:
    staff, member, client = standing()
    assert [mail.kind for mail in mails_to(member.email)] == ["signed_in_as"]
    assert "They asked for help" in mails_to(member.email)[0].text
    for path in (reverse("accounts:edit"), reverse("help:faqs"), "/no-such-page/"):
        page = client.get(path).content.decode()
        assert f"signed in as <strong>{member.full_name}</strong>" in page, path
        assert reverse("security:stop") in page
    assert client.get("/staff/").status_code == 403
    assert vars(client.get(reverse("help:faqs")).wsgi_request)["really"] == staff


def test_deed_done_for_a_member_carries_both_names() -> None:
    staff, member, client = standing()
    fields = ("first_name", "last_name", "job_title", "organisation", "phone", "time_zone")
    form = {name: getattr(member, name) for name in fields}
    client.post(reverse("accounts:edit"), {**form, "job_title": "Surveyor", "is_mentee": "on",
                                           "roles": ["mentee"]})  # fmt: skip
    entry = AuditEntry.objects.get(verb="account edited", thing_id=str(member.pk))
    assert (entry.actor_id, entry.behind_id) == (member.pk, staff.pk)
    assert (entry.behind_name, entry.by_operator) == ("Tessa Rowe", False)


def test_stopping_leads_back_into_ones_own_session() -> None:
    staff, member, client = standing()
    back = client.post(reverse("security:stop"))
    assert back.headers["Location"] == f"/staff/accounts/person/{member.pk}/change/"
    page = client.get(back.headers["Location"])
    assert page.status_code == 200
    assert page.wsgi_request.user == staff
    assert StandIn.objects.get().ended_at is not None


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_email", "mfa_index", "accounts:delete", "messaging:list",
     "diary:list", "accounts:blocked", "security:places", "cpd:record", "account_reauthenticate",
     "mfa_login_webauthn", "accounts:mails", "goals:about", "meetings:list"],
)  # fmt: skip
def test_what_belongs_to_the_member_alone_stays_closed(name: str) -> None:
    _staff, member, client = standing()
    for answer in (client.get(reverse(name)), client.post(reverse(name), {})):
        assert answer.status_code == 403
        assert f"This belongs to {member.full_name} alone" in answer.content.decode()


def test_no_list_of_open_pages_names_a_dead_one_and_none_opens_what_is_private() -> None:
    known = set()
    stack: list[tuple[str, Any]] = [("", get_resolver())]
    while stack:
        space, one = stack.pop()
        for entry in one.url_patterns:
            if isinstance(entry, URLResolver):
                stack.append((f"{space}{entry.namespace}:" if entry.namespace else space, entry))
            elif entry.name:
                known.add(f"{space}{entry.name}")
    assert names_of_open_pages() <= known
    private = ("messaging:", "diary:", "mfa_", "calls:", "feedback:", "canvases:", "goals:",
               "meetings:", "journey:")  # fmt: skip
    assert not [name for name in names_of_open_pages() if name.startswith(private)]


def test_time_runs_out_and_what_was_sent_is_not_done_in_anybodys_name() -> None:
    staff, member, client = standing()
    with clock.frozen(clock.now() + timedelta(minutes=30, seconds=1)):
        answer = client.post(reverse("accounts:edit"), {"job_title": "Late"})
        assert answer.headers["Location"] == f"/staff/accounts/person/{member.pk}/change/"
    for person in (staff, member):
        person.refresh_from_db()
        assert person.job_title == ""


@pytest.mark.parametrize("loss", ["role", "team", "closed", "member joins the team"])
def test_right_lost_meanwhile_ends_it_with_the_next_click(loss: str) -> None:
    staff, member, client = standing()
    if loss == "role":
        Person.objects.filter(pk=staff.pk).update(staff_role=StaffRole.READER.value)
    elif loss == "team":
        Person.objects.filter(pk=staff.pk).update(is_staff=False)
    elif loss == "closed":
        Person.objects.filter(pk=staff.pk).update(is_active=False)
    else:
        Person.objects.filter(pk=member.pk).update(is_staff=True)
    answer = client.get(reverse("accounts:edit"))
    assert answer.status_code == 302
    assert answer.wsgi_request.user != member
    assert client.get(reverse("accounts:edit")).wsgi_request.user != member


def test_nobody_gains_rights_by_signing_in_as_somebody() -> None:
    _staff, client = team()
    head, colleague = someone(is_superuser=True), someone("mentor", is_staff=True)
    gone = someone("mentee", is_active=False)
    for person in (head, colleague, gone):
        assert stand_in(client, person).status_code == 422
    assert not StandIn.objects.exists()
    for role in (StaffRole.READER, StaffRole.EDITOR, StaffRole.SAFEGUARDING):
        _other, client = team(staff_role=role.value)
        member = someone("mentee")
        assert stand_in(client, member).status_code == 403
        assert client.get(reverse("staff:sign_in_as", args=[member.pk])).status_code == 403


def test_reason_is_needed_and_the_password_of_a_moment_ago() -> None:
    _staff, client = team()
    member = someone("mentee")
    page = stand_in(client, member, "  ")
    assert page.status_code == 422
    assert "Say why. The person is told." in page.content.decode()
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        again = stand_in(client, member).headers["Location"]
        assert again.startswith(f"{reverse('security:again')}?next=")
        assert "They asked for help" in client.get(reverse("security:unsent")).content.decode()
        assert client.get(again).headers["Location"].startswith("/account/password/again/")
    assert not StandIn.objects.exists()


def test_key_of_somebody_elses_stand_in_opens_nothing() -> None:
    _staff, member, _client = standing()
    thief, client = team()
    session = client.session
    session["stand_in"] = str(StandIn.objects.get().pk)
    session.save()
    answer = client.get(reverse("accounts:edit"))
    assert answer.status_code == 302
    assert client.get(reverse("accounts:edit")).wsgi_request.user == thief
    assert member != thief


def test_operator_visits_to_read_and_the_institute_sees_it() -> None:
    client = visiting()
    page = client.get("/staff/accounts/person/")
    assert page.status_code == 200
    assert (
        "Olive Ng (platform operator)</strong> is visiting, to read only" in page.content.decode()
    )
    assert "Support-" not in page.content.decode()
    assert client.post(reverse("staff:help_faq_add"), {"question": "?"}).status_code == 403
    _staff, own = team()
    listed = own.get(reverse("staff:support_visits")).content.decode()
    assert "Ticket 12" in listed
    verbs = AuditEntry.objects.filter(by_operator=True).values_list("verb", flat=True)
    assert set(verbs) == {"support visit opened", "support visit begun"}


def test_operator_who_may_change_still_sees_no_reports_no_accounts_and_no_member_pages() -> None:
    client = visiting(may_change=True)
    assert client.get(reverse("staff:help_faq_add")).status_code == 200
    assert client.get("/staff/messaging/report/").status_code == 403
    member = someone("mentee")
    assert client.get(reverse("staff:sign_in_as", args=[member.pk])).status_code in (302, 403)
    for name in ("accounts:edit", "account_change_password", "mfa_index", "messaging:list"):
        assert client.get(reverse(name)).status_code == 403, name
    client.post(reverse("staff:help_faq_add"), {
        "question": "Who?", "answer": "We.", "audience": "everyone", "topic": "General", "order": 1,
    })  # fmt: skip
    entry = AuditEntry.objects.get(verb="staff.added")
    assert (entry.behind_id, entry.by_operator) == (OPERATOR, True)


def test_row_of_an_operator_has_no_right_of_its_own() -> None:
    client = visiting(may_change=True)
    row = Person.objects.get(support_key=OPERATOR)
    assert (row.is_staff, row.is_superuser, row.roles, row.has_usable_password()) == (
        False, False, [], False,
    )  # fmt: skip
    other = browser()
    other.force_login(row)
    assert other.get("/staff/").headers["Location"] == "/"
    assert other.get("/staff/").status_code == 302
    session = client.session
    del session["stand_in"]
    session.save()
    assert client.get("/staff/").headers["Location"] == "/"
    assert "Olive Ng" not in team()[1].get("/staff/accounts/person/").content.decode()


def test_link_works_once_and_not_for_long_and_the_institute_ends_a_visit() -> None:
    path = visit()
    first, second = browser(), browser()
    assert first.get(path).status_code == 200
    assert first.post(path).status_code == 302
    assert second.post(path).status_code == 422
    assert second.get(path).status_code == 404
    assert second.get(path[:-3] + "aa/").status_code == 404
    _staff, own = team()
    running = StandIn.objects.get(begun_at__isnull=False)
    own.post(reverse("staff:support_visits"), {"end": str(running.pk)})
    assert first.get("/staff/").headers["Location"] == "/"
    assert "_auth_user_id" not in first.session


def test_visit_ends_with_its_minutes() -> None:
    client = visiting(minutes=1)
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert client.get("/staff/").headers["Location"] == "/"


@pytest.mark.parametrize(("reason", "minutes"), [("", 10), ("why", 0), ("why", 241)])
def test_visit_without_reason_or_measure_is_refused(reason: str, minutes: int) -> None:
    with pytest.raises(RuleBroken):
        services.open_support_visit(
            operator_key=OPERATOR, operator_name="O", reason=reason, minutes=minutes,
            may_change=False,
        )  # fmt: skip
    assert not StandIn.objects.exists()
