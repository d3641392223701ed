"""Rules of slugs, host names and schema names. Pure: no Django.

Source: product "Bad input" (reserved subdomain, duplicate domain, schema-name tricks) and the
trust rules (exact match, lower case, IDNA; schema names made by us and never used again).
"""

import re
import secrets

import idna

from tenants.errors import NameRefused

PUBLIC_SCHEMA = "public"
PLATFORM_SCHEMA = "t_platform"
OPERATORS_SLUG = "operators"

_RESERVED_WORDS = """
    about abuse account accounts admin administrator api app apps assets auth autoconfig
    autodiscover backup billing blog cdn ci console dashboard db demo dev dns docs download email
    example files ftp git hello help host hostmaster imap info institute institutes internal
    ithaca localhost login mail media metrics monitoring mx new news ns ns1 ns2 operator operators
    ops platform pop pop3 postgres postmaster private production public redis register root security
    server sign-in signin signup smtp ssl staff staging static stats status support sysadmin
    system t-platform test tests tls webmail webmaster wpad www www1 www2
"""
RESERVED = frozenset(_RESERVED_WORDS.split())

_LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?\Z")
_SCHEMA = re.compile(r"t_[a-z0-9]{8,40}\Z")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_schema_name() -> str:
    """A schema name that nobody can guess or choose."""
    return "t_" + "".join(secrets.choice(_ALPHABET) for _ in range(20))


def is_schema_name(name: str) -> bool:
    """Whether `name` is one that we made, fit to stand in a statement."""
    return _SCHEMA.match(name) is not None


def checked_slug(slug: str, *, operators: bool = False) -> str:
    """The slug, when an institute may have it. Raises NameRefused with the reason."""
    if operators and slug == OPERATORS_SLUG:
        return slug
    if not _LABEL.match(slug):
        raise NameRefused(
            f"{slug!r} cannot be the short name of an institute: it must begin with a letter and "
            "hold only lower-case letters, digits and hyphens, 40 characters at most, the last "
            "one not a hyphen."
        )
    if "--" in slug or slug in RESERVED:
        raise NameRefused(f"{slug!r} is a reserved name: choose another one for the institute.")
    return slug


def checked_host(host: str) -> str:
    """The host name as it is stored: ASCII (IDNA), lower case, exact. Raises NameRefused."""
    refused = NameRefused(
        f"{host!r} is not a host name: write it without scheme, port and path, like "
        "mentoring.example.org."
    )
    if host != host.strip() or not host or host.endswith("."):
        raise refused
    try:
        ascii_host = idna.encode(host.lower(), uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise refused from None
    labels = ascii_host.split(".")
    if len(ascii_host) > 253 or labels[-1].isdigit() or len(labels) < 2:
        raise refused
    return ascii_host


def checked_domain(host: str, *, base_host: str) -> str:
    """A further domain of an institute. Raises NameRefused for one of the platform's own."""
    stored = checked_host(host)
    if stored == base_host or stored.endswith("." + base_host):
        raise NameRefused(
            f"{stored!r} lies under the platform's own address: such addresses come from the "
            "short name of an institute and are not given away."
        )
    if stored.split(".")[0] in {"mail", "smtp", "imap", "mx", "ns", "ns1", "ns2", "autodiscover"}:
        raise NameRefused(f"{stored!r} begins with a reserved name: choose another address.")
    return stored


def host_of_slug(slug: str, *, base_host: str) -> str:
    """The address that an institute has from its slug."""
    return f"{slug}.{base_host}"
