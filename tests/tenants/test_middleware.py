"""A request belongs to the institute of its exact host, or to nobody."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import get_urlconf

from core.accounts.models import Person
from tenants import hosts
from tenants.context import current_institute, platform_scope, wrapper
from tenants.middleware import InstituteOfHost
from tenants.models import Domain, Institute, State
from tenants.services import add_domains, make_primary, prove_domain, set_state

pytestmark = pytest.mark.django_db


def seen(request: HttpRequest) -> HttpResponse:
    """A page that tells which institute it runs in."""
    institute = current_institute()
    assert institute is not None
    return HttpResponse(f"{institute.slug} {Person.objects.count() >= 0} {request.urlconf}")


def ask(host: str, page: object = seen) -> HttpResponse:
    response = InstituteOfHost(page)(RequestFactory().get("/", headers={"host": host}))  # type: ignore[arg-type]
    assert wrapper().schema_name is None
    assert get_urlconf() is None
    return response  # type: ignore[return-value]


def test_visitor_of_a_host_gets_its_institute(ciltuk: Institute, guided: Institute) -> None:
    assert ask("ciltuk.localhost").content.decode() == "ciltuk True config.urls.tenant"
    assert ask("guided.localhost:8000").content.startswith(b"guided")


def test_visitor_may_write_the_host_in_capitals(ciltuk: Institute) -> None:
    assert ask("CILTUK.localhost").content.startswith(b"ciltuk")


def test_operators_host_has_the_console(ciltuk: Institute) -> None:
    assert ask("operators.localhost").content.decode().endswith("config.urls.operators")


@pytest.mark.parametrize(
    "host",
    ["localhost", "nobody.localhost", "ciltuk.localhost.evil.example", "x.ciltuk.localhost",
     "ciltuk", "ciltuk_localhost", "ciltuk.localhost@evil.example", "evil.example/ciltuk.localhost",
     "127.0.0.1", "[::1]", "ciltuk.localhost:80:80", "", "cıltuk.localhost", "ciltuk .localhost"],
)  # fmt: skip
def test_visitor_of_an_unknown_host_learns_nothing(ciltuk: Institute, host: str) -> None:
    response = ask(host)
    assert response.status_code == 404
    assert response.content == b"Not found\n"
    assert response["Content-Type"].startswith("text/plain")


def test_forwarded_host_is_not_believed(ciltuk: Institute) -> None:
    request = RequestFactory().get(
        "/", headers={"host": "nobody.localhost", "x-forwarded-host": "ciltuk.localhost"}
    )
    assert InstituteOfHost(seen)(request).status_code == 404


def test_visitor_of_a_suspended_institute_gets_a_calm_page(ciltuk: Institute) -> None:
    set_state(ciltuk, State.SUSPENDED)
    hosts.forget_hosts()
    response = ask("ciltuk.localhost")
    assert response.status_code == 503
    assert "Nothing is lost" in response.content.decode()
    assert response["Retry-After"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("state", [State.PREPARING, State.DELETED])
def test_half_made_and_deleted_institutes_are_unknown(ciltuk: Institute, state: State) -> None:
    set_state(ciltuk, state)
    hosts.forget_hosts()
    assert ask("ciltuk.localhost").content == b"Not found\n"


def test_unproved_domain_is_unknown_until_its_record_is_seen(ciltuk: Institute) -> None:
    (domain,) = add_domains(ciltuk, ["mentors.guild.example"])
    assert ask("mentors.guild.example").status_code == 404
    with pytest.raises(Exception, match="No TXT record"):
        prove_domain("mentors.guild.example", found=["something else"])
    assert ask("mentors.guild.example").status_code == 404
    prove_domain("Mentors.guild.example", found=["v=spf1", f'"{domain.proof}"'])
    assert ask("mentors.guild.example").content.startswith(b"ciltuk")


def test_links_use_the_stored_primary_address(ciltuk: Institute) -> None:
    from tenants.site import base_url

    assert base_url(ciltuk) == "http://ciltuk.localhost"
    (domain,) = add_domains(ciltuk, ["mentors.guild.example"])
    with pytest.raises(Exception, match="not proved"):
        make_primary(domain)
    make_primary(prove_domain(domain.domain, found=[domain.proof]))
    hosts.forget_hosts()
    assert base_url(ciltuk) == "http://mentors.guild.example"
    with platform_scope():
        assert Domain.objects.filter(institute=ciltuk, is_primary=True).count() == 1


def test_page_that_fails_leaves_nothing_in_force(ciltuk: Institute) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("planned")

    with pytest.raises(RuntimeError, match="planned"):
        ask("ciltuk.localhost", broken)
    assert wrapper().schema_name is None
    assert get_urlconf() is None


def test_streamed_answer_is_made_within_its_institute(ciltuk: Institute) -> None:
    def parts() -> Iterator[str]:
        for _ in range(2):
            institute = current_institute()
            assert institute is not None
            yield f"{institute.slug}{Person.objects.count() * 0} "

    response = ask("ciltuk.localhost", lambda request: StreamingHttpResponse(parts()))
    assert b"".join(response) == b"ciltuk0 ciltuk0 "
    assert wrapper().schema_name is None


def test_host_is_remembered_for_a_moment_and_forgotten_when_it_changes(
    ciltuk: Institute, django_assert_num_queries: object
) -> None:
    ask("ciltuk.localhost")
    with platform_scope():
        Institute.objects.filter(pk=ciltuk.pk).update(name="Another")
    first = hosts.institute_of("ciltuk.localhost")
    assert first is not None
    assert first.name == ciltuk.name
    assert hosts.institute_of("ciltuk.localhost") is not first
    hosts.forget_hosts()
    again = hosts.institute_of("ciltuk.localhost")
    assert again is not None
    assert again.name == "Another"


def test_unknown_hosts_are_not_remembered(ciltuk: Institute) -> None:
    assert hosts.institute_of("new.guild.example") is None
    (domain,) = add_domains(ciltuk, ["new.guild.example"])
    prove_domain(domain.domain, found=[domain.proof])
    assert hosts.institute_of("new.guild.example") == ciltuk
