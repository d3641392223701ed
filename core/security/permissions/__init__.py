"""Who may stand in for whom, and what asks for a recent sign-in."""

from core.security.permissions.recent import DANGEROUS, Guard, recent_sign_in_required
from core.security.permissions.standing_in import may_be_stood_in_for, may_stand_in

__all__ = [
    "DANGEROUS",
    "Guard",
    "may_be_stood_in_for",
    "may_stand_in",
    "recent_sign_in_required",
]
