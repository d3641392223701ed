"""Somebody is erased: their marks are found nowhere, and the partner's side still works (A11)."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.accounts.models import Person
from core.diary.models import Entry
from core.kernel import audit, personal
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, Job, MailState, OutboxMail
from core.kernel.personal import Kept
from core.membership.errors import AccountClosed
from core.membership.rules import Record, Source
from core.membership.services import take
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.messaging.models import Attachment, Conversation, Message, Side
from core.privacy.models import Erasure, Way
from core.privacy.queries.erasing import why_not
from core.privacy.services import holding
from core.privacy.services.erasing import erase, tidy
from core.privacy.services.erasing.identity import address_digest
from core.privacy.services.erasing.receipt import receipt_of
from core.programme.models import Programme
from core.programme.services import write_mail
from tenants.context import platform_scope
from tenants.models import Institute
from tests.core.privacy.traces import MARK, files_with, fill_about, traces_of
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.factories.people import browser, mails_to, someone

pytestmark = pytest.mark.django_db

# What two wrote together stays the other's, and what was reported stays with the team; neither
# with a name. Names of steps and verbs say nothing of anybody.
STAYS = {
    "canvases_sheet.texts",
    "canvases_sheet.title",
    "canvases_version.title",
    "journey_sheet.answers",
    "journey_sheetversion.answers",
    "journey_stagestep.stage",
    "kernel_auditentry.verb",
    "meetings_meeting.details",
    "meetings_meeting.place",
    "meetings_meeting.time_zone",
    "meetings_meeting.title",
    "mentorships_mentorship.area",
    "mentorships_mentorship.area_label",
    "mentorships_mentorship.note",
    "mentorships_mentorship.statement",
    "mentorships_mentorshipstep.note",
    "mentorships_revision.area",
    "mentorships_revision.area_label",
    "mentorships_revision.statement",
    "messaging_message.text",
    "messaging_report.outcome",
    "messaging_report.text",
    "messaging_reportnote.text",
    "people_import.encoding",
    "people_import.file_name",
    "security_standin.ended_by_name",
}


@pytest.fixture
def manager() -> Person:
    return someone(first_name="Tilda", last_name="Ray", is_staff=True, is_superuser=True)


@pytest.fixture
def talk() -> Conversation:
    """A mentee and a mentor who work together and have written to each other."""
    gone = make_mentee(first_name="Isolde", last_name="Quillfeather", phone="07700 900 456")
    stays = make_mentor(first_name="Bram", last_name="Oakes")
    make_mentorship(mentee=gone, mentor=stays, state=State.ACTIVE)
    first, second = sorted((gone, stays), key=lambda one: one.pk)
    talk = Conversation.objects.create(first=first, second=second, last_number=2)
    for one, other in ((first, second), (second, first)):
        Side.objects.create(conversation=talk, person=one, partner=other, read_number=2)
    message = Message.objects.create(
        conversation=talk, number=1, sender=gone,
        text=f"I am Isolde  Quillfeather. Write to {gone.email.upper()} or ring 07700 900 456.",
    )  # fmt: skip
    Message.objects.create(
        conversation=talk, number=2, sender=stays, text="Welcome, isolde quillfeather!"
    )
    stored = default_storage.save("messages/plan.txt", ContentFile("The plan of Isolde"))
    Attachment.objects.create(
        message=message, name="plan.txt", stored_as=stored, kind="text",
        content_type="text/plain", size=18,
    )  # fmt: skip
    return talk


def gone_of(talk: Conversation) -> Person:
    return Person.objects.get(last_name="Quillfeather")


def test_manager_erases_a_member_and_no_mark_of_theirs_is_left_anywhere(
    django_capture_on_commit_callbacks: Any,
) -> None:
    member = fill_about()
    manager = someone(is_staff=True, is_superuser=True)
    cache.set("a-list-for-somebody", [f"1. {member.full_name}"])
    held_by({"who": member.pk.hex, "text": f"unsaved words {MARK}"})
    colleague = held_by({"_auth_user_id": str(manager.pk), "last": f"Met {member.full_name}."})
    there = traces_of(MARK)
    assert len(there) > 80
    assert {"cache", "session of somebody"} < there
    assert files_with(MARK)
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erase(member, way=Way.ASKED, by=manager)
    OutboxMail.objects.update(state=MailState.SENT)
    tidy()
    assert traces_of(MARK) - STAYS == set()
    assert files_with(MARK) == set()
    assert receipt.rows > 60
    assert Session.objects.get(pk=colleague).get_decoded()["last"] == "Met A former member."


def test_partner_keeps_the_conversation_without_the_name_and_is_told(
    talk: Conversation, manager: Person, django_capture_on_commit_callbacks: Any
) -> None:
    gone, partner = gone_of(talk), Person.objects.get(last_name="Oakes")
    address = gone.email
    audit.record("person edited", thing=partner, by=manager, note="Isolde Quillfeather wrote")
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erase(gone, way=Way.ASKED, by=manager)
    assert not default_storage.exists("messages/plan.txt")
    texts = list(talk.messages.order_by("number").values_list("text", flat=True))
    assert texts == [
        "I am A former member. Write to (removed) or ring (removed).",
        "Welcome, A former member!",
    ]
    told = [mail for mail in mails_to(partner.email) if "Isolde" in mail.text + mail.subject]
    assert told, "the partner reads who left"
    (proof,) = mails_to(address)
    assert receipt.number in proof.text
    assert address_digest(address.upper()) in json.loads(receipt_of(receipt))["address_digests"]
    OutboxMail.objects.update(state=MailState.SENT)
    tidy()
    for mark in ("quillfeather", "900 456", address):
        assert traces_of(mark) == set(), mark
    assert mails_to(address) == []
    client = browser()
    client.force_login(partner)
    mentorship = Mentorship.objects.get()
    for page in (
        reverse("mentorships:dashboard"),
        reverse("mentorships:detail", args=[mentorship.pk]),
        mentorship_messages(talk, gone),
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert b"Quillfeather" not in answer.content
    assert not client.login(username=gone.username, password="three quiet lanterns")


def mentorship_messages(talk: Conversation, other: Person) -> str:
    return reverse("messaging:thread", args=[other.pk])


def test_planted_leaks_are_found(monkeypatch: pytest.MonkeyPatch, ciltuk: Institute) -> None:
    """A rule that keeps the diary, no sweep, and a mark wherever one could be forgotten."""
    member = make_mentee(first_name=MARK, last_name="Thorn")
    Entry.objects.create(writer=member, written_on="2031-05-01", title="t", text=MARK)
    kept = personal.kept_as("diary.Entry")
    leak = Kept(**{**vars(kept), "on_erase": personal.Stay("planted")})
    monkeypatch.setitem(personal._kept, "diary.Entry", leak)
    monkeypatch.setattr("core.privacy.services.erasing.sweep", lambda who: {})
    erase(member, way=Way.RETENTION)
    before = traces_of(MARK)
    assert "diary_entry.text" in before
    held_by({"note": MARK})
    cache.set("anything", {"name": MARK})
    Job.objects.create(owner_id=member.pk, about={"name": MARK}, message=MARK)
    with platform_scope():
        Institute.objects.filter(pk=ciltuk.pk).update(name=MARK)
    assert traces_of(MARK) - before == {
        "session of somebody", "cache", "kernel_job.about", "kernel_job.message",
        "shared tenants_institute.name",
    }  # fmt: skip
    cache.clear()
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        file.writestr("data.json", MARK * 3)
    for name, content in (("copies/a.zip", archive.getvalue()), (f"b/{MARK}.txt", b"")):
        stored = default_storage.save(name, ContentFile(content))
        assert files_with(MARK) == {stored}
        default_storage.delete(stored)


def held_by(data: dict[str, str]) -> str:
    """A browser's session that holds this; out: its key."""
    session = SessionStore()
    session.update(data)
    session.save()
    return str(session.session_key)


def test_what_a_killed_worker_left_and_what_came_late_goes_as_well(
    talk: Conversation, django_capture_on_commit_callbacks: Any
) -> None:
    gone = gone_of(talk)
    receipt = erase(gone, way=Way.RETENTION)  # nothing after the commit is done
    assert default_storage.exists("messages/plan.txt")
    assert receipt.doomed == ["messages/plan.txt"]
    Entry.objects.create(writer=gone, written_on="2031-05-01", title="t", text="late")
    Person.objects.filter(pk=gone.pk).update(last_login=receipt.at)
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy() >= 2
    receipt.refresh_from_db()
    gone.refresh_from_db()
    assert not default_storage.exists("messages/plan.txt")
    assert (receipt.doomed, gone.last_login) == ([], None)
    assert not Entry.objects.exists()
    assert tidy() == 0


def test_what_somebody_was_called_before_goes_as_well(manager: Person) -> None:
    gone = make_mentee(first_name="Isolde", last_name="Quillfeather")
    old_address = gone.email
    entry = audit.record("person edited", thing=gone, by=gone)
    own = write_mail(
        template="mails/password_changed", to=gone, kind="password_changed", context={"link": "/"}
    )
    Person.objects.filter(pk=gone.pk).update(last_name="Thorn", email="thorn@new.example")
    note = audit.record(
        "person edited", thing=manager, by=manager, note=f"{old_address.upper()} moved"
    )
    told = audit.record("person edited", thing=manager, by=manager, note="Isolde Quillfeather")
    erase(gone, way=Way.RETENTION)
    for one in (entry, note, told):
        one.refresh_from_db()
    assert entry.actor_name == "A former member"
    assert note.facts == {"note": "(removed) moved"}
    assert told.facts == {"note": "A former member"}
    assert own is not None
    assert not OutboxMail.objects.filter(pk=own.pk).exists()


def test_namesake_and_words_like_a_username_are_left_alone(manager: Person) -> None:
    gone = make_mentee(first_name="Ida", last_name="Thorn")
    Person.objects.filter(pk=gone.pk).update(username="mentorship")
    namesake = make_mentee(first_name="ida", last_name="thorn")
    entry = audit.record("person edited", thing=namesake, by=namesake, note="about mentorship")
    erase(gone, way=Way.RETENTION)
    entry.refresh_from_db()
    assert (entry.actor_name, entry.facts) == ("ida thorn", {"note": "about mentorship"})
    assert Person.objects.get(pk=namesake.pk).full_name == "ida thorn"


def test_nobody_is_erased_while_something_speaks_against_it(manager: Person) -> None:
    member = make_mentee(first_name="Ida", last_name="Thorn")
    held = holding.hold(member, reason="A dispute", by=manager)
    assert "hold" in why_not(member)
    with pytest.raises(RuleBroken, match="hold"):
        erase(member, way=Way.RETENTION)
    holding.release(held, by=manager)
    Programme.objects.update(contact_email=member.email)
    with pytest.raises(RuleBroken, match="Names and addresses"):
        erase(member, way=Way.ASKED, by=manager)
    member.refresh_from_db()
    assert (member.erased_at, member.full_name) == (None, "Ida Thorn")
    assert not Erasure.objects.exists()
    assert not AuditEntry.objects.filter(verb="person erased").exists()


def test_society_does_not_bring_back_whom_we_erased_but_they_may_come_themselves() -> None:
    gone = make_mentee(first_name="Ida", last_name="Thorn")
    told = Record(
        issuer="https://society.example", subject="7", email=gone.email.title(),
        email_verified=True, first_name="Ida", last_name="Thorn",
    )  # fmt: skip
    erase(gone, way=Way.RETENTION)
    with pytest.raises(AccountClosed):
        take(told, source=Source.SCIM, let_in=False)
    assert take(told, source=Source.OIDC).made
