"""Identity providers come with a bundle, never with a secret, and are off until they are tried."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from core.bridges.models import Provider
from tenants.bundles.problems import BundleInvalid
from tenants.bundles.taking import taken
from tenants.bundles.things import Changes
from tenants.models import Institute

Applied = Callable[[Path], Changes]
pytestmark = pytest.mark.django_db

SOCIETY: dict[str, object] = {
    "key": "society", "kind": "oidc", "name": "The Society", "button": "With your membership",
    "address": "https://id.society.example", "client_id": "mentoring",
    "mapping": {"number": "member_no", "groups": "groups", "roles": {"team": "editor"}},
}  # fmt: skip


def holding(folder: Path, *providers: dict[str, object]) -> Path:
    """The bundle with these providers."""
    file = folder / "institute.yaml"
    found = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({**found, "providers": list(providers)}))
    return folder


def test_provider_of_a_bundle_is_off_keeps_its_secret_and_goes_off_with_the_bundle(
    hive: Institute, bundle_folder: Path, applied: Applied
) -> None:
    applied(holding(bundle_folder, SOCIETY))
    row = Provider.objects.get()
    assert (row.state, row.issuer, row.secret) == ("off", "https://id.society.example", "")
    assert row.maps.roles == {"team": "editor"}
    row.secret, row.state = "sealed away", "on"
    row.save()
    applied(holding(bundle_folder, {**SOCIETY, "button": "Another word"}))
    row.refresh_from_db()
    assert (row.button, row.state, row.secret) == ("Another word", "on", "sealed away")
    [kept] = taken(hive).institute.providers
    assert "sealed" not in kept.model_dump_json()
    assert kept.mapping == row.maps
    applied(holding(bundle_folder, {**SOCIETY, "address": "https://other.example"}))
    row.refresh_from_db()
    assert (row.state, row.secret) == ("off", "")
    Provider.objects.update(state="on")
    applied(holding(bundle_folder))
    row.refresh_from_db()
    assert row.state == "off"


def test_provider_with_a_secret_or_a_taken_key_is_refused(
    hive: Institute, bundle_folder: Path, applied: Applied
) -> None:
    for wrong in ({"secret": "x"}, {"key": "rescue"}, {"address": "http://id.society.example"}):
        with pytest.raises(BundleInvalid):
            applied(holding(bundle_folder, {**SOCIETY, **wrong}))
