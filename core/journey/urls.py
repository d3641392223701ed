"""Addresses of journeys. `?journey=2` shows an earlier one of the two, to be read."""

from django.urls import path

from core.journey import pages

app_name = "journey"
_PAIR = "relationships/<uuid:mentorship_id>/journey/"

urlpatterns = [
    path(_PAIR, pages.road_map, name="road_map"),
    path(f"{_PAIR}first-conversation/", pages.first_conversation, name="first_conversation"),
    path(f"{_PAIR}ending/", pages.ending, name="ending"),
    path(f"{_PAIR}stages/<slug:stage>/", pages.stage, name="stage"),
    path(f"{_PAIR}activities/<slug:activity>/", pages.activity, name="activity"),
    path(
        f"{_PAIR}activities/<slug:activity>/versions/<int:number>/", pages.version, name="version"
    ),
]
