"""The society's addresses."""

from django.urls import path

from config.demo.society import pages, protocol

urlpatterns = [
    path("", pages.front, name="front"),
    path("healthz", pages.health),
    path("society.css", pages.style, name="style"),
    path("mark.svg", pages.mark, name="mark"),
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("membership", pages.membership, name="membership"),
    path("password", pages.password, name="password"),
    path("secretary", pages.secretary, name="secretary"),
    path("sites", pages.admitted, name="sites"),
    path(".well-known/openid-configuration", protocol.discovery),
    path("oidc/keys", protocol.keys),
    path("oidc/authorise", protocol.authorise),
    path("oidc/token", protocol.token),
    path("oidc/userinfo", protocol.userinfo),
    path("oidc/end-session", protocol.end_session),
]
