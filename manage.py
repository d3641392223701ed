#!/usr/bin/env python
"""The command line of the product: ``python manage.py <command>``."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run one management command with both source roots on the path."""
    for folder in (ROOT / "platform", ROOT):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
    from config.env import EnvironmentRefused

    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except EnvironmentRefused as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
