"""The team tells what is new; members read it, put it away, and get it by mail if they like."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.accounts.models import Person
from core.kernel import clock, jobs
from core.kernel.clock import now, today
from core.kernel.models import AuditEntry, Job, OutboxMail
from core.kernel.rights import StaffRole
from core.notices import queries, rules, services
from core.notices.models import Notice, NoticeRead
from core.notices.tasks import MAIL
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_person

pytestmark = pytest.mark.django_db
LIST = "/whats-new/"
STAFF = "/staff/notices/notice/"


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Any:
    """``visit(person)`` → a browser in which this person is signed in."""
    return lambda person=None: member_client(ciltuk, person)


@pytest.fixture
def member() -> Person:
    return make_person(is_staff=True, first_name="Ada", last_name="Marlow")


def notice(*, by: Person | None = None, published: bool = True, **fields: Any) -> Notice:
    """One in force, unless told otherwise."""
    made = Notice.objects.create(
        **{"title": "An evening in May", "body": "Come **along**.", **fields}
    )
    if published:
        services.publish(made, by=by or make_person(is_staff=True))
    return made


def titles(person: Person) -> set[str]:
    return {one.title for one in queries.for_reader(person)}


def test_member_reads_it_on_the_first_page_and_puts_it_away(visit: Any) -> None:
    made, mentee = notice(title="News for {{ mentees }}"), make_mentee()
    browser: Client = visit(mentee)
    first = reverse("mentorships:dashboard")
    assert "News for mentees" in browser.get(first).content.decode()
    answer = browser.post(reverse("notices:dismiss", args=[made.pk]), {"next": first})
    assert answer.headers["Location"] == first
    assert "News for mentees" not in browser.get(first).content.decode()
    browser.post(reverse("notices:dismiss", args=[made.pk]), {"next": "https://evil.example/"})
    assert NoticeRead.objects.get().person == mentee
    assert "News for mentees" in browser.get(LIST).content.decode()


def test_page_marks_what_is_new_once(visit: Any) -> None:
    notice(link_label="Say yes", link_url="/resources/")
    browser: Client = visit(make_mentor())
    page = browser.get(LIST).content.decode()
    assert "<strong>along</strong>" in page
    assert 'href="/resources/"' in page
    assert ">New<" in page
    assert ">New<" not in browser.get(LIST).content.decode()
    assert "An evening in May" not in browser.get(reverse("mentorships:dashboard")).content.decode()


def test_everybody_reads_only_what_is_for_them_and_in_force() -> None:
    for audience in ("everyone", "mentor", "mentee", "staff"):
        notice(title=audience, audience=audience)
    notice(title="draft", published=False)
    notice(title="tomorrow", first_day=today() + timedelta(days=1))
    notice(title="until today", last_day=today())
    notice(title="over", first_day=today() - timedelta(9), last_day=today() - timedelta(days=1))
    services.withdraw(notice(title="withdrawn"), by=make_person(is_staff=True))
    assert titles(make_mentor()) == {"everyone", "mentor", "until today"}
    assert titles(make_mentee()) == {"everyone", "mentee", "until today"}
    assert titles(make_person(is_staff=True)) == {"everyone", "staff", "until today"}
    with clock.frozen(now() + timedelta(days=1)):
        assert "tomorrow" in titles(make_mentor())
        assert "until today" not in titles(make_mentor())


def test_a_stranger_and_another_audience_get_nothing(visit: Any) -> None:
    made = notice(audience="staff")
    stranger: Client = visit()
    assert "An evening" not in stranger.get("/").content.decode()
    assert stranger.get(LIST).status_code == 302
    assert stranger.post(reverse("notices:dismiss", args=[made.pk])).status_code == 302
    mentee: Client = visit(make_mentee())
    assert mentee.post(reverse("notices:dismiss", args=[made.pk])).status_code == 404
    assert not NoticeRead.objects.exists()


def test_whoever_still_has_a_profile_to_write_reads_and_dismisses(visit: Any) -> None:
    made = notice()
    fresh = make_person(is_mentee=True)
    browser: Client = visit(fresh)
    profile = reverse("profiles:edit")
    assert "An evening in May" in browser.get(profile).content.decode()
    done = browser.post(reverse("notices:dismiss", args=[made.pk]), {"next": profile})
    assert done.headers["Location"] == profile
    assert browser.get(LIST).status_code == 200
    assert "An evening in May" not in browser.get(profile).content.decode()


def test_strip_costs_one_query_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mentor = make_mentor()
    for number in (1, 2, 3):
        notice(title=f"News {number}")
        queries.published()
        with django_assert_num_queries(1):
            assert len(queries.unread(mentor)) == number
    Notice.objects.all().delete()
    cache.clear()
    queries.published()
    with django_assert_num_queries(0):
        assert queries.unread(mentor) == []


def form(**other: str) -> dict[str, str]:
    return {
        "title": "An evening in May", "body": "Come along.", "audience": "everyone",
        "first_day": today().isoformat(), "last_day": "", "link_label": "", "link_url": "",
        **other,
    }  # fmt: skip


def test_team_writes_publishes_and_withdraws(visit: Any, member: Person) -> None:
    browser: Client = visit(member)
    answer = browser.post(f"{STAFF}add/", form())
    made = Notice.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert titles(make_mentee()) == set()
    assert "Publish it" in browser.get(made.get_absolute_url()).content.decode()
    browser.post(made.get_absolute_url(), {"do": "publish"})
    assert titles(make_mentee()) == {"An evening in May"}
    again = browser.post(made.get_absolute_url(), {"do": "publish"}, follow=True)
    assert "Somebody was quicker" in again.content.decode()
    assert "In force" in browser.get(STAFF).content.decode()
    browser.post(f"{STAFF}{made.pk}/change/", form(title="An evening in June"))
    assert titles(make_mentee()) == {"An evening in June"}
    browser.post(made.get_absolute_url(), {"do": "withdraw"})
    assert titles(make_mentee()) == set()
    verbs = AuditEntry.objects.filter(actor_name="Ada Marlow").values_list("verb", flat=True)
    assert set(verbs) == {
        "staff.added", "staff.changed", "notice.published", "notice.withdrawn"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "required"),
        ({"title": "Hello {{ nobody }}"}, "stands for nothing here"),
        ({"last_day": "2001-01-01"}, "cannot end before"),
        ({"first_day": "31 February"}, "valid date"),
        ({"link_url": "/diary/"}, "words and an address"),
        ({"link_label": "x", "link_url": "javascript:alert(1)"}, "begins with https://"),
        ({"link_label": "x", "link_url": "//evil.example/"}, "begins with https://"),
        ({"audience": "world"}, "valid choice"),
        ({"body": "x" * 6001}, "at most 6000"),
    ],
)
def test_team_writes_what_cannot_be_it_is_told(
    visit: Any, member: Person, given: dict[str, str], said: str
) -> None:
    answer = visit(member).post(f"{STAFF}add/", form(**given))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Notice.objects.exists()


def test_team_previews_before_it_saves_and_nothing_runs(visit: Any, member: Person) -> None:
    body = "<script>alert(1)</script> For {{ mentors }}"
    page = visit(member).post("/staff/notices/preview/", form(body=body)).content.decode()
    assert "For mentors" in page
    assert "<script>alert" not in page
    assert not Notice.objects.exists()


def test_a_reader_of_the_team_publishes_nothing(visit: Any) -> None:
    made = notice(published=False)
    reader: Client = visit(make_person(is_staff=True, staff_role=StaffRole.READER))
    assert "Publish it" not in reader.get(made.get_absolute_url()).content.decode()
    assert reader.post(made.get_absolute_url(), {"do": "publish"}).status_code == 403
    assert visit(make_mentor()).get(made.get_absolute_url()).status_code == 404


def mailed(visit: Any, member: Person, made: Notice) -> Job:
    """Order the mails and let a worker do it."""
    visit(member).post(made.get_absolute_url(), {"do": "mail"})
    job = Job.objects.filter(kind=MAIL).latest("created_at")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_mail_goes_once_to_all_who_want_it(visit: Any, member: Person) -> None:
    Person.objects.exclude(pk=member.pk).update(is_active=False)
    one, two = make_mentor(), make_mentor(muted_mails=[rules.MAIL])
    new = make_mentor()
    EmailAddress.objects.filter(user=new).delete()
    EmailAddress.objects.create(user=new, email=new.email, verified=False, primary=True)
    made = notice(
        by=member,
        audience="mentor",
        body="# Come\n\nSee [the map](https://map.example/) and **bring**:\n\n* bread\n* a_b_c",
    )
    job = mailed(visit, member, made)
    assert (job.state, job.message) == ("done", "One mail is on its way.")
    mail = OutboxMail.objects.get(kind=rules.MAIL)
    assert mail.to_address == one.email != two.email
    assert mail.subject == "An evening in May"
    assert "See the map (https://map.example/) and bring:" in mail.text
    assert "- bread" in mail.text
    assert "a_b_c" in mail.text
    assert AuditEntry.objects.get(verb="notice.mailed").facts["mails"] == 1
    second = mailed(visit, member, made)
    assert (second.state, second.message) == (
        "failed", "It was mailed before: nobody gets it twice."
    )  # fmt: skip
    assert OutboxMail.objects.filter(kind=rules.MAIL).count() == 1


def test_a_notice_that_was_withdrawn_meanwhile_is_not_mailed(visit: Any, member: Person) -> None:
    made = notice(by=member)
    visit(member).post(made.get_absolute_url(), {"do": "mail"})
    services.withdraw(made, by=member)
    job = Job.objects.get(kind=MAIL)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not OutboxMail.objects.filter(kind=rules.MAIL).exists()
