"""The tenants app: the only one in the shared schema."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Provides the present site to core and registers the checks."""

    name = "tenants"
    label = "tenants"

    def ready(self) -> None:
        """Wire the provider and the start-up checks."""
        from core.kernel.ports import provide_site
        from tenants import checks  # noqa: F401
        from tenants.site import present_site

        provide_site(present_site)
