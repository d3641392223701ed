"""The shared schema serves no pages: every address of it is unknown."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler500 = "config.failing.server_error"
