from django.urls import path

from core.resources import pages

app_name = "resources"
urlpatterns = [
    path("resources/", pages.guides, name="list"),
    path("resources/pictures/<slug:key>/", pages.picture, name="picture"),
    path("resources/videos/<uuid:video_id>/", pages.video, name="video"),
    path("resources/videos/<uuid:video_id>/captions.vtt", pages.captions, name="captions"),
    path("resources/<slug:slug>/", pages.guide, name="guide"),
]
