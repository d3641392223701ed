"""Deleting an institute: asked for, taken back, waited for, done, and told."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from core.kernel import clock
from core.kernel.models import AuditEntry
from tenants.backups.deleting import ask, cancel, carry_out, delete_due, whole_receipt
from tenants.backups.restoring import restore
from tenants.backups.sweeping import sweep
from tenants.context import platform_scope, tenant_context
from tenants.errors import DeedRefused, NameTaken
from tenants.keeping import Backup, Deletion, DeletionState
from tenants.models import Domain, Institute, State, UsedSchemaName
from tenants.provision import provision
from tests.tenants.keeping import (
    OPERATOR,
    archive_of,
    environment,
    fresh,
    held,
    is_active,
    killed_while,
    lantern,
    people,
    prefixes,
    schemas,
)

__all__ = ["environment", "lantern"]


@pytest.fixture
def harbour(lantern: Institute, settings: Settings) -> Institute:
    """An institute that may go: a copy of the lantern."""
    from tenants.backups.making import back_up

    settings.HOST_MEMORY_SECONDS = 0
    made = back_up(lantern, by=OPERATOR)
    return restore(archive_of(made), by=OPERATOR, slug="harbour", opens=True).institute


def test_operator_who_asks_suspends_at_once_and_may_take_it_back(harbour: Institute) -> None:
    for reason, typed in (("", "harbour"), ("closed", "Harbour"), ("closed", "ciltuk")):
        with pytest.raises(DeedRefused):
            ask(harbour, by=OPERATOR, reason=reason, typed_name=typed)
        assert is_active(harbour)
    asked = ask(harbour, by=OPERATOR, reason="The programme ended.", typed_name="harbour")
    assert fresh(harbour).state == State.SUSPENDED
    assert asked.due_at - asked.asked_at == timedelta(days=30)
    with pytest.raises(DeedRefused):
        ask(harbour, by=OPERATOR, reason="Again.", typed_name="harbour")
    with pytest.raises(DeedRefused):
        carry_out(asked)
    assert delete_due() == []
    cancel(asked, by=OPERATOR)
    assert is_active(harbour)
    with pytest.raises(DeedRefused):
        cancel(asked, by=OPERATOR)
    with tenant_context(harbour):
        verbs = AuditEntry.objects.filter(verb__startswith="operator.").values_list(
            "verb", flat=True
        )
        assert {"operator.asked_to_delete", "operator.cancelled_deletion"} <= set(verbs)


def test_institute_whose_time_has_come_goes_for_good_and_a_receipt_stays(
    harbour: Institute, lantern: Institute, settings: Settings
) -> None:
    was, neighbour = held(harbour), held(lantern)
    asked = ask(harbour, by=OPERATOR, reason="The programme ended.", typed_name="harbour")
    with clock.frozen(asked.due_at + timedelta(minutes=1)):
        assert [one.pk for one in delete_due()] == [asked.pk]
        assert delete_due() == []
    assert fresh(harbour).state == State.DELETED
    assert harbour.schema_name not in schemas() | prefixes(settings)
    with platform_scope():
        done = Deletion.objects.get(pk=asked.pk)
        assert not Domain.objects.filter(institute=harbour).exists()
        assert UsedSchemaName.objects.filter(schema_name=harbour.schema_name).exists()
        kept = done.backup
    receipt = whole_receipt(done)
    assert receipt["asked_by"] == "Odile Marram"
    assert receipt["schema_dropped_at"]
    assert receipt["files_removed_at"]
    for name, (rows, mark) in was["tables"].items():
        if name != "kernel_auditentry":  # what was asked and backed up came after
            assert receipt["tables"][name] == {"rows": rows, "sha256": mark}  # type: ignore[index]
    assert len(receipt["files"]) == len(was["files"])  # type: ignore[arg-type]
    assert held(lantern) == neighbour
    with pytest.raises(NameTaken):
        provision("ciltuk", slug="harbour")
    assert kept is not None
    again = restore(archive_of(kept), by=OPERATOR, opens=True).institute
    assert (again.pk, again.state) == (harbour.pk, State.ACTIVE)
    assert people(fresh(harbour)) == people(lantern)


def test_operator_who_keeps_no_backup_leaves_none(harbour: Institute) -> None:
    asked = ask(
        harbour, by=OPERATOR, reason="They asked us to.", typed_name="harbour", keeps_backup=False
    )
    with clock.frozen(asked.due_at):
        delete_due()
    with platform_scope():
        assert not Backup.objects.filter(slug="harbour").exists()
        assert Deletion.objects.get(pk=asked.pk).state == DeletionState.DONE


@pytest.mark.parametrize("step", ["Reading messaging", "Giving up the schema"])
def test_killed_deletion_goes_on_with_the_next_round(
    harbour: Institute, environment: dict[str, str], settings: Settings, step: str
) -> None:
    asked = ask(harbour, by=OPERATOR, reason="The programme ended.", typed_name="harbour")
    with platform_scope():
        Deletion.objects.update(due_at=clock.now())
    killed_while(environment, "delete", "harbour", step)
    assert fresh(harbour).state == State.SUSPENDED
    with pytest.raises(DeedRefused):
        cancel(asked, by=OPERATOR)
    sweep()
    assert fresh(harbour).state == State.DELETED
    assert harbour.schema_name not in schemas() | prefixes(settings)
    with platform_scope():
        assert Backup.objects.filter(slug="harbour").count() == 1


def test_operator_deletes_at_the_command_line(harbour: Institute) -> None:
    said = StringIO()
    with pytest.raises(CommandError, match="harbour"):
        call_command("delete_institute", "harbour", "--reason", "Over.", "--name", "other")
    call_command("delete_institute", "harbour", "--reason", "Over.", "--name", "harbour",
                 stdout=said)  # fmt: skip
    assert fresh(harbour).state == State.SUSPENDED
    call_command("delete_institute", "harbour", "--cancel", stdout=said)
    assert is_active(harbour)
