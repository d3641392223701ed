"""What happens to a run: one function a thing, each in one transaction."""

from core.pairing.services.changing import (
    discard,
    keep,
    let_go,
    let_in,
    pair_by_hand,
    shut_out,
    take_apart,
)
from core.pairing.services.publishing import order_publication, publish
from core.pairing.services.solving import order, order_solving, solve

__all__ = [
    "discard",
    "keep",
    "let_go",
    "let_in",
    "order",
    "order_publication",
    "order_solving",
    "pair_by_hand",
    "publish",
    "shut_out",
    "solve",
    "take_apart",
]
