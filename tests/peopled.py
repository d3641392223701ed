"""All institutes with a few generated people each, made once a run and copied for who needs it.

The product's own command makes them, with the settings of a demo: one may sign in with the
password that it prints.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import database, servers

ROOT = Path(__file__).resolve().parents[1]


def environment(*, database_url: str, redis_url: str, files: Path, state: Path) -> dict[str, str]:
    """Out: what a running product is told by its environment."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ITHACA_") and name not in {"DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    } | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ITHACA_FILES_URL": f"file://{files}",
        "ITHACA_STATE_FOLDER": str(state),
        "ITHACA_LOG_LEVEL": "WARNING",
    }


def template(run: str, source: str) -> str:
    """Out: the name of the database, made now if no process of this run made it yet."""
    name = f"test_peopled_{run}"
    with database.made_once(name, source=source) as raw:
        if raw is not None:
            files = database.files_of(name)
            shutil.rmtree(files, ignore_errors=True)
            if database.files_of(source).is_dir():
                shutil.copytree(database.files_of(source), files)
            _populate(raw, files)
    return name


def _populate(name: str, files: Path) -> None:
    with servers.running_redis(8) as redis_url:
        told = environment(
            database_url=database.address(name),
            redis_url=redis_url,
            files=files,
            state=files / "state",
        )
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--prepare", "--few"],
            cwd=ROOT,
            env=told | {"EMAIL_URL": "keep:", "ITHACA_PORT": str(servers.free_port())},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(files / "state", ignore_errors=True)
