"""Goes to every address as everybody, with another institute's keys, and looks for marks."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from django.test import Client

from core.feedback.rules.survey import MOMENTS
from core.mentorships.states import Action
from tests.isolation.canaries import tenant_models
from tests.isolation.census import Route

METHODS = ("get", "post", "delete")
# Signing out ends the session that the crawl needs; `test_tokens` looks after it.
ENDS_THE_SESSION = {"account_logout", "staff:logout", "admin:logout"}


@dataclass(frozen=True)
class Finding:
    """Something that must not be: what, where, as whom."""

    what: str
    route: str
    path: str
    method: str
    role: str


@dataclass
class Crawl:
    """Clients by role on one host, the foreign keys to try and the marks to look for."""

    clients: dict[str, Client]
    foreign_keys: dict[str, list[str]]
    forbidden: str
    requests: int = 0

    def run(self, routes: list[Route], methods: tuple[str, ...] = METHODS) -> list[Finding]:
        """All findings over all routes, methods and roles."""
        return [
            finding
            for route in routes
            if route.name not in ENDS_THE_SESSION
            for role in self.clients
            for method in methods
            for finding in self._knock(role, route, method)
        ]

    def _knock(self, role: str, route: Route, method: str) -> Iterator[Finding]:
        """Every path of a route; the first alone where no path takes the method (405)."""
        for path in self._paths(route)[: None if self._is_at_home(role, route) else 1]:
            answer = self._answer(self.clients[role], method, path)
            for what in self._faults(answer):
                yield Finding(what, route.name, path, method, role)
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                return

    @staticmethod
    def _is_at_home(role: str, route: Route) -> bool:
        """Who gets past the door tries every key; who is sent away at it tries one."""
        return route.is_staff == (role == "staff") and role != "anonymous"

    def _paths(self, route: Route) -> list[str]:
        choices = [self._values(route, name, converter) for name, converter in route.parameters]
        names = [name for name, _ in route.parameters]
        return list(
            dict.fromkeys(
                route.path(dict(zip(names, values, strict=True)))
                for values in itertools.product(*choices)
            )
        )

    def _values(self, route: Route, name: str, converter: str) -> list[str]:
        uuids = [keys[0] for keys in self.foreign_keys.values() if keys and len(keys[0]) == 36]
        numbers = [keys[0] for keys in self.foreign_keys.values() if keys and keys[0].isdigit()]
        if converter == "uuid":
            return self.keys_named(name) or uuids
        if converter == "int":
            return numbers[:2] or ["1"]
        if name == "action":
            return list(Action)
        if name == "moment":
            return list(MOMENTS)
        if name == "object_id":
            return (self._own_keys(route) or uuids[:1] + numbers[:1])[:2] or ["1"]
        return ["unknown"]

    def keys_named(self, parameter: str) -> list[str]:
        """A foreign key of each model that the name of a parameter speaks of: ``note_id`` of
        every kind of note, ``kept_person_id`` of people. A name that speaks of no model is tried
        with keys of all."""
        words = parameter.removesuffix("_id").split("_")
        for place in range(len(words)):
            spoken_of = "".join(words[place:])
            found = [
                keys[0]
                for label, keys in self.foreign_keys.items()
                if keys and len(keys[0]) == 36 and label.lower().endswith(spoken_of)
            ]
            if found:
                return found
        return []

    def _own_keys(self, route: Route) -> list[str]:
        """The foreign keys of the model that a staff route is about."""
        for label, keys in self.foreign_keys.items():
            if f"/{label.lower().replace('.', '/')}/" in f"/{route.template}":
                return keys
        return []

    def has_own_key(self, route: Route) -> bool:
        """Whether the route takes a key of a model that the foreign keys cover."""
        return bool(route.parameters) and bool(self._own_keys(route))

    def _answer(self, client: Client, method: str, path: str) -> HttpResponseBase:
        body = {name: keys[0] for name, keys in self._body_keys()} if method == "post" else None
        self.requests += 1
        send = getattr(client, method)
        answer: HttpResponseBase = send(path, body) if body else send(path)
        return answer

    def _body_keys(self) -> Iterator[tuple[str, list[str]]]:
        """Every foreign key by the name that a form would give it."""
        for model in tenant_models():
            for field in model._meta.concrete_fields:
                target = field.related_model
                keys = self.foreign_keys.get(target._meta.label, []) if target else []
                if keys:
                    yield field.name, keys

    def _faults(self, answer: HttpResponseBase) -> Iterator[str]:
        if answer.status_code >= 500:
            yield f"status {answer.status_code}"
        if self.forbidden.lower() in seen(answer).lower():
            yield "another institute's mark"


def seen(answer: HttpResponseBase) -> str:
    """Everything that a client receives: headers, cookies, body."""
    body: bytes = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = body.decode("utf-8", "replace")
    return unquote(f"{answer.headers}\n{answer.cookies}\n{text}")
