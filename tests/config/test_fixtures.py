"""What tests find is what the first of them found: nothing is left over."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.db import connection

from core.accounts.models import Person
from tenants.models import Institute
from tests.conftest import MemberClient

Inside = Callable[[Institute], AbstractContextManager[Institute]]


@pytest.mark.parametrize("turn", [1, 2])
def test_rolled_back_test_leaves_nothing(turn: int, ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        assert not Person.objects.filter(username="left-over").exists()
        assert cache.get("left-over") is None
        Person.objects.create_user("left-over", "left@over.example")
        cache.set("left-over", turn)


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_committing_test_has_a_database_of_its_own(
    turn: int, ciltuk: Institute, inside: Inside
) -> None:
    assert str(connection.settings_dict["NAME"]).startswith("test_own_")
    with inside(ciltuk):
        assert not Person.objects.filter(username="left-over").exists()
        Person.objects.create_user("left-over", "left@over.example")
    assert not connection.in_atomic_block


def test_client_of_a_member_is_on_the_right_site(
    ciltuk: Institute, guided: Institute, inside: Inside, member_client: MemberClient
) -> None:
    with inside(guided):
        person = Person.objects.create_user("wren", "wren@guided.example", is_mentee=True)
    assert member_client(guided, person).get("/account/edit/").status_code == 200
    assert member_client(ciltuk).get("/account/edit/").status_code == 302
