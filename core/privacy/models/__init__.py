"""What this room keeps: requests to be erased, receipts, holds, what went by age."""

from core.privacy.models.erasing import (
    OPEN,
    AskState,
    Erasure,
    ErasureRequest,
    LegalHold,
    Way,
)
from core.privacy.models.retention import RetentionRun

__all__ = [
    "OPEN",
    "AskState",
    "Erasure",
    "ErasureRequest",
    "LegalHold",
    "RetentionRun",
    "Way",
]
