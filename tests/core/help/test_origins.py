"""Staff compare texts with what the bundle brought, look at them, and go back (product F4)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.help.models import Faq, LegalPage
from core.kernel.models import AuditEntry
from core.programme.models import Provided
from core.resources.models import Guide
from tenants.models import Institute
from tests.factories.mentorships import make_person

pytestmark = pytest.mark.django_db
TEXTS = [
    (Faq, "faq_origin", "answer"),
    (LegalPage, "legal_origin", "body"),
    (Guide, "guide_origin", "body"),
]


@pytest.fixture
def staff(member_client: Any, ciltuk: Institute) -> Client:
    client: Client = member_client(ciltuk, make_person("Tilda Ray", is_staff=True))
    return client


def form_of(row: Any) -> str:
    meta = row._meta
    return reverse(f"staff:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(("model", "page", "part"), TEXTS, ids=[one[1] for one in TEXTS])
def test_staff_see_what_they_changed_in_a_bundles_text_and_take_it_back(
    staff: Client, model: Any, page: str, part: str
) -> None:
    row = model.objects.first()
    brought = getattr(row, part)
    assert "stands as the programme" in staff.get(form_of(row)).content.decode()
    model.objects.filter(pk=row.pk).update(**{part: f"{brought}\n\nWrite to Tilda."})
    assert "See the differences" in staff.get(form_of(row)).content.decode()
    address = reverse(f"staff:{page}", args=[row.pk])
    seen = staff.get(address).content.decode()
    assert "Write to Tilda." in seen
    assert "Back to the bundle" in seen
    assert staff.post(address)["Location"] == form_of(row)
    row.refresh_from_db()
    assert getattr(row, part) == brought
    assert AuditEntry.objects.get(verb="text.taken_back").facts["fields"] == [part]


def test_text_that_staff_wrote_or_an_older_bundle_brought_has_nothing_to_compare(
    staff: Client,
) -> None:
    own = Faq.objects.create(topic="Own", question="Own?", answer="Yes.")
    assert "bundle brought" not in staff.get(form_of(own)).content.decode()
    assert staff.get(reverse("staff:faq_origin", args=[own.pk])).status_code == 404
    old = Faq.objects.exclude(pk=own.pk).first()
    assert old is not None
    Provided.objects.filter(kind="faq").update(texts={})
    assert staff.get(reverse("staff:faq_origin", args=[old.pk])).status_code == 404


def test_staff_look_at_a_question_and_a_legal_page_before_saving(staff: Client) -> None:
    address = reverse("staff:help_preview")
    sent = {"question": "What is {{ a_mentor }}?", "answer": "**Somebody** [here](page:front)"}
    page = staff.post(address, sent).content.decode()
    assert "<strong>Somebody</strong>" in page
    assert "{{" not in page
    legal = {"title": "Privacy", "body": "<script>x</script> ## Yours"}
    page = staff.post(address, legal).content.decode()
    assert "<script>x" not in page
    assert not Faq.objects.filter(question__startswith="What is {{ a_mentor }}?").exists()


def test_members_do_not_compare(member_client: Any, ciltuk: Institute) -> None:
    row = Faq.objects.first()
    assert row is not None
    client = member_client(ciltuk, make_person(is_mentor=True))
    assert client.get(reverse("staff:faq_origin", args=[row.pk])).status_code == 404
