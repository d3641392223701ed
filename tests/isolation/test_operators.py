"""The operators' site opens for operators alone: every address, every verb, every role."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.clock import now
from tenants import uploads
from tenants.context import platform_scope, tenant_context
from tenants.deeds import COMMAND_LINE
from tenants.keeping import Backup, BundleRevision, Deletion, PlatformRun
from tenants.models import Domain, Institute, Kind, ProvisionRun
from tenants.standing import OperatorDeed, Snapshot
from tests.factories.mentorships import make_person
from tests.isolation.census import Route, routes
from tests.isolation.crawler import seen
from tests.tenants.test_unpacking import shipped

pytestmark = pytest.mark.django_db

VERBS = ("get", "head", "post", "put", "patch", "delete", "options")
MARK = "canaryconsole"
ROUTES = routes("config.urls.operators")
# Where somebody who is nobody may knock.
DOORS = {"console:sign_in", "console:sign_out"}
WATCHED = (
    Institute, Domain, ProvisionRun, OperatorDeed, Snapshot, PlatformRun, Backup, BundleRevision,
    Deletion,
)  # fmt: skip
BODY = {
    "reason": "because", "name": "Taken over", "slug": "taken", "keep_old": "leads", "to": "taken",
    "minutes": "30", "rights": "change", "domain": "taken.example", "bundle": "linguists",
    "email": "intruder@people.example", "first_name": "In", "last_name": "Truder", "confirm": "yes",
}  # fmt: skip


@dataclass
class World:
    """Things at every address, and browsers of everybody who is no operator."""

    values: dict[str, str]
    clients: dict[str, Client]


@pytest.fixture
def world(ciltuk: Institute, member_client: Callable[..., Client], settings: Any) -> World:
    with platform_scope():
        site = Institute.objects.get(kind=Kind.OPERATORS)
        Institute.objects.filter(pk=ciltuk.pk).update(name=f"Guild {MARK}")
        domain = Domain.objects.create(institute=ciltuk, domain=f"{MARK}.example")
        run = ProvisionRun.objects.create(slug=MARK, bundle=MARK)
    kept = _kept(ciltuk, run.pk)
    upload = uploads.keep(shipped(), f"{MARK}.zip", by=COMMAND_LINE)
    with tenant_context(ciltuk):
        inside = {"member": make_person(is_mentee=True), "staff": make_person(is_staff=True)}
    with tenant_context(site):
        outsider, operator = make_person(), make_person(is_staff=True)
        former = make_person(is_staff=True)
    clients = {"anonymous": member_client(site), "no operator": member_client(site, outsider)}
    for role, person in inside.items():
        clients[f"{role} of an institute"] = carried(member_client(ciltuk, person), site)
    clients["operator before the second step"] = member_client(site, operator)
    clients["former operator"] = member_client(site, former)
    with tenant_context(site):
        Person.objects.filter(pk=former.pk).update(is_staff=False)
    settings.CONSOLE_SECOND_STEP = True
    for client in clients.values():
        client.raise_request_exception = False
    values = {
        "slug": "ciltuk", "domain_id": str(domain.pk), "run_id": str(run.pk),
        "upload_id": str(upload.pk), "digest": "0" * 20, "page": "front", **kept,
    }  # fmt: skip
    return World(values, clients)


def _kept(institute: Institute, run_id: UUID) -> dict[str, str]:
    """A backup, a former state of the settings, a deletion and a run, each with the mark."""
    who = {"institute_name": MARK, "slug": MARK, "operator_name": MARK}
    with platform_scope():
        PlatformRun.objects.create(
            pk=run_id, kind="backup", slug=MARK, operator_name=MARK, message=MARK
        )
        backup = Backup.objects.create(
            institute=institute, stored_as=f"backups/{MARK}.ithaca", size=1, sha256="0" * 64,
            rows=1, files=0, files_bytes=0, reason=MARK, **who,
        )  # fmt: skip
        revision = BundleRevision.objects.create(
            institute=institute, operator_name=MARK, source=MARK, content=MARK.encode()
        )
        deletion = Deletion.objects.create(
            institute=institute, reason=MARK, former_state="active", state="done", due_at=now(),
            receipt={"what": MARK}, **who,
        )  # fmt: skip
    return {
        "backup_id": str(backup.pk),
        "revision_id": str(revision.pk),
        "deletion_id": str(deletion.pk),
    }


def carried(client: Client, site: Institute) -> Client:
    """The session of one host shown at the operators' host."""
    with platform_scope():
        host = Domain.objects.get(institute=site, is_primary=True).domain
    taken = Client(headers={"host": host})
    taken.cookies = client.cookies
    return taken


def path_of(route: Route, values: dict[str, str]) -> str:
    own = {name: values.get(name, values["run_id"]) for name, _ in route.parameters}
    return route.path(own)


def state() -> list[str]:
    with platform_scope():
        return [str(list(model._default_manager.order_by("pk").values())) for model in WATCHED]


def test_nobody_but_an_operator_gets_anything_by_any_verb(world: World, ciltuk: Institute) -> None:
    before, tried = state(), 0
    for route in ROUTES:
        if route.name in DOORS or not route.name.startswith("console:"):
            continue
        for role, client in world.clients.items():
            for verb in VERBS:
                answer = getattr(client, verb)(
                    path_of(route, world.values), BODY if verb == "post" else None
                )
                tried += 1
                where = (route.name, role, verb, answer.status_code)
                if "second_step" in route.name and role.startswith("operator"):
                    assert answer.status_code in {200, 302, 405, 422}, where
                else:
                    assert answer.status_code in {302, 404, 405}, where
                assert MARK not in seen(answer), where
                if answer.status_code == 302:
                    assert answer["Location"].split("?")[0] in {
                        "/sign-in/", "/second-step/", "/second-step/new/",
                    }, where  # fmt: skip
    assert tried >= (len(ROUTES) - 5) * len(world.clients) * len(VERBS)
    assert state() == before
    with tenant_context(ciltuk):
        assert not Person.objects.filter(email=BODY["email"]).exists()


def test_no_address_of_the_console_exists_on_an_institutes_host(
    ciltuk: Institute, world: World, member_client: Callable[..., Client]
) -> None:
    with tenant_context(ciltuk):
        staff = make_person(is_staff=True, is_superuser=True)
    client = member_client(ciltuk, staff)
    own = {route.path({}) for route in routes() if not route.parameters}
    for route in ROUTES:
        path = path_of(route, world.values)
        if not route.name.startswith("console:") or path in own:
            continue
        for verb in VERBS:
            assert getattr(client, verb)(path).status_code in {404, 405}, (route.name, verb)


def test_operator_gets_what_the_others_do_not(
    world: World, member_client: Callable[..., Client], settings: Any
) -> None:
    """Otherwise the crawl above would only show that nothing works."""
    settings.CONSOLE_SECOND_STEP = False
    with platform_scope():
        site = Institute.objects.get(kind=Kind.OPERATORS)
    with tenant_context(site):
        client = member_client(site, make_person(is_staff=True))
    open_to = {
        route.name
        for route in ROUTES
        if client.get(path_of(route, world.values)).status_code == 200
    }
    assert {
        "console:institutes", "console:institute", "console:addresses", "console:enter",
        "console:uploaded", "console:run", "console:suspend", "console:visits",
        "console:bundle", "console:bundle_export", "console:bundle_revision",
        "console:bundle_revision_file", "console:backups", "console:kept", "console:restore",
        "console:work", "console:deletion", "console:receipt",
    } <= open_to  # fmt: skip
