"""The society's register of members as a file, and people who were erased here."""

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.membership.models import Member
from core.people.models import ImportRow, Invitation
from core.people.rules import cells
from core.people.services import invitations
from core.privacy.models import Way
from core.privacy.services.erasing import erase
from tests.core.membership.conftest import rules
from tests.core.people.conftest import checked, imported, pressed, table
from tests.factories.mentorships import make_mentee, make_mentorship
from tests.factories.people import mails_to, someone

pytestmark = pytest.mark.django_db


def member(person: Person) -> tuple[str, str, str]:
    row = Member.objects.get(person=person)
    return row.number, row.status, row.source


def test_register_of_members_brings_numbers_and_standings_up_to_date_and_is_taken_back(
    staff: Client, manager: Person
) -> None:
    rules(membership_grace_days=30)
    ana, ben, kit = (someone("mentee", email=f"{name}@people.example") for name in "abk")
    imported(staff, table("Email,Member No", "k@people.example,0007"), existing="overwrite",
             newcomers="leave")  # fmt: skip
    source = checked(
        staff,
        table(
            "Email,Membership number,Status",
            "a@people.example,0042,Paid up",
            "b@people.example,0043,Expired",
            "k@people.example,0042,",
            "k@people.example,0008,",
            "new@people.example,0044,Active",
            f"{manager.email},0045,resigned",
        ),
        existing="overwrite", newcomers="leave", skip_refused="on",
    )  # fmt: skip
    assert source.mapping == ["email", "member_number", "standing"]
    assert list(source.rows.values_list("outcome", flat=True)) == [
        "changed", "changed", "refused", "refused", "unchanged", "unchanged",
    ]  # fmt: skip
    report = staff.get(reverse("staff:people_import_report", args=[source.pk])).content.decode()
    for sentence in (
        "1 membership lapses by this file", "The membership lapses.", "Has no account here.",
        "The same number stands in line 2.", "On the programme team: the membership is left",
    ):  # fmt: skip
        assert sentence in report, sentence
    pressed(staff, source, "import")
    assert member(ana) == ("0042", "current", "import")
    assert member(ben) == ("0043", "lapsed", "import")
    assert not Member.objects.filter(person=manager).exists()
    assert not Person.objects.filter(email="new@people.example").exists()
    assert [one.kind for one in mails_to(ben.email)] == ["membership_lapsed"]
    again = checked(staff, table("Email,Status", "b@people.example,ended", "k@people.example,?"),
                    existing="overwrite", newcomers="leave")  # fmt: skip
    assert list(again.rows.values_list("outcome", flat=True)) == ["unchanged", "refused"]
    Member.objects.filter(person=ana).update(source="oidc")  # the society has spoken since
    pressed(staff, source, "undo")
    assert member(ana) == ("0042", "current", "oidc")
    assert not Member.objects.filter(person=ben).exists()
    assert source.rows.get(email=ana.email).kept == "changed since: membership"
    assert AuditEntry.objects.filter(verb="membership taken back", thing_id=str(ben.pk)).exists()
    assert member(kit)[0] == "0007"


def test_members_who_come_by_the_register_go_with_it_again(staff: Client) -> None:
    rules(membership_grace_days=0, lapsed_members="out")
    ben = make_mentorship().mentee
    source = imported(
        staff,
        table(
            "Email,Name,Role,Member number,Status",
            "zoe@people.example,Zoë Müller,mentor,M/1,current",
            "yan@people.example,Yan Ash,mentor,M/2,lapsed",
            f"{ben.email},,,M/3,ended",
        ),
        existing="overwrite",
    )
    assert source.counts == {"new": 1, "unchanged": 1, "changed": 1}
    assert member(Person.objects.get(email="zoe@people.example"))[:2] == ("M/1", "current")
    assert member(ben)[:2] == ("M/3", "ended")
    pressed(staff, source, "undo")
    assert not Person.objects.filter(email="zoe@people.example").exists()
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("cell", "standing"),
    [("Good standing", "current"), ("Non-member", "ended"), ("FULL MEMBER", "current"),
     (" in arrears", "lapsed"), ("", "")],
)  # fmt: skip
def test_standings_are_read_as_societies_write_them(cell: str, standing: str) -> None:
    assert cells.standing(cell) == standing


def test_no_file_brings_back_whom_we_erased_and_the_team_only_if_they_asked(
    staff: Client,
) -> None:
    gone = make_mentee(first_name="Ida", last_name="Thorn")
    email = gone.email
    erase(gone, way=Way.RETENTION)
    content = table(
        "Email,Name,Role", f"{email},Ida Thorn,mentee", "ben@people.example,Ben Ash,mentee"
    )
    for kind in ("accounts", "invitations"):
        source = checked(staff, content, kind=kind)
        assert (source.counts["erased"], source.counts["new"]) == (1, 1)
        report = reverse("staff:people_import_report", args=[source.pk])
        page = staff.get(report, {"show": "erased"}).content.decode()
        assert "They may register again themselves" in page
        assert email not in page
        assert pressed(staff, source, "import").state == "done"
        assert not ImportRow.objects.filter(email=email).exists()
        pressed(staff, source, "undo")
    assert not Person.objects.filter(email=email).exists()
    assert not Invitation.objects.filter(email=email).exists()
    form = {"email": email, "first_name": "Ida", "last_name": "Thorn", "roles": "mentee"}
    address = reverse("staff:invitations")
    asked = staff.post(address, form)
    assert asked.status_code == 422
    assert "They have asked to be invited again" in asked.content.decode()
    assert staff.post(address, {**form, "asked_back": "on"}).status_code == 302
    assert AuditEntry.objects.filter(verb="person invited", facts__asked_back=True).exists()
    assert invitations.ERASED in asked.content.decode()
