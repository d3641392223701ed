"""Addresses for members."""

from django.urls import path

from core.notices import pages

app_name = "notices"

urlpatterns = [
    path("whats-new/", pages.listing, name="list"),
    path("whats-new/<uuid:notice_id>/dismiss/", pages.dismiss, name="dismiss"),
]
