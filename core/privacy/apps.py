"""What is stored about a person (product A11, A12)."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "core.privacy"
    label = "privacy"
    verbose_name = "privacy"

    def ready(self) -> None:
        """Say who does the jobs, and listen to who comes in."""
        from core.accounts.queries import offer_agreements
        from core.kernel.ports import provide_erased
        from core.privacy import receivers, tasks  # noqa: F401 - app ready
        from core.privacy.services.consenting import asked_of_newcomers
        from core.privacy.services.erasing.identity import erased_among

        offer_agreements(asked_of_newcomers)
        provide_erased(erased_among)
