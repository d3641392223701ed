"""Staff import people from a file: nothing by guess, nothing by halves (product F4)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import AuditEntry, JobState, OutboxMail
from core.matching.models import Listing
from core.people.models import Import, ImportRow, ImportState, Invitation
from core.people.services import invitations, putting
from core.profiles.models import Profile
from tests.core.people.conftest import (
    Browser,
    asked,
    checked,
    imported,
    pressed,
    run_jobs,
    table,
    uploaded,
)
from tests.factories.matching import make_criterion
from tests.factories.mentorships import make_mentorship
from tests.factories.people import someone

pytestmark = pytest.mark.django_db
PLAIN = table(
    "E-mail;First name;Surname;Role;Company",
    "zoe@people.example;Zoë;Müller;mentor;Köln AG",
    "ben@people.example;Ben;Ash;mentee;",
)


def outcomes(source: Import) -> list[tuple[int, str]]:
    return list(source.rows.values_list("number", "outcome"))


def why(source: Import) -> list[str]:
    return [": ".join(problem) for row in source.rows.all() for problem in row.problems]


def test_file_is_understood_checked_and_imported(staff: Client, manager: Person) -> None:
    before = Person.objects.count()
    source = checked(staff, PLAIN.decode().encode("cp1252"))
    assert (source.encoding, source.delimiter) == ("cp1252", ";")
    assert source.mapping == ["email", "first_name", "last_name", "roles", "organisation"]
    assert Person.objects.count() == before
    job = pressed(staff, source, "import")
    assert job.message == "2 new, 0 changed."
    zoe = Person.objects.get(email="zoe@people.example")
    assert (zoe.full_name, zoe.username, zoe.roles) == ("Zoë Müller", "zoe.muller", ["mentor"])
    assert zoe.organisation == "Köln AG"
    assert not zoe.has_usable_password()
    assert EmailAddress.objects.get(user=zoe).verified
    assert AuditEntry.objects.get(verb="person imported", thing_id=str(zoe.pk)).actor_id == (
        manager.pk
    )
    assert source.state == ImportState.DONE
    page = staff.get(reverse("staff:people_import_report", args=[source.pk])).content.decode()
    assert "Take the import back" in page
    assert "zoe@people.example" in page


@pytest.mark.usefixtures("every_kind")
def test_answers_of_every_kind_fill_profiles_and_mentors_are_found(staff: Client) -> None:
    criterion = make_criterion("coast", ("north", "south"))
    source = imported(
        staff,
        table(
            "Email,Name,Role,One line,Story,Grade,Topics,Years,Before,Starts,Page,Coast,Capacity",
            'a@people.example,"Wren Marlowe",mentor,Keeper,"First.\nThen.",second,"Tides; lamps",'
            "12.0,No,9/3/2027,lamps.example,North,3",
        ),
    )
    profile = Profile.objects.get(person__email="a@people.example")
    assert profile.answers == {
        "one_line": "Keeper", "story": "First.\nThen.", "grade": "second",
        "topics": ["lamps", "tides"], "years": 12, "before": False, "starts": "2027-03-09",
        "page": "https://lamps.example", "coast": "north",
    }  # fmt: skip
    assert (profile.complete, profile.capacity) == (True, 3)
    listing = Listing.objects.get(person=profile.person)
    assert (listing.listed, listing.room) == (True, 3)
    assert f"{criterion.mentor_field.key}=north" in listing.tokens
    assert source.counts == {"new": 1}


@pytest.mark.usefixtures("every_kind")
def test_bad_rows_are_refused_with_line_column_and_reason(staff: Client) -> None:
    someone("mentee", email="shut@people.example", is_active=False)
    taken = someone("mentee", email="here@people.example", username="wren")
    source = checked(
        staff,
        table(
            "Email,First name,Last name,Role,Username,Grade,Years,Capacity",
            "a@people.example,Ana,Day,mentor,,second,3,2",
            "not an address,Ben,Day,mentee,,,,",
            "c@people.example,=HYPERLINK(1),Day,mentee,,,,",
            "d@people.example,Dee,,mentee,,,,",
            "e@people.example,Eve,Day,boss,,,,",
            "A@people.example,Ana,Day,mentor,,,,",
            'f@people.example,"Fay,Day,mentee,,,,',
            "g@people.example,Gus,Day,mentee,wren,,,",
            "h@people.example,Hal,Day,mentee,,third,many,",
            "i@people.example,Ida,Day,mentee,,,,4",
            "j@people.example,Jo,Day,mentee,,,,,,more",
            "shut@people.example,Kit,Day,mentee,,,,",
            f"l@people.example,{'L' * 300},Day,mentee,,,,",
            "m@people.example,Mo\x00,Day,mentee,,,,",
            "n@people.example,Nan,Day,,,,,",
            "here@people.example,Wren,Day,mentee,,,,",
            ",,,,,,,",
        ),
    )
    assert source.counts == {"new": 1, "unchanged": 1, "refused": 14}
    assert [line for line, outcome in outcomes(source) if outcome == "refused"] == (
        list(range(3, 17))
    )
    said = "\n".join(why(source))
    for sentence in (
        "Email: This is not an e-mail address.",
        "First name: This is a formula. Put its result in its place.",
        "Last name: There is no last name in this row.",
        "Role: Write mentor, mentee or both.",
        "Email: The same address stands in line 2.",
        ": The quotation marks in this row do not match.",
        "Username: This username is taken.",
        "Grade: “third” is not one of the answers in the list.",
        "Years: Enter a whole number, for example 12.",
        "Capacity: Only mentors are asked this.",
        ": This row has 10 cells, the header has 8.",
        "Email: The account of this person is closed.",
        "First name: Use 80 characters or fewer. These are 300.",
        "First name: Use letters, numbers, spaces and plain punctuation only.",
        ": Nothing says whether this is a mentor or a mentee.",
    ):
        assert sentence in said, sentence
    assert taken.username == "wren"
    report = reverse("staff:people_import_report", args=[source.pk])
    page = staff.get(f"{report}?show=refused").content.decode()
    assert "Last name:</strong> There is no last name" in page
    assert "Import the file" not in page
    lines = staff.get(reverse("staff:people_import_report_file", args=[source.pk]))
    assert "'=HYPERLINK" not in lines.content.decode()
    assert lines.content.decode().count("\n") > 16
    job = pressed(staff, source, "import")
    assert job.state == JobState.FAILED
    assert "Line 3 is refused now" in job.message
    assert not Person.objects.filter(email="a@people.example").exists()
    staff.post(
        reverse("staff:people_import_file", args=[source.pk]), asked(source, skip_refused="on")
    )
    run_jobs()
    assert pressed(staff, source, "import").message == (
        "1 new, 0 changed. 14 refused rows were left out."
    )


def test_staff_correct_what_was_found(staff: Client) -> None:
    content = table("Adresse,Wer", "zoe@people.example,Zoë Müller")
    source = uploaded(staff, content)
    address = reverse("staff:people_import_file", args=[source.pk])
    assert "Zoë Müller" in staff.get(address).content.decode()
    staff.post(address, {"step": "read", "encoding": "latin-1", "delimiter": ","})
    assert "ZoÃ«" in staff.get(address).content.decode()
    staff.post(address, {"step": "read", "encoding": "utf-16", "delimiter": ","})
    staff.post(address, {"step": "read", "encoding": "utf-8", "delimiter": ","})
    source.refresh_from_db()
    wrong = staff.post(address, {**asked(source), "column-0": "", "column-1": ""})
    assert wrong.status_code == 422
    assert "Say which column holds the e-mail address" in wrong.content.decode()
    assert "No column says who is a mentor" in wrong.content.decode()
    twice = staff.post(address, {**asked(source), "column-0": "email", "column-1": "email"})
    assert "Two columns are read as" in twice.content.decode()
    staff.post(
        address, {**asked(source), "column-0": "email", "column-1": "full_name", "roles": "both"}
    )
    run_jobs()
    pressed(staff, source, "import")
    assert Person.objects.get(email="zoe@people.example").roles == ["mentor", "mentee"]


@pytest.mark.usefixtures("every_kind")
@pytest.mark.parametrize(
    ("existing", "organisation", "grade", "years"),
    [
        ("leave", "", "first", None),
        ("fill", "Quay", "first", 4),
        ("overwrite", "Quay", "second", 4),
    ],
)
def test_people_who_are_here_are_left_filled_or_overwritten_and_put_back(
    staff: Client, existing: str, organisation: str, grade: str, years: int | None
) -> None:
    ana = someone("mentor", email="Ana@people.example".lower(), first_name="Ana", last_name="Day")
    profile = Profile.objects.create(
        person=ana, role="mentor", answers={"grade": "first"}, updated_at=now()
    )
    source = imported(
        staff,
        table(
            "Email,First name,Last name,Company,Role,Grade,Years",
            "ANA@people.example,Ana,Day,Quay,mentee,Second,4",
        ),
        existing=existing,
    )
    ana.refresh_from_db()
    profile.refresh_from_db()
    assert ana.organisation == organisation
    assert profile.answers == {"grade": grade, **({"years": years} if years else {})}
    if existing == "leave":
        assert source.counts == {"unchanged": 1}
        return
    assert ana.roles == ["mentor", "mentee"]
    assert set(Profile.objects.values_list("role", flat=True).filter(person=ana)) == {
        "mentor", "mentee",
    }  # fmt: skip
    assert source.counts == {"changed": 1}
    Person.objects.filter(pk=ana.pk).update(organisation="Own words")
    assert pressed(staff, source, "undo").state == JobState.DONE
    ana.refresh_from_db()
    profile.refresh_from_db()
    assert (ana.organisation, ana.roles) == ("Own words", ["mentor"])
    assert profile.answers == {"grade": "first"}
    assert not Profile.objects.filter(person=ana, role="mentee").exists()
    assert source.rows.get().kept == "changed since: organisation"


def test_import_is_taken_back_but_for_those_who_acted(staff: Client, visit: Browser) -> None:
    source = imported(
        staff,
        table(
            "Email,Name,Role",
            *(f"p{number}@people.example,Pat Ash{number},mentor" for number in range(4)),
        ),
    )
    people = {one.email[:2]: one for one in Person.objects.filter(email__regex="^p[0-9]@")}
    Person.objects.filter(pk=people["p0"].pk).update(last_login=now())
    people["p1"].set_password("three quiet lanterns")
    people["p1"].save()
    make_mentorship(mentor=people["p2"])
    assert Invitation.objects.filter(state="open").count() == 4
    job = pressed(staff, source, "undo")
    assert job.message == "1 row is taken back. 3 stay as they are: the report names them."
    left = set(Person.objects.filter(email__regex="^p[0-9]@").values_list("email", flat=True))
    assert left == {f"p{number}@people.example" for number in range(3)}
    assert not Invitation.objects.filter(state="open").exists()
    kept = staff.get(
        reverse("staff:people_import_report", args=[source.pk]), {"show": "kept"}
    ).content.decode()
    assert "has signed in since" in kept
    assert "takes part already" in kept
    assert pressed_again(staff, source) == 302
    assert source.state == ImportState.UNDONE


def pressed_again(staff: Client, source: Import) -> int:
    address = reverse("staff:people_import_report", args=[source.pk])
    status: int = staff.post(address, {"step": "undo"}).status_code
    return status


def test_import_that_breaks_half_way_leaves_nothing_and_can_run_again(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = checked(staff, PLAIN)
    before = Person.objects.count()

    def broken(self: putting.Putting) -> None:
        raise RuntimeError("the lamp went out")

    with monkeypatch.context() as patch:
        patch.setattr(putting.Putting, "finish", broken)
        job = pressed(staff, source, "import")
    assert job.state == JobState.FAILED
    assert "nothing was changed" in job.message
    assert Person.objects.count() == before
    assert not Invitation.objects.exists()
    assert source.state == ImportState.CHECKED
    assert outcomes(source) == [(2, "new"), (3, "new")]
    assert pressed(staff, source, "import").state == JobState.DONE
    assert Person.objects.count() == before + 2


def test_role_taken_away_while_the_job_waits_stops_the_import(
    staff: Client, manager: Person
) -> None:
    source = checked(staff, PLAIN)
    staff.post(reverse("staff:people_import_report", args=[source.pk]), {"step": "import"})
    manager.staff_role = "reader"
    manager.save()
    job = run_jobs()
    assert job.state == JobState.FAILED
    assert "no longer lets you import" in job.message
    assert not Person.objects.filter(email="zoe@people.example").exists()
    assert staff.post(reverse("staff:people_import"), {}).status_code == 403


def test_many_are_invited_from_a_file_and_accounts_only_by_themselves(staff: Client) -> None:
    someone("mentee", email="ben@people.example")
    source = checked(staff, PLAIN, kind="invitations", line="Do come.")
    assert outcomes(source) == [(2, "new"), (3, "unchanged")]
    job = pressed(staff, source, "import")
    assert job.message == "1 person is invited."
    assert not Person.objects.filter(email="zoe@people.example").exists()
    assert invitations.send_due() == 1
    mail = OutboxMail.objects.get(to_address="zoe@people.example")
    assert "Do come." in mail.text
    again = checked(staff, PLAIN, kind="invitations")
    assert outcomes(again) == [(2, "unchanged"), (3, "unchanged")]
    pressed(staff, source, "undo")
    assert Invitation.objects.get().state == "withdrawn"


def test_unconfirmed_stranger_does_not_keep_an_imported_address(staff: Client) -> None:
    stranger = Person.objects.create_user("stranger", "zoe@people.example", "a stolen lantern")
    EmailAddress.objects.create(user=stranger, email=stranger.email, verified=False, primary=True)
    source = imported(staff, PLAIN)
    assert source.counts == {"new": 2}
    assert not Person.objects.filter(pk=stranger.pk).exists()
    assert not Person.objects.get(email="zoe@people.example").has_usable_password()


def test_files_and_reports_are_kept_for_a_time_only(staff: Client) -> None:
    from core.kernel.clock import frozen
    from core.people.services.keeping import clear_out

    done, idle = imported(staff, PLAIN), uploaded(staff, PLAIN)
    with frozen(now() + timedelta(days=8)):
        clear_out()
    done.refresh_from_db()
    assert done.stored_as == ""
    assert not Import.objects.filter(pk=idle.pk).exists()
    assert ImportRow.objects.filter(source=done).count() == 2
    with frozen(now() + timedelta(days=61)):
        clear_out()
    assert not ImportRow.objects.exists()


def test_others_do_not_see_files_of_people(visit: Browser, staff: Client) -> None:
    source = checked(staff, PLAIN)
    editor = someone(is_staff=True, staff_role="editor")
    reader = someone(is_staff=True, staff_role="reader")
    for name in ("people_import_file", "people_import_report", "people_import_report_file"):
        address = reverse(f"staff:{name}", args=[source.pk])
        assert visit(someone("mentor")).get(address).status_code == 404
        assert visit(editor).get(address).status_code == 403
        assert visit(reader).get(address, follow=True).status_code == 200
    report = reverse("staff:people_import_report", args=[source.pk])
    assert visit(reader).post(report, {"step": "import"}).status_code == 403
    assert "Import the file" not in visit(reader).get(report).content.decode()
