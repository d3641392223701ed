"""Signing in elsewhere, on the staff site: for managers alone."""

from core.bridges.staff import providers, saml

__all__ = ["providers", "saml"]
