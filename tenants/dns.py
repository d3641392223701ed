"""Looking things up in DNS: through the resolvers of the settings, and never for long."""

from collections.abc import Sequence

import dns.exception
import dns.nameserver
import dns.rdata
import dns.resolver
from django.conf import settings

PORT = 53


class DnsAway(OSError):
    """No resolver answered in time, or the answer cannot be used; tried again later."""


def txt_records(name: str) -> list[str]:
    """The texts of a name's TXT records, each joined from its parts; none for an unknown name.

    Raises DnsAway.
    """
    parts = (getattr(record, "strings", ()) for record in _asked(name, "TXT"))
    return [b"".join(each).decode("utf-8", "replace") for each in parts]


def addresses(name: str) -> set[str]:
    """The IP addresses of a name, CNAMEs followed; empty for an unknown name. Raises DnsAway."""
    found = [*_asked(name, "A"), *_asked(name, "AAAA")]
    return {record.to_text() for record in found}


def _asked(name: str, kind: str) -> list[dns.rdata.Rdata]:
    try:
        answer = _resolver().resolve(name, kind, lifetime=settings.DNS_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as problem:
        raise DnsAway(f"DNS did not answer for {name} ({type(problem).__name__}).") from problem
    return list(answer)


def _resolver() -> dns.resolver.Resolver:
    servers: Sequence[str] = settings.DNS_SERVERS
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [_server(written) for written in servers]
    resolver.timeout = settings.DNS_SECONDS / 2
    return resolver


def _server(written: str) -> dns.nameserver.Nameserver:
    """ "192.0.2.1" or "192.0.2.1:5353"."""
    host, _, port = written.partition(":")
    return dns.nameserver.Do53Nameserver(host, int(port or PORT))
