"""Suspending, reopening, renaming and copying institutes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts.models import Person
from core.help.models import Faq
from core.kernel.models import AuditEntry, OutboxMail
from core.mentorships.models import Mentorship
from core.profiles.models import Field, Option, Profile
from core.programme.models import Programme
from tenants import cloning, lifecycle
from tenants.context import platform_scope, schema_scope, tenant_context, wrapper
from tenants.deeds import COMMAND_LINE, Operator
from tenants.errors import DeedRefused, NameTaken, ProvisionFailed
from tenants.hosts import forget_hosts
from tenants.models import Institute, Kind, State
from tenants.standing import OperatorDeed
from tests.factories.mentorships import make_mentorship

pytestmark = pytest.mark.django_db


def test_members_of_a_suspended_institute_see_a_calm_page_in_its_look(
    ciltuk: Institute, guided: Institute
) -> None:
    pages = []
    for institute in (ciltuk, guided):
        lifecycle.suspend(institute, reason="The invoice is open", by=COMMAND_LINE)
        answer = Client(headers={"host": f"{institute.slug}.localhost"}).get("/mentors/")
        assert answer.status_code == 503
        page = answer.content.decode()
        assert "Nothing is lost" in page
        assert institute.name in page
        assert "invoice" not in page
        assert "<script" not in page
        pages.append(page.replace(institute.name, ""))
    assert pages[0] != pages[1]
    lifecycle.reopen(ciltuk, by=COMMAND_LINE)
    forget_hosts()
    assert Client(headers={"host": "ciltuk.localhost"}).get("/").status_code == 200


def test_suspended_institute_whose_schema_is_away_still_answers_calmly(ciltuk: Institute) -> None:
    lifecycle.suspend(ciltuk, reason="Moved", by=COMMAND_LINE)
    with schema_scope(ciltuk.schema_name), wrapper().cursor() as cursor:
        cursor.execute("ALTER TABLE theming_brand RENAME TO elsewhere")
    forget_hosts()
    from django.core.cache import cache

    with tenant_context(ciltuk):
        cache.clear()
    answer = Client(headers={"host": "ciltuk.localhost"}).get("/")
    assert (answer.status_code, b"Nothing is lost" in answer.content) == (503, True)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_nobody_is_closed_without_a_reason(ciltuk: Institute, reason: str) -> None:
    with pytest.raises(DeedRefused, match="reason"):
        lifecycle.suspend(ciltuk, reason=reason, by=COMMAND_LINE)


def test_deeds_that_do_not_fit_the_state_are_refused(ciltuk: Institute) -> None:
    with platform_scope():
        site = Institute.objects.get(kind=Kind.OPERATORS)
    with pytest.raises(DeedRefused, match="not suspended"):
        lifecycle.reopen(ciltuk, by=COMMAND_LINE)
    lifecycle.suspend(ciltuk, reason="x", by=COMMAND_LINE)
    with pytest.raises(DeedRefused, match="not active"):
        lifecycle.suspend(ciltuk, reason="x", by=COMMAND_LINE)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: lifecycle.suspend(site, reason="x", by=COMMAND_LINE),
        lambda: lifecycle.rename(site, name="x", by=COMMAND_LINE),
        lambda: lifecycle.move(site, slug="x", keep_old=False, by=COMMAND_LINE),
        lambda: cloning.clone(site, slug="copy", name="Copy", by=COMMAND_LINE),
    )
    for deed in deeds:
        with pytest.raises(DeedRefused):
            deed()


def test_deed_is_told_to_the_platform_and_to_the_institute(ciltuk: Institute) -> None:
    by = Operator(ciltuk.pk, "Odile Marram (platform operator)")
    lifecycle.suspend(ciltuk, reason="unpaid", by=by)
    with platform_scope():
        deed = OperatorDeed.objects.get(institute=ciltuk)
    with tenant_context(ciltuk):
        entry = AuditEntry.objects.get(verb="operator.suspended")
    assert deed.facts == entry.facts == {"reason": "unpaid"}
    assert deed.operator_name == entry.actor_name == by.full_name


def test_operator_renames_an_institute(ciltuk: Institute) -> None:
    assert (
        lifecycle.rename(ciltuk, name="  Harbour   Guild ", by=COMMAND_LINE).name == "Harbour Guild"
    )
    with pytest.raises(DeedRefused):
        lifecycle.rename(ciltuk, name=" ", by=COMMAND_LINE)


# --- copies ---------------------------------------------------------------------------------------
def test_copy_has_every_setting_and_nobody(ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        make_mentorship()
        Faq.objects.create(
            audience="everyone", question="Ours?", answer="Ours.", topic="x", order=99
        )
        Programme.objects.update(tagline="A tagline of the staff")
    made = cloning.clone(ciltuk, slug="harbour", name="Harbour Guild", by=COMMAND_LINE)
    assert (made.state, made.bundle) == (State.ACTIVE, "ciltuk")
    for model in cloning.CLONED:
        rows = []
        for institute in (ciltuk, made):
            with tenant_context(institute):
                keys = [field.attname for field in model._meta.concrete_fields]
                rows.append(sorted(map(str, model._default_manager.values_list(*keys))))
        if model is not Programme:
            assert rows[0] == rows[1], model
    with tenant_context(made):
        assert Programme.objects.get().tagline == "A tagline of the staff"
        assert Programme.objects.get().organisation_name == "Harbour Guild"
        assert Field.objects.exists()
        assert Option.objects.exists()
        for model in (Person, Profile, Mentorship, OutboxMail):
            assert not model._default_manager.exists(), model
    page = Client(headers={"host": "harbour.localhost"}).get("/").content.decode()
    assert "A tagline of the staff" in page


def test_copy_has_the_logo_in_its_own_files(ciltuk: Institute) -> None:
    made = cloning.clone(ciltuk, slug="harbour", name="Harbour Guild", by=COMMAND_LINE)
    seen = []
    for institute in (ciltuk, made):
        with tenant_context(institute):
            from theming.queries import look

            seen.append(look().drawing)
    assert seen[0]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("slug", ["guided", "ciltuk"])
def test_copy_under_a_taken_name_is_refused(ciltuk: Institute, slug: str) -> None:
    with pytest.raises(NameTaken):
        cloning.clone(ciltuk, slug=slug, name="Copy", by=COMMAND_LINE)


def test_copy_that_breaks_half_way_leaves_nothing(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    def broken(*args: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(cloning, "_copy_files", broken)
    with pytest.raises(ProvisionFailed, match="nothing of it is left"):
        cloning.clone(ciltuk, slug="harbour", name="Harbour", by=COMMAND_LINE)
    with platform_scope():
        assert not Institute.objects.filter(slug="harbour").exists()


def test_every_table_of_settings_is_copied_or_left_on_purpose() -> None:
    left = {"theming.LookVersion"}  # who chose which look: a history of people
    apps_of_settings = {"theming", "programme", "profiles", "matching", "help", "resources"}
    settings = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in apps_of_settings
        and not any(field.related_model is Person for field in model._meta.concrete_fields)
    }
    settings |= {"privacy.Purpose"}  # a setting among records of people
    assert settings == {model._meta.label for model in cloning.CLONED} | left


def test_every_link_of_a_copied_table_stays_within_the_copy() -> None:
    for place, model in enumerate(cloning.CLONED):
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is not None and target is not model:
                assert target in cloning.CLONED[:place], f"{model.__name__}.{field.name}"


# --- the same as commands -------------------------------------------------------------------------
def test_commands_do_what_the_console_does(ciltuk: Institute, capsys: Any) -> None:
    told: Callable[[], str] = lambda: str(capsys.readouterr().out)  # noqa: E731
    call_command("institutes", "suspend", "ciltuk", "--reason", "unpaid")
    assert "suspended" in told()
    call_command("institutes", "refresh")
    call_command("institutes", "list")
    assert "ciltuk: suspended; " in told()
    call_command("institutes", "show", "ciltuk")
    assert "(unpaid)" in told()
    call_command("institutes", "reopen", "ciltuk")
    call_command("institutes", "rename", "ciltuk", "--name", "Harbour")
    call_command("institutes", "clone", "ciltuk", "--to", "harbour", "--name", "Harbour Two")
    assert "Harbour Two is ready at http://harbour.localhost" in told()
    call_command("institutes", "move", "harbour", "--to", "haven")
    assert "Harbour Two answers at" in told()
    call_command("domains", "add", "haven", "mentors.haven.example")
    assert "_mentoring-proof.mentors.haven.example" in told()
    call_command("domains", "list", "haven")
    listed = told()
    assert "haven.localhost: primary" in listed
    assert "harbour.localhost: leads to the primary until" in listed
    call_command("domains", "remove", "haven", "mentors.haven.example")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("institutes", "suspend", "nobody", "--reason", "x"), "no institute"),
        (("institutes", "suspend", "ciltuk", "--reason", " "), "reason"),
        (("institutes", "reopen", "ciltuk"), "not suspended"),
        (("institutes", "move", "ciltuk", "--to", "guided"), "already"),
        (("institutes", "clone", "ciltuk", "--to", "guided", "--name", "x"), "already"),
        (("domains", "add", "ciltuk", "other.localhost"), "platform"),
        (("domains", "check", "ciltuk", "nowhere.example"), "no address"),
        (("domains", "remove", "ciltuk", "ciltuk.localhost"), "primary"),
        (("check_sender", "nobody"), "no institute"),
        (("enter", "ciltuk", "--operator", "nobody", "--reason", "x"), "no operator"),
        (
            ("invite_head", "ciltuk", "--email", "x", "--first-name", "A", "--last-name", "B"),
            "valid",
        ),
    ],
)
def test_command_that_cannot_is_refused_with_a_sentence(
    ciltuk: Institute, words: tuple[str, ...], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        call_command(*words)
