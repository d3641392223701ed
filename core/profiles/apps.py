from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "core.profiles"
    label = "profiles"
    verbose_name = "Profiles"

    def ready(self) -> None:
        """Say where a member with an unfinished profile goes, and what other rules would do."""
        from core.profiles import adapters, receivers  # noqa: F401 - app ready
