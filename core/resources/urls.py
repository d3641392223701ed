from django.urls import path

from core.resources import pages

app_name = "resources"
urlpatterns = [
    path("resources/", pages.guides, name="list"),
    path("resources/<slug:slug>/", pages.guide, name="guide"),
]
