"""The command of the tenancy library, switched off: see ``migrate``."""

from tenants.management.commands import migrate


class Command(migrate.Command):
    """Refuses, and names the command that upgrades all schemas."""
