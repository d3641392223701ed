"""The team invites people; a link works once, at one institute, and says calmly when not (F4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import frozen, now
from core.kernel.models import AuditEntry, OutboxMail
from core.people.models import Invitation, InvitationState
from core.people.services import invitations as services
from core.programme.models import Programme
from tenants.context import tenant_context
from tenants.models import Institute
from tests.core.accounts.forms import ticks
from tests.core.people.conftest import Browser, imported, table
from tests.factories.people import mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db
PASSWORD = "a lantern by the harbour"
FORM = {
    "first_name": "Noor", "last_name": "Vane", "email": "Noor@people.example",
    "roles": ["mentee"], "line": "It would be good\nto have you.",
}  # fmt: skip
CHOSEN = {
    "first_name": "Noor", "last_name": "Vane-Hale", "username": "Noor.V",
    "password1": PASSWORD, "password2": PASSWORD,
}  # fmt: skip


def chosen(**changes: Any) -> dict[str, Any]:
    """The form of an invitation as a browser sends it."""
    return {**CHOSEN, **ticks(), **changes}


def invited(staff: Client, **changes: Any) -> str:
    """Invite as the form does; the path in the mail."""
    answer = staff.post(reverse("staff:invitations"), {**FORM, **changes})
    assert answer.status_code == 302, answer.content.decode()
    return path_in(mails_to(changes.get("email", FORM["email"]).lower())[-1])


def test_invited_person_joins_with_what_they_choose(staff: Client, visit: Browser) -> None:
    path = invited(staff)
    mail = mails_to("noor@people.example")[0]
    assert "Tilda Ray invites you" in mail.text
    assert "as a mentee" in mail.text
    assert "> It would be good" in mail.text
    browser = visit()
    page = browser.get(path).content.decode()
    assert "noor@people.example" in page
    weak = browser.post(path, chosen(password1="noor.v", password2="x"))
    assert weak.status_code == 422
    assert browser.post(path, chosen(username="admin")).status_code == 422
    assert not Person.objects.filter(email="noor@people.example").exists()
    joined = browser.post(path, chosen(), follow=True)
    person = Person.objects.get(email="noor@people.example")
    assert (person.username, person.last_name, person.roles) == ("noor.v", "Vane-Hale", ["mentee"])
    assert joined.wsgi_request.user == person
    assert joined.redirect_chain[-1][0] == reverse("profiles:edit")
    assert sign_in(visit(), "noor@people.example", PASSWORD).status_code == 302
    again = visit().get(path)
    assert again.status_code == 410
    assert "was accepted" in again.content.decode()
    assert AuditEntry.objects.filter(verb="invitation accepted", actor_id=person.pk).exists()


def test_link_says_calmly_why_it_does_not_work(staff: Client, visit: Browser) -> None:
    path = invited(staff)
    with frozen(now() + timedelta(days=15)):
        assert "has run out" in visit().get(path).content.decode()
        assert visit().post(path, chosen()).status_code == 410
    made = Invitation.objects.get()
    staff.post(reverse("staff:invitations"), {"step": f"withdraw:{made.pk}"})
    assert "not open any more" in visit().get(path).content.decode()
    other = invited(staff)
    someone("mentee", email="noor@people.example")
    assert "an account already" in visit().get(other).content.decode()
    assert visit().post(other, chosen()).status_code == 410
    assert visit().get(f"{path[:-6]}xxxxx/").status_code == 404
    seen = visit(someone("mentee")).get(invited(staff, email="b@people.example"))
    assert seen.status_code == 409
    assert "You are signed in" in seen.content.decode()


def test_link_of_another_institute_is_none_at_all(
    staff: Client, guided: Institute, member_client: Any
) -> None:
    path = invited(staff)
    made = Invitation.objects.get()
    with tenant_context(guided):
        twin = services.invite(
            email="noor@people.example", roles=["mentee"], by=someone(is_staff=True)
        )
        Invitation.objects.filter(pk=twin.pk).update(id=made.pk)  # even with the same key
        assert member_client(guided).get(path).status_code == 404
        assert member_client(guided).post(path, chosen()).status_code == 404
        assert not Person.objects.filter(email="noor@people.example").exists()


def test_invitation_is_reminded_once_and_sent_again(staff: Client, visit: Browser) -> None:
    path = invited(staff)
    assert services.remind_due() == 0
    with frozen(now() + timedelta(days=11)):
        assert services.remind_due() == 1
        assert services.remind_due() == 0
    assert [mail.kind for mail in mails_to("noor@people.example")] == [
        "invitation", "invitation_reminder",
    ]  # fmt: skip
    made = Invitation.objects.get()
    with frozen(now() + timedelta(days=20)):
        staff.post(reverse("staff:invitations"), {"step": f"resend:{made.pk}"})
        assert len(mails_to("noor@people.example")) == 3
        assert visit().get(path).status_code == 200
    made.refresh_from_db()
    assert made.state == InvitationState.OPEN


def test_nobody_is_invited_twice_or_when_here_already(staff: Client) -> None:
    someone("mentee", email="here@people.example")
    invited(staff)
    address = reverse("staff:invitations")
    for email, why in (
        ("here@people.example", "is a member already"),
        ("NOOR@people.example", "is invited already"),
    ):
        answer = staff.post(address, {**FORM, "email": email})
        assert answer.status_code == 422
        assert why in answer.content.decode()
    answer = staff.post(address, {**FORM, "email": "c@people.example", "roles": []})
    assert "Choose what they are invited as." in answer.content.decode()
    assert Invitation.objects.count() == 1
    assert staff.post(address, {"step": "resend:nobody"}).status_code == 404


def test_only_a_head_brings_people_onto_the_team(staff: Client, visit: Browser) -> None:
    address = reverse("staff:invitations")
    assert 'name="staff_role"' not in staff.get(address).content.decode()
    staff.post(address, {**FORM, "staff_role": "manager"})
    assert Invitation.objects.get().staff_role == ""
    head = someone(is_staff=True, is_superuser=True)
    path = invited(
        visit(head), email="t@people.example", roles=[], staff_role="coordinator", line=""
    )
    second = invited(visit(head), email="u@people.example", staff_role="head")
    visit().post(path, chosen())
    person = Person.objects.get(email="t@people.example")
    assert (person.is_staff, person.staff_role, person.is_superuser) == (True, "coordinator", False)
    head.is_superuser = False
    head.save()
    refused = visit().post(second, chosen(username="other"))
    assert "not on the team any more" in refused.content.decode()
    assert not Person.objects.filter(email="u@people.example").exists()


def test_operator_invites_the_first_head(visit: Browser) -> None:
    operator = audit.Behind(someone().pk, "Olga Hall (platform operator)")
    services.invite(email="first@people.example", staff_role="head", by=operator)
    path = path_in(mails_to("first@people.example")[0])
    visit().post(path, chosen())
    assert Person.objects.get(email="first@people.example").is_superuser


def test_imported_person_opens_the_account_that_waits(staff: Client, visit: Browser) -> None:
    imported(staff, table("Email,Name,Role", "wren@people.example,Wren Marlowe,mentor"))
    services.send_due()
    mail = mails_to("wren@people.example")[0]
    assert "Your account is ready" in mail.text
    path = path_in(mail)
    assert 'value="wren.marlowe"' in visit().get(path).content.decode()
    visit().post(path, chosen(username="wren.marlowe"))
    person = Person.objects.get(email="wren@people.example")
    assert person.check_password(PASSWORD)
    assert (person.roles, person.last_name) == (["mentor"], "Vane-Hale")
    assert "was accepted" in visit().get(path).content.decode()


def test_where_members_sign_in_elsewhere_no_password_is_asked(
    staff: Client, visit: Browser
) -> None:
    programme = Programme.objects.get()
    programme.policies_data = {
        **programme.policies_data, "sign_in": "membership", "self_registration": False,
        "membership_link": "https://society.example/join",
    }  # fmt: skip
    programme.save()
    cache.clear()
    path = invited(staff)
    page = visit().get(path).content.decode()
    assert "password1" not in page
    assert "https://society.example/join" in page
    answer = visit().post(path, chosen(password1="", password2=""))
    assert answer["Location"] == reverse("account_login")
    assert not Person.objects.get(email="noor@people.example").has_usable_password()


def test_mails_of_many_invitations_are_written_once(staff: Client) -> None:
    for number in range(3):
        invited(staff, email=f"n{number}@people.example")
    assert services.send_due() == 0
    assert OutboxMail.objects.filter(kind="invitation").count() == 3


def test_list_costs_the_same_for_few_and_many(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    address = reverse("staff:invitations")
    counts = []
    for number in range(3):
        services.invite(
            email=f"n{number}@people.example", roles=["mentor"], by=Person.objects.get(
                first_name="Tilda")
        )  # fmt: skip
        with django_assert_max_num_queries(200) as found:
            staff.get(address)
        counts.append(len(found))
    assert counts[-1] <= counts[0]
