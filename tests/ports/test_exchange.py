"""What the exchange keeps, on SQLite and PostgreSQL: pages from the newest back, of one partner or all; troubles."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.exchange import SqlExchange
from ledger.ports.exchange import Outgoing, Passed, Request

MADE = (5, 3, 5, 5, 1, 4)
"""When each was made: some at one time."""


@pytest.fixture
def store(database: Database) -> SqlExchange:
    return SqlExchange(database, Fernet(Fernet.generate_key()))


def outgoing(number: int, at: int, **changes: Any) -> Outgoing:
    said = {"tenant": "demo", "partner": "ab"[number % 2], "major": 3, "event": {}, "state": "sent", "attempts": 1}
    return Outgoing(**{"id": f"e-{number}", **said, "next_at": 0, "created_at": at, "trouble": "", **changes})


def test_pages_are_the_list_in_any_size(store: SqlExchange) -> None:
    """Each once, in one order, also where many were made at one time; a partner's alone; nobody else's."""
    store.send([outgoing(number, at) for number, at in enumerate(MADE)])
    for number, at in enumerate(MADE):
        store.ask(Request(f"r-{number}", "demo", "ab"[number % 2], 3, {}, "sent", at))
    order = ["0", "2", "3", "5", "1", "4"]
    for partner, wanted in (("", order), ("a", ["0", "2", "4"]), ("b", ["3", "5", "1"])):
        for limit in (1, 2, 9):
            found, asked = list[str](), list[str]()
            behind = last = None
            while sent := store.outbox("demo", limit, partner=partner, behind=behind):
                found += [one.id[2:] for one in sent]
                behind = Passed(sent[-1].created_at, sent[-1].id)
            while requests := store.requests("demo", limit, partner=partner, behind=last):
                asked += [one.id[2:] for one in requests]
                last = Passed(requests[-1].asked_at, requests[-1].id)
            assert found == asked == wanted
    assert store.outbox("other", 9) == store.requests("other", 9) == []


def test_the_trouble_of_a_partner_is_that_of_its_newest_event_that_is_not_sent(store: SqlExchange) -> None:
    store.send(
        [
            outgoing(0, 1, state="waiting", trouble="old"),
            outgoing(2, 2, state="dead", trouble="new"),
            outgoing(4, 3, state="sent", trouble="over"),
            outgoing(1, 4, state="waiting"),
            outgoing(3, 5, tenant="other", state="dead", trouble="foreign"),
        ]
    )
    assert store.troubles("demo") == {"a": "new"}
    assert store.troubles("other") == {"b": "foreign"}
    assert store.outgoing("demo", "e-2") is not None
    assert store.outgoing("other", "e-2") is None
