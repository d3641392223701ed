"""Addresses of goals."""

from django.urls import path

from core.goals import pages

app_name = "goals"

urlpatterns = [
    path("relationships/<uuid:mentorship_id>/goals/", pages.listing, name="list"),
    path("relationships/<uuid:mentorship_id>/goals/new/", pages.new, name="new"),
    path("relationships/<uuid:mentorship_id>/goals.pdf", pages.all_file, name="all_file"),
    path("goals/about/", pages.about, name="about"),
    path("goals/<uuid:goal_id>/", pages.goal, name="goal"),
    path("goals/<uuid:goal_id>/edit/", pages.edit, name="edit"),
    path("goals/<uuid:goal_id>/complete/", pages.complete, name="complete"),
    path("goals/<uuid:goal_id>/reopen/", pages.reopen, name="reopen"),
    path("goals/<uuid:goal_id>/delete/", pages.delete, name="delete"),
    path("goals/<uuid:goal_id>/restore/", pages.restore, name="restore"),
    path("goals/<uuid:goal_id>/goal.pdf", pages.goal_file, name="goal_file"),
    path("goals/<uuid:goal_id>/milestones/", pages.add_milestone, name="add_milestone"),
    path("goals/milestones/<uuid:milestone_id>/", pages.milestone, name="milestone"),
    path("goals/milestones/<uuid:milestone_id>/<slug:deed>/", pages.act, name="act"),
    path("goals/<uuid:goal_id>/reviews/", pages.add_review, name="add_review"),
    path("goals/reviews/<uuid:review_id>/remove/", pages.remove_review, name="remove_review"),
]
