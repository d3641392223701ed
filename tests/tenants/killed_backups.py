"""A process that backs up, restores or deletes, and waits at a chosen step to be killed.

``python -m tests.tenants.killed_backups <kind> <slug> <step> [<archive>]``; the step is the
beginning of what the run says it does.
"""

import sys
from pathlib import Path

import django

from tests.tenants.killed import wait


def main(kind: str, slug: str, point: str, archive: str = "") -> None:
    """Do it, and wait when the step begins."""
    django.setup()
    from tenants.backups.deleting import delete_due
    from tenants.backups.making import back_up
    from tenants.backups.restoring import restore
    from tenants.context import platform_scope
    from tenants.deeds import COMMAND_LINE
    from tenants.models import Institute

    def tell(step: str, done: int, total: int) -> None:
        if step.startswith(point):
            wait()

    if kind == "backup":
        with platform_scope():
            institute = Institute.objects.get(slug=slug)
        back_up(institute, by=COMMAND_LINE, tell=tell)
    elif kind == "restore":
        with Path(archive).open("rb") as file:
            restore(file, by=COMMAND_LINE, slug=slug, tell=tell)
    else:
        delete_due(tell=tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
