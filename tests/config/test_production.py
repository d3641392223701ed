"""The product with production settings, under gunicorn, on real servers, with files in S3."""

import http.client
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import boto3
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from moto.server import ThreadedMotoServer

from tests.config.distribution import running_postgres, running_redis
from tests.servers import free_port

if TYPE_CHECKING:
    from types_boto3_s3.service_resource import Bucket

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]
HOST = "ciltuk.mentoring.example.org"
BUCKET = "members-files"
PATIENCE = 60.0


class Inbox(MessageHandler):
    """Keeps what the mail server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)


@dataclass
class Answer:
    """One answer of the web server."""

    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def cookies(self) -> SimpleCookie:
        found = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie") or []:
            found.load(line)
        return found


@dataclass
class Product:
    """The running product."""

    port: int
    environment: dict[str, str]
    inbox: Inbox

    def ask(
        self,
        path: str,
        *,
        host: str = HOST,
        scheme: str = "https",
        cookie: str = "",
        form: dict[str, str] | None = None,
    ) -> Answer:
        """One request, as the proxy in front would pass it on."""
        headers = {"Host": host, "X-Forwarded-Proto": scheme, "Cookie": cookie}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://{host}{path}",
            }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("POST" if form is not None else "GET", path, body, headers)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
        finally:
            line.close()


def _bucket(endpoint: str) -> "Bucket":
    return boto3.resource(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    ).Bucket(BUCKET)


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the product."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Production's environment: server PostgreSQL, server Redis, S3, no mail server yet."""
    folder = tmp_path_factory.mktemp("servers")
    s3 = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    s3.start()
    _, s3_port = s3.get_host_and_port()
    endpoint = f"http://127.0.0.1:{s3_port}"
    _bucket(endpoint).create()
    with running_postgres() as database_url, running_redis(folder) as redis_url:
        yield {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "EMAIL_URL": "keep:",
            "ITHACA_SECRET_KEY": secrets.token_urlsafe(60),
            "ITHACA_BASE_HOST": "mentoring.example.org",
            "ITHACA_BEHIND_PROXY": "yes",
            "ITHACA_FILES_URL": f"s3://{BUCKET}?endpoint={endpoint}&region=us-east-1",
            "ITHACA_S3_ACCESS_KEY": "key",
            "ITHACA_S3_SECRET_KEY": "secret",
            "ITHACA_LOG_LEVEL": "WARNING",
        }
    s3.stop()


@pytest.fixture(scope="module")
def product(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Tables, one institute, and all three processes."""
    inbox, smtp_port, port = Inbox(), free_port(), free_port()
    smtp = Controller(inbox, hostname="127.0.0.1", port=smtp_port)
    smtp.start()
    environment = environment | {
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "ITHACA_PORT": str(port),
    }
    for words in (["migrate_institutes"], ["collectstatic", "--noinput"], ["provision", "ciltuk"]):
        done = run(environment, *words)
        assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path_factory.mktemp("product")
    commands = (
        ["gunicorn", "config.wsgi", "--config", "deploy/gunicorn.conf.py"],
        ["celery", "-A", "config", "worker", "--concurrency", "1"],
        ["celery", "-A", "config", "beat", "--schedule", str(folder / "clock")],
    )
    log = (folder / "log").open("ab")
    children = [
        subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        for words in commands
    ]
    running = Product(port, environment, inbox)
    try:
        assert until(lambda: _alive(running)), (folder / "log").read_text()
        yield running
    finally:
        for child in children:
            child.terminate()
        ended = [child.wait(PATIENCE) for child in children]
        smtp.stop()
    assert ended == [0, 0, 0], (folder / "log").read_text()


def until(holds: Callable[[], object]) -> bool:
    """Whether something comes true in time."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _alive(product: Product) -> bool:
    with suppress(OSError):
        return product.ask("/healthz", host="127.0.0.1", scheme="http").status == 200
    return False


def test_production_settings_pass_the_deployment_checks(environment: dict[str, str]) -> None:
    done = run(environment, "check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    "missing",
    ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ITHACA_SECRET_KEY", "ITHACA_FILES_URL"],
)
def test_production_without_a_needed_variable_stops_with_its_name(
    environment: dict[str, str], missing: str
) -> None:
    done = run({name: each for name, each in environment.items() if name != missing}, "check")
    assert done.returncode == 1
    assert done.stderr.strip() == f"The environment variable {missing} is needed in production."


def test_front_page_comes_with_every_protection(product: Product) -> None:
    answer = product.ask("/account/login/")
    assert answer.status == 200
    assert "CILT(UK)" in answer.body
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    token = answer.cookies["__Host-csrf"]
    assert token["secure"]
    assert token["path"] == "/"
    assert not token["domain"]


def test_plain_http_is_sent_to_https(product: Product) -> None:
    answer = product.ask("/", scheme="http")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/")


def test_unknown_host_gets_a_404_that_names_nobody(product: Product) -> None:
    for host in ("elsewhere.example", "127.0.0.1", f"x.{HOST}", "mentoring.example.org"):
        answer = product.ask("/", host=host)
        assert (answer.status, answer.body.strip()) == (404, "Not found")
        assert answer.cookies == SimpleCookie()


def test_static_files_have_hashed_names_and_are_kept_for_ever(product: Product) -> None:
    page = product.ask("/").body
    paths = re.findall(r'"(/static/theming/[^"]+\.css)"', page)
    assert paths
    for path in paths:
        assert re.search(r"\.[0-9a-f]{12}\.css$", path)
        answer = product.ask(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_files_of_an_institute_lie_in_the_bucket_under_its_schema(product: Product) -> None:
    chosen = product.environment
    endpoint = chosen["ITHACA_FILES_URL"].split("endpoint=")[1].split("&")[0]
    keys = [each.key for each in _bucket(endpoint).objects.all()]
    assert keys
    assert all(re.match(r"t_[a-z0-9]{8,}/", key) for key in keys)
    logo = re.search(r'"(/brand/logo/[^"]+)"', product.ask("/").body)
    if logo:
        assert product.ask(logo[1]).status == 200


def test_asking_for_a_new_password_sends_a_mail_through_worker_and_smtp(product: Product) -> None:
    path = "/account/password/reset/"
    page = product.ask(path)
    cookie = page.cookies["__Host-csrf"].value
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
    assert token
    answer = product.ask(
        path,
        cookie=f"__Host-csrf={cookie}",
        form={"csrfmiddlewaretoken": token[1], "email": "nobody@members.example"},
    )
    assert answer.status == 302, answer.body[:2000]
    assert until(lambda: product.inbox.mails)
    mail = product.inbox.mails[0]
    assert "nobody@members.example" in str(mail["To"])
    assert mail["Message-ID"]
    body = str(mail.get_payload(0))
    assert f"https://{HOST}/" in body or "https://" not in body
