"""The operators' site."""

from django.urls import include, path

urlpatterns = [path("brand/", include("theming.urls")), path("", include("console.urls"))]

handler500 = "config.failing.server_error"
