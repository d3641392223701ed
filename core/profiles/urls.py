"""Addresses of profiles."""

from django.urls import path

from core.profiles import pages

app_name = "profiles"

urlpatterns = [
    path("profile/", pages.edit, name="edit"),
    path("profile/preview/", pages.preview, name="preview"),
    path("profile/ready/", pages.ready, name="ready"),
]
