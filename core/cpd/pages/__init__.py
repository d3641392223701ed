"""Pages of the CPD record."""

from core.cpd.pages.checking import verify
from core.cpd.pages.issued import issued, paper, revoke
from core.cpd.pages.lines import (
    add,
    adjust_goal,
    adjust_meeting,
    adjust_reflection,
    change,
    remove,
)
from core.cpd.pages.record import csv, issue, record

__all__ = [
    "add",
    "adjust_goal",
    "adjust_meeting",
    "adjust_reflection",
    "change",
    "csv",
    "issue",
    "issued",
    "paper",
    "record",
    "remove",
    "revoke",
    "verify",
]
