"""The staff site put together: what every app registered, and the ways to it.

Settings name the functions below in `UNFOLD`. They take the request and give what the pages show:
the institute's own names, its words, its logo.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import autodiscover_modules

from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.programme.queries import current, words
from core.routes.areas import AREAS

OWN = "page:"
"""In front of the name of a page of our own; other names are those of lists of models."""

autodiscover_modules("staff", "job_pages")
staff_site.areas = AREAS
site = staff_site


def site_title(request: HttpRequest) -> str:
    """The end of every window title."""
    return current().programme_name


def site_header(request: HttpRequest) -> str:
    """The name beside the logo."""
    return current().programme_name


def site_subheader(request: HttpRequest) -> str:
    """Whose room this is, in the institute's words."""
    return _capital(words()["programme_team"].singular)


def stylesheet(request: HttpRequest) -> str:
    """What the pages of our own on the staff site need on top of the library's style."""
    return static("insights/staff.css")


def file_script(request: HttpRequest) -> str:
    """What keeps the library's script away from file boxes of our own."""
    return static("kernel/files.js")


def stand_in_stylesheet(request: HttpRequest) -> str:
    """The bar over every page of an operator of the platform who visits."""
    return static("security/staff.css")


def account_links(request: HttpRequest) -> list[dict[str, str]]:
    """The person's own menu, beside "View site" and "Log out"."""
    return [{"title": "Edit account", "link": address} for address in _addresses("accounts:edit")]


def found_everywhere(request: HttpRequest) -> list[str]:
    """The models that the search box looks through: all that name fields to search."""
    return [
        model._meta.label
        for model, part in staff_site._registry.items()
        if part.get_search_fields(request) and part.has_view_permission(request)
    ]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar. Entries of models that are not registered are left out."""
    spoken = words()
    asks = _capital(spoken["request"].plural)
    manages = staff_site.may(request, "providers", Right.WRITE)
    sign_in = (
        [
            ("Signing in elsewhere", "key", "page:providers"),
            ("Membership", "card_membership", "page:membership"),
        ]
        if manages
        else []
    )
    groups = [
        ("", [("Overview", "bar_chart", "page:index")]),
        (
            "People",
            [
                ("People", "group", "accounts_person"),
                ("Profiles", "badge", "profiles_profile"),
                ("Mentor listings", "search", "matching_listing"),
                ("Invite and import", "person_add", "page:invitations"),
                ("Find and export", "person_search", "page:people_export"),
                ("Duplicates", "merge", "page:duplicates"),
            ],
        ),
        (
            _capital(spoken["mentoring"].singular),
            [
                (f"{asks} and relationships", "handshake", "mentorships_mentorship"),
                ("Match by hand", "join", "page:match"),
                ("Match the whole pool", "hub", "page:pairing"),
                ("Safeguarding", "shield_person", "messaging_report"),
                ("Messages to the team", "inbox", "help_enquiry"),
                ("Surveys and results", "sentiment_satisfied", "page:surveys"),
                ("Feedback to answer", "contact_support", "feedback_contactwish"),
                ("Mails", "outgoing_mail", "kernel_outboxmail"),
            ],
        ),
        (
            "Content",
            [
                ("Questions and answers", "help", "help_faq"),
                ("Legal pages", "gavel", "help_legalpage"),
                ("Agreements", "task_alt", "page:agreements"),
                ("Front page and footer", "web", "page:front"),
                ("Words and menus", "translate", "page:words"),
                ("Mail texts", "edit_note", "page:mail_texts"),
                ("What's new", "campaign", "notices_notice"),
                ("Guides", "menu_book", "resources_guide"),
                ("Pictures of guides", "image", "resources_picture"),
            ],
        ),
        (
            "Settings",
            [
                ("Names and addresses", "id_card", "page:identity"),
                ("Rules of the programme", "rule", "page:policies"),
                *sign_in,
                ("Look", "palette", "page:brand"),
                ("Profile form", "list_alt", "page:profile_form"),
                ("Matching criteria", "join_inner", "page:criteria"),
                ("Road of mentoring", "route", "page:journey"),
                ("Canvases", "grid_view", "page:canvases"),
                ("CPD record", "workspace_premium", "page:cpd"),
                ("SMART goals", "flag", "page:smart"),
            ],
        ),
        (
            "Records",
            [
                ("Audit trail", "history", "kernel_auditentry"),
                ("Visits by day", "calendar_month", "visits_dailyvisits"),
                ("Who stood in for whom", "support_agent", "page:support_visits"),
                ("Erasing people", "delete_forever", "page:erasures"),
                ("How long records are kept", "auto_delete", "page:retention"),
            ],
        ),
    ]
    found = (_group(request, title, items) for title, items in groups)
    return [group for group in found if group["items"]]


def _group(
    request: HttpRequest, title: str, items: Iterable[tuple[str, str, str]]
) -> dict[str, Any]:
    registered = {model._meta.label_lower.replace(".", "_") for model in staff_site._registry}
    return {
        "title": title,
        "separator": False,
        "collapsible": False,
        "items": [
            {"title": label, "icon": icon, "link": address}
            for label, icon, name in items
            if name.startswith(OWN) or name in registered
            if staff_site.may(request, name.removeprefix(OWN), Right.READ)
            for address in _addresses(
                f"staff:{name.removeprefix(OWN)}"
                if name.startswith(OWN)
                else f"staff:{name}_changelist"
            )
        ],
    }


def _addresses(name: str) -> list[str]:
    try:
        return [reverse(name)]
    except NoReverseMatch:
        return []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
