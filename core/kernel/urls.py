"""Addresses of PDFs that are being made."""

from django.urls import path

from core.kernel import pages

app_name = "papers"

urlpatterns = [
    path("papers/<uuid:paper_id>/", pages.paper, name="paper"),
    path("papers/<uuid:paper_id>/file.pdf", pages.file, name="file"),
]
