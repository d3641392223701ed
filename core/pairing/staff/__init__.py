"""The programme team's pages of matching a whole pool."""

from core.pairing.staff import changing, drafts, publishing, runs

__all__ = ["changing", "drafts", "publishing", "runs"]
