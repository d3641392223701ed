"""The brand of a site: chosen, served, kept apart."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tenants.models import Institute
from tests.theming.seeds import logo_of, shipped
from theming import queries
from theming.models import Brand, BrandRevision
from theming.services import choose_look
from theming.staff import colours
from theming.svg import SvgRefused
from theming.tokens import Seeds, SeedsRefused, contrast

Inside = Callable[[Institute], AbstractContextManager[Institute]]
MemberClient = Callable[..., Client]

pytestmark = pytest.mark.django_db


def test_staff_choose_a_look_pages_link_it_and_the_logo_is_stored(
    ciltuk: Institute, inside: Inside, django_capture_on_commit_callbacks: Any
) -> None:
    with inside(ciltuk):
        with django_capture_on_commit_callbacks(execute=True):
            chosen = choose_look(seeds=Seeds(accent="#123456"), logo=logo_of("uhb"))
        assert queries.look() == chosen
        brand = Brand.objects.get()
        assert brand.seeds.accent == "#123456"
        assert default_storage.exists(str(brand.logo.name))


def test_staff_upload_a_harmful_logo_nothing_is_changed(ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        before = queries.look()
        with pytest.raises(SvgRefused):
            choose_look(seeds=Seeds(), logo=b"<!DOCTYPE svg><svg/>")
        assert queries.look() == before


def test_staff_keep_or_remove_the_logo_the_look_follows(
    ciltuk: Institute, inside: Inside, django_capture_on_commit_callbacks: Any
) -> None:
    with inside(ciltuk), django_capture_on_commit_callbacks(execute=True):
        first = choose_look(seeds=Seeds(), logo=logo_of("guided"))
        assert choose_look(seeds=Seeds(accent="#654321")).drawing == first.drawing
        assert choose_look(seeds=Seeds(), logo=b"").logo_url == ""


def test_a_spoiled_row_is_refused_when_it_is_saved(ciltuk: Institute, inside: Inside) -> None:
    with inside(ciltuk):
        brand = Brand.objects.first() or Brand()
        brand.seeds_data = {"accent": "expression(alert(1))"}
        with pytest.raises(SeedsRefused):
            brand.save()


def test_a_browser_asks_for_the_brands_files_they_may_be_kept_for_ever(
    ciltuk: Institute, inside: Inside, member_client: MemberClient
) -> None:
    with inside(ciltuk):
        look = choose_look(seeds=shipped("ciltuk"), logo=logo_of("ciltuk"))
        cache.delete(queries.CACHE_KEY)
    client = member_client(ciltuk)
    for address, kind in (
        (look.css_url, "text/css; charset=utf-8"),
        (look.logo_url, "image/svg+xml"),
        (look.icon_url, "image/svg+xml"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Type"] == kind
        assert "immutable" in answer["Cache-Control"]
        assert not answer.cookies
    assert client.post(look.css_url).status_code == 405


def test_an_older_stylesheet_stays_under_its_address_and_an_unknown_one_is_not_there(
    ciltuk: Institute, inside: Inside, member_client: MemberClient
) -> None:
    with inside(ciltuk):
        older = choose_look(seeds=Seeds(accent="#224466"))
        choose_look(seeds=Seeds(accent="#664422"))
        cache.delete(queries.CACHE_KEY)
        assert BrandRevision.objects.filter(digest=older.css_digest).exists()
    client = member_client(ciltuk)
    assert client.get(older.css_url).content.decode() == older.css
    for address in ("/brand/0123456789abcdef0123.css", "/brand/logo/x.svg", "/brand/icon/x.svg"):
        assert client.get(address).status_code == 404


def test_one_institutes_look_is_not_served_on_anothers_address(
    ciltuk: Institute, guided: Institute, inside: Inside, member_client: MemberClient
) -> None:
    with inside(ciltuk):
        look = choose_look(seeds=Seeds(accent="#135790"), logo=logo_of("connect"))
    with inside(guided):
        cache.delete(queries.CACHE_KEY)
    client = member_client(guided)
    for address in (look.css_url, look.logo_url, look.icon_url):
        assert client.get(address).status_code == 404


def test_the_favicon_of_a_tinted_logo_reads_on_its_tile() -> None:
    for bundle in ("ciltuk", "linguists", "uhb", "guided", "connect"):
        look = queries.compose(shipped(bundle), logo_of(bundle).decode())
        drawing = queries.icon(look.seeds, look.drawing)
        light = look.palette.light
        assert light["accent"] in drawing
        assert light["on-accent"] in drawing
        assert "currentColor" not in drawing


def test_a_mail_is_framed_in_the_institutes_colours_without_a_request(
    ciltuk: Institute, inside: Inside
) -> None:
    with inside(ciltuk):
        look = choose_look(seeds=shipped("ciltuk"))
        cache.delete(queries.CACHE_KEY)
        mail = render_to_string(
            "frame/mail.html",
            {
                "subject": "A subject",
                "addressee_name": "Ada <b>Marlow</b>",
                "paragraphs": [
                    {"kind": "text", "lines": ["One line", "and <i>another</i>"]},
                    {"kind": "quote", "lines": ["I wrote this"]},
                    {"kind": "list", "lines": ["first", "second"]},
                ],
                "button_label": "Read and answer",
                "button_url": "https://site.example/relationships/",
            },
        )
    assert look.palette.light["accent"] in mail
    assert mail.count("<a href=") == 1
    assert "<i>" not in mail
    assert "<b>" not in mail
    assert "Ithaca" not in mail
    assert "<style" not in mail


def test_the_page_of_a_broken_site_still_has_a_look() -> None:
    page = render_to_string("errors/500.html")
    assert "Something went wrong on our side" in page
    assert "theming/site" in page
    assert "Ithaca" not in page


def test_staff_colours_of_every_brand_read_where_the_library_uses_them(
    ciltuk: Institute, inside: Inside, rf: RequestFactory
) -> None:
    with inside(ciltuk):
        choose_look(seeds=shipped("ciltuk"))
        cache.delete(queries.CACHE_KEY)
        scale = colours(rf.get("/"))
    assert contrast("#ffffff", scale["primary"]["600"]) >= 4.5
    assert contrast(scale["primary"]["500"], scale["base"]["900"]) >= 4.5
