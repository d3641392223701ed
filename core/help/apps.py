from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "core.help"
    label = "help"
    verbose_name = "Help"

    def ready(self) -> None:
        """Let the site's search find questions."""
        from core.help import adapters  # noqa: F401 - app ready
