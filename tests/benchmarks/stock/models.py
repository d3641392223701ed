"""The library's own tenant and domain."""

from django_tenants.models import DomainMixin, TenantMixin


class Tenant(TenantMixin):  # type: ignore[misc]
    """A tenant whose schema is made by the library when it is saved."""


class Domain(DomainMixin):  # type: ignore[misc]
    """Needed by the library."""
