"""A restored backup brings nobody back who was erased since it was made (product A11)."""

import pytest

from core.accounts.models import Person
from core.kernel.models import AuditEntry, MailState, OutboxMail
from core.privacy.models import Erasure, Way
from core.privacy.services.erasing import erase
from tenants.backups.making import back_up
from tenants.backups.restoring import restore
from tenants.context import platform_scope, tenant_context
from tenants.keeping import ErasedPerson
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.tenants.keeping import OPERATOR, archive_of, environment, fresh, lantern

__all__ = ["environment", "lantern"]


@pytest.mark.django_db(transaction=True)
def test_operator_restores_an_older_backup_and_nobody_who_was_erased_comes_back(
    lantern: Institute,
) -> None:
    with tenant_context(lantern):
        gone = make_mentee(first_name="Isolde", last_name="Quillfeather")
        partner = make_mentor()
        make_mentorship(mentee=gone, mentor=partner)
        stays = make_mentee(first_name="Bram", last_name="Oakes")
    made = back_up(lantern, by=OPERATOR, reason="the night before")
    with tenant_context(lantern):
        erase(gone, way=Way.RETENTION)
    with platform_scope():
        line = ErasedPerson.objects.get()
        assert str(gone.pk) not in line.digest

    done = restore(archive_of(made), by=OPERATOR)
    copy = restore(archive_of(made), by=OPERATOR, slug="harbour", name="Harbour")

    for one in (done, copy):
        assert one.erased == 1, one
        with tenant_context(fresh(one.institute)):
            stone = Person.objects.get(pk=gone.pk)
            assert stone.erased_at is not None
            assert "Quillfeather" not in stone.full_name
            assert not AuditEntry.objects.filter(actor_name__contains="Quillfeather").exists()
            assert Person.objects.get(pk=stays.pk).last_name == "Oakes"
            assert Erasure.objects.get().way == Way.RESTORED
            assert not OutboxMail.objects.filter(state=MailState.QUEUED).exists()
