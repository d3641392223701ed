from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "core.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what allauth tells."""
        from core.accounts import receivers  # noqa: F401 - app ready
