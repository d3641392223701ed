"""What happens to profiles, and to the form that they are drawn from."""

from core.profiles.services.answers import (
    save_and_tell,
    save_profile,
    set_availability,
    set_terms,
    welcome_back,
)

__all__ = ["save_and_tell", "save_profile", "set_availability", "set_terms", "welcome_back"]
