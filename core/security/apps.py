"""The second step of signing in, and where one is signed in (product A5)."""

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "core.security"
    label = "security"
    verbose_name = "Signing in"

    def ready(self) -> None:
        """Teach the sign-in library our mails and sentences, and listen to what it tells."""
        from core.security import adapters, receivers  # noqa: F401 - app ready
