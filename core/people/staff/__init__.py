"""Invitations, imports and exports of people on the staff site (product F4)."""

from core.people.staff import duplicates, exports, imports, invitations

__all__ = ["duplicates", "exports", "imports", "invitations"]
