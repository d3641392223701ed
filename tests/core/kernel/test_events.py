"""Events are told inside the transaction of the change."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from core.kernel.events import Event, receives, tell
from core.kernel.models import AuditEntry


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    room: str


@receives(LampLit)
def write_it_down(event: LampLit) -> None:
    AuditEntry.objects.create(verb="lamp.lit", thing_type="Room", thing_id=event.room)
    if event.room == "cellar":
        raise RuntimeError("no lamp there")


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        tell(LampLit(room="hall"))


@pytest.mark.django_db
def test_failing_receiver_takes_the_change_with_it() -> None:
    def buy_a_lamp() -> None:
        with transaction.atomic():
            AuditEntry.objects.create(verb="lamp.bought", thing_type="Room", thing_id="cellar")
            tell(LampLit(room="cellar"))

    with pytest.raises(RuntimeError, match="no lamp"):
        buy_a_lamp()
    assert not AuditEntry.objects.filter(thing_id="cellar").exists()


@pytest.mark.django_db
def test_event_reaches_its_receiver() -> None:
    tell(LampLit(room="attic"))
    assert AuditEntry.objects.filter(verb="lamp.lit", thing_id="attic").count() == 1
