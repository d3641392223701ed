"""SCIM 2.0: users of the society's system, each institute with tokens of its own (product A6)."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.kernel.limits import allow
from core.kernel.links import absolute
from core.membership import queries
from core.membership.models import Member, Token
from core.membership.rules import SOCIETY, Status, described, scim
from core.membership.rules.scim import ScimRefused
from core.membership.services import provisioning
from core.membership.services.keys import token_of

MEDIA = "application/scim+json"
LARGEST = 100_000
A_MINUTE = 60
Handler = Callable[..., HttpResponse]


def answer(document: dict[str, Any] | None, status: int = HTTPStatus.OK) -> HttpResponse:
    """A document of SCIM, or none."""
    text = "" if document is None else json.dumps(document, ensure_ascii=False)
    response = HttpResponse(text, status=status, content_type=MEDIA)
    meta = (document or {}).get("meta", {})
    if status == HTTPStatus.CREATED:
        response["Location"] = meta["location"]
    return response


def error(refused: ScimRefused) -> HttpResponse:
    """An error of SCIM (RFC 7644, 3.12)."""
    document = {"schemas": [scim.ERROR], "status": str(refused.status), "detail": refused.detail}
    if refused.kind:
        document["scimType"] = refused.kind
    response = answer(document, refused.status)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(A_MINUTE)
    return response


def door(*methods: str) -> Callable[[Handler], Handler]:
    """Open an address to whoever shows a token of this institute, by these methods."""

    def dress(handler: Handler) -> Handler:
        @csrf_exempt
        @never_cache
        @wraps(handler)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                token = _token(request)
                if request.method not in methods:
                    raise ScimRefused(
                        "This address does not take that method.",
                        status=HTTPStatus.METHOD_NOT_ALLOWED,
                    )
                return handler(request, token, *args, **kwargs)
            except ScimRefused as refused:
                return error(refused)

        return guarded

    return dress


def _token(request: HttpRequest) -> Token:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    token = token_of(text.strip()) if kind.lower() == "bearer" else None
    if token is None:
        address = get_adapter().get_client_ip(request)
        if not allow(f"scim-unknown:{address}", limit=30, seconds=A_MINUTE):
            raise ScimRefused("Too many tries.", status=HTTPStatus.TOO_MANY_REQUESTS)
        raise ScimRefused("The token is not good here.", status=HTTPStatus.UNAUTHORIZED)
    if not allow(f"scim:{token.pk}", limit=600, seconds=A_MINUTE):
        raise ScimRefused("Too many requests.", status=HTTPStatus.TOO_MANY_REQUESTS)
    return token


@door("GET")
def config(request: HttpRequest, token: Token) -> HttpResponse:
    """What the service can do."""
    return answer(described.config(_base()))


@door("GET")
def resource_types(request: HttpRequest, token: Token, name: str = "") -> HttpResponse:
    """The kinds of resources, or one."""
    return _one_or_all(request, described.resource_types(_base()), name)


@door("GET")
def schemas(request: HttpRequest, token: Token, name: str = "") -> HttpResponse:
    """The schemas, or one."""
    return _one_or_all(request, described.schemas(_base(), queries.locked()), unquote(name))


@door("GET", "POST")
def users(request: HttpRequest, token: Token) -> HttpResponse:
    """Find users, or make one."""
    if request.method == "POST":
        member = provisioning.create(scim.plain(_body(request)), by=token)
        return _user(request, member, HTTPStatus.CREATED)
    return _page(request.GET.dict())


@door("POST")
def search(request: HttpRequest, token: Token) -> HttpResponse:
    """Find users by what stands in the body rather than in the address (RFC 7644, 3.4.3)."""
    asked = {}
    for name, value in _body(request).items():
        whole = ",".join(map(str, value)) if isinstance(value, list) else value
        asked[name] = str(whole)
    return _page(asked)


@door("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, token: Token, member_id: str) -> HttpResponse:
    """Read, replace, change or close one user."""
    member = _member(member_id)
    if request.method == "DELETE":
        provisioning.delete(member, by=token)
        return answer(None, HTTPStatus.NO_CONTENT)
    if request.method == "PUT":
        member = provisioning.replace(member, scim.plain(_body(request)), by=token)
    elif request.method == "PATCH":
        body = {str(key).lower(): value for key, value in _body(request).items()}
        document = scim.patched(resource(member), body.get("operations"))
        member = provisioning.replace(member, document, by=token)
    return _user(request, member)


@door("GET", "POST", "PUT", "PATCH", "DELETE")
def elsewhere(request: HttpRequest, token: Token, rest: str = "") -> HttpResponse:
    """Whatever else of SCIM is asked for: not here."""
    if rest == "Me" or rest == "Bulk":
        raise ScimRefused("This is not offered here.", status=HTTPStatus.NOT_IMPLEMENTED)
    raise ScimRefused("There is nothing here.", status=HTTPStatus.NOT_FOUND)


def resource(member: Member) -> dict[str, Any]:
    """A user as SCIM shows them."""
    person = member.person
    tie = next((one for one in member.ties.all() if one.issuer == SOCIETY), None)
    document: dict[str, Any] = {
        "schemas": [scim.USER, scim.MEMBER],
        "id": str(member.pk),
        "userName": member.user_name or person.username,
        "name": {"givenName": person.first_name, "familyName": person.last_name},
        "displayName": person.full_name,
        "active": person.is_active,
        "emails": [{"value": person.email}],
        scim.MEMBER: {"status": _status(member), "number": member.number},
        "meta": {
            "resourceType": "User",
            "created": person.joined_at.isoformat(),
            "lastModified": member.seen_at.isoformat(),
            "location": f"{_base()}/Users/{member.pk}",
        },
    }
    if not member.number:
        del document[scim.MEMBER]["number"]
    if tie is not None:
        document["externalId"] = tie.subject
    return document


def _status(member: Member) -> str:
    """What the society said; when the days of grace end is a matter of ours."""
    return (Status.CURRENT if member.status == Status.CURRENT else Status.LAPSED).value


def _base() -> str:
    return absolute(reverse("scim:elsewhere", args=["x"])).removesuffix("/x")


def _user(request: HttpRequest, member: Member, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    document = resource(member)
    response = answer(_cut(request.GET, document), status)
    if status == HTTPStatus.CREATED:
        response["Location"] = document["meta"]["location"]
    return response


def _page(asked: Mapping[str, str]) -> HttpResponse:
    found = _found(asked.get("filter", ""))
    start = max(1, _number(asked, "startIndex", 1))
    count = min(max(0, _number(asked, "count", described.MOST // 2)), described.MOST)
    rows = found.select_related("person").prefetch_related("ties")[start - 1 : start - 1 + count]
    return answer(_list([_cut(asked, resource(one)) for one in rows], found.count(), start))


def _cut(asked: Mapping[str, str], document: dict[str, Any]) -> dict[str, Any]:
    return scim.cut(document, asked.get("attributes", ""), asked.get("excludedAttributes", ""))


def _list(rows: list[dict[str, Any]], total: int, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [scim.LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": rows,
    }


def _one_or_all(request: HttpRequest, rows: list[dict[str, Any]], name: str) -> HttpResponse:
    if "filter" in request.GET:  # RFC 7644, 4
        raise ScimRefused("Filters are not taken here.", status=HTTPStatus.FORBIDDEN)
    if not name:
        return answer(_list(rows, len(rows)))
    for row in rows:
        if row["id"] == name:
            return answer(row)
    raise ScimRefused("There is nothing here.", status=HTTPStatus.NOT_FOUND)


def _known() -> QuerySet[Member]:
    """Those whom the society may see: neither who is deleted, nor operators of the platform."""
    return Member.objects.filter(gone_at=None, person__support_key=None)


def _member(key: str) -> Member:
    try:
        found = _known().select_related("person").filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise ScimRefused("There is no such user.", status=HTTPStatus.NOT_FOUND)
    return found


def _found(text: str) -> QuerySet[Member]:
    rows = _known().order_by("pk")
    for test in scim.read_filter(text) if text.strip() else ():
        rows = rows.filter(**_condition(test))
    return rows


def _condition(test: scim.Test) -> dict[str, Any]:
    match test.attribute, test.value:
        case "username", str(name):
            # Members whom SCIM never named go by their username here.
            named = Member.objects.filter(user_name__iexact=name)
            unnamed = Member.objects.filter(user_name="", person__username=name.lower())
            return {"pk__in": [*(named | unnamed).values_list("pk", flat=True)[:10]]}
        case "externalid", str(subject):
            return {"ties__issuer": SOCIETY, "ties__subject": subject}
        case "id", str(key):
            try:
                return {"pk": UUID(key)}
            except ValueError:
                return {"pk__in": []}
        case (("emails" | "emails.value"), str(email)):
            return {"person__email__iexact": email}
        case "emails.primary", True:
            return {}
        case "emails.type", str():
            return {}
        case "active", bool(flag):
            return {"person__is_active": flag}
    raise ScimRefused(f"Nothing is found by “{test.attribute}” here.", kind="invalidFilter")


def _number(asked: Mapping[str, str], name: str, otherwise: int) -> int:
    text = asked.get(name, "")
    if not text:
        return otherwise
    try:
        return max(-1, min(int(text), 2**31))
    except ValueError:
        raise ScimRefused(f"“{name}” must be a number.", kind="invalidValue") from None


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LARGEST:
        raise ScimRefused("The request is too large.", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        document = json.loads(request.body)
    except ValueError:
        raise ScimRefused("The body must be JSON.", kind="invalidSyntax") from None
    if not isinstance(document, dict):
        raise ScimRefused("The body must be an object.", kind="invalidSyntax")
    return document
