"""What happens between a provider and an account here."""

from core.bridges.services.arriving import arrive
from core.bridges.services.leaving import say_farewell

__all__ = ["arrive", "say_farewell"]
