"""Addresses of the operators' site."""

from django.urls import path

from console import pages

app_name = "console"
urlpatterns = [
    path("", pages.institutes, name="institutes"),
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("institutes/new/", pages.provision, name="provision"),
    path("runs/<uuid:run_id>/", pages.run, name="run"),
    path("institutes/<slug:slug>/mails/", pages.mails, name="mails"),
    path("institutes/<slug:slug>/mails/<uuid:mail_id>/", pages.mail, name="mail"),
    path("institutes/<slug:slug>/mails/<uuid:mail_id>/body/", pages.mail_body, name="mail_body"),
]
