"""SMART goals with milestones, review and outcome (product E4 to E7)."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    name = "core.goals"
    label = "goals"
    verbose_name = "Goals"
