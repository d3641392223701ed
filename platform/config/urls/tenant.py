"""An institute's site."""

from django.urls import include, path

from core.routes.staff import site

urlpatterns = [
    path("staff/", site.urls),
    path("brand/", include("theming.urls")),
    path("", include("tenants.urls")),
    path("", include("core.routes.web")),
]
