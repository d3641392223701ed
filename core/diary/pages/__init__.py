"""Pages of the diary."""

from core.diary.pages.exporting import markdown, paper
from core.diary.pages.reading import entries, entry
from core.diary.pages.writing import delete, draft, edit, restore, write

__all__ = ["delete", "draft", "edit", "entries", "entry", "markdown", "paper", "restore", "write"]
