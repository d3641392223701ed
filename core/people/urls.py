"""Addresses for members."""

from django.urls import path

from core.people import pages

app_name = "people"

urlpatterns = [path("invitation/<str:token>/", pages.invitation, name="invitation")]
