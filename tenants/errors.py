"""What tenancy refuses. Every message is a sentence for the person who reads it."""


class TenancyError(Exception):
    """Base of all refusals of tenancy."""


class OutsideTenancy(TenancyError, RuntimeError):
    """A query, cache key, file or task was used while no institute and no platform was chosen."""


class NameRefused(TenancyError):
    """A slug or a host name cannot be used; nothing was created."""


class NameTaken(TenancyError):
    """Somebody else has the slug or host name, or is taking it now."""


class ProvisionFailed(TenancyError):
    """Provisioning ended without an institute; nothing half-made is left."""


class UpgradeRefused(TenancyError):
    """Schemas cannot be created or upgraded now."""


class TaskRefused(TenancyError):
    """A task may not run: its institute is missing, unknown or not active."""


class DeedRefused(TenancyError):
    """What an operator asked for cannot be done as things stand; nothing was changed."""
