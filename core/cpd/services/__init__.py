"""What happens to a member's record."""

from core.cpd.services.choosing import add, adjust, change, choose, remove
from core.cpd.services.issuing import issue, revoke
from core.cpd.services.scheme import set_scheme

__all__ = ["add", "adjust", "change", "choose", "issue", "remove", "revoke", "set_scheme"]
