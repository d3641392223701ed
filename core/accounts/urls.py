"""Addresses of accounts. Of allauth's views only those that are used have one.

Each step is one transaction: the change, its audit row and its mail stand or fall together.
"""

from allauth.account import views
from django.db.transaction import atomic
from django.urls import include, path
from django.views.generic import RedirectView

from core.accounts import pages

sign_in = [
    path("login/", atomic(views.login), name="account_login"),
    path("logout/", atomic(views.logout), name="account_logout"),
    path("closed/", views.account_inactive, name="account_inactive"),
    path("signup/", atomic(views.signup), name="account_signup"),
    path("confirm/", views.email_verification_sent, name="account_email_verification_sent"),
    path("confirm/<slug:key>/", atomic(views.confirm_email), name="account_confirm_email"),
    path("password/reset/", atomic(pages.forgotten_password), name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "password/reset/<slug:uidb36>/<slug:key>/",
        atomic(pages.new_password),
        name="account_reset_password_from_key",
    ),
    path("password/", atomic(pages.change_password), name="account_change_password"),
    path("password/again/", atomic(views.reauthenticate), name="account_reauthenticate"),
    path("address/", atomic(pages.change_address), name="account_email"),
]

member = [
    path("edit/", pages.edit, name="edit"),
    path("role/", pages.choose_role, name="role"),
    path("mails/", pages.mails, name="mails"),
    path("delete/", pages.delete, name="delete"),
    path("return/<str:token>/", pages.come_back, name="return"),
    path("blocked/", pages.blocked, name="blocked"),
    path("blocked/<uuid:person_id>/", pages.block, name="block"),
    path("blocked/<uuid:person_id>/remove/", pages.unblock, name="unblock"),
]

# Where password managers look (RFC 8615), and what people know from other sites.
elsewhere = {
    ".well-known/change-password": "account_change_password",
    "account/password/change/": "account_change_password",
    "account/password/set/": "account_change_password",
    "account/email/": "account_email",
}

urlpatterns = [
    *(
        path(address, RedirectView.as_view(pattern_name=name), name=f"{name}_elsewhere")
        for address, name in elsewhere.items()
    ),
    path("", pages.front, name="front"),
    path("account/", include(sign_in)),
    path("account/", include((member, "accounts"))),
]
