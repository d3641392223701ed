"""What staff hand in of a provider, and what we hand out (product A6)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from lxml import etree
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as OtherReader
from pytest_django import Settings

from core.bridges.forms.saml import MetadataForm
from core.bridges.models import Provider
from core.bridges.services.saml import keeping, metadata, ours
from core.bridges.services.saml.documents import METADATA, Unreadable
from core.bridges.tasks import refresh_metadata
from core.kernel import clock
from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from tenants.models import Institute
from tests.factories.people import someone
from tests.providers import keys
from tests.providers.simplesaml import SimpleSaml
from tests.servers import free_port

pytestmark = [pytest.mark.providers, pytest.mark.django_db]


def _form(source: bytes | None = None, address: str = "") -> MetadataForm:
    files: MultiValueDict[str, Any] = MultiValueDict()
    if source is not None:
        files["file"] = SimpleUploadedFile("idp.xml", source)
    return MetadataForm({"address": address}, files)


def test_metadata_come_by_file_or_address_and_give_us_a_key(idp: SimpleSaml) -> None:
    by_file, by_address = _form(idp.metadata()), _form(address=idp.metadata_url)
    assert by_file.is_valid(), by_file.errors
    assert by_address.is_valid(), by_address.errors
    provider = Provider(key="society", kind="saml", name="The Society", button="Go")
    by_address.put(provider)
    provider.save()
    assert (provider.issuer, provider.address) == (idp.entity, idp.metadata_url)
    assert "PRIVATE KEY" in provider.sp_key
    assert "PRIVATE" not in provider.sp_key_sealed
    made = x509.load_pem_x509_certificate(provider.sp_certificate.encode())
    assert made.not_valid_after_utc > clock.now() + timedelta(days=3000)
    key = provider.sp_key
    by_file.put(provider)
    assert (provider.sp_key, provider.address) == (key, "")
    assert etree.fromstring(ours.metadata(provider)).get("entityID") == ours.entity(provider)


def test_what_is_wrong_with_metadata_stands_beside_its_field(
    idp: SimpleSaml, settings: Settings
) -> None:
    good = idp.metadata()
    bare = re.sub(rb"<md:SingleSignOnService[^>]*/>", b"", good)
    weak = re.sub(rb"(<ds:X509Certificate>).*?(</)", rb"\1AAAA\2", good, flags=re.DOTALL)
    script = good.replace(b'Location="http://127', b'Location="javascript:127')
    old = good.replace(
        b"<md:IDPSSODescriptor", b'<md:IDPSSODescriptor validUntil="2020-01-01T00:00:00Z"'
    )
    body = good.partition(b"?>")[2]
    two = b'<EntitiesDescriptor xmlns="%s">%s%s</EntitiesDescriptor>' % (
        METADATA.encode(), body, body.replace(b"/society", b"/other"),
    )  # fmt: skip
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>' + body
    for source, sentence in (
        (b"hello", "This is not XML that can be read."),
        (b"<a/>", "not the metadata of a SAML 2.0 identity provider"),
        (bomb, "document type or entities"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "This is a web page"),
        (bare, "no sign-in address"),
        (weak, "A certificate in the metadata cannot be read."),
        (script, "must begin with https://"),
        (old, "no longer valid"),
        (two, "describe 2 identity providers"),
        (b" " * 2_000_001, "larger than 2000 kilobytes"),
    ):
        assert sentence in str(_form(source).errors.get("file")), sentence
    assert metadata.read(two, idp.entity).entity == idp.entity
    inside = _form(address=f"https://localhost:{free_port()}/metadata")
    assert "address" in inside.errors
    down = f"127.0.0.1:{free_port()}"
    settings.OUTGOING_ALLOWED_HOSTS = (*settings.OUTGOING_ALLOWED_HOSTS, down)
    assert "could not be reached" in str(_form(address=f"http://{down}/").errors["address"])
    assert "as a file or as an address" in str(_form().non_field_errors())


def test_several_certificates_count_and_their_ends_are_told(idp: SimpleSaml) -> None:
    made = keys.pair("next year's key", days=10)[1].public_bytes(Encoding.PEM).decode()
    lines = "".join(made.strip().splitlines()[1:-1])
    source = idp.metadata().decode()
    first = source[source.index("<md:KeyDescriptor") : source.index("</md:KeyDescriptor>")]
    second = re.sub(r"(<ds:X509Certificate>).*?(</)", rf"\g<1>{lines}\2", first, flags=re.DOTALL)
    both = source.replace(first, f"{first}</md:KeyDescriptor>{second}", 1).encode()
    party = metadata.read(both)
    assert [one.is_soon_over for one in party.certificates] == [False, True]
    assert "next year's key" in party.certificates[1].subject
    with clock.frozen(clock.now() + timedelta(days=20)):
        assert metadata.read(both).certificates[1].is_over
    with (
        clock.frozen(clock.now() + timedelta(days=400)),
        pytest.raises(Unreadable, match="has ended"),
    ):
        metadata.read(both)
    other = OtherReader.parse(both.decode())["idp"]
    assert other["singleSignOnService"]["url"] == party.sign_in
    assert len(other["x509certMulti"]["signing"]) == 2


def test_new_keys_are_asked_for_and_a_provider_that_is_down_changes_nothing(
    provider: Provider, idp: SimpleSaml, settings: Settings
) -> None:
    provider.address = idp.metadata_url
    provider.save()
    before = provider.metadata
    idp.new_key()
    assert refresh_metadata() == 1
    provider.refresh_from_db()
    assert provider.metadata != before
    assert AuditEntry.objects.filter(verb="bridge.keys_changed").count() == 1
    settings.OUTGOING_ALLOWED_HOSTS = ()
    assert refresh_metadata() == 0
    with pytest.raises(Unreadable):
        keeping.refresh(provider)
    kept = provider.metadata
    provider.refresh_from_db()
    assert provider.metadata == kept


def test_staff_hand_metadata_in_see_the_keys_and_ask_again(
    ciltuk: Institute, idp: SimpleSaml, member_client: Callable[..., Client]
) -> None:
    head = member_client(ciltuk, someone(is_staff=True, staff_role=StaffRole.MANAGER))
    address = reverse("staff:provider_new", args=["saml"])
    sent = {"name": "The Society", "button": "Sign in with the Society"}
    wrong = head.post(address, {**sent, "file": SimpleUploadedFile("idp.xml", b"<a/>")})
    assert wrong.status_code == 422
    assert "not the metadata of a SAML 2.0 identity provider" in wrong.content.decode()
    head.post(address, {**sent, "address": idp.metadata_url})
    made = Provider.objects.get()
    party = metadata.read(idp.metadata())
    page = head.get(made.get_absolute_url()).content.decode()
    for expected in (
        party.certificates[0].fingerprint,
        date_format(party.certificates[0].ends_at, "j F Y"),
        party.entity,
        ours.entity(made),
        ours.answer_address(made),
        ours.sign_out_address(made),
    ):
        assert expected in page
    assert made.sp_key not in page
    idp.new_key()
    head.post(reverse("staff:provider_keys", args=[made.pk]))
    fresh = metadata.read(idp.metadata()).certificates[0].fingerprint
    assert fresh in head.get(made.get_absolute_url()).content.decode()
    member = member_client(ciltuk, someone("mentee"))
    assert member.post(reverse("staff:provider_keys", args=[made.pk])).status_code == 404
