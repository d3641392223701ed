"""SimpleSAMLphp of the distribution as a society's identity provider, in a folder of its own."""

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.html
import requests
from cryptography.hazmat.primitives import serialization

from tests.providers import keys
from tests.providers.install import simplesamlphp
from tests.servers import free_port

START_SECONDS = 30
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

CONFIG = """<?php $config = [
    'baseurlpath' => '{base}/', 'certdir' => '{folder}/', 'loggingdir' => '{folder}/',
    'datadir' => '{folder}/', 'tempdir' => '{folder}/tmp', 'metadatadir' => '{folder}/metadata',
    'technicalcontact_email' => 'na@example.org', 'timezone' => 'UTC',
    'secretsalt' => 'only-for-the-tests', 'auth.adminpassword' => 'only-for-the-tests',
    'enable.saml20-idp' => true, 'module.enable' => ['exampleauth' => true],
    'logging.handler' => 'errorlog', 'logging.level' => 4, 'showerrors' => true,
    'store.type' => 'phpsession', 'session.phpsession.savepath' => '{folder}/sessions',
    'session.cookie.secure' => false, 'session.cookie.samesite' => null,
    'language.available' => ['en'], 'language.default' => 'en',
    'metadata.sources' => [
        ['type' => 'flatfile'], ['type' => 'xml', 'file' => '{folder}/sites.xml'],
    ],
];
"""
SOURCES = """<?php
$people = json_decode(file_get_contents('{folder}/people.json'), true);
$config = ['members' => array_merge(['exampleauth:UserPass'], $people)];
"""
HOSTED = """<?php
$metadata['{entity}'] = array_merge([
    'host' => '__DEFAULT__', 'privatekey' => 'key.pem', 'certificate' => 'key.crt',
    'auth' => 'members', 'SingleLogoutServiceBinding' => ['{redirect}'],
    'NameIDFormat' => '{persistent}', 'sign.logout' => true, 'redirect.sign' => true,
    'validate.logout' => true, 'redirect.validate' => true,
    'authproc' => [
        3 => ['class' => 'saml:AttributeNameID', 'attribute' => 'uid', 'Format' => '{persistent}'],
    ],
], json_decode(file_get_contents('{folder}/options.json'), true));
"""
NO_SITES = (
    '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">{}</EntitiesDescriptor>'
)


@dataclass
class SimpleSaml:
    """A running identity provider, and a person's browser at it."""

    base: str
    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"
    sites: dict[str, str] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        return f"{self.base}/society"

    @property
    def metadata_url(self) -> str:
        return f"{self.base}/saml2/idp/metadata.php"

    def metadata(self) -> bytes:
        """Out: what the provider says of itself."""
        # Only browsers know that names under localhost are this machine.
        address = self.metadata_url.replace(self.base, f"http://127.0.0.1:{self.port}")
        answer = requests.get(address, timeout=START_SECONDS)
        answer.raise_for_status()
        return answer.content

    def trust(self, metadata: bytes) -> None:
        """Let a site of ours in: ``metadata`` is what the site says of itself."""
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", metadata.decode())
        name = re.search(r'entityID="([^"]+)"', text)
        assert name is not None, text
        self.sites[name[1]] = text
        self._write("sites.xml", NO_SITES.format("".join(self.sites.values())))

    def people(self, **people: dict[str, str | list[str]]) -> None:
        """The society's members: user name → attributes; everybody's password is ``member``."""
        rows = {
            f"{name}:member": {"uid": [name]} | {key: _many(value) for key, value in facts.items()}
            for name, facts in people.items()
        }
        self._write("people.json", json.dumps(rows))

    def options(self, **options: Any) -> None:
        """Settings of the hosted provider over the usual ones (``sign__assertion=False``)."""
        self._write(
            "options.json", json.dumps({key.replace("__", "."): v for key, v in options.items()})
        )

    def new_key(self) -> None:
        """The society changes its signing key."""
        _write_key(self.folder)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(START_SECONDS)

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        fresh = path.with_suffix(".new")
        fresh.write_text(text)
        fresh.replace(path)


class Form(dict[str, str]):
    """The fields of a page's form, with the address that they are sent to."""

    def __init__(self, page: str, url: str) -> None:
        forms = lxml.html.fromstring(page, base_url=url).forms
        assert forms, page
        self.action = urljoin(url, forms[0].action or url)
        super().__init__({key: value or "" for key, value in forms[0].fields.items() if key})


class Visitor:
    """A person's browser at the provider: it keeps cookies and fills in forms."""

    def __init__(self) -> None:
        self.web = requests.Session()

    def sign_in(self, url: str, name: str, password: str = "member") -> Form:
        """Follow ``url`` and sign in when asked. Out: the form that goes back to our site."""
        return self._signed_in(self.web.get(url, timeout=START_SECONDS), name, password)

    def bring(self, form: "Form", name: str, password: str = "member") -> Form:
        """The same with a form of our site that leads there."""
        page = self.web.post(form.action, data=form, timeout=START_SECONDS)
        return self._signed_in(page, name, password)

    def _signed_in(self, page: requests.Response, name: str, password: str) -> Form:
        form = Form(page.text, page.url)
        if "SAMLResponse" not in form:
            form |= {"username": name, "password": password}
            page = self.web.post(form.action, data=form, timeout=START_SECONDS)
            form = Form(page.text, page.url)
        assert "SAMLResponse" in form, page.text
        return form

    def follow(self, url: str, until: str) -> str:
        """Follow redirects from ``url``. Out: the first address that starts with ``until``."""
        for _ in range(10):
            if url.startswith(until):
                return url
            page = self.web.get(url, allow_redirects=False, timeout=START_SECONDS)
            assert page.is_redirect, page.text
            url = urljoin(url, page.headers["Location"])
        raise AssertionError(f"Still not back at {until}: {url}")


@contextmanager
def running(
    folder: Path, *, host: str = "127.0.0.1", port: int | None = None
) -> Iterator[SimpleSaml]:
    """A provider in ``folder`` for the time of the block. Errors: when it does not answer.

    In: the name by which browsers know it (of this machine), and its port.
    """
    php, pages = simplesamlphp()
    port = port or free_port()
    base = f"http://{host}:{port}"
    for name in ("metadata", "tmp", "sessions"):
        (folder / name).mkdir()
    facts = {"base": base, "folder": folder, "entity": f"{base}/society", "persistent": PERSISTENT}
    facts["redirect"] = REDIRECT
    for name, text in {
        "config.php": CONFIG,
        "authsources.php": SOURCES,
        "metadata/saml20-idp-hosted.php": HOSTED,
    }.items():
        (folder / name).write_text(_filled(text, facts))
    _write_key(folder)
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            [php, "-S", f"127.0.0.1:{port}", "-t", str(pages)],
            env={**os.environ, "SIMPLESAMLPHP_CONFIG_DIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    idp = SimpleSaml(base=base, port=port, folder=folder, process=process)
    idp.people()
    idp.options()
    idp._write("sites.xml", NO_SITES.format(""))
    try:
        _wait(idp)
        yield idp
    finally:
        if process.poll() is None:
            idp.stop()


def _filled(text: str, facts: dict[str, object]) -> str:
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _write_key(folder: Path) -> None:
    key, certificate = keys.pair("The society's identity provider")
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "key.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _wait(idp: SimpleSaml) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            idp.metadata()
            return
        except requests.RequestException as problem:
            log = (idp.folder / "php.log").read_text(errors="replace")[-2000:]
            dead = idp.process.poll() is not None
            if dead or time.monotonic() > until:
                raise AssertionError(f"SimpleSAMLphp does not answer: {problem}\n{log}") from None
