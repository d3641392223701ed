"""Addresses of the app."""

from django.urls import URLPattern

app_name = "canvases"

urlpatterns: list[URLPattern] = []
