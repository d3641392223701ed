"""Block: both ways, without a word to the other (product D10)."""

import pytest

from core.accounts import queries, services
from core.accounts.models import Block
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, OutboxMail
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db


def test_member_blocks_from_a_page_and_takes_it_back() -> None:
    person, other = someone("mentee"), someone("mentor", first_name="Odd")
    visitor = browser()
    visitor.force_login(person)
    asked = visitor.get(f"/account/blocked/{other.pk}/").content.decode()
    assert "never that you blocked them" in asked
    assert not Block.objects.exists()
    done = visitor.post(f"/account/blocked/{other.pk}/", follow=True).content.decode()
    assert "is blocked. They are not told." in done
    assert queries.blocked_between(person, other)
    assert queries.blocked_between(other, person)
    assert queries.blocked_ids(other) == {person.pk}
    assert not OutboxMail.objects.exists()
    visitor.post(f"/account/blocked/{other.pk}/remove/")
    assert not queries.blocked_between(person, other)


def test_member_with_no_blocks_is_told_how_it_works() -> None:
    visitor = browser()
    visitor.force_login(someone("mentee"))
    assert "You have blocked nobody" in visitor.get("/account/blocked/").content.decode()


def test_blocking_twice_is_one_block_and_one_line_of_audit() -> None:
    person, other = someone("mentee"), someone("mentor")
    assert services.block(other, by=person) == services.block(other, by=person)
    assert AuditEntry.objects.filter(verb="person blocked").count() == 1


def test_blocked_person_cannot_take_the_block_away() -> None:
    person, other = someone("mentee"), someone("mentor")
    services.block(other, by=person)
    visitor = browser()
    visitor.force_login(other)
    assert visitor.post(f"/account/blocked/{person.pk}/remove/").status_code == 404
    assert not services.unblock(person, by=other)
    assert queries.blocked_between(person, other)


def test_nobody_blocks_themselves() -> None:
    person = someone("mentee")
    with pytest.raises(RuleBroken):
        services.block(person, by=person)
