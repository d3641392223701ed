"""What a provider's claims mean here."""

import pytest
from pydantic import ValidationError

from core.bridges.rules import Mapping, read
from core.kernel.rights import StaffRole

SAYS = {
    "email": ["Mira@Society.Example", "other@society.example"],
    "given_name": " Mira \n Anne ",
    "https://society.example/number": 1042,
    "person": {"standing": ["Fellow"]},
    "roles": ["members", "Editors", "team"],
    "trade": "road",
    "empty": "",
}


def test_claims_are_read_by_name_by_path_and_as_first_of_many() -> None:
    mapping = Mapping(
        number="https://society.example/number",
        status="person.standing",
        current_words=("fellow",),
        fields={"trade": "trade", "headline": "empty", "years": "nothing"},
        groups="roles",
        roles={"team": StaffRole.COORDINATOR, "Editors": StaffRole.EDITOR},
    )
    found = read(mapping, SAYS, "s-1", trusts=False)
    assert (found.email, found.email_verified) == ("mira@society.example", False)
    assert (found.first_name, found.last_name) == ("Mira Anne", "")
    assert (found.number, found.status) == ("1042", "current")
    assert found.answers == {"trade": "road"}
    assert found.role is StaffRole.COORDINATOR


@pytest.mark.parametrize(
    ("said", "trusts", "verified"),
    [(True, False, True), ("true", False, True), (False, True, False), (None, True, True),
     (None, False, False), ("no", True, False)],
)  # fmt: skip
def test_address_is_confirmed_when_the_provider_says_so(
    said: object, trusts: bool, verified: bool
) -> None:
    claims = {"email": "a@b.example"} | ({} if said is None else {"email_verified": said})
    assert read(Mapping(), claims, "s", trusts=trusts).email_verified is verified


@pytest.mark.parametrize(
    ("said", "status"),
    [("Full", "current"), ("LATE", "lapsed"), ("gone", "ended"), ("unknown", "lapsed"),
     (None, "lapsed")],
)  # fmt: skip
def test_status_that_nobody_knows_is_no_membership(said: str | None, status: str) -> None:
    mapping = Mapping(
        status="st", current_words=("full",), lapsed_words=("late",), ended_words=("gone",)
    )
    assert read(mapping, {"st": said}, "s", trusts=False).status == status
    assert read(Mapping(), {"st": said}, "s", trusts=False).status is None


def test_word_means_one_thing() -> None:
    with pytest.raises(ValidationError):
        Mapping(status="st", current_words=("Full",), lapsed_words=("full",))
