"""The one reader of the environment.

In: ``os.environ``. Out: a frozen, typed ``Environment``. Errors: ``EnvironmentRefused`` with
one sentence that names the variable: a typing error stops the start instead of being ignored.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

OWN_PREFIX = "ITHACA_"


class EnvironmentRefused(SystemExit):
    """The environment cannot be used; the message is the sentence for the person who started us.

    A ``SystemExit``, so that every way of starting (command, gunicorn, Celery) stops with the
    sentence alone and no traceback.
    """


class _Malformed(ValueError):
    """What is wrong with one value, without its name."""


@dataclass(frozen=True)
class Database:
    """Where PostgreSQL is. ``host`` may be a folder with the server's socket."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    sslmode: str = ""


@dataclass(frozen=True)
class Redis:
    """Where Redis is, as each of its two users wants it written."""

    cache_url: str
    broker_url: str


@dataclass(frozen=True)
class Email:
    """How mail leaves the house. ``keep`` leaves it in the outbox, where operators can read it."""

    kind: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    security: str = "none"


@dataclass(frozen=True)
class Files:
    """Where members' files are kept: a folder or a bucket of an S3 server."""

    kind: str
    folder: str = ""
    bucket: str = ""
    endpoint: str = ""
    region: str = ""


def _text(value: str) -> str:
    if not value.strip():
        raise _Malformed("it is empty")
    return value


def _boolean(value: str) -> bool:
    if value.lower() in {"1", "yes", "true", "on"}:
        return True
    if value.lower() in {"0", "no", "false", "off"}:
        return False
    raise _Malformed("it must be yes or no")


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
            raise _Malformed(f"it must be a whole number from {lowest} to {highest}")
        return int(value)

    return parse


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise _Malformed(f"it must be one of {', '.join(allowed)}")
        return value

    return parse


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _host(value: str) -> str:
    labels = value.lower().split(".")
    if not all(label and label.replace("-", "").isalnum() and label.isascii() for label in labels):
        raise _Malformed("it must be a host name such as mentoring.example.org, without port")
    return value.lower()


def _secret(value: str) -> str:
    if len(value) < 50 or len(set(value)) < 10:
        raise _Malformed("it must have at least 50 characters, drawn at random")
    return value


def _relay_secret(value: str) -> str:
    if len(value) < 20:
        raise _Malformed("it must have at least 20 characters, drawn at random")
    return value


def _database(value: str) -> Database:
    url = urlsplit(value)
    if url.scheme not in {"postgres", "postgresql"} or len(url.path) < 2:
        raise _Malformed("it must read postgresql://user:password@host:port/name")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    unknown = set(query) - {"host", "sslmode"}
    if unknown:
        raise _Malformed(f"it has an unknown part {sorted(unknown)[0]!r}")
    return Database(
        name=unquote(url.path[1:]),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        host=query.get("host") or unquote(url.hostname or ""),
        port=str(_port(url)),
        sslmode=query.get("sslmode", ""),
    )


def _port(url: Any) -> int | str:
    try:
        return url.port or ""
    except ValueError:
        raise _Malformed("its port is not a number") from None


def _redis(value: str) -> Redis:
    url = urlsplit(value)
    _port(url)
    if url.scheme == "unix" and url.path:
        database = parse_qs(url.query).get("db", ["0"])[-1]
        return Redis(value, f"redis+socket://{url.path}?virtual_host={database}")
    if url.scheme in {"redis", "rediss"} and url.hostname:
        return Redis(value, value)
    raise _Malformed("it must read redis://host:port/0 or unix:///path/to/socket")


def _email(value: str) -> Email:
    url = urlsplit(value)
    if value in {"keep:", "keep://"}:
        return Email("keep")
    kinds = {"smtp": ("none", 25), "smtp+tls": ("starttls", 587), "smtps": ("tls", 465)}
    if url.scheme not in kinds or not url.hostname:
        raise _Malformed(
            "it must read keep: or smtp://host:25, smtp+tls://user:password@host:587, "
            "smtps://user:password@host:465"
        )
    security, usual_port = kinds[url.scheme]
    return Email(
        "smtp",
        host=url.hostname,
        port=int(_port(url) or usual_port),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        security=security,
    )


def _files(value: str) -> Files:
    url = urlsplit(value)
    if url.scheme == "file" and url.path.startswith("/") and not url.netloc:
        return Files("folder", folder=unquote(url.path))
    if url.scheme == "s3" and url.netloc and url.path in {"", "/"}:
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        unknown = set(query) - {"endpoint", "region"}
        if unknown:
            raise _Malformed(f"it has an unknown part {sorted(unknown)[0]!r}")
        return Files(
            "s3",
            bucket=url.netloc,
            endpoint=query.get("endpoint", ""),
            region=query.get("region", ""),
        )
    raise _Malformed("it must read file:///folder or s3://bucket?endpoint=https://host&region=name")


def _scanner(value: str) -> str:
    url = urlsplit(value)
    if url.scheme == "unix" and url.path.startswith("/") and not url.netloc:
        return unquote(url.path)
    if url.scheme == "clamd" and url.hostname and url.path in {"", "/"}:
        return f"{url.hostname}:{_port(url) or 3310}"
    raise _Malformed("it must read clamd://host:3310 or unix:///path/to/socket")


def _helpers(*schemes: str) -> Callable[[str], tuple[str, ...]]:
    """The addresses of STUN or TURN servers as browsers want them written."""
    host, port, transport = r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", r"(?::\d{1,5})?", ""
    if "turn" in schemes:
        transport = r"(?:\?transport=(?:udp|tcp))?"
    known = re.compile(f"(?:{'|'.join(schemes)}):(?:{host}){port}{transport}")

    def parse(value: str) -> tuple[str, ...]:
        urls = _words(value)
        if not urls or not all(known.fullmatch(url) for url in urls):
            example = f"{schemes[0]}:{schemes[0]}.example.org:3478"
            raise _Malformed(f"it must read {example}, several separated by commas")
        return urls

    return parse


def _dns_servers(value: str) -> tuple[str, ...]:
    servers = _words(value)
    for server in servers:
        host, _, port = server.partition(":")
        try:
            ip_address(host)
        except ValueError:
            raise _Malformed(
                "it must read 192.0.2.1 or 192.0.2.1:53, with commas between"
            ) from None
        if port and (not port.isdigit() or not 0 < int(port) < 65536):
            raise _Malformed("its port must be a number from 1 to 65535")
    return servers


def _spf(value: str) -> str:
    if not re.fullmatch(r"(include|a|mx|ip4|ip6):[A-Za-z0-9.:/_-]+", value):
        raise _Malformed("it must be one term, such as include:spf.example.org or ip4:192.0.2.1")
    return value


def _public_key(value: str) -> str:
    key = "".join(value.split())
    if not re.fullmatch(r"[A-Za-z0-9+/]{40,}={0,2}", key):
        raise _Malformed("it must be the public key in base64, without the lines around it")
    return key


def _variable(name: str, parse: Callable[[str], Any], default: Any, says: str) -> Any:
    return field(default=default, metadata={"name": name, "parse": parse, "says": says})


@dataclass(frozen=True)
class Environment:
    """Everything that the environment can say. Each field knows its variable, parser and meaning;
    ``docs/operating/environment.md`` lists them and a test holds the two together."""

    database: Database | None = _variable(
        "DATABASE_URL", _database, None, "PostgreSQL server and database"
    )
    redis: Redis | None = _variable("REDIS_URL", _redis, None, "Redis server")
    email: Email | None = _variable("EMAIL_URL", _email, None, "how mail is sent")
    secret_key: str = _variable("ITHACA_SECRET_KEY", _secret, "", "signs sessions and links")
    secret_key_fallbacks: tuple[str, ...] = _variable(
        "ITHACA_SECRET_KEY_FALLBACKS", _words, (), "former secret keys, still believed"
    )
    base_host: str = _variable(
        "ITHACA_BASE_HOST", _host, "localhost", "the host under which institutes get subdomains"
    )
    scheme: str = _variable(
        "ITHACA_SCHEME", _one_of("http", "https"), "http", "scheme of links in pages and mails"
    )
    bind: str = _variable(
        "ITHACA_BIND", _text, "127.0.0.1", "address of this machine that the web server uses"
    )
    port: int = _variable("ITHACA_PORT", _whole(1, 65535), 8000, "port of the web server")
    public_port: int = _variable(
        "ITHACA_PUBLIC_PORT", _whole(0, 65535), 0, "port in links, when it is not the usual one"
    )
    behind_proxy: bool = _variable(
        "ITHACA_BEHIND_PROXY", _boolean, False, "believe X-Forwarded-Proto of the proxy in front"
    )
    files: Files | None = _variable("ITHACA_FILES_URL", _files, None, "where members' files are")
    s3_access_key: str = _variable("ITHACA_S3_ACCESS_KEY", _text, "", "key of the S3 server")
    s3_secret_key: str = _variable("ITHACA_S3_SECRET_KEY", _text, "", "secret of the S3 server")
    clamav: str = _variable(
        "ITHACA_CLAMAV_URL", _scanner, "", "ClamAV daemon that looks at every file"
    )
    stun_urls: tuple[str, ...] = _variable(
        "ITHACA_STUN_URLS", _helpers("stun", "stuns"), (), "STUN servers for video chat"
    )
    turn_urls: tuple[str, ...] = _variable(
        "ITHACA_TURN_URLS", _helpers("turn", "turns"), (), "TURN relays for video chat"
    )
    turn_secret: str = _variable(
        "ITHACA_TURN_SECRET", _relay_secret, "", "secret shared with the TURN relays"
    )
    state_folder: str = _variable(
        "ITHACA_STATE_FOLDER", _text, "", "folder of the embedded servers and the demo's files"
    )
    database_pool: int = _variable(
        "ITHACA_DATABASE_POOL", _whole(0, 500), 0, "connections kept ready a process; 0 is none"
    )
    web_workers: int = _variable(
        "ITHACA_WEB_WORKERS", _whole(1, 256), 2, "processes of the web server"
    )
    web_threads: int = _variable(
        "ITHACA_WEB_THREADS", _whole(1, 256), 4, "threads of each web process"
    )
    tls_ask_token: str = _variable(
        "ITHACA_TLS_ASK_TOKEN", _relay_secret, "", "shown by a proxy that asks for certificates"
    )
    dns_servers: tuple[str, ...] = _variable(
        "ITHACA_DNS_SERVERS", _dns_servers, (), "resolvers that domains are looked up with"
    )
    mail_spf: str = _variable(
        "ITHACA_MAIL_SPF", _spf, "", "SPF term of the servers that send the platform's mails"
    )
    mail_dkim_selector: str = _variable(
        "ITHACA_MAIL_DKIM_SELECTOR", _host, "", "selector of the key that mails are signed with"
    )
    mail_dkim_key: str = _variable(
        "ITHACA_MAIL_DKIM_KEY", _public_key, "", "public key that mails are signed with"
    )
    log_level: str = _variable(
        "ITHACA_LOG_LEVEL",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "INFO",
        "how much is written to the log",
    )


def variables() -> dict[str, str]:
    """Out: every variable's name with its meaning, in reading order."""
    return {each.metadata["name"]: each.metadata["says"] for each in fields(Environment)}


def read(environ: Mapping[str, str]) -> Environment:
    """Out: the typed environment. Errors: ``EnvironmentRefused`` naming the bad variable."""
    known = variables()
    for name in sorted(environ):
        if name.startswith(OWN_PREFIX) and name not in known:
            raise EnvironmentRefused(
                f"The environment variable {name} is not known: "
                "docs/operating/environment.md lists those that are."
            )
    values: dict[str, Any] = {}
    for each in fields(Environment):
        raw = environ.get(each.metadata["name"])
        if raw is None:
            continue
        try:
            values[each.name] = each.metadata["parse"](raw)
        except ValueError as problem:
            reason = problem if isinstance(problem, _Malformed) else "it cannot be read as an URL"
            raise EnvironmentRefused(
                f"The environment variable {each.metadata['name']} cannot be used: {reason}."
            ) from None
    return Environment(**values)


@cache
def current() -> Environment:
    """Out: this process's environment, read once."""
    return read(os.environ)
