"""Addresses of feedback."""

from django.urls import path

from core.feedback import pages

app_name = "feedback"

urlpatterns = [
    path("relationships/<uuid:mentorship_id>/feedback/", pages.answer, name="answer"),
    path("relationships/<uuid:mentorship_id>/feedback/thanks/", pages.thanks, name="thanks"),
    path("relationships/<uuid:mentorship_id>/feedback/decline/", pages.decline, name="decline"),
]
