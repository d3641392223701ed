"""A run: its draft before it is published, and what came of it after; as CSV too."""

from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.kernel.sheets import csv_file
from core.kernel.staff import staff_site
from core.matching.queries import questions
from core.pairing import queries, states
from core.pairing.models import LeftOut, PairDraft, Pool
from core.pairing.staff.frame import known, page
from core.pairing.states import Action, State
from core.programme.queries import words

A_PAGE = 50
HEADER = ("Mentee", "Mentor", "How", "Score", "Met", "Not met", "Left out because", "Now")


@staff_site.page("pairing/<uuid:pool_id>/", "pairing_run")
@require_safe
def run(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """The pairs, weakest first, or with `?left_out` those who have nobody; `?q=` by name."""
    pool = known(pool_id)
    named, kept = request.GET.get("q", "").strip()[:80], "kept" in request.GET
    show_left_out = "left_out" in request.GET
    rows = queries.left_out(pool) if show_left_out else queries.pairs(pool, named=named, kept=kept)
    return page(
        request,
        "pairing/run.html",
        str(pool),
        pool=pool,
        chosen=_chosen(pool),
        rows=Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        numbers={
            "pairs": queries.pairs(pool).count(),
            "kept": queries.pairs(pool, kept=True).count(),
            "left_out": pool.left_out.count(),
        },
        bars=queries.distribution(pool),
        exclusions=pool.exclusions.select_related("person"),
        named=named,
        kept=kept,
        show_left_out=show_left_out,
        query=_query(request),
        can={action.value: states.can(pool.state, action) for action in Action},
        is_draft=pool.state == State.DRAFT,
        is_published=pool.state == State.PUBLISHED,
    )


@staff_site.page("pairing/<uuid:pool_id>/file/", "pairing_file")
@require_safe
def as_file(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """The draft, or what was published, as CSV."""
    pool = known(pool_id)
    return csv_file(f"pool-{pool.made_at:%Y-%m-%d}", HEADER, _lines(pool))


def _lines(pool: Pool) -> Iterator[tuple[object, ...]]:
    for pair in queries.pairs(pool).select_related("mentorship"):
        yield (
            pair.mentee.full_name,
            pair.mentor.full_name,
            pair.get_standing_display(),
            pair.receipt.get("words", ""),
            _texts(pair, "met"),
            _texts(pair, "unmet"),
            pair.refusal,
            pair.mentorship.get_state_display() if pair.mentorship else "",
        )
    for one in queries.left_out(pool):
        yield one.mentee.full_name, "", "", "", "", "", _why(one), ""


def _texts(pair: PairDraft, side: str) -> str:
    return "; ".join(one["text"] for one in pair.receipt.get(side, ()))


def _why(one: LeftOut) -> str:
    said = one.get_reason_display()
    return f"{said}. {one.detail}" if one.detail else said


def _chosen(pool: Pool) -> list[str]:
    """The choices of the run as sentences."""
    choices, spoken = pool.choices, words()
    labels = {one.key: one.label for one in questions()}
    people, mentees = spoken["mentor"].singular, spoken["mentee"].plural
    told = [
        "Goal: the best total."
        if choices.goal == "best_total"
        else "Goal: most people, then the best total."
    ]
    if choices.musts:
        told.append(f"Musts: {', '.join(labels.get(key, key) for key in choices.musts)}.")
    if choices.minimum:
        told.append(f"At least {choices.minimum} % of what was asked for.")
    if choices.cap:
        told.append(f"At most {choices.cap} {mentees} for each {people} in this run.")
    if choices.filters:
        fields = {one.key: one for one in queries.fields_to_filter()}
        for key, let_in in choices.filters.items():
            field = fields.get(key)
            options = field.choices_now if field else []  # type: ignore[attr-defined]
            answers = [one.label for one in options if one.key in let_in] or list(let_in)
            told.append(f"Only {field.label if field else key}: {' or '.join(answers)}.")
    weights = {key: weight for key, weight in choices.weights.items() if key in labels}
    told.append(f"Weights: {', '.join(f'{labels[key]} {one}' for key, one in weights.items())}.")
    if choices.hold:
        told.append(f"Places are kept for {spoken['request'].plural} that wait for an answer.")
    return told


def _query(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()
