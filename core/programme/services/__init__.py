"""Mails in the institute's name, and editions of its settings."""

from core.programme.services.editions import publish, retire
from core.programme.services.mails import Letter, write_mail, write_mails

__all__ = ["Letter", "publish", "retire", "write_mail", "write_mails"]
