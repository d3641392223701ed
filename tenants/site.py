"""The present site for core: its key and its address, from stored rows only."""

from functools import lru_cache

from django.conf import settings

from core.kernel.ports import Site
from tenants.context import current_institute, platform_scope
from tenants.errors import OutsideTenancy
from tenants.hosts import primary_host
from tenants.models import Institute, Kind


def base_url(institute: Institute) -> str:
    """Scheme, primary host and port, without a closing slash; never from a Host header."""
    with platform_scope():
        host = primary_host(institute)
    return url_of(host)


def operators_url() -> str:
    """The address of the operators' site; "" before it was made."""
    with platform_scope():
        site = Institute.objects.filter(kind=Kind.OPERATORS).first()
    return base_url(site) if site is not None else ""


def url_of(host: str) -> str:
    """The same for a host that was read already."""
    return _written(settings.BASE_SCHEME, host, int(settings.BASE_PORT or 0))


@lru_cache(maxsize=1024)
def _written(scheme: str, host: str, port: int) -> str:
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" if port in {0, usual} else f"{scheme}://{host}:{port}"


def present_site() -> Site:
    """The institute in force as core sees it. Raises OutsideTenancy when none is."""
    institute = current_institute()
    if institute is None:
        raise OutsideTenancy("There is no present site: no institute is in force here.")
    return Site(key=institute.schema_name, base_url=base_url(institute), name=institute.name)
