from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "core.profiles"
    label = "profiles"
    verbose_name = "Profiles"

    def ready(self) -> None:
        """Say where a member with an unfinished profile goes."""
        from core.profiles import receivers  # noqa: F401 - app ready
