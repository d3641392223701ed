"""What two people write to each other: questions, messages, files."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "core.messaging"
    label = "messaging"
    verbose_name = "Messages"
