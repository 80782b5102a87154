"""Subscriptions to named queries: reports that are signed, complete, sent once, and only where they may go."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.webhook import Webhook
from ledger.ports import DeliveryFailed, DestinationRefused
from ledger.records.record import microseconds
from ledger.services.event_query.schedule import Schedule, following
from ledger.services.event_query.subscribing import MOST_ATTEMPTS, NEVER, Subscribing
from ledger.services.project import catch_up
from ledger.wiring import Ledger
from tests.api.house import House, event, served
from tests.builders import SteppingClock

SECRET = "0123456789abcdef-subscriber"


class Receiver(HTTPServer):
    """A subscriber on this machine: keeps what it is sent, answers what it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.offered = 0
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/reports"

    def events(self) -> list[str]:
        bodies = [json.loads(body) for _, body in self.taken]
        return [one["eventID"] for body in bodies for one in results(body)["resultsBody"]["eventList"]]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.server.offered += 1
        if status == 200:
            self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def results(body: Any) -> dict[str, Any]:
    found: dict[str, Any] = body["epcisBody"]["queryResults"]
    return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


class Desk:
    """Subscriptions of one ledger, worked on when a test says so, by a clock that it moves."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.clock = ledger, SteppingClock(datetime.now(UTC))
        webhook = Webhook(frozenset(), loopback=True, seconds=2)
        self.subscribing = Subscribing(ledger.answering, ledger.subscriptions, webhook, self.clock, ledger.random)

    def deliver(self, seconds: float = 2) -> int:
        self.clock.forward(seconds)
        return self.subscribing.deliver()


@pytest.fixture(scope="module")
def served_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home"), settings={"webhook_loopback": True}) as house:
        house.app.state.runtime.errands.deliveries.stop()  # a test says when
        yield house


@pytest.fixture
def desk(served_house: House) -> Desk:
    return Desk(served_house.ledger)


@pytest.fixture
def client(served_house: House) -> Iterator[httpx.Client]:
    with served_house.client("owner") as client:
        yield client


def subscribed(client: httpx.Client, receiver: Receiver, name: str, **terms: Any) -> dict[str, Any]:
    """A subscription to a query of this name over one business step of the same name."""
    query = {"name": name, "query": {"EQ_bizStep": [f"https://example.com/{name}"]}}
    assert client.post("/queries", json=query).status_code == 201
    wanted = {"dest": receiver.url, "signatureToken": SECRET, "stream": True} | terms
    made = client.post(f"/queries/{name}/subscriptions", json=wanted)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    assert made.headers["location"] == f"/queries/{name}/subscriptions/{found['subscriptionID']}"
    return found


def captured(client: httpx.Client, name: str, *numbers: int) -> list[str]:
    ids = [f"urn:uuid:{name}-{number}" for number in numbers]
    for each in ids:
        assert client.post("/events", json=event(each, bizStep=f"https://example.com/{name}")).status_code == 201
    return ids


def test_a_report_is_signed_and_sent_once(client: httpx.Client, desk: Desk, receiver: Receiver) -> None:
    """Events since the subscription, under an HMAC-SHA-256 of the very bytes, and not again."""
    captured(client, "signed", 0)
    made = subscribed(client, receiver, "signed")
    ids = captured(client, "signed", 1, 2)
    captured(client, "another", 3)
    desk.deliver()
    assert receiver.events() == ids
    headers, body = receiver.taken[0]
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["gs1-signature"] == f"sha256={mac}"
    assert results(json.loads(body))["subscriptionID"] == made["subscriptionID"]
    assert results(json.loads(body))["queryName"] == "signed"
    for _ in range(3):
        desk.deliver()
    assert receiver.events() == ids
    later = captured(client, "signed", 4)
    desk.deliver()
    assert receiver.events() == ids + later


def test_nothing_is_lost_or_sent_twice_to_a_subscriber_that_fails(
    client: httpx.Client, desk: Desk, receiver: Receiver
) -> None:
    """A report that was not taken is offered again with what came since; redirects are not followed."""
    subscribed(client, receiver, "failing")
    first = captured(client, "failing", 1)
    receiver.answers = [500, 302, 404]
    desk.deliver()
    desk.deliver(3)
    second = captured(client, "failing", 2)
    desk.deliver(5)
    assert receiver.taken == []
    one = client.get("/queries/failing/subscriptions").json()[0]
    assert (one["failedAttempts"], one["trouble"], one["suspended"]) == (3, "query.delivery-failed", False)
    desk.deliver(9)
    desk.deliver(60)
    assert receiver.events() == first + second
    assert client.get("/queries/failing/subscriptions").json()[0]["failedAttempts"] == 0


def test_pauses_grow_and_end(client: httpx.Client, desk: Desk, receiver: Receiver) -> None:
    """A subscriber that never answers is not asked more often than the pauses say, and in the end no more."""
    made = subscribed(client, receiver, "silent")
    captured(client, "silent", 1)
    receiver.answers = [503] * 100
    desk.deliver()
    desk.deliver(0.5)
    assert receiver.offered == 1
    for _ in range(MOST_ATTEMPTS + 5):
        desk.deliver(7 * 3_600)
    assert receiver.offered == MOST_ATTEMPTS
    assert client.get(f"/queries/silent/subscriptions/{made['subscriptionID']}").json()["suspended"] is True


def test_since_a_record_time(client: httpx.Client, desk: Desk, receiver: Receiver) -> None:
    """``initialRecordTime`` reaches back before the subscription."""
    ids = captured(client, "earlier", 1, 2)
    second = client.get(f"/events/{ids[1]}").json()["recordTime"]
    subscribed(client, receiver, "earlier", initialRecordTime=second)
    desk.deliver()
    assert receiver.events() == ids[1:]


def test_a_schedule_reports_at_its_times_and_empty_when_asked(
    client: httpx.Client, desk: Desk, receiver: Receiver
) -> None:
    """Nothing before its time; an empty report only when ``reportIfEmpty`` says so."""
    subscribed(client, receiver, "daily", stream=False, schedule={"hour": "3"}, reportIfEmpty=True)
    ids = captured(client, "daily", 1)
    now = desk.clock.moment
    desk.clock.moment = now.replace(hour=2, minute=59) if now.hour < 2 else now
    if now.hour >= 2:
        desk.deliver(0)
        assert receiver.taken == []
    desk.deliver(86_400)
    assert receiver.events() == ids
    desk.deliver(86_400)
    assert len(receiver.taken) == 2
    assert receiver.events() == ids


def test_many_events_come_in_several_reports(served_house: House, client: httpx.Client, desk: Desk, receiver: Receiver,
                                             monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A backlog is sent in parts, in order, whole."""
    monkeypatch.setattr("ledger.services.event_query.subscribing.MOST_EVENTS", 3)
    subscribed(client, receiver, "many")
    ids = captured(client, "many", *range(8))
    for _ in range(4):
        desk.deliver()
    assert receiver.events() == ids
    assert [len(results(json.loads(body))["resultsBody"]["eventList"]) for _, body in receiver.taken] == [3, 3, 2]
    catch_up(served_house.ledger.entries, served_house.ledger.events)


def test_the_secret_is_told_once_and_kept_sealed(client: httpx.Client, served_house: House, receiver: Receiver) -> None:
    """The answer to POST holds the signatureToken; no other answer does, nor does the database in clear."""
    made = subscribed(client, receiver, "sealed", signatureToken="")
    token = made["signatureToken"]
    assert len(token) == 64
    assert token not in client.get(f"/queries/sealed/subscriptions/{made['subscriptionID']}").text
    assert token not in client.get("/queries/sealed/subscriptions").text
    kept = served_house.ledger.subscriptions.get("demo", "sealed", made["subscriptionID"])
    assert kept is not None
    assert kept.secret.decode() == token
    files = Path(served_house.ledger.settings.home).glob("ledger.db*")
    assert all(token.encode() not in file.read_bytes() for file in files)


def test_another_tenant_has_no_part_in_it(
    served_house: House, client: httpx.Client, desk: Desk, receiver: Receiver
) -> None:
    """A foreign subscription is absent; and another tenant's events never come, whatever they match."""
    made = subscribed(client, receiver, "own")
    address = f"/queries/own/subscriptions/{made['subscriptionID']}"
    with served_house.client("other") as other:
        assert other.get(address).status_code == other.delete(address).status_code == 404
        captured(other, "own", 7)
    desk.deliver()
    assert receiver.events() == []
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["type"] == "epcisException:NoSuchSubscriptionException"


@pytest.mark.parametrize(
    "terms",
    [
        {"stream": True, "schedule": {"hour": "1"}},
        {"stream": False},
        {"stream": False, "schedule": {"hour": "24"}},
        {"stream": False, "schedule": {"dayOfMonth": "31", "month": "2"}},
        {"stream": False, "schedule": {}},
        {"signatureToken": "short"},
    ],
)
def test_terms_that_cannot_be_kept_are_refused(client: httpx.Client, receiver: Receiver, terms: dict[str, Any]) -> None:
    """Neither or both kinds of subscription, no such time, a weak key."""
    client.post("/queries", json={"name": "terms", "query": {}})
    answer = client.post("/queries/terms/subscriptions", json={"dest": receiver.url, "stream": True} | terms)
    assert answer.json()["type"] == "epcisException:SubscriptionControlsException"
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "destination",
    [
        "http://hooks.example.com/", "https://evil.example.net/", "https://hooks.example.com@evil.example.net/",
        "https://user:pw@hooks.example.com/", "ftp://hooks.example.com/", "http://127.0.0.1/", "http://[::1]/",
        "http://localhost:1/", "http://169.254.169.254/latest", "https://hooks.example.com.evil.net/", "file:///etc/x",
        "https://hooks.example.com/\r\nX: y", "https://hooks.example.com:99999/", "https://xn--hooks.example.org/",
    ],
)  # fmt: skip
def test_only_allowed_hosts_are_spoken_to(destination: str) -> None:
    """Whatever is not https on a host of the operator's list is refused before any name is looked up."""
    webhook = Webhook(frozenset({"hooks.example.com", ".partners.example.com"}))
    webhook.check("https://hooks.example.com/a?b=c")
    webhook.check("https://a.b.partners.example.com:8443/")
    with pytest.raises(DestinationRefused):
        webhook.send(destination, b"", {})


def test_an_allowed_name_that_leads_inside_is_refused() -> None:
    """A public name is only as good as the address behind it."""
    with pytest.raises(DestinationRefused):
        Webhook(frozenset({"localhost"})).send("https://localhost/", b"", {})


def test_a_subscriber_that_does_not_answer_is_given_up() -> None:
    """Nobody listens, or nobody answers in time: a failure, not a wait."""
    with receiving() as server:
        closed = server.url
    with pytest.raises(DeliveryFailed):
        Webhook(frozenset(), loopback=True, seconds=1).send(closed, b"{}", {})


@given(st.integers(1_700_000_000, 1_950_000_000), st.integers(0, 23), st.integers(0, 59))
def test_a_daily_schedule_comes_once_a_day(moment: int, hour: int, minute: int) -> None:
    """Always later, at that time, within a day."""
    now = moment * 1_000_000
    found = following(Schedule(hour=str(hour), minute=str(minute)), now)
    assert 0 < found - now <= 86_400_000_000
    assert found % 86_400_000_000 == (hour * 60 + minute) * 60_000_000


def test_schedules_of_the_calendar() -> None:
    """Leap days, weekdays and ranges, against dates of the calendar."""
    start = microseconds(datetime(2026, 1, 1, tzinfo=UTC))

    def at(**fields: str) -> datetime:
        return datetime.fromtimestamp(following(Schedule(**fields), start) / 1_000_000, UTC)

    assert at(day_of_month="29", month="2") == datetime(2028, 2, 29, tzinfo=UTC)
    assert at(day_of_week="1", hour="8") == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert at(minute="[10-12],40") == datetime(2026, 1, 1, 0, 10, tzinfo=UTC)
    assert at(second="30") == datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)
    assert start < NEVER
