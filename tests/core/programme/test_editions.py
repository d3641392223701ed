"""Settings on which people's work stands are published in versions that stay."""

import pytest

from core.kernel.models import AuditEntry
from core.programme.models import Edition
from core.programme.queries import edition, editions
from core.programme.services import publish, retire

pytestmark = pytest.mark.django_db


def test_staff_publish_a_new_version_and_the_old_one_stays() -> None:
    first = publish("survey", "ending", {"questions": ["How was it?"]})
    second = publish("survey", "ending", {"questions": ["How was it?", "And now?"]})

    assert (first.number, second.number) == (1, 2)
    assert edition("survey", "ending") == second
    first.refresh_from_db()
    assert first.document == {"questions": ["How was it?"]}
    assert first.retired_at is not None
    assert AuditEntry.objects.filter(verb="survey.published", facts__key="ending").count() == 2


def test_publishing_the_same_again_changes_nothing() -> None:
    first = publish("survey", "ending", {"questions": []})
    assert publish("survey", "ending", {"questions": []}) == first
    assert Edition.objects.filter(kind="survey", key="ending").count() == 1


def test_a_retired_setting_is_offered_to_nobody_and_can_come_back() -> None:
    first = publish("survey", "ending", {"questions": []})
    retire("survey", "ending")
    assert "ending" not in editions("survey")
    assert publish("survey", "ending", {"questions": []}).number == first.number + 1
