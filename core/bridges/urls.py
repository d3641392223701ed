"""Addresses of the doors: /sign-in/."""

from django.urls import path

from core.bridges.pages import doors, saml

app_name = "bridges"

urlpatterns = [
    path("sign-in/rescue/", doors.ask_rescue, name="ask_rescue"),
    path("sign-in/rescue/<str:token>/", doors.use_rescue, name="rescue"),
    path("sign-in/<slug:key>/", doors.start, name="start"),
    path("sign-in/<slug:key>/callback/", doors.callback, name="callback"),
    path("sign-in/<slug:key>/signed-out/", doors.signed_out, name="signed_out"),
    path("sign-in/<slug:key>/metadata/", saml.saml_metadata, name="saml_metadata"),
    path("sign-in/<slug:key>/answer/", saml.saml_answer, name="saml_answer"),
    path("sign-in/<slug:key>/answer/<str:token>/", saml.saml_finish, name="saml_finish"),
    path("sign-in/<slug:key>/sign-out/", saml.saml_sign_out, name="saml_sign_out"),
]
