"""Addresses of the diary."""

from django.urls import path

from core.diary import pages

app_name = "diary"

urlpatterns = [
    path("diary/", pages.entries, name="list"),
    path("diary/write/", pages.write, name="write"),
    path("diary/draft/", pages.draft, name="draft"),
    path("diary/diary.md", pages.markdown, name="markdown"),
    path("diary/diary.pdf", pages.paper, name="paper"),
    path("diary/<uuid:entry_id>/", pages.entry, name="entry"),
    path("diary/<uuid:entry_id>/edit/", pages.edit, name="edit"),
    path("diary/<uuid:entry_id>/delete/", pages.delete, name="delete"),
    path("diary/<uuid:entry_id>/restore/", pages.restore, name="restore"),
]
