"""Letters on SQLite and PostgreSQL: put down once, claimed by one, each tenant's own; settings likewise."""

from __future__ import annotations

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.letters import SqlLetters
from ledger.ports.letters import Letter


def _letter(name: str, tenant: str = "house", at: int = 10) -> Letter:
    return Letter(tenant, name, "person1", "request:1", "2026-12-01", 7, at, at)


def test_a_letter_is_put_down_once_and_claimed_by_one(database: Database) -> None:
    """The longest due first; what was claimed and left gets the state that is said; a link is used once."""
    store = SqlLetters(database)
    first, second = _letter("a", at=20), _letter("b", at=10)
    store.put([first, second, _letter("a", "other", at=90)])
    store.put([first._replace(days=1)])
    assert store.listed("house", 9) == [first, second]
    assert store.listed("house", 9, "request:2") == []
    assert store.claim(5, 50) is None
    taken = store.claim(20, 50)
    assert taken == second._replace(state="sending", claimed_until=50)
    sent = second._replace(state="sent", attempts=1, token_hash=b"h" * 32)
    store.moved(sent)
    assert store.by_token(b"h" * 32) == sent
    assert store.by_token(b"x" * 32) is None
    assert not store.use(sent._replace(token_hash=b"x" * 32), 60)
    assert (store.use(sent, 60), store.use(sent, 61)) == (True, False)
    assert store.claim(20, 50) == first._replace(state="sending", claimed_until=50)
    assert store.claim(20, 50) is None
    assert (store.lapsed(50, "doubtful", "why"), store.lapsed(51, "doubtful", "why")) == (0, 1)
    assert [(one.id, one.state) for one in store.listed("house", 9)] == [("a", "doubtful"), ("b", "sent")]
    assert [one.state for one in store.listed("other", 9)] == ["waiting"]


def test_settings_are_the_tenants_own(database: Database) -> None:
    """Absent, set, set again; another tenant has none of it."""
    store = SqlLetters(database)
    assert store.setting("house", "calendar") is None
    for value in ("{}", '{"zone":"Asia/Shanghai"}'):
        store.set("house", "calendar", value)
        assert store.setting("house", "calendar") == value
    assert store.setting("other", "calendar") is None
