"""A bundle that is applied once, again, changed, and after staff and members were at work."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from core.help.models import Faq, LegalPage
from core.kernel.models import AuditEntry
from core.matching.models import Criterion, Listing
from core.profiles.models import Field, Option, Profile, Section
from core.programme.models import Programme, Provided
from core.programme.queries import current
from core.resources.models import Guide, GuideRead, Picture
from tenants.bundles.applying import apply
from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import load, shipped
from tenants.bundles.things import Changes, diff, things
from tenants.models import Institute
from tests.factories.matching import make_found
from tests.factories.people import someone
from tests.tenants.bundles.small import change
from theming.models import Brand, BrandRevision

Applied = Callable[[Path], Changes]
pytestmark = pytest.mark.django_db


def test_operator_who_applies_a_bundle_finds_everything_in_its_place(
    hive: Institute, bundle_folder: Path, applied: Applied
) -> None:
    changes = applied(bundle_folder)
    assert not changes.changed
    assert not changes.retired
    assert len(changes.added) == len(things(load(bundle_folder)))
    programme = Programme.objects.get()
    assert programme.programme_name == "Hive Mentoring"
    assert programme.words["request"].form("article") == "an appeal"
    assert programme.policies.reminder_days == (3, 7, 15)
    assert Brand.objects.get().seeds.accent == "#7a4a00"
    assert [section.key for section in Section.objects.all()] == ["about", "offer"]
    assert [(one.key, one.section.key, one.kind) for one in Field.objects.all()] == [
        ("headline", "about", "short_text"),
        ("areas_of_support", "about", "choices"),
        ("years", "offer", "number"),
    ]
    assert [option.label for option in Option.objects.all()] == ["Swarms", "Honey"]
    assert Criterion.objects.get().any_label == "Any area"
    assert Faq.objects.get().key == "send"
    assert LegalPage.objects.count() == 3
    assert Guide.objects.get().title == "Reading a hive"


def test_operator_who_applies_the_same_bundle_again_changes_nothing(
    inside_ciltuk: Institute, applied: Applied
) -> None:
    before = AuditEntry.objects.count()
    changes = applied(shipped("ciltuk"))
    assert not changes
    assert str(changes) == "Nothing to change."
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("name", ["connect", "guided", "linguists", "uhb"])
def test_operator_who_applies_any_shipped_bundle_twice_changes_nothing_the_second_time(
    name: str, hive: Institute, applied: Applied
) -> None:
    assert applied(shipped(name)).added
    assert not applied(shipped(name))


def test_author_who_changes_a_label_changes_only_that(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    before = Field.objects.get(key="community")
    change(ciltuk_folder, "label: Professional community", "label: Your community")
    changes = applied(ciltuk_folder)
    assert (changes.added, changes.retired) == ([], [])
    assert changes.changed == ["field community: label"]
    after = Field.objects.get(key="community")
    assert (after.pk, after.label) == (before.pk, "Your community")
    entry = AuditEntry.objects.filter(verb="bundle.applied").latest("at")
    assert entry.facts["changed"] == ["field community: label"]


def test_author_can_see_beforehand_what_a_changed_bundle_does(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    change(ciltuk_folder, "label: Professional community", "label: Your community")
    change(ciltuk_folder, "      - {key: safety, label: Safety and compliance}\n", "")
    (ciltuk_folder / "faqs" / "email.md").unlink()
    change(ciltuk_folder, "key: studying,", "key: evening_study,")
    foreseen = diff(load(shipped("ciltuk")), load(ciltuk_folder))
    done = applied(ciltuk_folder)
    assert sorted(foreseen.added) == sorted(done.added) == ["option areas_of_support.evening_study"]
    assert sorted(foreseen.changed) == sorted(done.changed)
    assert sorted(foreseen.retired) == sorted(done.retired)
    assert "faq email" in done.retired


def test_staff_who_reword_a_label_keep_it_until_the_bundle_changes_it(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    Field.objects.filter(key="community").update(label="Our word")
    change(
        ciltuk_folder,
        "label: Professional community",
        "label: Professional community\n    help: Yes",
    )
    assert applied(ciltuk_folder).changed == ["field community: help"]
    community = Field.objects.get(key="community")
    assert (community.label, community.help) == ("Our word", "Yes")
    change(ciltuk_folder, "label: Professional community", "label: The bundle's word")
    applied(ciltuk_folder)
    assert Field.objects.get(key="community").label == "The bundle's word"


def test_staff_who_change_settings_keep_them_beside_a_changed_word(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    programme = Programme.objects.get()
    programme.policies_data = {**programme.policies_data, "default_capacity": 5}
    programme.words_data = {
        **programme.words_data,
        "mentor": {"singular": "guide", "plural": "guides", "article": "a"},
    }
    programme.save()
    change(
        ciltuk_folder, "singular: request, plural: requests", "singular: letter, plural: letters"
    )
    change(ciltuk_folder, "lapse_days: 21", "lapse_days: 30")
    assert applied(ciltuk_folder).changed == [
        "programme: words_data.request, policies_data.lapse_days"
    ]
    now = current()
    assert now.words["request"].plural == "letters"
    assert now.words["mentor"].singular == "guide"
    assert (now.policies.default_capacity, now.policies.lapse_days) == (5, 30)


def test_staff_who_delete_a_question_do_not_get_it_back_until_it_changes(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    Faq.objects.get(key="email").delete()
    assert not applied(ciltuk_folder)
    change(ciltuk_folder, "order: 55", "order: 56", "faqs/email.md")
    assert applied(ciltuk_folder).added == ["faq email"]
    assert Faq.objects.get(key="email").order == 56


def test_staff_who_rewrote_a_question_keep_it_when_the_bundle_drops_it(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    Faq.objects.filter(key="email").update(answer="Ring us.")
    (ciltuk_folder / "faqs" / "email.md").unlink()
    (ciltuk_folder / "faqs" / "password.md").unlink()
    assert applied(ciltuk_folder).retired == ["faq password"]
    assert Faq.objects.get(key="email").answer == "Ring us."
    assert not Faq.objects.filter(key="password").exists()


def test_staff_find_their_own_questions_fields_and_guides_untouched(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    section = Section.objects.get(key="about")
    Faq.objects.create(question="Ours?", answer="Yes.", topic="Ours")
    Guide.objects.create(slug="ours", title="Ours", summary="Ours.", body="Ours.", topic="Ours")
    Field.objects.create(section=section, key="ours", label="Ours", kind="short_text")
    change(ciltuk_folder, "label: About you", "label: All about you")
    applied(ciltuk_folder)
    assert Faq.objects.get(topic="Ours").answer == "Yes."
    assert Guide.objects.get(slug="ours").active
    assert Field.objects.get(key="ours").active


def test_member_keeps_the_answer_to_a_field_that_the_bundle_drops(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    answers = {"background": "Night shifts", "areas_of_support": ["safety", "studying"]}
    profile = Profile.objects.create(
        person=someone("mentee"), role="mentee", answers=answers, updated_at="2026-01-01T00:00Z"
    )
    text = (ciltuk_folder / "institute.yaml").read_text()
    start = text.index("  - key: background")
    kept = text[:start] + text[text.index("  - key: profile_link") :]
    kept = kept.replace("      - {key: safety, label: Safety and compliance}\n", "")
    kept = kept.replace("      - {key: own_business, label: Starting or growing a business}\n", "")
    (ciltuk_folder / "institute.yaml").write_text(kept)
    before = Field.objects.get(key="background").pk
    retired = applied(ciltuk_folder).retired
    assert sorted(retired) == [
        "field background",
        "option areas_of_support.own_business",
        "option areas_of_support.safety",
    ]
    assert not Field.objects.get(key="background").active
    assert not Option.objects.get(field__key="areas_of_support", key="safety").active
    assert not Option.objects.filter(key="own_business").exists()
    profile.refresh_from_db()
    assert profile.answers == answers
    assert "field background" in applied(shipped("ciltuk")).added
    back = Field.objects.get(key="background")
    assert (back.pk, back.active) == (before, True)
    assert Option.objects.get(key="safety").active


def test_author_cannot_change_the_kind_of_a_field_under_given_answers(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    Profile.objects.create(
        person=someone("mentor"),
        role="mentor",
        answers={"years_in_profession": 12},
        updated_at="2026-01-01T00:00Z",
    )
    change(ciltuk_folder, "label: About you", "label: All about you")
    change(
        ciltuk_folder,
        "    kind: number\n    audience: mentor\n    minimum: 0\n    maximum: 60",
        "    kind: short_text\n    audience: mentor",
    )
    with pytest.raises(BundleInvalid) as refused:
        applied(ciltuk_folder)
    assert str(refused.value) == (
        "institute.yaml: fields.years_in_profession.kind: 1 profile answers this as number, so it "
        "cannot become short_text: give the new field another key."
    )
    assert Section.objects.get(key="about").label == "About you"


def test_author_can_change_the_kind_of_a_field_that_nobody_answered(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    change(ciltuk_folder, "    kind: link\n", "    kind: short_text\n")
    assert applied(ciltuk_folder).changed == ["field profile_link: kind"]


def test_member_keeps_the_mark_on_a_guide_that_the_bundle_drops(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    guide = Guide.objects.get(slug="ending-well")
    GuideRead.objects.create(guide=guide, person=someone("mentee"))
    (ciltuk_folder / "guides" / "ending-well.md").unlink()
    assert applied(ciltuk_folder).retired == ["guide ending-well"]
    guide.refresh_from_db()
    assert not guide.active
    assert guide.reads.count() == 1
    applied(shipped("ciltuk"))
    guide.refresh_from_db()
    assert guide.active


def test_mentee_finds_mentors_by_what_the_changed_bundle_asks(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    mentor = make_found("Odile Farran", answers={"employment": "retired"})
    assert "employment=retired" not in Listing.objects.get(person=mentor).tokens
    both = "mentor_field: employment, mentee_field: employment"
    change(ciltuk_folder, "criteria:\n", f"criteria:\n  - {{{both}, any_label: Any place}}\n")
    assert "criterion employment" in applied(ciltuk_folder).added
    assert "employment=retired" in Listing.objects.get(person=mentor).tokens


def test_author_who_changes_a_colour_changes_the_stylesheet(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    before = BrandRevision.objects.count()
    logo = Brand.objects.get().logo.name
    accent = Brand.objects.get().seeds.accent
    change(ciltuk_folder, f'accent: "{accent}"', 'accent: "#5b2a86"')
    assert applied(ciltuk_folder).changed == ["brand: accent"]
    brand = Brand.objects.get()
    assert (brand.seeds.accent, brand.logo.name) == ("#5b2a86", logo)
    assert BrandRevision.objects.count() == before + 1


def test_failing_application_leaves_nothing_behind(
    hive: Institute, bundle_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OSError("disk full")

    monkeypatch.setattr("tenants.bundles.applying.rebuild_listings", fail)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        apply(load(bundle_folder))
    assert not Programme.objects.exists()
    assert not Provided.objects.exists()
    assert not Field.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bundle_outside_a_transaction_is_refused(inside_ciltuk: Institute) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        apply(load(shipped("ciltuk")))


def test_picture_of_a_bundle_is_kept_changed_and_stays_while_a_guide_shows_it(
    inside_ciltuk: Institute, ciltuk_folder: Path, applied: Applied
) -> None:
    picture = Picture.objects.get(key="first-hour")
    before = picture.stored_as
    file = ciltuk_folder / "guides" / "pictures" / "first-hour.svg"
    file.write_text(file.read_text().replace("four stops", "five stops"))
    assert applied(ciltuk_folder).changed == ["guide picture first-hour: alt, drawing"]
    picture.refresh_from_db()
    assert "five stops" in picture.alt
    assert picture.stored_as != before
    assert b"five stops" in default_storage.open(picture.stored_as).read()
    file.unlink()
    guide = ciltuk_folder / "guides" / "preparing-the-first-conversation.md"
    guide.write_text(guide.read_text().replace("(first-hour)", "").replace("![", ""))
    applied(ciltuk_folder)
    assert not Picture.objects.filter(key="first-hour").exists()
