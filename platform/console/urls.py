"""Addresses of the operators' site."""

from django.urls import path

from console import pages, second_step

app_name = "console"
urlpatterns = [
    path("", pages.institutes, name="institutes"),
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("second-step/", second_step.enter, name="second_step"),
    path("second-step/new/", second_step.set_up, name="set_up_second_step"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("institutes/new/", pages.provision, name="provision"),
    path("runs/<uuid:run_id>/", pages.run, name="run"),
    path("institutes/<slug:slug>/mails/", pages.mails, name="mails"),
    path("institutes/<slug:slug>/mails/<uuid:mail_id>/", pages.mail, name="mail"),
    path("institutes/<slug:slug>/mails/<uuid:mail_id>/body/", pages.mail_body, name="mail_body"),
]
