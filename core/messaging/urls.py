"""Addresses of messages."""

from django.urls import path

from core.messaging import pages

app_name = "messaging"

urlpatterns = [
    path("mentors/<uuid:person_id>/question/", pages.ask, name="ask"),
    path("messages/files/<uuid:attachment_id>/", pages.file, name="file"),
    path("messages/files/<str:token>/", pages.content, name="content"),
    path("messages/", pages.inbox, name="list"),
    path("messages/<uuid:person_id>/", pages.thread, name="thread"),
    path("messages/<uuid:person_id>/new/", pages.news, name="news"),
    path("messages/<uuid:person_id>/report/", pages.report, name="report"),
    path("messages/<uuid:person_id>/draft/", pages.draft, name="draft"),
]
