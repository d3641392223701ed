"""Pages of members."""

from core.canvases.pages.history import bring_back, history, version
from core.canvases.pages.listing import listing, new, remove, restore
from core.canvases.pages.papers import paper
from core.canvases.pages.sheets import autosave, sheet

__all__ = [
    "autosave",
    "bring_back",
    "history",
    "listing",
    "new",
    "paper",
    "remove",
    "restore",
    "sheet",
    "version",
]
