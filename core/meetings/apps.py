"""Meetings of two people who work together, and their calendars."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "core.meetings"
    label = "meetings"
