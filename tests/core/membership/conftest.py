"""What the tests of memberships share."""

from typing import Any

from core.programme.models import Programme


def rules(**changes: Any) -> None:
    """Let other rules of the programme hold."""
    programme = Programme.objects.get()
    programme.policies_data = {**programme.policies_data, **changes}
    programme.save()
