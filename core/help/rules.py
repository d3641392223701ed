"""Links to pages in answers, and how the contact form tells people from robots (pure)."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network

# --- links to pages of the site -----------------------------------------------------------------
PAGES = frozenset(
    {
        "account_change_password", "account_email", "account_login", "account_reset_password",
        "account_signup", "accounts:blocked", "accounts:delete", "accounts:edit", "accounts:mails",
        "accounts:role", "cpd:record", "cpd:verify", "diary:list", "diary:write", "front",
        "goals:about", "help:contact", "help:faqs", "matching:search", "meetings:calendar",
        "meetings:list", "mentorships:availability", "mentorships:dashboard", "messaging:list",
        "privacy:data", "profiles:edit", "resources:list",
    }
)  # fmt: skip
"""Names of pages that an answer may lead to: [Edit Account](page:accounts:edit). Each opens
without any key."""

_PAGE = re.compile(r"\]\(page:([^)\s]{1,60})\)")
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`#>]+|^\s*(?:[-+]|\d+\.)\s+", re.MULTILINE)


def pages_in(answer: str) -> list[str]:
    """The names of the pages that an answer leads to, in their order."""
    return [match[1] for match in _PAGE.finditer(answer)]


def unknown_pages(answer: str) -> list[str]:
    """The names among them that stand for no page."""
    return [name for name in pages_in(answer) if name not in PAGES]


def with_addresses(answer: str, addresses: dict[str, str]) -> str:
    """The answer with addresses in place of the names; what is not known leads to the top."""
    return _PAGE.sub(lambda match: f"]({addresses.get(match[1], '#')})", answer)


def plain(markdown: str) -> str:
    """The words of a text in Markdown, for searching and for excerpts."""
    return " ".join(_MARKS.sub(lambda match: match[1] or " ", markdown).split())


# --- the contact form ---------------------------------------------------------------------------
LONGEST_NAME = 120
LONGEST_SUBJECT = 150
LONGEST_MESSAGE = 6000
LONGEST_NOTE = 6000

FASTEST = timedelta(seconds=3)
"""Nobody reads a form and fills it in faster than that."""
OLDEST = timedelta(days=2)
"""A form that lay open longer is sent once more with a fresh stamp."""

FROM_AN_ADDRESS_A_DAY = 6
FROM_A_NETWORK_AN_HOUR = 12
CONFIRMED_TO_AN_ADDRESS_A_DAY = 2
MAILS_FOR_STRANGERS_AN_HOUR = 60
SAME_WITHIN = timedelta(hours=24)

# --- complaints about personal data --------------------------------------------------------------
ACKNOWLEDGE_WITHIN = timedelta(days=30)
REMIND_BEFORE = timedelta(days=10)
REMIND_AGAIN = timedelta(days=7)


def network(address: str) -> str:
    """The part of an internet address that one household or office has; "" if it is none."""
    try:
        whole = ip_address(address.strip())
    except ValueError:
        return ""
    if whole.version == 6 and whole.ipv4_mapped is not None:
        whole = whole.ipv4_mapped
    return str(ip_network((whole, 32 if whole.version == 4 else 64), strict=False))


def clean(text: str) -> str:
    """What somebody typed, with one kind of line end and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or c.isprintable()).strip()
