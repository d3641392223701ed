"""What this room keeps: requests to be erased, receipts, holds, what went by age, agreements."""

from core.privacy.models.consents import (
    Consent,
    Document,
    DocumentKind,
    How,
    Permission,
    Purpose,
)
from core.privacy.models.erasing import (
    OPEN,
    AskState,
    Erasure,
    ErasureRequest,
    LegalHold,
    Way,
)
from core.privacy.models.exports import Export
from core.privacy.models.retention import RetentionRun

__all__ = [
    "OPEN",
    "AskState",
    "Consent",
    "Document",
    "DocumentKind",
    "Erasure",
    "ErasureRequest",
    "Export",
    "How",
    "LegalHold",
    "Permission",
    "Purpose",
    "RetentionRun",
    "Way",
]
