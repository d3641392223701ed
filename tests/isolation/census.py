"""Every address of an institute's site, read from the URL conf, so that a new one is swept up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

_ROUTE_PARAMETER = re.compile(r"<(?:(?P<converter>[a-z_]+):)?(?P<name>[a-z_][a-z_0-9]*)>")
_NAMED_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Route:
    """One address: its name, a template with {parameters}, and each parameter's converter."""

    name: str
    template: str
    parameters: tuple[tuple[str, str], ...]

    def path(self, values: dict[str, str]) -> str:
        """The concrete path. Raises KeyError when a value is missing."""
        return "/" + self.template.format(**values)

    @property
    def is_staff(self) -> bool:
        """Whether it belongs to the staff site."""
        return self.template.startswith("staff/")


def routes(urlconf: str = "config.urls.tenant") -> list[Route]:
    """All routes of a URL conf."""
    return list(_walk(get_resolver(urlconf).url_patterns, "", (), ""))


def _walk(
    patterns: list[URLPattern | URLResolver],
    before: str,
    parameters: tuple[tuple[str, str], ...],
    namespace: str,
) -> Iterator[Route]:
    for entry in patterns:
        part, own = _read(entry.pattern)
        template, all_parameters = before + part, parameters + own
        if isinstance(entry, URLResolver):
            space = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, template, all_parameters, space)
        else:
            yield Route(f"{namespace}{entry.name or entry.lookup_str}", template, all_parameters)


def _read(pattern: object) -> tuple[str, tuple[tuple[str, str], ...]]:
    if isinstance(pattern, RoutePattern):
        route = str(pattern._route)  # type: ignore[attr-defined]
        found = tuple(
            (match["name"], match["converter"] or "str")
            for match in _ROUTE_PARAMETER.finditer(route)
        )
        return _ROUTE_PARAMETER.sub(lambda match: "{" + match["name"] + "}", route), found
    if isinstance(pattern, RegexPattern):
        regex = str(pattern._regex)  # type: ignore[attr-defined]
        found = tuple((match["name"], "regex") for match in _NAMED_GROUP.finditer(regex))
        text = _NAMED_GROUP.sub(lambda match: "{" + match["name"] + "}", regex)
        return re.sub(r"\\Z|[\^$]", "", text).replace("\\.", ".").replace("/?", "/"), found
    raise TypeError(f"a kind of pattern that the census cannot read: {pattern!r}")
