"""A bundle and a living institute: seen beforehand, applied, taken back."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from core.help.models import Faq
from core.kernel.models import AuditEntry
from core.matching.models import Listing
from core.profiles.models import Field, Profile
from core.programme.models import Programme, Provided
from core.programme.queries import current
from tenants.bundles.living import apply_to, exported, rehearse, revisions_of, roll_back
from tenants.bundles.reading import load
from tenants.bundles.showing import PAGES, page_of
from tenants.bundles.taking import taken
from tenants.bundles.things import things
from tenants.bundles.writing import as_zip, write_folder
from tenants.context import tenant_context
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.models import Institute
from tests.factories.matching import make_found
from tests.tenants.bundles.small import change

OPERATOR = Operator(None, "Odile Marram")
pytestmark = pytest.mark.django_db


def state_of(institute: Institute) -> tuple[dict[str, bytes], dict[str, object], set[str]]:
    """Settings, marks of the bundle, and files."""
    with tenant_context(institute):
        marks = {f"{one.kind} {one.key}": one.digests for one in Provided.objects.all()}
        stored = {f"brand/{name}" for name in default_storage.listdir("brand")[1]}
    return exported(institute), marks, stored


@pytest.fixture
def changed(ciltuk: Institute, ciltuk_folder: Path) -> Path:
    """The institute's bundle with a few changes, a new look among them."""
    change(ciltuk_folder, "label: Professional community", "label: Your community")
    change(ciltuk_folder, '  accent: "#4b2e83"', '  accent: "#0a6b3d"')
    change(ciltuk_folder, "  headline: Somebody has driven this road before you",
           "  headline: A road for everybody")  # fmt: skip
    (ciltuk_folder / "faqs" / "email.md").unlink()
    drawing = ciltuk_folder / "guides" / "pictures" / "first-hour.svg"
    drawing.write_text(drawing.read_text().replace("<title>", "<title>Anew: ", 1))
    (ciltuk_folder / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    return ciltuk_folder


def test_operator_sees_what_applying_would_do_and_nothing_is_done(
    ciltuk: Institute, changed: Path
) -> None:
    with tenant_context(ciltuk):
        Field.objects.filter(key="employment").update(label="Our own label")
        headline = current().front.headline
    before = state_of(ciltuk)
    outlook, seen = rehearse(
        ciltuk, load(changed), look=lambda: {page: page_of(ciltuk, page) for page in PAGES}
    )
    assert state_of(ciltuk) == before
    told = {(one.thing, one.value): one for one in outlook.changes}
    assert told["Field community", "label"].after == "Your community"
    assert told["The programme", "front page “headline”"].before == headline
    assert told["Question email", ""].what == "gone"
    assert ("The look", "logo file") in told
    assert [(one.thing, one.before) for one in outlook.kept] == [
        ("Field employment", "Our own label")
    ]
    assert seen is not None
    assert "A road for everybody" in seen["front"]
    assert "#0a6b3d" in seen["front"]
    assert "data:image/svg+xml;base64," in seen["front"]
    assert "Your community" in seen["profile"]
    assert "Your community" in seen["search"]
    with tenant_context(ciltuk):
        assert current().front.headline == headline
        assert cache.get("anything") is None


def test_rehearsal_shows_operators_no_member(ciltuk: Institute, changed: Path) -> None:
    with tenant_context(ciltuk):
        make_found("Anna Quayle", answers={"areas_of_support": ["safety"]})
        assert Listing.objects.exists()
    _, seen = rehearse(ciltuk, load(changed), look=lambda: page_of(ciltuk, "search"))
    assert "Quayle" not in str(seen)
    with tenant_context(ciltuk):
        assert Listing.objects.exists()


def test_operator_applies_and_rolls_back_and_members_keep_what_they_wrote(
    ciltuk: Institute, changed: Path
) -> None:
    with tenant_context(ciltuk):
        Faq.objects.create(audience="mentee", topic="Ours", question="Where?", answer="Here.")
        make_found("Anna Quayle", answers={"areas_of_support": ["safety"]})
        answers = list(Profile.objects.values_list("pk", "answers"))
    before = state_of(ciltuk)
    kept = apply_to(ciltuk, load(changed), by=OPERATOR, source="ciltuk.zip")
    assert kept is not None
    assert kept.operator_name == "Odile Marram"
    with tenant_context(ciltuk):
        assert current().front.headline == "A road for everybody"
        told = AuditEntry.objects.get(verb="operator.applied_bundle")
        assert (told.actor_name, "Question email: gone" in told.facts["changes"]) == (
            "Odile Marram", True,
        )  # fmt: skip
    assert apply_to(ciltuk, load(changed), by=OPERATOR, source="again") is None
    assert roll_back(kept, by=OPERATOR) is not None
    after = state_of(ciltuk)
    assert after[:2] == before[:2]
    with tenant_context(ciltuk):
        assert list(Profile.objects.values_list("pk", "answers")) == answers
        assert Faq.objects.filter(question="Where?").exists()
        assert AuditEntry.objects.filter(verb="operator.rolled_back_bundle").exists()
    assert [one.rolled_back_by for one in revisions_of(ciltuk)] == ["", "Odile Marram"]


def test_file_that_is_to_hold_exactly_overrides_what_staff_changed(
    ciltuk: Institute, ciltuk_folder: Path
) -> None:
    with tenant_context(ciltuk):
        Field.objects.filter(key="employment").update(label="Our own label")
        Faq.objects.create(audience="mentee", topic="Ours", question="Where?", answer="Here.")
    bundle = load(ciltuk_folder)
    assert rehearse(ciltuk, bundle)[0].changes == []
    outlook, _ = rehearse(ciltuk, bundle, exactly=True)
    assert {one.thing.split()[0] for one in outlook.changes} == {"Field", "Question"}
    assert outlook.kept == []
    kept = apply_to(ciltuk, bundle, by=OPERATOR, source="file", exactly=True)
    with tenant_context(ciltuk):
        assert not Faq.objects.filter(question="Where?").exists()
        assert [str(one) for one in rehearse(ciltuk, bundle)[0].kept] == []
    assert kept is not None
    roll_back(kept, by=OPERATOR)
    with tenant_context(ciltuk):
        assert Field.objects.get(key="employment").label == "Our own label"
        assert Faq.objects.filter(question="Where?").exists()


def test_export_applied_to_its_own_institute_changes_nothing(
    ciltuk: Institute, tmp_path: Path
) -> None:
    write_folder(exported(ciltuk), tmp_path / "ciltuk")
    for exactly in (False, True):
        outlook, _ = rehearse(ciltuk, load(tmp_path / "ciltuk"), exactly=exactly)
        assert (outlook.changes, outlook.kept) == ([], [])


def test_bundle_of_another_institute_is_refused(guided: Institute, ciltuk_folder: Path) -> None:
    before = state_of(guided)
    with pytest.raises(DeedRefused, match="describes 'ciltuk'"):
        apply_to(guided, load(ciltuk_folder), by=OPERATOR, source="file")
    assert state_of(guided) == before


def test_apply_that_fails_changes_nothing(
    ciltuk: Institute, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(ciltuk)
    monkeypatch.setattr("tenants.deeds.record", _broken)
    with pytest.raises(RuntimeError, match="planned"):
        apply_to(ciltuk, load(changed), by=OPERATOR, source="file")
    assert state_of(ciltuk)[:2] == before[:2]
    assert revisions_of(ciltuk) == []


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("planned")


def test_operator_exports_changes_applies_and_rolls_back_at_the_command_line(
    ciltuk: Institute, tmp_path: Path
) -> None:
    said, folder, packed = StringIO(), tmp_path / "ciltuk", tmp_path / "ciltuk.zip"
    call_command("export_bundle", "ciltuk", str(folder), stdout=said)
    change(folder, "label: Professional community", "label: Your community")
    packed.write_bytes(
        as_zip({str(one.relative_to(folder)): one.read_bytes()
                for one in folder.rglob("*") if one.is_file()}, "ciltuk")
    )  # fmt: skip
    call_command("apply_bundle", "ciltuk", str(packed), "--dry-run", stdout=said)
    assert "Field community, label: Professional community → Your community" in said.getvalue()
    with tenant_context(ciltuk):
        was = things(taken(ciltuk))
    call_command("apply_bundle", "ciltuk", str(packed), stdout=said)
    with tenant_context(ciltuk):
        assert Field.objects.get(key="community").label == "Your community"
    call_command("roll_back_bundle", "ciltuk", stdout=said)
    with tenant_context(ciltuk), transaction.atomic():
        assert things(taken(ciltuk)) == was
        assert Programme.objects.count() == 1
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_bundle", "ciltuk", str(folder), stdout=said)
