"""Addresses of the bridges to the society. Those of SCIM end without a stroke (RFC 7644)."""

from django.urls import include, path

from core.membership import pages
from core.membership.api import scim

app = [path("arrive/", pages.arrive, name="arrive")]

door = [
    path("ServiceProviderConfig", scim.config, name="config"),
    path("ResourceTypes", scim.resource_types, name="resource_types"),
    path("ResourceTypes/<str:name>", scim.resource_types, name="resource_type"),
    path("Schemas", scim.schemas, name="schemas"),
    path("Schemas/<str:name>", scim.schemas, name="schema"),
    path(".search", scim.search, name="search"),
    path("Users", scim.users, name="users"),
    path("Users/.search", scim.search, name="search_users"),
    path("Users/<str:member_id>", scim.user, name="user"),
    path("<path:rest>", scim.elsewhere, name="elsewhere"),
]

urlpatterns = [
    path("membership/", include((app, "membership"))),
    path("scim/v2/", include((door, "scim"))),
]
