from django.apps import AppConfig


class RoutesConfig(AppConfig):
    name = "core.routes"
    label = "routes"
