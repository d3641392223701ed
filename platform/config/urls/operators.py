"""The operators' site."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("console"):
    urlpatterns = [path("brand/", include("theming.urls")), path("", include("console.urls"))]
