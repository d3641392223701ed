"""Addresses of video chat."""

from django.urls import path

from core.calls import pages

app_name = "calls"

urlpatterns = [
    path("video/<str:room_key>/", pages.room, name="room"),
    path("video/<str:room_key>/signals/", pages.signals, name="signals"),
]
