"""An institute's site."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("core.routes"):
    from core.routes.staff import site

    urlpatterns = [
        path("staff/", site.urls),
        path("brand/", include("theming.urls")),
        path("", include("tenants.urls")),
        path("", include("core.routes.web")),
    ]
