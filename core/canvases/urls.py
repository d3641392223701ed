"""Addresses of canvases."""

from django.urls import path

from core.canvases import pages

app_name = "canvases"

urlpatterns = [
    path("relationships/<uuid:mentorship_id>/canvases/<slug:kind>/", pages.listing, name="list"),
    path("relationships/<uuid:mentorship_id>/canvases/<slug:kind>/new/", pages.new, name="new"),
    path("relationships/canvases/<uuid:sheet_id>/", pages.sheet, name="sheet"),
    path("relationships/canvases/<uuid:sheet_id>/autosave/", pages.autosave, name="autosave"),
    path("relationships/canvases/<uuid:sheet_id>/canvas.pdf", pages.paper, name="paper"),
    path("relationships/canvases/<uuid:sheet_id>/remove/", pages.remove, name="remove"),
    path("relationships/canvases/<uuid:sheet_id>/restore/", pages.restore, name="restore"),
    path("relationships/canvases/<uuid:sheet_id>/history/", pages.history, name="history"),
    path(
        "relationships/canvases/<uuid:sheet_id>/history/<uuid:version_id>/",
        pages.version,
        name="version",
    ),
    path(
        "relationships/canvases/<uuid:sheet_id>/history/<uuid:version_id>/bring-back/",
        pages.bring_back,
        name="bring_back",
    ),
]
