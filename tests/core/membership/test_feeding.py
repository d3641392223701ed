"""We ask the society for its members by the contract in the documents."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.membership.models import Feed, Member, Run
from core.membership.rules import Status
from core.membership.services import feeding
from tests.core.membership.conftest import rules
from tests.factories.people import someone

pytestmark = pytest.mark.django_db
TOKEN = "a token of the society"


def member(number: str, **changes: Any) -> dict[str, Any]:
    return {"id": f"key-{number}", "number": number, "email": f"m{number}@members.example",
            "email_verified": True, "first_name": "Ada", "last_name": "Holm",
            "status": "current", **changes}  # fmt: skip


class Society(HTTPServer):
    """The society's membership system on the loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.pages: dict[str, tuple[list[Any], str]] = {}
        self.status = 200
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/members?list=all"


class Answering(BaseHTTPRequestHandler):
    server: Society

    def do_GET(self) -> None:
        query = {key: one[0] for key, one in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(query)
        good = self.headers["Authorization"] == f"Bearer {TOKEN}" and query["list"] == "all"
        if "number" in query:
            rows = [one for page, _ in self.server.pages.values() for one in page]
            found = [one for one in rows if one.get("number") == query["number"]]
            document: dict[str, Any] = {"members": found}
        else:
            page, following = self.server.pages[query.get("cursor", "")]
            document = {"members": page, "next": following}
        body = json.dumps(document).encode()
        self.send_response(self.server.status if good else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def society(db: None, settings: Any) -> Iterator[Society]:
    server = Society()
    settings.OUTGOING_ALLOWED_HOSTS = (f"127.0.0.1:{server.server_port}",)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def feed(society: Society) -> Feed:
    return feeding.put_feed(
        url=society.url, token=TOKEN, makes_accounts=True, is_on=True, by=someone(is_staff=True)
    )


def fetched() -> Run:
    run = feeding.fetch()
    assert run is not None
    return run


def test_round_makes_changes_and_leaves_and_the_next_asks_for_less(
    society: Society, feed: Feed
) -> None:
    rules(sign_in="membership", membership_keeps=("email", "name"), membership_grace_days=0,
          self_registration=False, membership_link="https://s.example/")  # fmt: skip
    here = someone(email="m2@members.example")
    society.pages = {
        "": ([member("1"), member("2")], "two"),
        "two": ([member("3", email_verified=False), "odd", member("4", status="lapsed")], ""),
    }
    run = fetched()
    assert run.went_well
    assert run.counts == {"made": 1, "changed": 1, "same": 0, "elsewhere": 1, "refused": 2}
    assert run.words == "1 new, 1 changed, 1 without an account here, 2 not taken"
    assert [who for who, _why in run.problems] == ["3", ""]
    assert Member.objects.get(person=here).number == "2"
    assert "changed_since" not in society.asked[0]
    society.pages = {"": ([member("1", status="ended", last_name="Berg"), member("2")], "")}
    run = fetched()
    assert run.counts["changed"] == 1
    assert run.counts["same"] == 1
    assert society.asked[-1]["changed_since"].endswith("Z")
    ended = Member.objects.get(number="1")
    assert (ended.status, ended.person.last_name) == (Status.ENDED, "Berg")


def test_round_that_breaks_off_goes_on_where_it_stopped(society: Society, feed: Feed) -> None:
    society.pages = {"": ([member("1")], "two"), "two": ([member("2")], "")}
    society.pages["two"] = ([member("2")], "two")
    run = fetched()
    assert not run.went_well
    assert "same page again" in run.message
    society.pages["two"] = ([member("2")], "")
    assert fetched().went_well
    assert society.asked[-1]["cursor"] == "two"
    society.status = 503
    run = fetched()
    assert (run.went_well, run.message) == (False, "The society’s site answered with 503.")
    assert Person.objects.filter(email__endswith="@members.example").count() == 2


def test_one_member_is_asked_for_by_number(society: Society, feed: Feed) -> None:
    society.pages = {"": ([member("1"), member("2")], "")}
    assert feeding.fetch_one("2", by=someone(is_staff=True)).counts["made"] == 1
    assert not Person.objects.filter(email="m1@members.example").exists()
    with pytest.raises(RuleBroken, match="knows no member"):
        feeding.fetch_one("9", by=someone(is_staff=True))


def test_token_goes_to_the_address_it_was_given_for_alone(society: Society, feed: Feed) -> None:
    head = someone(is_staff=True)
    assert TOKEN not in Feed.objects.get().sealed_token
    feeding.put_feed(url=society.url, token="", makes_accounts=False, is_on=False, by=head)
    with pytest.raises(RuleBroken, match="Paste the token"):
        feeding.put_feed(url="https://evil.example/", token="", makes_accounts=False,
                         is_on=True, by=head)  # fmt: skip


@pytest.mark.parametrize(
    "url", ["http://members.example/", "https://127.0.0.1/", "https://u:p@members.example/",
            "ftp://members.example/", "https://members.example:22/"],
)  # fmt: skip
def test_address_inside_the_network_is_refused(url: str) -> None:
    with pytest.raises(RuleBroken):
        feeding.put_feed(url=url, token=TOKEN, makes_accounts=True, is_on=True,
                         by=someone(is_staff=True))  # fmt: skip
    assert not Feed.objects.exists()


def test_members_without_an_account_stay_without_where_the_team_wants_it_so(
    society: Society, feed: Feed
) -> None:
    feeding.put_feed(url=society.url, token="", makes_accounts=False, is_on=True,
                     by=someone(is_staff=True))  # fmt: skip
    society.pages = {"": ([member("1")], "")}
    assert fetched().counts["elsewhere"] == 1
    assert not Member.objects.exists()
