"""We ask the society for its members: all that changed, or one (product A6).

    GET <address>?changed_since=2027-03-01T02:00:00Z   →  {"members": [...], "next": "cursor"}
    GET <address>?number=0042                          →  {"members": [...]}

with the society's token as `Authorization: Bearer`. The whole contract is in the documents.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db import transaction

from core.kernel import audit, outgoing
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.jobs import Tell
from core.kernel.sealing import seal, unseal
from core.membership.models import Feed, Run
from core.membership.rules import LONGEST_SUBJECT, Record, Source, Status
from core.membership.services.taking import find, take

PURPOSE: Final = "membership feed"
OVERLAP: Final = timedelta(minutes=10)
"""So much is asked for twice, so that no change falls between two rounds."""
MOST: Final = 5_000
"""Members of one round; the next one goes on."""
PAGES: Final = 500
LARGEST: Final = 4_000_000
PROBLEMS: Final = 50
COUNTED: Final = ("made", "changed", "same", "elsewhere", "refused")
KEPT: Final = timedelta(days=90)


class _Unreadable(Exception):
    """The society's answer is not as agreed; the text is a sentence for people."""


@transaction.atomic
def put_feed(*, url: str, token: str, makes_accounts: bool, is_on: bool, by: Actor) -> Feed:
    """Keep where the society's members are asked for. In: an empty token keeps the one in use.

    Errors: RuleBroken for an address that we do not go to, or without any token.
    """
    try:
        outgoing.check(url)
    except outgoing.Refused as refused:
        raise RuleBroken(str(refused)) from None
    feed = Feed.objects.select_for_update().first() or Feed()
    if not token and (feed._state.adding or _host(feed.url) != _host(url)):
        raise RuleBroken("Paste the token: it goes to no other address than it was given for.")
    if feed.url != url:
        feed.seen_until, feed.next_from, feed.cursor = None, None, ""
    feed.url, feed.makes_accounts, feed.is_on = url, makes_accounts, is_on
    if token:
        feed.sealed_token = seal(PURPOSE, token)
    feed.save()
    audit.record("member source changed", thing=feed, by=by, url=url, is_on=is_on)
    return feed


@transaction.atomic
def remove_feed(*, by: Actor) -> None:
    """Ask nobody any more; the token is forgotten."""
    feed = Feed.objects.select_for_update().first()
    if feed is not None:
        audit.record("member source removed", thing=feed, by=by)
        feed.delete()


@transaction.atomic
def fetch(*, by_name: str = "", tell: Tell | None = None) -> Run | None:
    """Ask for all that changed since the last round; None when a round is under way already.

    What came in stays, also when the society stops answering: the next round goes on there.
    Errors: RuleBroken when nobody said where to ask.
    """
    if not Feed.objects.exists():
        raise RuleBroken("Say first where the members are asked for.")
    feed = Feed.objects.select_for_update(skip_locked=True).first()
    if feed is None:
        return None
    run = Run(by_name=by_name, counts=dict.fromkeys(COUNTED, 0))
    try:
        _round(feed, run, tell)
    except (outgoing.Refused, outgoing.OutgoingFailed, _Unreadable) as failed:
        run.message = str(failed)[:300]
    else:
        run.went_well = True
    run.ended_at = now()
    run.save()
    feed.save(update_fields=["seen_until", "cursor", "next_from"])
    Run.objects.filter(begun_at__lt=now() - KEPT).delete()
    return run


@transaction.atomic
def fetch_one(number: str, *, by: Actor) -> Run:
    """Ask for one member by number. Errors: RuleBroken with what came of it otherwise."""
    feed = Feed.objects.first()
    if feed is None:
        raise RuleBroken("Say first where the members are asked for.")
    run = Run(by_name=by.full_name, counts=dict.fromkeys(COUNTED, 0))
    try:
        members, _next = _ask(feed, {"number": number})
    except (outgoing.Refused, outgoing.OutgoingFailed, _Unreadable) as failed:
        raise RuleBroken(str(failed)) from None
    if len(members) != 1:
        raise RuleBroken("The society knows no member with this number.")
    _take(feed, run, members[0])
    run.went_well, run.ended_at = True, now()
    run.save()
    return run


def _round(feed: Feed, run: Run, tell: Tell | None) -> None:
    """Page after page; the feed remembers how far it came."""
    begun, done = now(), 0
    if not feed.cursor:
        feed.next_from = begun - OVERLAP
    for page in range(PAGES):
        query = {"cursor": feed.cursor} if feed.cursor else {}
        if feed.seen_until is not None:
            query["changed_since"] = f"{feed.seen_until:%Y-%m-%dT%H:%M:%SZ}"
        members, following = _ask(feed, query)
        for one in members:
            _take(feed, run, one)
        done += len(members)
        if tell is not None:
            tell(page + 1, page + 2)
        if following and following == feed.cursor:
            raise _Unreadable("The society’s site gives the same page again and again.")
        feed.cursor = following
        if not following:
            feed.seen_until, feed.next_from = feed.next_from, None
            return
        if done >= MOST:
            break
    run.message = "There is more: the next round goes on."


def _ask(feed: Feed, query: Mapping[str, str]) -> tuple[list[Any], str]:
    parts = urlsplit(feed.url)
    asked = "&".join(part for part in (parts.query, urlencode(query)) if part)
    answer = outgoing.fetch(
        urlunsplit(parts._replace(query=asked)),
        headers={
            "Authorization": f"Bearer {unseal(PURPOSE, feed.sealed_token)}",
            "Accept": "application/json",
        },
        largest=LARGEST,
    )
    if answer.status != 200:
        raise _Unreadable(f"The society’s site answered with {answer.status}.")
    try:
        document = json.loads(answer.body)
    except ValueError:
        raise _Unreadable("The society’s site did not answer with JSON.") from None
    members = document.get("members") if isinstance(document, dict) else None
    following = document.get("next") or "" if isinstance(document, dict) else ""
    if not isinstance(members, list) or not isinstance(following, str) or len(following) > 500:
        raise _Unreadable("The society’s answer is not as agreed: there is no list “members”.")
    return members, following


def _take(feed: Feed, run: Run, said: Any) -> None:
    """One member; what cannot be taken is counted and noted, and the round goes on."""
    try:
        record = _record(said)
        make = feed.makes_accounts and record.status in (None, Status.CURRENT)
        if not make and find(record, Source.PULL) is None:
            run.counts["elsewhere"] += 1  # a member without an account here: nothing to do
            return
        taken = take(record, source=Source.PULL, make=make, let_in=False)
    except (_Unreadable, RuleBroken) as refused:
        run.counts["refused"] += 1
        if len(run.problems) < PROBLEMS:
            run.problems.append([_named(said), str(refused)])
        return
    run.counts["made" if taken.made else "changed" if taken.changed else "same"] += 1


def _record(said: Any) -> Record:
    if not isinstance(said, dict):
        raise _Unreadable("A member must be an object.")
    texts = {}
    for name in ("id", "number", "email", "first_name", "last_name", "status"):
        value = said.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > LONGEST_SUBJECT):
            raise _Unreadable(f"“{name}” must be a text of at most {LONGEST_SUBJECT} characters.")
        texts[name] = value
    if not texts["id"]:
        raise _Unreadable("“id” is missing.")
    if texts["status"] is not None and texts["status"] not in [one.value for one in Status]:
        raise _Unreadable("“status” must be current, lapsed or ended.")
    roles, answers = said.get("roles") or [], said.get("profile") or {}
    if not isinstance(roles, list) or not isinstance(answers, dict):
        raise _Unreadable("“roles” must be a list and “profile” an object.")
    return Record(
        subject=texts["id"],
        number=texts["number"],
        email=texts["email"] or "",
        email_verified=said.get("email_verified") is True,
        first_name=texts["first_name"],
        last_name=texts["last_name"],
        status=texts["status"],
        roles=tuple(role for role in ("mentor", "mentee") if role in roles),
        answers=answers,
    )


def _named(said: Any) -> str:
    """The number or the key of a member in a report: never a name or an address."""
    if isinstance(said, dict):
        return str(said.get("number") or said.get("id") or "")[:80]
    return ""


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
