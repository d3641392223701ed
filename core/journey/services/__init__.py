"""What happens on a journey: one function a thing, each in one transaction."""

from core.journey.services.drawing import (
    discard,
    move,
    publish,
    put_stage,
    put_tips,
    remove_stage,
)
from core.journey.services.filling import fill_in
from core.journey.services.going import begin, close, mark, take_back

__all__ = [
    "begin",
    "close",
    "discard",
    "fill_in",
    "mark",
    "move",
    "publish",
    "put_stage",
    "put_tips",
    "remove_stage",
    "take_back",
]
