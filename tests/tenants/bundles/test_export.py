"""Exporting is the inverse of applying."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.bridges.models import Provider
from core.canvases.rules import KIND as CANVAS
from core.help.models import Faq, LegalPage
from core.journey.rules import KEY as JOURNEY_KEY
from core.journey.rules import KIND as JOURNEY
from core.kernel import letters
from core.privacy.models import Purpose
from core.profiles.models import Field, Option, Section
from core.programme.models import Programme
from core.programme.services import publish, retire
from core.resources.models import Guide, Picture
from core.resources.services import check_picture, keep_picture
from tenants.bundles import living
from tenants.bundles.format import Brand as BrandPart
from tenants.bundles.reading import load, shipped, shipped_names
from tenants.bundles.taking import taken
from tenants.bundles.things import Thing, digest, things
from tenants.bundles.writing import as_zip, files_of, problems_in, write_folder
from tenants.context import tenant_context
from tenants.deeds import Operator
from tenants.models import Institute
from tenants.provision import provision
from theming import svg
from theming.services import choose_look
from theming.tokens import Seeds

OPERATOR = Operator(None, "Odile Marram")
pytestmark = pytest.mark.django_db


def settings_of(given: list[Thing]) -> dict[tuple[str, str], dict[str, str]]:
    """Things by their place; a logo counts as what is drawn."""
    found = {}
    for thing in given:
        values = dict(thing.values)
        if values.get("logo_file"):
            values["logo_file"] = svg.clean(values["logo_file"].encode())
        found[thing.kind, thing.key] = {name: digest(value) for name, value in values.items()}
    return found


def export(institute: Institute, folder: Path) -> Path:
    with tenant_context(institute):
        write_folder(files_of(taken(institute)), folder)
    return folder


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", shipped_names())
def test_shipped_bundle_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    made = provision(name, slug=f"{name}-two").institute
    back = load(export(made, tmp_path / name))
    bundle = load(shipped(name))
    assert settings_of(things(back)) == settings_of(things(bundle))
    theirs = back.institute.model_dump(exclude={"identity": {"slug"}})
    assert theirs == bundle.institute.model_dump(exclude={"identity": {"slug"}})


def a_photograph() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 30)).save(out, "JPEG")
    return out.getvalue()


def staff_at_work() -> None:
    """What staff do on their pages."""
    programme = Programme.objects.get()
    programme.tagline = "It's 12:30 – “yes” & no: 'tis # here"
    programme.mail_footer = "One line\n\n  and another: with a colon\n- and a list "
    programme.words_data = {
        **programme.words_data,
        "request": {"singular": "no", "plural": "off", "article": "a"},
    }
    programme.save()
    choose_look(seeds=Seeds(accent="#123456", hero="plain"), logo=b"")
    section = Section.objects.create(key="extra", label="Extra: more", order=99)
    own = Field.objects.create(
        section=section, key="shift", label="Shift?", kind="choice", audience="both", order=3
    )
    for order, key in enumerate(("yes", "null", "n12")):
        Option.objects.create(field=own, key=key, label=f"{key} ~", order=order)
    Option.objects.create(field=own, key="gone", label="Gone", order=9, active=False)
    hidden = Section.objects.create(key="attic", label="Attic", order=98)
    Field.objects.create(
        section=hidden, key="old", label="Old", kind="number", audience="both", active=False
    )
    box = {"key": "one", "label": "One", "column": 1, "row": 1, "wide": 2, "tall": 1}
    publish(CANVAS, "compass", {"label": "Compass", "introduction": "", "boxes": [box]})
    retire(CANVAS, "gstar")
    menus = dict(programme.menus_data)
    menus["tools"] = {**menus["tools"], "items": ["first_conversation", "compass", "goals"]}
    Programme.objects.update(menus_data=menus)
    journey = next(
        thing for thing in things(load(shipped("ciltuk"))) if thing.kind == "journey"
    ).values
    stages = [{**stage, "tools": ["goals"]} for stage in journey["stages"]]
    publish(JOURNEY, JOURNEY_KEY, {**journey, "stages": stages})
    mail = next(one for one in letters.catalogue() if not one.fixed)
    publish(
        letters.KIND, mail.key_of(mail.cases[-1]),
        letters.Text("Subject: 1e5", "Hello,\n\n- one\n- two", "Open it").document,
    )  # fmt: skip
    Faq.objects.create(
        audience="mentee", topic="1.5", question="--- why?", answer="a\r\n---\n\nb\n"
    )
    LegalPage.objects.filter(slug="terms").update(body="New terms ✓ 🚂\n")
    picture, kind, width, height = check_picture(SimpleUploadedFile("a.jpg", a_photograph()))
    keep_picture(
        Picture(key="quay", alt="A quay at  dusk"), picture, content_type=kind,
        width=width, height=height,
    )  # fmt: skip
    Picture.objects.filter(key="first-hour").update(alt="Another way to say it")
    Guide.objects.create(
        slug="own-guide", title="Ours", summary="Short.", topic="T", body="![A quay](quay)\n"
    )
    Guide.objects.filter(slug="own-guide").update(stage="any")
    Purpose.objects.create(key="news", label="News", text="Four times a year.", order=0)


@pytest.mark.django_db(transaction=True)
def test_what_staff_made_comes_back_and_a_second_time_the_same(
    ciltuk: Institute, tmp_path: Path
) -> None:
    with tenant_context(ciltuk):
        staff_at_work()
        live = things(taken(ciltuk))
        files = files_of(taken(ciltuk))
    assert problems_in(files) == []
    first = load(export(ciltuk, tmp_path / "first"))
    again = provision(str(tmp_path / "first"), slug="again").institute
    export(again, tmp_path / "second")
    second = load(tmp_path / "second")
    assert settings_of(things(first)) == settings_of(live)
    assert settings_of(things(second)) == settings_of(live)
    with tenant_context(again):
        now_there = files_of(taken(again))
    different = {name for name in files if files[name] != now_there.get(name)}
    assert different == {"institute.yaml"}  # its own short name alone
    assert now_there["institute.yaml"] == files["institute.yaml"].replace(
        b"slug: ciltuk", b"slug: again"
    )
    keys = {(thing.kind, thing.key) for thing in live}
    assert {("canvas", "compass"), ("option", "shift.null"), ("guide_picture", "quay")} <= keys
    assert not {("canvas", "gstar"), ("field", "old"), ("option", "shift.gone")} & keys
    kept = next(one for one in live if one.key == "quay")
    assert b64decode(kept.values["picture"]).startswith(b"\xff\xd8")


def test_settings_that_no_bundle_can_say_are_named(ciltuk: Institute, tmp_path: Path) -> None:
    with tenant_context(ciltuk):
        LegalPage.objects.create(slug="cookies", title="Cookies", body="None.")
        found = problems_in(files_of(taken(ciltuk)))
    assert ["cookies" in str(problem) for problem in found] == [True]


def test_addresses_of_a_demonstration_are_left_out_with_a_sentence_and_the_rest_can_be_applied(
    ciltuk: Institute, tmp_path: Path
) -> None:
    with tenant_context(ciltuk):
        programme = Programme.objects.get()
        programme.policies_data = {
            **programme.policies_data, "sign_in": "membership", "self_registration": False,
            "membership_link": "http://society.localhost:8100/membership",
        }  # fmt: skip
        programme.organisation_article = ""
        programme.save()
        Provider.objects.create(
            key="society", kind="oidc", name="The society", button="Sign in",
            address="http://society.localhost:8100", issuer="http://society.localhost:8100",
        )  # fmt: skip
    files, told = living.export(ciltuk)
    assert [sentence.split(" ")[0:3] for sentence in told] == [
        ["The", "provider", "“The"], ["policies.membership_link", "is", "null"],
    ]  # fmt: skip
    assert problems_in(files) == []
    assert b"http://" not in files["institute.yaml"]
    write_folder(files, tmp_path / "away")
    back = load(tmp_path / "away")
    assert back.institute.policies.membership_link is None
    living.apply_to(ciltuk, back, by=OPERATOR, source="away.zip")
    with tenant_context(ciltuk):
        kept = Programme.objects.get().policies.membership_link
    assert kept == "http://society.localhost:8100/membership"  # what the team set stays


def test_the_same_settings_are_the_same_zip(ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        one, two = (as_zip(files_of(taken(ciltuk)), "ciltuk") for _ in range(2))
    assert one == two


def test_bundle_knows_every_seed_of_a_look() -> None:
    assert set(BrandPart.model_fields) == set(Seeds().data())
