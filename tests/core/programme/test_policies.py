"""Staff change the rules of the programme and are told before what that does (product F5)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.models import AuditEntry
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.profiles.models import Profile
from core.programme.forms.policies import PoliciesForm
from core.programme.models import Programme
from core.programme.rules import Policies
from core.programme.services.foresight import foreseen
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db
PLAIN = Policies()


@pytest.fixture
def staff(member_client: Any, ciltuk: Institute) -> Client:
    client: Client = member_client(ciltuk, make_person("Tilda Ray", is_staff=True))
    return client


@pytest.fixture(autouse=True)
def usual() -> None:
    rules(**PLAIN.model_dump(mode="json"))


def rules(**policies: Any) -> None:
    row = Programme.objects.get()
    row.policies_data = {**row.policies_data, **policies}
    row.save()
    cache.clear()


def page() -> str:
    return reverse("staff:policies")


def boxes(**changed: Any) -> dict[str, Any]:
    """The form as a browser sends it: ticks that are off are not there."""
    data = {**Policies().model_dump(mode="json"), **changed}
    return {
        name: ", ".join(map(str, value)) if name.endswith("_days") and isinstance(value, list)
        else value
        for name, value in data.items()
        if value is not None and value is not False
    } | {"step": "save", "seen": 0}  # fmt: skip


def waiting_for(days: int) -> Mentorship:
    asked = make_mentorship(mentor=make_mentor(), mentee=make_mentee(), state=State.PROPOSED)
    Mentorship.objects.filter(pk=asked.pk).update(waiting_since=now() - timedelta(days=days))
    return asked


def test_every_rule_has_a_box_in_a_group_and_does_something() -> None:
    grouped = [name for _, names in PoliciesForm.GROUPS for name in names]
    assert sorted(grouped) == sorted(Policies.model_fields) == sorted(PoliciesForm.base_fields)
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for suffix in ("py", "html")
        for path in (ROOT / "core").rglob(f"*.{suffix}")
        if "programme/rules" not in str(path) and "forms/policies" not in str(path)
    )
    idle = [
        name for name in Policies.model_fields if not re.search(rf"polic\w*\S*\.{name}\b", code)
    ]
    assert idle == []


def test_form_sent_as_it_stands_changes_nothing(staff: Client) -> None:
    form = PoliciesForm(boxes())
    assert form.is_valid(), form.errors
    assert form.policies == Policies()
    staff.post(page(), boxes())
    assert not AuditEntry.objects.filter(verb="policies.changed").exists()
    assert staff.get(page()).status_code == 200


def test_rules_that_touch_nothing_are_saved_at_once_with_before_and_after(staff: Client) -> None:
    answer = staff.post(page(), boxes(files_per_message=2, open_request_limit=None))
    assert answer.status_code == 302
    policies = Programme.objects.get().policies
    assert (policies.files_per_message, policies.open_request_limit) == (2, None)
    entry = AuditEntry.objects.get(verb="policies.changed")
    assert entry.facts["before"]["policies_data.files_per_message"] == 5
    assert entry.facts["after"]["policies_data.files_per_message"] == 2
    assert set(entry.facts["after"]) == {
        "policies_data.files_per_message", "policies_data.open_request_limit",
    }  # fmt: skip


def test_shorter_ladder_says_how_many_lapse_and_asks_first(staff: Client) -> None:
    for days in (9, 9, 30):
        waiting_for(days)
    sent = boxes(reminder_days=[2], lapse_days=8)
    answer = staff.post(page(), sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "3 requests would be withdrawn tonight" in text
    assert Programme.objects.get().policies.lapse_days == 21
    agreed = re.findall(r'name="agreed" value="(\w+)"', text)[0]
    other = staff.post(page(), {**sent, "lapse_days": "7", "agreed": agreed})
    assert "Save it all the same" in other.content.decode()  # agreed to something else
    assert staff.post(page(), {**sent, "agreed": agreed}).status_code == 302
    assert Programme.objects.get().policies.lapse_days == 8


def test_what_follows_is_counted_on_what_is_there() -> None:
    waiting_for(25)
    longer = PLAIN.model_copy(update={"lapse_days": 40})
    assert foreseen(PLAIN, longer)[0] == "1 request would not be withdrawn tonight yet."
    mentee = make_mentee()
    for _ in range(2):
        make_mentorship(mentor=make_mentor(), mentee=mentee, state=State.PROPOSED)
    fewer = PLAIN.model_copy(update={"open_request_limit": 2})
    assert "1 mentee has 2 or more open already" in foreseen(PLAIN, fewer)[0]
    no_gate = PLAIN.model_copy(update={"profile_gate": False})
    Profile.objects.filter(person=mentee).update(complete=False)
    assert "1 member without a complete profile would be asked" in foreseen(no_gate, PLAIN)[0]
    assert "could use everything" in foreseen(PLAIN, no_gate)[0]
    make_person("Tilda Ray", is_staff=True)
    second = PLAIN.model_copy(update={"second_factor": "staff"})
    assert "1 member of the team would have to" in foreseen(PLAIN, second)[0]
    assert foreseen(PLAIN, PLAIN) == []


def test_usual_places_and_full_mentors_are_counted() -> None:
    mentor = make_mentor()
    Profile.objects.filter(person=mentor).update(capacity=None)
    for _ in range(2):
        make_mentorship(mentor=mentor, mentee=make_mentee(), state=State.ACTIVE)
    one = PLAIN.model_copy(update={"default_capacity": 1})
    told = foreseen(PLAIN, one)
    assert "would take 1 instead of 2" in told[0]
    assert told[1].startswith("1 of them has more mentees")


def test_what_follows_costs_the_same_however_many_wait(django_assert_num_queries: Any) -> None:
    other = PLAIN.model_copy(update={
        "lapse_days": 5, "reminder_days": (2,), "open_request_limit": 1, "profile_gate": False,
        "default_capacity": 1, "full_mentors": "shown", "who_completes": "each",
        "feedback": "required", "second_factor": "staff",
    })  # fmt: skip
    waiting_for(9)
    foreseen(PLAIN, other)
    with django_assert_num_queries(11):
        foreseen(PLAIN, other)
    for _ in range(2):
        waiting_for(9)
    with django_assert_num_queries(11):
        foreseen(PLAIN, other)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"reminder_days": [7, 3]}, "larger than the one before"),
        ({"reminder_days": [3, 30]}, "after the last reminder, day 30"),
        ({"sign_in": "membership", "self_registration": False}, "Write the address of the sign-in"),
        ({"sign_in": "membership", "membership_link": "https://a.example/"}, "nobody registers"),
        ({"membership_link": "https://a.example/"}, "Only membership sign-in uses this"),
        ({"video_link": "https://meet.example/room"}, "{room} in it"),
        ({"default_capacity": 0}, "Write 1 or more."),
        ({"lapse_days": "soon"}, "Write a whole number."),
        ({"feedback": "never"}, "Select a valid choice"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_rules_that_cannot_be_are_refused_beside_their_box(
    staff: Client, sent: dict[str, Any], message: str
) -> None:
    answer = staff.post(page(), boxes(**sent))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Programme.objects.get().policies == Policies()


def test_rules_changed_by_a_colleague_are_not_overwritten_unseen(staff: Client) -> None:
    staff.post(page(), boxes(files_per_message=2))
    answer = staff.post(page(), boxes(files_per_message=9))
    assert answer.status_code == 409
    assert Programme.objects.get().policies.files_per_message == 2
    first = staff.get(f"{page()}?version=1").content.decode()
    assert "Changed: Files in one message." in first
