"""How long an invitation is good, and which places on the team it may bring."""

from datetime import timedelta
from typing import Final

from core.kernel.rights import ROLE_NAMES, StaffRole

LINE_LENGTH: Final = 500
GOOD_FOR: Final = timedelta(days=14)
REMINDED: Final = timedelta(days=4)
"""So long before its end an invitation is said once more."""
HEAD: Final = "head"
"""Whoever runs the site: every right, and the only one who names the team."""
STAFF_ROLES: Final = [
    (HEAD, "Head of the programme team"),
    *((role.value, ROLE_NAMES[role]) for role in StaffRole),
]
