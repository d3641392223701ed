"""Frames of pages: names, ways, landmarks, nothing of the product itself."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Institute

MemberClient = Callable[..., Client]

pytestmark = pytest.mark.django_db


def test_a_stranger_meets_the_institutes_frame_with_landmarks_and_no_inline_code(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk).get("/").content.decode()
    for landmark in ('<header class="masthead">', '<main id="main"', '<footer class="footer">'):
        assert page.count(landmark) == 1, landmark
    assert page.count("<h1") == 1
    assert 'href="#main"' in page
    assert re.search(r'<link rel="stylesheet" href="/brand/[0-9a-f]{20}\.css">', page)
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+=", page)
    assert "ithaca" not in page.lower()
    assert not re.search(r'(?:src|href)="https?://(?!ciltuk)', page)


def test_a_stranger_sees_no_tabs_and_both_ways_in(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    page = member_client(ciltuk).get("/").content.decode()
    assert 'class="tabs"' not in page
    assert "Find a mentor" in page
    assert "Become a mentor" in page
    assert "Create an account" in page


def test_a_lost_stranger_gets_a_page_in_the_institutes_look(
    guided: Institute, member_client: MemberClient
) -> None:
    answer = member_client(guided).get("/no/such/page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no such page" in page
    assert 'data-hero="path"' in page
    assert "ithaca" not in page.lower()
