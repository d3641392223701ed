"""Addresses of matching."""

from django.urls import path

from core.matching import pages

app_name = "matching"

urlpatterns = [path("mentors/", pages.search, name="search")]
