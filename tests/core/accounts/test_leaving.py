"""Delete Account and the way back (product A10); which mails a person wants (A13)."""

from datetime import timedelta

import pytest
from django.test import Client

from core.accounts import services
from core.accounts.models import Person
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.queries import current
from tests.factories.people import PASSWORD, browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db
SURE = {"password": PASSWORD, "sure": "on"}


def signed_in(person: Person) -> Client:
    client = browser()
    client.force_login(person)
    return client


def test_member_deletes_their_account_and_every_session_ends() -> None:
    person = someone("mentee")
    here, elsewhere = signed_in(person), signed_in(person)
    assert "Delete Account" in here.get("/account/edit/").content.decode()
    assert "30 days" in here.get("/account/delete/").content.decode()
    gone = here.post("/account/delete/", SURE, follow=True)
    assert "Your account is deleted" in gone.content.decode()
    person.refresh_from_db()
    assert not person.is_active
    assert person.closed_at is not None
    assert elsewhere.get("/account/edit/").status_code == 302
    assert "/account/closed/" in sign_in(browser(), person.username)["Location"]
    assert AuditEntry.objects.filter(verb="account deleted", thing_id=str(person.pk)).count() == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"password": PASSWORD}, "Tick the box"),
        ({"password": "wrong", "sure": "on"}, "This is not your password"),
        ({}, "Tick the box"),
    ],
)
def test_nothing_is_deleted_without_the_password_and_the_tick(
    sent: dict[str, str], told: str
) -> None:
    person = someone("mentee")
    answer = signed_in(person).post("/account/delete/", sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    person.refresh_from_db()
    assert person.is_active


def test_member_comes_back_by_the_link_and_old_sessions_stay_ended() -> None:
    person = someone("mentee")
    old = signed_in(person)
    services.close_account(person)
    path = path_in(mails_to(person.email)[-1])
    assert "Come back, Wren?" in browser().get(path).content.decode()
    assert not Person.objects.get(pk=person.pk).is_active
    back = browser().post(path, follow=True)
    assert "Welcome back" in back.content.decode()
    assert Person.objects.get(pk=person.pk).is_active
    assert old.get("/account/edit/").status_code == 302
    assert sign_in(browser(), person.username).status_code == 302


def test_link_works_once_and_not_for_a_later_deletion() -> None:
    person = someone("mentee")
    services.close_account(person)
    path = path_in(mails_to(person.email)[-1])
    browser().post(path)
    assert browser().get(path).status_code == 404
    person.refresh_from_db()
    services.close_account(person)
    assert browser().post(path).status_code == 404
    person.refresh_from_db()
    assert not person.is_active


def test_way_back_ends_after_the_institutes_days() -> None:
    programme = current()
    programme.policies_data = {**programme.policies_data, "account_return_days": 7}
    programme.save()
    person = someone("mentee")
    with clock.frozen(clock.now() - timedelta(days=8)):
        services.close_account(person)
    mail = mails_to(person.email)[-1]
    assert "within 7 days" in mail.text
    path = path_in(mail)
    assert browser().get(path).status_code == 404
    with pytest.raises(RuleBroken):
        services.return_to_account(path.rstrip("/").rpartition("/")[2])


def test_forged_or_foreign_links_open_nothing() -> None:
    person = someone("mentee")
    services.close_account(person)
    token = path_in(mails_to(person.email)[-1]).rstrip("/").rpartition("/")[2]
    for forged in (token[:-2] + "zz", "x", f"{person.pk} never:a:b"):
        assert browser().get(f"/account/return/{forged}/").status_code == 404


def test_staff_open_a_deleted_account_again() -> None:
    person, staff = someone("mentee"), someone(is_staff=True)
    services.close_account(person)
    services.set_active(person, True, by=staff)
    person.refresh_from_db()
    assert person.is_active


def test_deleting_twice_is_one_deletion_and_one_mail() -> None:
    person = someone("mentee")
    services.close_account(person)
    services.close_account(Person.objects.get(pk=person.pk))
    assert len(mails_to(person.email)) == 1


def test_last_head_of_the_programme_cannot_leave() -> None:
    head = someone(is_staff=True, is_superuser=True)
    Person.objects.filter(is_superuser=True).exclude(pk=head.pk).update(is_active=False)
    answer = signed_in(head).post("/account/delete/", SURE)
    assert "only one who runs this site" in answer.content.decode()
    someone(is_staff=True, is_superuser=True)
    assert services.close_account(head).closed_at is not None


def test_member_chooses_which_mails_to_have() -> None:
    person = someone("mentor")
    client = signed_in(person)
    page = client.get("/account/mails/").content.decode()
    assert "still waits for my answer" in page
    assert "request_received" not in page
    client.post("/account/mails/", {"wanted": ["place_free"]})
    person.refresh_from_db()
    assert "request_reminder" in person.muted_mails
    assert "place_free" not in person.muted_mails
    assert client.post("/account/mails/", {"wanted": ["request_received"]}).status_code == 422
    assert not OutboxMail.objects.filter(to_address=person.email).exists()
