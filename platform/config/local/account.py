"""Which account runs PostgreSQL: it refuses to run as root, and then it must reach its files."""

import os
import pwd
import stat
from pathlib import Path


def unprivileged() -> pwd.struct_passwd | None:
    """Out: None for an ordinary user (who runs everything alone), as root another account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", ""))


def can_reach(account: pwd.struct_passwd | None, folder: Path) -> bool:
    """Whether the account may pass through every folder above this one."""
    if account is None:
        return True
    for above in folder.resolve().parents:
        if not above.exists():
            continue
        found = above.stat()
        if not found.st_mode & stat.S_IXOTH and found.st_uid != account.pw_uid:
            return False
    return True
