"""Settings of an institute are checked before they are kept."""

import pytest
from pydantic import ValidationError

from core.programme.rules import LegalLink, Menus, Policies, Word


def test_ladder_must_rise_and_end_before_the_request_lapses() -> None:
    Policies(reminder_days=(3, 7, 15), lapse_days=21)
    for days, lapse in (((7, 3), 21), ((3, 3), 21), ((3, 30), 21), ((0, 3), 21)):
        with pytest.raises(ValidationError, match="must rise"):
            Policies(reminder_days=days, lapse_days=lapse)


def test_unknown_policy_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Policies.model_validate({"reminder_day": [3]})


def test_word_has_its_article() -> None:
    assert Word(singular="ask", plural="asks", article="an").form("article") == "an ask"


def test_menu_entry_without_a_page_is_refused() -> None:
    with pytest.raises(ValidationError, match="'chess' is not one of"):
        Menus.model_validate(
            {
                "tools": {"label": "Tools", "items": []},
                "details": {"label": "Details", "items": ["chess"]},
            }
        )


@pytest.mark.parametrize(
    "link", [{}, {"slug": "privacy", "url": "https://a.example"}, {"url": "javascript:alert(1)"}]
)
def test_footer_link_needs_one_safe_target(link: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        LegalLink.model_validate({"label": "Privacy", **link})
