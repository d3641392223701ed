"""What our SCIM door says about itself: configuration, kinds of resources, schemas."""

from collections.abc import Mapping
from typing import Any, Final

from core.membership.rules.scim import CONFIG, MEMBER, RESOURCE_TYPE, SCHEMA, USER

MOST: Final = 200
"""Users on one page of a list."""


def config(base: str) -> dict[str, Any]:
    """The configuration of the service."""
    return {
        "schemas": [CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token that the programme team makes on its Membership page.",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }


def resource_types(base: str) -> list[dict[str, Any]]:
    """The one kind of resource: users."""
    return [
        {
            "schemas": [RESOURCE_TYPE],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": "A member of the society with an account here.",
            "schema": USER,
            "schemaExtensions": [{"schema": MEMBER, "required": True}],
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
        }
    ]


def schemas(base: str, locked: frozenset[str]) -> list[dict[str, Any]]:
    """The schemas of users; what the society does not keep is only taken when it is made."""
    name = "readWrite" if "name" in locked else "immutable"
    email = "readWrite" if "email" in locked else "immutable"
    user = [
        _text("userName", "How the society's system names the user.", required=True, unique=True),
        _complex(
            "name",
            "The name of the member.",
            [_text("givenName", "First name.", mutability=name, required=True),
             _text("familyName", "Last name.", mutability=name, required=True)],
            mutability=name, required=True,
        ),
        _text("displayName", "First and last name.", mutability="readOnly"),
        _text("externalId", "The society's own key of the member.", exact=True),
        _one("active", "boolean", "Whether the account may be used; true if left out.",
             required=True),
        _complex(
            "emails",
            "The one e-mail address of the member.",
            [_text("value", "The address.", mutability=email, required=True)],
            mutability=email, required=True, many=True,
        ),
    ]  # fmt: skip
    member = [
        _text("number", "The membership number."),
        {
            **_text("status", "How the membership stands; current if left out.", required=True),
            "canonicalValues": ["current", "lapsed"],
        },
    ]
    return [
        _schema(base, USER, "User", "An account.", user),
        _schema(base, MEMBER, "Membership", "How the member stands with the society.", member),
    ]


def _schema(
    base: str, key: str, name: str, description: str, attributes: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "schemas": [SCHEMA],
        "id": key,
        "name": name,
        "description": description,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{key}"},
    }


def _one(
    name: str, kind: str, description: str, *, mutability: str = "readWrite", required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": description,
        "required": required,
        "mutability": mutability,
        "returned": "default",
    }


def _text(
    name: str,
    description: str,
    *,
    mutability: str = "readWrite",
    required: bool = False,
    unique: bool = False,
    exact: bool = False,
) -> dict[str, Any]:
    made = _one(name, "string", description, mutability=mutability, required=required)
    return {**made, "caseExact": exact, "uniqueness": "server" if unique else "none"}


def _complex(
    name: str,
    description: str,
    parts: list[Mapping[str, Any]],
    *,
    mutability: str,
    required: bool = False,
    many: bool = False,
) -> dict[str, Any]:
    made = _one(name, "complex", description, mutability=mutability, required=required)
    return {**made, "multiValued": many, "subAttributes": parts}
