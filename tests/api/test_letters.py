"""Reminders over HTTP: from the mail to the request by a one-time link, what was refused at the desk, the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api.pages.letters import reminder_letter
from ledger.ports.letters import Letter
from ledger.services.gate import Gate
from ledger.services.pcf_requests import Party, Wanted, ask, keep_calendar
from ledger.services.people import accept, invite
from ledger.services.reminders import Reminders, calendar_for
from tests.api.house import PRODUCT, SUPPLIER, House, served
from tests.mail_server import MailServer, mail_server

PAGE = {"accept": "text/html", "accept_language": "zh-CN"}


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, MailServer]]:
    """A house with a mail server, and a person of its supplier."""
    with mail_server() as server:
        terms = {"smtp_url": server.url, "mail_from": "ledger@example.com"}
        with served(tmp_path_factory.mktemp("home"), settings=terms) as house:
            ledger = house.ledger
            ledger.letters.set("demo", "calendar", '{"hour": 0}')  # whatever time of the day the test runs at
            person = {"tenant": "demo", "email": "wang@example.com", "name": "王芳", "role": "supplier"}
            _, secret = invite(ledger, **person, organisation=SUPPLIER)
            accept(ledger, Gate(ledger.principals, ledger.clock), secret, "四匹灰马站在湖边吃青草呢")
            yield house, server


def turn(house: House) -> list[Letter]:
    """The reminders of a request due in a week: planned and sent."""
    due = datetime.now(UTC).date() + timedelta(days=7)
    ask(house.ledger, Party("demo", "owner"), Wanted([SUPPLIER], [(PRODUCT, "铜线")], due))
    keep_calendar(house.ledger, ["demo"])
    Reminders(house.ledger, ["demo"], lambda one: reminder_letter(one, house.url)).work(lambda: False)
    return house.ledger.letters.listed("demo", 99)


def test_a_link_in_a_letter_opens_the_request_once(mailed: tuple[House, MailServer]) -> None:
    """Looking uses nothing up; the button signs its reader in and leads to the request; then the link is nothing."""
    house, server = mailed
    (letter,) = turn(house)
    text = server.letters.get(timeout=10).get_content()
    (path,) = set(re.findall(r"/remind/\S+", text))
    with house.client(**PAGE) as client:
        for _ in range(2):
            shown = client.get(path)
            assert "王芳" in shown.text
            assert shown.headers["referrer-policy"] == "no-referrer"
        assert client.post(path, headers={"Origin": "https://evil.example"}).status_code == 403
        answer = client.post(path)
        assert answer.status_code == 303
        there = client.get(answer.headers["location"])
        assert there.status_code == 200
        assert "铜线" in there.text
        assert client.get("/api/v1/session").json()["role"] == "supplier"
    with house.client(**PAGE) as stranger:
        for way in (stranger.get(path), stranger.post(path), stranger.get("/remind/nosuch")):
            assert way.status_code == 404
    with house.client("owner", **PAGE) as owner:
        listed = owner.get("/letters").text
        assert ("已发送" in listed, "王芳" in listed) == (True, True)
        assert path.rpartition("/")[2] not in listed
        assert owner.post("/letters/again", data={"letter": letter.id}).status_code == 404, "it was sent"
        assert owner.get("/letters/file", params={"letter": letter.id}).status_code == 404


def test_what_is_refused_stands_at_the_desk(mailed: tuple[House, MailServer]) -> None:
    """Why, at the request, for the house and the supplier; sent again by the admin alone."""
    house, server = mailed
    server.mood = "refuses"
    refused = next(one for one in turn(house) if one.state == "refused")
    for holder in ("procurement", "supplier"):
        with house.client(holder, **PAGE) as client:
            assert "no such person here" in client.get(f"/desk/requests/{refused.request}").text
            assert client.post("/letters/again", data={"letter": refused.id}).status_code == 403
    with house.client("other", **PAGE) as other:
        assert "王芳" not in other.get("/letters").text
        assert other.post("/letters/again", data={"letter": refused.id}).status_code == 404
    server.mood = "takes"
    with house.client("owner", **PAGE) as owner:
        assert owner.post("/letters/again", data={"letter": refused.id}).status_code == 303


def test_the_calendar_is_the_tenants(mailed: tuple[House, MailServer]) -> None:
    """Set by the admin as data, shown again; what is none is refused; another tenant keeps its own."""
    house, _ = mailed
    said = {
        "zone": "Asia/Shanghai",
        "rest": ["6", "7"],
        "off": "2026-10-01；2026-10-02",
        "on": "2026-10-10",
        "hour": "8",
    }
    with house.client("owner", **PAGE) as owner:
        assert owner.post("/letters/calendar", data=said).status_code == 303
        assert "2026-10-02" in owner.get("/letters").text
        assert owner.post("/letters/calendar", data=said | {"zone": "Mars"}).status_code in {400, 409, 422}
        assert owner.post("/letters/calendar", data=said | {"hour": "x"}).status_code == 400
    calendar = calendar_for(house.ledger, "demo")
    assert (calendar.zone, calendar.rest, calendar.hour) == ("Asia/Shanghai", (6, 7), 8)
    assert calendar_for(house.ledger, "other-tenant").zone == "UTC"
