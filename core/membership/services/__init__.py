"""What happens when the society speaks of its members."""

from core.membership.services.taking import Taken, take

__all__ = ["Taken", "take"]
