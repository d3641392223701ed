"""Addresses of second steps and sign-ins. Of the library's views only those that are used."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db.transaction import atomic
from django.urls import include, path

from core.security import pages

second_step = [
    path("", base.index, name="mfa_index"),
    path("code/", atomic(base.authenticate), name="mfa_authenticate"),
    path("code/again/", atomic(base.reauthenticate), name="mfa_reauthenticate"),
    path("app/", atomic(totp.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", atomic(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery/", atomic(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery/new/", atomic(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("recovery/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", atomic(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/again/",
        atomic(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/sign-in/", atomic(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/", atomic(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", atomic(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]

app = [
    path("places/", pages.places, name="places"),
    path("again/", pages.again, name="again"),
    path("again/sent/", pages.unsent, name="unsent"),
    path("stand-in/stop/", pages.stop, name="stop"),
    path("visit/<str:token>/", pages.visit, name="visit"),
    path("visit/<str:token>/shown/", pages.visit_shown, name="visit_shown"),
]

urlpatterns = [
    path("account/second-step/", include(second_step)),
    path("account/", include((app, "security"))),
]
