"""Records go when the institute no longer keeps them, and never those under a hold (A11)."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import close_account, set_active
from core.help.models import Enquiry, EnquiryState
from core.kernel import clock, personal
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.people.models import Import
from core.privacy.models import RetentionRun
from core.privacy.queries.retention import periods, preview
from core.privacy.services import holding, keeping
from tests.factories.mentorships import make_mentee
from tests.factories.people import browser, sign_in, someone

pytestmark = pytest.mark.django_db


def closed_enquiry(person: Person, days: int) -> Enquiry:
    at = now() - timedelta(days=days)
    return Enquiry.objects.create(
        person=person, name=person.full_name, email=person.email, subject=f"{days} days ago",
        message="Hello", state=EnquiryState.CLOSED, made_at=at, closed_at=at,
    )  # fmt: skip


def test_everything_is_kept_until_a_manager_looks_and_puts_a_period_in_force() -> None:
    member, held = make_mentee(), make_mentee()
    manager = someone(is_staff=True)
    old, fresh, kept = (
        closed_enquiry(member, 90), closed_enquiry(member, 10), closed_enquiry(held, 90),
    )  # fmt: skip
    holding.hold(held, reason="A dispute", by=manager)
    assert (periods(), keeping.retain()) == ({}, 0)
    client = browser()
    sign_in(client, manager.username)
    page = reverse("staff:retention")
    assert client.post(page, {"enquiries": "3", "step": "save"}).status_code == 422
    looked = client.post(page, {"enquiries": "60", "step": "look"})
    assert (b"90 days ago" in looked.content, periods()) == (True, {})
    client.post(page, {"enquiries": "59", "step": "save", "looked": "enquiries:60"})
    assert periods() == {}, "nothing is put in force that was not looked at"
    client.post(page, {"enquiries": "60", "step": "save", "looked": "enquiries:60"})
    assert keeping.retain() == 1
    assert set(Enquiry.objects.all()) == {fresh, kept}
    assert RetentionRun.objects.get().count == 1
    assert not Enquiry.objects.filter(pk=old.pk).exists()


def test_files_go_with_old_imports(django_capture_on_commit_callbacks: object) -> None:
    stored = default_storage.save("imports/people.csv", ContentFile("ida@people.example"))
    Import.objects.create(
        file_name="people.csv", stored_as=stored, encoding="utf-8", delimiter=",",
        made_at=now() - timedelta(days=200),
    )  # fmt: skip
    keeping.set_periods({"imports": 100}, by=someone(is_staff=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert keeping.retain() == 1
    assert not default_storage.exists(stored)


def test_closed_account_is_erased_when_its_time_is_over_and_not_before_the_way_back_is() -> None:
    member = make_mentee(first_name="Ida", last_name="Thorn")
    with clock.frozen(now() - timedelta(days=61)):
        close_account(member)
    keeping.set_periods({"closed_accounts": 60}, by=someone(is_staff=True))
    held = holding.hold(member, reason="A dispute", by=someone(is_staff=True))
    assert keeping.retain() == 0
    holding.release(held, by=someone(is_staff=True))
    assert keeping.retain() == 1
    member.refresh_from_db()
    assert (member.full_name, member.erased_at is not None) == ("A former member", True)


def test_account_that_the_team_closed_is_erased_by_its_own_rule() -> None:
    team = someone(is_staff=True)
    closed, back, held = (make_mentee(first_name=name) for name in ("Ida", "Uma", "Oda"))
    with clock.frozen(now() - timedelta(days=100)):
        for member in (closed, back, held):
            set_active(member, False, by=team, reason="Left the society")
        set_active(back, True, by=team)
    holding.hold(held, reason="A dispute", by=team)
    keeping.set_periods({"closed_accounts": 60}, by=team)
    assert keeping.retain() == 0  # they did not delete it themselves
    rule = personal.retentions()["accounts_closed_by_team"]
    assert preview(rule, 90, by_name=True).examples == (str(closed),)
    assert preview(rule, 101, by_name=True).count == 0
    keeping.set_periods({"accounts_closed_by_team": 90}, by=team)
    assert keeping.retain() == 1
    assert set(Person.objects.exclude(erased_at=None)) == {closed}


def test_every_rule_is_off_at_first_counts_and_refuses_less_than_the_least() -> None:
    team = someone(is_staff=True)
    for key, rule in personal.retentions().items():
        assert rule.default_days is None
        assert preview(rule, rule.least_days, by_name=True).count >= 0
        with pytest.raises(RuleBroken, match="choose"):
            keeping.set_periods({key: rule.least_days - 1}, by=team)
