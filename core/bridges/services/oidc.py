"""Signing in with OpenID Connect: the code flow with PKCE, state and nonce (product A6).

The library keeps the state and speaks to the token endpoint; what comes back is looked at here,
because it would take an ID token that came over TLS at its word.
"""

import hmac
import logging
import secrets
import time
from typing import Any, Final, cast

from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from requests import RequestException

from core.bridges.errors import NotLetIn, ProviderDown
from core.bridges.models import Provider
from core.bridges.rules import is_name
from core.bridges.services.arriving import arrive
from core.bridges.services.discovery import configuration, keys_of
from core.bridges.services.tokens import OLDEST, SKEW, UNREADABLE, claims_of, header_of
from core.kernel import outgoing
from core.kernel.links import absolute

_log = logging.getLogger(__name__)
_NOT_PROVED: Final = "What {name} sent could not be proved to be right, so you are not signed in."
_USED: Final = "This sign-in was finished already, or it took too long. Begin again."


class Flow(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The library's half, with our addresses and without what a visitor could add to them."""

    def __init__(self, request: HttpRequest, row: Provider) -> None:
        self.row = row
        super().__init__(request, row.key)

    def get_provider(self) -> "OpenId":
        return OpenId(self.request, app=app_of(self.row))

    @property
    def openid_config(self) -> dict[str, Any]:
        return configuration(self.row)

    @property
    def basic_auth(self) -> bool:
        """As registered; a provider that does not say takes the header (Discovery 1.0, 3)."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported")
        return "client_secret_basic" in (methods or ["client_secret_basic"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """On the stored first address of the institute, whatever host was asked."""
        return callback_url(self.row)


class OpenId(OpenIDConnectProvider):  # type: ignore[misc]
    """One provider of ours in the library's eyes."""

    def get_oauth2_adapter(self, request: HttpRequest) -> Flow:
        return Flow(request, Provider.objects.get(key=self.app.provider_id))


def app_of(row: Provider) -> SocialApp:
    """A provider as the library knows one; never saved."""
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=row.key,
        name=row.name[:40],
        client_id=row.client_id,
        secret=row.secret,
        settings={
            "server_url": row.issuer,
            "oauth_pkce_enabled": True,
            "scope": list(dict.fromkeys(["openid", *row.scopes.split()])),
        },
    )


def callback_url(row: Provider) -> str:
    """Where the provider sends people back to: the address to register with it."""
    return absolute(reverse("bridges:callback", args=[row.key]))


def sign_out_url(row: Provider) -> str:
    """Where the provider tells us that somebody signed out there: also to be registered."""
    return absolute(reverse("bridges:signed_out", args=[row.key]))


def begin(
    request: HttpRequest, row: Provider, *, next_url: str | None, trial: bool, afresh: bool
) -> HttpResponse:
    """Lead somebody to the provider. afresh: it asks them who they are even if it knows.

    Errors: ProviderDown.
    """
    nonce = secrets.token_urlsafe(24)
    asked: dict[str, str] = {"nonce": nonce}
    if afresh:
        asked |= {"prompt": "login", "max_age": "0"}
    answer = (
        Flow(request, row)
        .get_provider()
        .redirect(
            request,
            process="login",
            next_url=next_url,
            auth_params=asked,
            nonce=nonce,
            trial=trial,
            afresh=afresh,
            issuer=row.issuer,
        )
    )
    return cast(HttpResponse, answer)


def finish(request: HttpRequest, row: Provider) -> HttpResponse:
    """Take what the provider sent somebody back with. Errors: NotLetIn, ProviderDown."""
    sent = request.GET
    state = statekit.unstash_state(request, state_id=sent.get("state", ""), provider_id=row.key)
    if state is None or state.get("issuer") != row.issuer:
        raise NotLetIn(_USED)
    _look_at_issuer(row, sent.get("iss"))
    if "error" in sent or "code" not in sent:
        if sent.get("error") == "access_denied":
            raise NotLetIn(f"{row.name} did not let you in, or you turned back there.")
        _log.warning("provider %s answered %s", row.pk, sent.get("error", "")[:60])
        why = f"{row.name} could not sign you in. Begin again."
        if state.get("trial"):
            why = _in_a_trial(
                row, " ".join(sent.get(n, "") for n in ("error", "error_description"))
            )
        raise NotLetIn(why)
    flow = Flow(request, row)
    app = app_of(row)
    try:
        tokens = flow.get_access_token_data(
            request, app, flow.get_client(request, app), state.get("pkce_code_verifier")
        )
    except OAuth2Error as problem:
        _log.warning("provider %s gave no token", row.pk)
        why = _in_a_trial(row, str(problem)) if state.get("trial") else _USED
        raise NotLetIn(why) from None
    except RequestException as problem:
        raise ProviderDown(row.name) from problem
    claims = proved(row, str(tokens.get("id_token") or ""), str(state.get("nonce") or ""))
    if state.get("afresh"):
        _look_at_age(row, claims)
    subject = str(claims["sub"])
    return arrive(
        request,
        row,
        {**claims, **_userinfo(row, str(tokens["access_token"]), subject)},
        subject,
        next_url=state.get("next"),
        trial=bool(state.get("trial")),
        afresh=bool(state.get("afresh")),
        facts={"id_token": str(tokens["id_token"]), "sid": _session(claims)},
    )


def _in_a_trial(row: Provider, said: str) -> str:
    """What one of the team reads who tries a provider: the reason, in the provider's words."""
    if "invalid_client" in said or "unauthorized_client" in said:
        return f"{row.name} does not take the client ID or the secret. Enter both once more."
    return f"{row.name} gave no sign-in. It said: {said.strip()[:300] or 'nothing'}"


def proved(row: Provider, id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed just now, for us, for this question.

    Errors: NotLetIn, ProviderDown.
    """
    try:
        header_of(id_token)
        claims = claims_of(row, id_token, keys_of(row), ("sub", "exp", "nonce"))
    except UNREADABLE as wrong:
        _log.warning("an ID token of provider %s was refused: %s", row.pk, wrong)
        raise NotLetIn(_NOT_PROVED.format(name=row.name)) from None
    party = claims.get("azp", row.client_id)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (
        not nonce
        or not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode())
        or party != row.client_id
        or (several and "azp" not in claims)
        or float(claims["iat"]) < time.time() - OLDEST - SKEW
        or not isinstance(claims["sub"], str)
        or not is_name(claims["sub"])
    ):
        _log.warning("an ID token of provider %s was not for this sign-in", row.pk)
        raise NotLetIn(_NOT_PROVED.format(name=row.name))
    return claims


def _session(claims: dict[str, Any]) -> str:
    """The provider's name of its own session, if it gives one by which it can end it here."""
    sid = claims.get("sid")
    return sid if isinstance(sid, str) and is_name(sid) else ""


def _look_at_issuer(row: Provider, said: str | None) -> None:
    """Whoever answers must be whom we asked (RFC 9207): providers cannot be mixed up."""
    promised = configuration(row).get("authorization_response_iss_parameter_supported") is True
    if said is None and not promised:
        return
    if said != row.issuer:
        _log.warning("an answer for provider %s came from another issuer", row.pk)
        raise NotLetIn(_NOT_PROVED.format(name=row.name))


def _look_at_age(row: Provider, claims: dict[str, Any]) -> None:
    at = claims.get("auth_time")
    if not isinstance(at, int | float) or at < time.time() - OLDEST - SKEW:
        raise NotLetIn(f"{row.name} did not ask you again who you are.")


def _userinfo(row: Provider, access_token: str, subject: str) -> dict[str, Any]:
    """What the provider says beyond the ID token; never of somebody else."""
    url = configuration(row).get("userinfo_endpoint")
    if not url:
        return {}
    try:
        with outgoing.session() as session:
            answer = session.get(
                url, headers={"Authorization": f"Bearer {access_token}"}, allow_redirects=False
            )
            found = answer.json() if answer.status_code == 200 else None
    except (RequestException, ValueError) as problem:
        raise ProviderDown(row.name) from problem
    if not isinstance(found, dict):
        raise ProviderDown(row.name)
    if found.get("sub") != subject:
        raise NotLetIn(_NOT_PROVED.format(name=row.name))
    return {name: value for name, value in found.items() if name not in _PROVED}


_PROVED: Final = frozenset({"iss", "sub", "aud", "exp", "iat", "nonce", "azp", "auth_time"})


def farewell_url(row: Provider, id_token: str) -> str | None:
    """Where the provider signs people out (RP-initiated log-out); None where it does not."""
    try:
        url = configuration(row).get("end_session_endpoint")
    except ProviderDown:
        return None
    if not url:
        return None
    asked = {
        "client_id": row.client_id,
        "post_logout_redirect_uri": absolute(reverse("front")),
        **({"id_token_hint": id_token} if id_token else {}),
    }
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
