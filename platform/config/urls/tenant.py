"""An institute's site."""

from django.urls import include, path

from config.brand import pages as _brand  # noqa: F401 - hangs itself into the staff site
from core.routes.staff import site

urlpatterns = [
    path("staff/", site.urls),
    path("brand/", include("theming.urls")),
    path("", include("tenants.urls")),
    path("", include("core.routes.web")),
]

handler500 = "config.failing.server_error"
