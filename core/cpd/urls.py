"""Addresses of the CPD record."""

from django.urls import path

from core.cpd import pages

app_name = "cpd"

urlpatterns = [
    path("cpd/", pages.record, name="record"),
    path("cpd/issue/", pages.issue, name="issue"),
    path("cpd/record.csv", pages.csv, name="csv"),
    path("cpd/lines/new/", pages.add, name="add"),
    path("cpd/lines/<uuid:line_id>/", pages.change, name="change"),
    path("cpd/lines/<uuid:line_id>/remove/", pages.remove, name="remove"),
    path("cpd/meetings/<uuid:meeting_id>/", pages.adjust_meeting, name="meeting"),
    path("cpd/reflections/<uuid:entry_id>/", pages.adjust_reflection, name="reflection"),
    path("cpd/goals/<uuid:goal_id>/", pages.adjust_goal, name="goal"),
    path("cpd/issued/<uuid:issued_id>/", pages.issued, name="issued"),
    path("cpd/issued/<uuid:issued_id>/record.pdf", pages.paper, name="paper"),
    path("cpd/issued/<uuid:issued_id>/revoke/", pages.revoke, name="revoke"),
    path("cpd/check/", pages.verify, name="verify"),
]
