"""A process that provisions a bundle and waits at a chosen point to be killed.

Started by ``test_provision``: ``python -m tests.tenants.killed <folder> <point>``.
"""

import sys
from typing import Any

import django


def wait() -> None:
    """Tell the parent that the point is reached, and stay there."""
    print("there", flush=True)  # noqa: T201 - the parent reads it
    sys.stdin.read()


def main(folder: str, point: str) -> None:
    """Provision; wait at the step with this name, or after everything but the commit."""
    django.setup()
    from tenants import provision
    from tenants.bundles.applying import apply
    from tenants.models import Step

    def apply_and_wait(bundle: Any) -> Any:
        changes = apply(bundle)
        wait()
        return changes

    if point == "before commit":
        vars(provision)["apply"] = apply_and_wait

    def tell(step: Step) -> None:
        if step == point:
            wait()

    provision.provision(folder, tell=tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
