"""The operators' own site."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.accounts.models import Person
from tenants.context import tenant_context
from tenants.models import Institute, Kind
from tenants.names import new_schema_name
from tenants.operators import add_operator, provision_operators

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def ciltuk(committed: dict[str, Institute]) -> Institute:
    """An institute of the module's database."""
    return committed["ciltuk"]


def test_operators_have_a_site_of_their_own(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, _ = provision_operators()
    assert provision_operators() == (site, False)
    assert (site.kind, site.slug, site.schema_name) == (Kind.OPERATORS, "operators", "t_platform")
    password = "correct-" + new_schema_name()
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    said = StringIO()
    words = ("--username", "opal", "--email", "opal@operators.example")
    call_command("provision_operators", *words, stdout=said)
    assert "http://operators.localhost" in said.getvalue()
    person, is_new = add_operator(username="opal", email="x@y.example", password="unused")
    assert not is_new
    assert person.check_password(password)
    assert person.is_superuser
    with tenant_context(ciltuk):
        assert not Person.objects.filter(username="opal").exists()
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        call_command("provision_operators", *words)
