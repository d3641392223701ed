"""The environment is read strictly, and the manual lists what is read."""

import re
from pathlib import Path

import pytest

from config import env

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "operating" / "environment.md"
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \| ([^|]+) \|", re.MULTILINE)


def test_empty_environment_gives_the_defaults() -> None:
    chosen = env.read({})
    assert chosen.database is None
    assert chosen.redis is None
    assert (chosen.base_host, chosen.port, chosen.bind) == ("localhost", 8000, "127.0.0.1")


def test_foreign_variables_are_left_alone() -> None:
    assert env.read({"PATH": "/bin", "HOME": "/root", "ITHACAN": "1"}) == env.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ITHACA_SECRTE_KEY", "x" * 60),
        ("ITHACA_PORT", "80a"),
        ("ITHACA_PORT", "70000"),
        ("ITHACA_PORT", "-1"),
        ("ITHACA_PORT", "٨٠"),
        ("ITHACA_BEHIND_PROXY", "perhaps"),
        ("ITHACA_SECRET_KEY", "short"),
        ("ITHACA_SECRET_KEY", "a" * 80),
        ("ITHACA_SCHEME", "gopher"),
        ("ITHACA_BASE_HOST", "https://mentoring.example.org"),
        ("ITHACA_BASE_HOST", "mentoring.example.org:8000"),
        ("ITHACA_FILES_URL", "relative/folder"),
        ("ITHACA_FILES_URL", "s3://bucket?region=a&colour=b"),
        ("ITHACA_STATE_FOLDER", " "),
        ("ITHACA_STUN_URLS", ""),
        ("ITHACA_STUN_URLS", "https://stun.example.org"),
        ("ITHACA_STUN_URLS", "stun:stun.example.org,turn:turn.example.org"),
        ("ITHACA_TURN_URLS", "turn:user@turn.example.org"),
        ("ITHACA_TURN_URLS", "turn:turn.example.org?transport=pigeon"),
        ("ITHACA_TURN_SECRET", "short"),
        ("ITHACA_CLAMAV_URL", "tcp://host:3310"),
        ("ITHACA_CLAMAV_URL", "unix://host/socket"),
        ("ITHACA_LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "postgresql://host"),
        ("DATABASE_URL", "postgresql://host:port/name"),
        ("DATABASE_URL", "postgresql://host/name?passfile=x"),
        ("DATABASE_URL", "postgresql://[::1/name"),
        ("REDIS_URL", "host:6379"),
        ("REDIS_URL", "unix://"),
        ("EMAIL_URL", "mail.example.org"),
        ("EMAIL_URL", "smtp://"),
    ],
)
def test_bad_variable_stops_the_start_with_its_name(name: str, value: str) -> None:
    with pytest.raises(env.EnvironmentRefused) as stopped:
        env.read({name: value})
    sentence = str(stopped.value)
    assert name in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_secret_values_never_stand_in_the_sentence() -> None:
    with pytest.raises(env.EnvironmentRefused) as stopped:
        env.read({"DATABASE_URL": "postgresql://user:geheim@host:port/name"})
    assert "geheim" not in str(stopped.value)


def test_urls_are_taken_apart() -> None:
    chosen = env.read(
        {
            "DATABASE_URL": "postgresql://us%40er:p%2Fw@db.example.org:5433/mentoring?sslmode=require",
            "REDIS_URL": "unix:///run/redis.sock?db=3",
            "EMAIL_URL": "smtp+tls://robot:se%3Acret@mail.example.org",
            "ITHACA_FILES_URL": "s3://files?endpoint=http://127.0.0.1:9000&region=eu-west-2",
        }
    )
    assert chosen.database == env.Database(
        "mentoring", "us@er", "p/w", "db.example.org", "5433", "require"
    )
    assert chosen.redis == env.Redis(
        "unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"
    )
    assert chosen.email == env.Email(
        "smtp", "mail.example.org", 587, "robot", "se:cret", "starttls"
    )
    assert chosen.files == env.Files(
        "s3", bucket="files", endpoint="http://127.0.0.1:9000", region="eu-west-2"
    )


def test_helpers_of_video_chat_are_lists() -> None:
    relays = ("turn:turn.example.org:3478?transport=udp", "turns:[2001:db8::1]:5349")
    chosen = env.read(
        {"ITHACA_STUN_URLS": "stun:stun.example.org", "ITHACA_TURN_URLS": ", ".join(relays)}
    )
    assert (chosen.stun_urls, chosen.turn_urls) == (("stun:stun.example.org",), relays)


def test_socket_folder_of_postgresql_is_understood() -> None:
    chosen = env.read({"DATABASE_URL": "postgresql://postgres@/name?host=/tmp/socket"})
    assert chosen.database is not None
    assert (chosen.database.host, chosen.database.port) == ("/tmp/socket", "")


def test_manual_lists_exactly_the_variables_that_are_read() -> None:
    listed = {name: says.strip() for name, says in ROW.findall(MANUAL.read_text())}
    assert listed == env.variables()
