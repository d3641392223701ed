"""Addresses for members."""

from django.urls import URLPattern

app_name = "notices"

urlpatterns: list[URLPattern] = []
