from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "core.profiles"
    label = "profiles"
    verbose_name = "Profiles"
