"""Acts of members that a drill sends while it breaks something, and what became of them.

`prepare` and `verdict` run inside the product (`Site.inside`), `press` outside, over HTTP.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import MailState, OutboxMail
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, State
from core.messaging.models import Attachment, Message
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
)

KINDS = ("send", "accept", "message", "meeting")
MAILS = {"send": "request_received", "accept": "request_accepted", "meeting": "meeting_arranged"}
SECRET = "x" * 32
PATIENCE = 240.0


def institute(slug: str) -> Institute:
    """The institute of this name."""
    with platform_scope():
        return Institute.objects.get(slug=slug)


def prepare(slug: str, count: int) -> None:
    """Print acts of every kind as JSON: who, where, and what the form holds."""
    with tenant_context(institute(slug)):
        acts = [_act(KINDS[number % len(KINDS)], number) for number in range(count)]
    print(json.dumps(acts))  # noqa: T201


def _act(kind: str, number: int) -> dict[str, Any]:
    mark = f"mark{number:03}{uuid4().hex[:8]}"
    mentor, mentee = make_mentor(f"{mark} R"), make_mentee(f"{mark} E")
    for person, role in ((mentor, "r"), (mentee, "e")):
        person.email = f"{mark}.{role}@people.example"
        person.save()
    by, key = mentee, str(uuid4())
    form: dict[str, str] = {}
    path = reverse("mentorships:mentor", args=[mentor.pk])
    if kind == "send":
        form = {"area": an_area(), "statement": f"{STATEMENT} {mark}", "step": "send"}
    elif kind == "accept":
        by = mentor
        asked = make_mentorship(mentor=mentor, mentee=mentee, statement=f"{STATEMENT} {mark}")
        path = reverse("mentorships:act", args=[asked.pk, "accept"])
    else:
        pair = make_mentorship(mentor=mentor, mentee=mentee, state=State.ACTIVE)
        if kind == "message":
            path, form = reverse("messaging:thread", args=[mentor.pk]), {"text": mark, "key": key}
        else:
            on = now() + timedelta(days=5)
            path = reverse("meetings:new", args=[pair.pk])
            form = {
                "title": mark, "day_day": str(on.day), "day_month": str(on.month),
                "day_year": str(on.year), "starts": "14:30", "minutes": "45", "send": "on",
                "form_key": key,
            }  # fmt: skip
    return {"kind": kind, "mark": mark, "path": path, "form": form, "session": _session(by)}


def _session(person: Person) -> str:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def verdict(slug: str, acts: list[dict[str, Any]]) -> None:
    """Print what became of acknowledged acts: what is lost, doubled or half, and mails not out."""
    with tenant_context(institute(slug)):
        found: Counter[str] = Counter()
        for act in acts:
            rows, whole = _rows(act["kind"], act["mark"])
            found["lost"] += rows == 0
            found["doubled"] += max(0, rows - 1)
            found["half"] += rows > 0 and not whole
        files = {each.stored_as for each in Attachment.objects.all()}
        lying = set(_lying("messages"))
        found["rows without file"] = len(files - lying)
        found["files without row"] = len(lying - files)
        found["mails not out"] = OutboxMail.objects.exclude(state=MailState.SENT).count()
    print(json.dumps(found))  # noqa: T201


def _lying(folder: str) -> list[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    deeper = [name for each in folders for name in _lying(f"{folder}/{each}")]
    return [f"{folder}/{name}" for name in files] + deeper


def _rows(kind: str, mark: str) -> tuple[int, bool]:
    """How many rows an act left, and whether everything that belongs to them is there."""
    if kind == "message":
        sent = Message.objects.filter(text=mark)
        return sent.count(), all(
            [len(_content(file)) for file in one.files.all()] == [len(mark) * 2000] for one in sent
        )
    if kind == "meeting":
        return Meeting.objects.filter(title=mark).count(), _mails(kind, mark) == 1
    pairs = Mentorship.objects.filter(statement__contains=mark)
    action, state = (
        (Action.SEND, State.PROPOSED) if kind == "send" else (Action.ACCEPT, State.ACTIVE)
    )
    steps = MentorshipStep.objects.filter(mentorship__in=pairs, action=action.value)
    done = pairs.filter(state=state.value).count()
    return (done, steps.count() == 1 and _mails(kind, mark) == 1)


def _content(file: Attachment) -> bytes:
    with default_storage.open(file.stored_as) as opened:
        content: bytes = opened.read()
        return content


def _mails(kind: str, mark: str) -> int:
    return OutboxMail.objects.filter(kind=MAILS[kind], to_address__startswith=mark).count()


@dataclass
class Pressed:
    """What members did: when each act was last begun, when acknowledged, and all answers."""

    acts: list[dict[str, Any]]
    acknowledged: dict[str, float] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def reached(self, count: int) -> None:
        """Wait until so many acts are acknowledged. Raises AssertionError."""
        until = time.monotonic() + PATIENCE
        while len(self.acknowledged) < count:
            assert time.monotonic() < until, f"{len(self.acknowledged)} of {count}: {self.answers}"
            time.sleep(0.02)


def press(
    site: Site, slug: str, acts: list[dict[str, Any]], pressed: Pressed, *, at_once: int = 4
) -> list[threading.Thread]:
    """Start members who send the acts; who gets no answer tries again with the same form."""
    waiting = list(acts)
    random.Random(7).shuffle(waiting)
    until = time.monotonic() + PATIENCE

    def member() -> None:
        while waiting and time.monotonic() < until:
            try:
                act = waiting.pop()
            except IndexError:
                return
            while time.monotonic() < until:
                pressed.tries[act["mark"]] += 1
                pressed.begun[act["mark"]] = time.monotonic()
                try:
                    status = _sent(site, slug, act)
                except (OSError, http.client.HTTPException) as problem:
                    pressed.answers[type(problem).__name__] += 1
                    time.sleep(0.3)
                    continue
                pressed.answers[str(status)] += 1
                if status == 302:
                    pressed.acknowledged[act["mark"]] = time.monotonic()
                    break
                time.sleep(0.3)

    members = [threading.Thread(target=member, daemon=True) for _ in range(at_once)]
    for one in members:
        one.start()
    return members


def _sent(site: Site, slug: str, act: dict[str, Any]) -> int:
    form = act["form"] | {"csrfmiddlewaretoken": SECRET}
    if act["kind"] == "message":
        kind, body = _with_file(form, act["mark"])
    else:
        kind, body = "application/x-www-form-urlencoded", urlencode(form).encode()
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        line.request("POST", act["path"], body, {
            "Host": f"{slug}.localhost:{site.port}",
            "Cookie": f"session={act['session']}; csrf={SECRET}",
            "Content-Type": kind,
        })  # fmt: skip
        answer = line.getresponse()
        answer.read()
        if answer.status == 302 and "login" in (answer.headers["Location"] or ""):
            return 401
        return answer.status
    finally:
        line.close()


def _with_file(form: dict[str, str], mark: str) -> tuple[str, bytes]:
    edge = "edge" + uuid4().hex
    lines = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    ]
    lines += [
        f'--{edge}\r\nContent-Disposition: form-data; name="attachments"; filename="{mark}.txt"'
        f"\r\nContent-Type: text/plain\r\n\r\n{mark * 2000}\r\n--{edge}--\r\n"
    ]
    return f"multipart/form-data; boundary={edge}", "".join(lines).encode()
