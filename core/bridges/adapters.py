"""What the sign-in library asks us about providers: our rows, our way out, no sign-up."""

from typing import Any

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest

from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.oidc import OpenId, app_of
from core.kernel import outgoing


class Bridges(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers are rows of the institute; accounts are made by `core.membership` alone."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        rows = Provider.objects.filter(kind=Kind.OIDC).exclude(state=State.OFF)
        apps = [app_of(row) for row in rows]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id)
            and client_id in (None, app.client_id)
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OpenId:
        return OpenId(request, app=self.get_app(request, provider, client_id))

    def get_requests_session(self) -> requests.Session:
        return outgoing.session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
