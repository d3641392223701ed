"""Absolute links, built from the stored primary address and never from a Host header."""

from core.kernel.ports import current_site


def absolute(path: str) -> str:
    """The full address of a path of the present site. Raises ValueError for another host."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"not a path of this site: {path!r}")
    return current_site().base_url + path
