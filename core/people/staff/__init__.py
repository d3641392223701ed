"""Invitations, imports and exports of people on the staff site (product F4)."""

from core.people.staff import exports, imports, invitations

__all__ = ["exports", "imports", "invitations"]
