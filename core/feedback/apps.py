"""Short surveys at the end of the journey and on the way (product E10)."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "core.feedback"
    label = "feedback"
    verbose_name = "Feedback"
