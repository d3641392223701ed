"""Addresses of meetings."""

from django.urls import path

from core.meetings import pages

app_name = "meetings"

urlpatterns = [
    path("meetings/", pages.listing, name="list"),
    path("meetings/calendar/", pages.subscription, name="calendar"),
    path("meetings/with/<uuid:mentorship_id>/", pages.listing, name="with"),
    path("meetings/with/<uuid:mentorship_id>/new/", pages.arrange, name="new"),
    path("meetings/notes/<uuid:note_id>/", pages.note, name="note"),
    path("meetings/notes/<uuid:note_id>/remove/", pages.remove_note, name="remove_note"),
    path("meetings/<uuid:meeting_id>/", pages.detail, name="detail"),
    path("meetings/<uuid:meeting_id>/edit/", pages.edit, name="edit"),
    path("meetings/<uuid:meeting_id>/cancel/", pages.cancel, name="cancel"),
    path("meetings/<uuid:meeting_id>/meeting.ics", pages.file, name="file"),
    path("calendar/<str:key>.ics", pages.feed, name="feed"),
]
