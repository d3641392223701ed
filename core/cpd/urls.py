"""Addresses of the app."""

from django.urls import URLPattern

app_name = "cpd"

urlpatterns: list[URLPattern] = []
