"""PDFs handed out at once while they are small, else made by a task with a page that tells how far.

    @makes("goals")                                  # in pages/ of the app, imported when ready
    def _goals(owner_id, about): return Sheet("goals", {"title": ..., ...}) or None

    return hand_out(request, Order(kind="goals", about={"mentorship": str(pk)}, owner_id=person.pk,
                    title="Your goals", file_name="goals.pdf", back_url=..., letters=how_many))

The maker reads the rows anew and asks again whether the owner may read them: it may be called
minutes later, in another process. `letters` is how many letters the PDF holds, at a guess.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.kernel import downloads, limits, pdf
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import Paper, PaperState

AT_ONCE = 200_000
"""Letters that are typeset while the reader waits: a third of a second of work, in many scripts
less than one."""
LETTERS_A_SECOND = 300_000
KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=6)
RUNG_AGAIN = timedelta(minutes=2)
AN_HOUR = 120


@dataclass(frozen=True)
class Sheet:
    """A template and its data, for `core.kernel.pdf.typeset`."""

    template: str
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is wanted, by whom, and where they came from."""

    kind: str
    about: dict[str, Any]
    owner_id: UUID
    title: str
    file_name: str
    back_url: str
    letters: int


Maker = Callable[[UUID, dict[str, Any]], Sheet | None]
_makers: dict[str, Maker] = {}


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Register who gathers what stands in PDFs of a kind; None when the owner may not read it."""

    def register(maker: Maker) -> Maker:
        _makers[kind] = maker
        return maker

    return register


def hand_out(request: HttpRequest, order: Order) -> HttpResponse:
    """The PDF, or the way to the page where it will be.

    Errors: Http404 when the owner may not read it; RuleBroken after too many within an hour.
    """
    if not limits.allow(f"paper:{order.owner_id}", limit=AN_HOUR, seconds=3600):
        raise RuleBroken("You have downloaded many files within an hour. Try again a little later.")
    if order.letters > AT_ONCE:
        return redirect(put_in_line(order))
    sheet = _makers[order.kind](order.owner_id, order.about)
    if sheet is None:
        raise Http404
    return downloads.made_file(
        pdf.typeset(sheet.template, sheet.data),
        name=order.file_name,
        content_type="application/pdf",
    )


@transaction.atomic
def put_in_line(order: Order) -> Paper:
    """Order a PDF. One that is under way for the same owner and thing is not ordered again."""
    under_way = Paper.objects.filter(
        kind=order.kind,
        about=order.about,
        owner_id=order.owner_id,
        state__in=(PaperState.WAITING, PaperState.MAKING),
    ).first()
    if under_way is not None:
        return under_way
    paper = Paper.objects.create(
        kind=order.kind,
        about=order.about,
        owner_id=order.owner_id,
        title=order.title[:200],
        file_name=order.file_name,
        back_url=order.back_url,
        letters=order.letters,
    )
    _ring(paper)
    return paper


def make(paper_id: UUID) -> bool:
    """Make an ordered PDF, once. False when there is nothing to do or nothing came of it."""
    paper = _claimed(paper_id)
    if paper is None:
        return False
    maker = _makers.get(paper.kind)
    sheet = maker(paper.owner_id, paper.about) if maker else None
    if sheet is None:
        return _settle(paper, PaperState.FAILED)
    try:
        made = pdf.typeset(sheet.template, sheet.data)
    except pdf.NotTypeset:
        return _settle(paper, PaperState.FAILED)
    paper.stored_as = default_storage.save(f"papers/{paper.pk}.pdf", ContentFile(made))
    return _settle(paper, PaperState.READY)


def sweep() -> int:
    """Remove what is a day old with its file, give up what hangs, ring for what waits.

    Out: how many were removed.
    """
    at = now()
    with transaction.atomic():
        old = list(
            Paper.objects.filter(created_at__lt=at - KEPT).select_for_update(skip_locked=True)
        )
        for paper in old:
            if paper.stored_as:
                default_storage.delete(paper.stored_as)
        Paper.objects.filter(pk__in=[paper.pk for paper in old]).delete()
    Paper.objects.filter(state=PaperState.MAKING, begun_at__lt=at - GIVEN_UP).update(
        state=PaperState.FAILED
    )
    waiting = Paper.objects.filter(state=PaperState.WAITING, created_at__lt=at - RUNG_AGAIN)
    for paper in waiting[:50]:
        _ring(paper)
    return len(old)


def done_percent(paper: Paper) -> int:
    """How far it is: told by the state, and within typesetting by the time that it takes."""
    if paper.state == PaperState.READY:
        return 100
    if paper.state != PaperState.MAKING or paper.begun_at is None:
        return 5
    expected = 3 + paper.letters / LETTERS_A_SECOND
    return 10 + round(85 * min((now() - paper.begun_at).total_seconds() / expected, 1))


@transaction.atomic
def _claimed(paper_id: UUID) -> Paper | None:
    """The paper, if nobody makes it; one whose maker was lost can be taken up again."""
    at = now()
    free = Q(state=PaperState.WAITING) | Q(
        state=PaperState.MAKING, begun_at__lt=at - timedelta(seconds=pdf.SECONDS + 60)
    )
    paper = Paper.objects.filter(free, pk=paper_id).select_for_update(skip_locked=True).first()
    if paper is not None:
        paper.state, paper.begun_at = PaperState.MAKING, at
        paper.save(update_fields=["state", "begun_at"])
    return paper


def _settle(paper: Paper, state: PaperState) -> bool:
    paper.state = state
    if not Paper.objects.filter(pk=paper.pk).update(state=state, stored_as=paper.stored_as):
        default_storage.delete(paper.stored_as)  # swept, or its owner's account is gone
    return state == PaperState.READY


def _ring(paper: Paper) -> None:
    from core.kernel.tasks import make_paper  # the task calls this module

    transaction.on_commit(lambda: make_paper.delay(str(paper.pk)), robust=True)
