"""The tenants app: the only one in the shared schema."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Provides the present site to core, registers the checks, listens for faults."""

    name = "tenants"
    label = "tenants"

    def ready(self) -> None:
        """Wire the provider, the start-up checks and the record of faults."""
        from core.kernel.ports import provide_operators_address, provide_site
        from tenants import checks, faults, ledger  # noqa: F401
        from tenants.site import operators_url, present_site

        provide_site(present_site)
        provide_operators_address(operators_url)
        faults.listen()
