from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "core.kernel"
    label = "kernel"
    verbose_name = "Records"

    def ready(self) -> None:
        """Gather what every app keeps about people."""
        from core.kernel import stored  # noqa: F401 - app ready

        autodiscover_modules("personal")
