"""Addresses of the relationship pages."""

from django.urls import path

from core.mentorships import pages

app_name = "mentorships"

urlpatterns = [
    path("mentors/<uuid:person_id>/", pages.mentor, name="mentor"),
    path("mentors/<uuid:person_id>/waiting/", pages.waiting_list, name="waiting"),
    path("account/availability/", pages.availability, name="availability"),
    path("relationships/", pages.dashboard, name="dashboard"),
    path("relationships/<uuid:mentorship_id>/", pages.detail, name="detail"),
    path("relationships/<uuid:mentorship_id>/<slug:action>/", pages.act, name="act"),
]
