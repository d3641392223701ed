"""The rules of the overview, without a database (product F3)."""

from core.insights.rules.graph import (
    Bar,
    Chart,
    Month,
    chart,
    detail,
    heading,
    months,
    scale,
)
from core.insights.rules.measures import (
    FEWEST,
    KEPT_AFTER,
    LONGEST_SEGMENT,
    NUDGED_AGAIN_AFTER,
    PRESENT,
    ROADS,
    SILENT,
    Counts,
    Number,
    Reached,
    Side,
    Step,
    Waits,
    funnel,
    segment_parts,
    share,
    spread,
)
from core.insights.rules.periods import (
    LONGEST,
    PERIODS,
    Period,
    month_of,
    months_before,
    months_between,
    read_period,
)

__all__ = [
    "FEWEST", "KEPT_AFTER", "LONGEST", "LONGEST_SEGMENT", "NUDGED_AGAIN_AFTER", "PERIODS",
    "PRESENT", "ROADS", "SILENT", "Bar", "Chart", "Counts", "Month", "Number", "Period",
    "Reached", "Side", "Step", "Waits", "chart", "detail", "funnel", "heading", "month_of",
    "months", "months_before", "months_between", "read_period", "scale", "segment_parts",
    "share", "spread",
]  # fmt: skip
