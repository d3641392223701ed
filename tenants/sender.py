"""Whether mails from an institute's sender address are believed: SPF, DKIM and DMARC in DNS.

Mails leave through the platform's own servers, so the records to set follow from the settings
`MAIL_SPF`, `MAIL_DKIM_SELECTOR` and `MAIL_DKIM_KEY`. What is there is read from DNS and kept with
its time.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from email.utils import parseaddr

from django.conf import settings
from django.db import DatabaseError

from core.kernel.clock import now
from core.programme.models import Programme
from tenants import dns, names
from tenants.context import platform_scope, tenant_context
from tenants.errors import NameRefused
from tenants.models import Institute, Kind, State
from tenants.standing import SenderCheck, SenderState

DMARC = "v=DMARC1; p=none"


@dataclass(frozen=True)
class Finding:
    """One of the three: what stands at which name, what should, and a sentence."""

    kind: str
    name: str
    state: str  # good | lacking | away | unasked
    found: tuple[str, ...]
    wanted: str
    says: str


def check(institute: Institute) -> SenderCheck | None:
    """Look the three up now and keep what was found; None when there is no sender address."""
    address = sender_address(institute)
    return _kept(institute, address, look_up(address)) if address else None


def check_all() -> int:
    """Look up the senders of all active institutes; out: how many."""
    with platform_scope():
        institutes = list(Institute.objects.filter(state=State.ACTIVE, kind=Kind.INSTITUTE))
    addresses = [(each, sender_address(each)) for each in institutes]
    asked = [(each, address) for each, address in addresses if address]
    with ThreadPoolExecutor(max_workers=10, thread_name_prefix="dns") as pool:
        found = list(pool.map(look_up, [address for _, address in asked]))
    for (institute, address), findings in zip(asked, found, strict=True):
        _kept(institute, address, findings)
    return len(asked)


def sender_address(institute: Institute) -> str:
    """The address that mails of an institute come from; empty without one, or without a schema."""
    try:
        with tenant_context(institute):
            found = Programme.objects.values_list("mail_sender_address", flat=True).first()
    except DatabaseError:
        return ""
    return parseaddr(found or "")[1]


def look_up(address: str) -> list[Finding]:
    """The three findings for a sender address; no query of ours."""
    try:
        domain = names.checked_host(address.rpartition("@")[2])
    except NameRefused:
        says = "The sender address has no domain that mails could come from."
        return [Finding("SPF", address, "lacking", (), "", says)]
    return [_spf(domain), _dkim(domain), _dmarc(domain)]


def _kept(institute: Institute, address: str, findings: Sequence[Finding]) -> SenderCheck:
    states = {each.state for each in findings}
    state = SenderState.GOOD
    if "lacking" in states:
        state = SenderState.LACKING
    elif "away" in states:
        state = SenderState.AWAY
    with platform_scope():
        row, _ = SenderCheck.objects.update_or_create(
            institute=institute,
            defaults={
                "address": address,
                "state": state,
                "findings": [asdict(each) for each in findings],
                "checked_at": now(),
            },
        )
    return row


def _spf(domain: str) -> Finding:
    ours = str(settings.MAIL_SPF)
    wanted = f"v=spf1 {ours} ~all" if ours else ""

    def told(state: str, says: str, found: Sequence[str] = (), wish: str = wanted) -> Finding:
        return Finding("SPF", domain, state, tuple(found), wish if state != "good" else "", says)

    try:
        records = [text for text in dns.txt_records(domain) if _begins(text, "v=spf1")]
    except dns.DnsAway as problem:
        return told("away", str(problem))
    if len(records) > 1:
        return told(
            "lacking", "There are several SPF records: keep one, or none of them counts.", records
        )
    if not ours:
        return told("unasked", "The platform has not said from where it sends (MAIL_SPF).", records)
    if not records:
        return told("lacking", "There is no SPF record: set this one.")
    terms = records[0].lower().split()
    if ours.lower() in {term.lstrip("+") for term in terms}:
        return told("good", "The platform may send for this domain.", records)
    wish = " ".join([records[0].split()[0], ours, *records[0].split()[1:]])
    return told("lacking", f"The record does not allow the platform: add {ours}.", records, wish)


def _dkim(domain: str) -> Finding:
    selector, key = str(settings.MAIL_DKIM_SELECTOR), "".join(str(settings.MAIL_DKIM_KEY).split())
    name = f"{selector or 'selector'}._domainkey.{domain}"
    wanted = f"v=DKIM1; k=rsa; p={key}"
    if not selector or not key:
        says = "The platform has not said which key it signs with (MAIL_DKIM_SELECTOR)."
        return Finding("DKIM", name, "unasked", (), "", says)
    try:
        records = dns.txt_records(name)
    except dns.DnsAway as problem:
        return Finding("DKIM", name, "away", (), wanted, str(problem))
    if not records:
        return Finding("DKIM", name, "lacking", (), wanted, "There is no key: set this one.")
    if any(_tags(text).get("p") == key for text in records):
        return Finding("DKIM", name, "good", tuple(records), "", "The key is there.")
    says = "Another key stands there: replace it with this one."
    return Finding("DKIM", name, "lacking", tuple(records), wanted, says)


def _dmarc(domain: str) -> Finding:
    """The domain's own record, or that of the nearest domain above it."""
    labels = domain.split(".")
    own = f"_dmarc.{domain}"
    for depth in range(len(labels) - 1):
        name = f"_dmarc.{'.'.join(labels[depth:])}"
        try:
            records = [text for text in dns.txt_records(name) if _begins(text, "v=dmarc1")]
        except dns.DnsAway as problem:
            return Finding("DMARC", name, "away", (), DMARC, str(problem))
        if len(records) > 1:
            says = "There are several DMARC records: keep one, or none of them counts."
            return Finding("DMARC", name, "lacking", tuple(records), DMARC, says)
        if records:
            policy = _tags(records[0]).get("p", "")
            if policy in {"none", "quarantine", "reject"}:
                says = f"The policy is “{policy}”."
                return Finding("DMARC", name, "good", tuple(records), "", says)
            says = "The record names no policy (p=none, quarantine or reject)."
            return Finding("DMARC", name, "lacking", tuple(records), DMARC, says)
    return Finding("DMARC", own, "lacking", (), DMARC, "There is no DMARC record: set this one.")


def _begins(text: str, version: str) -> bool:
    first = text.strip().lower().replace(" ", ";").split(";")[0]
    return first == version


def _tags(text: str) -> dict[str, str]:
    parts = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in parts}
