"""Drafts on SQLite and PostgreSQL: each person's own, never overwritten unseen, swept when their time is over."""

from __future__ import annotations

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.drafts import SqlDrafts
from ledger.ports.drafts import Draft

ONE = "00000000-0000-4000-8000-000000000001"
TWO = "00000000-0000-4000-8000-000000000002"


def test_a_draft_is_its_persons_own_and_overwritten_only_by_who_saw_it(database: Database) -> None:
    """Kept, changed from what was seen, refused from anything else; absent for others; discarded and taken back."""
    store = SqlDrafts(database)
    first = Draft("house", "a", ONE, {"comment": "铜"}, 10)
    assert store.keep(first, 0)
    assert not store.keep(first._replace(said={}), 0)
    assert store.keep(first._replace(said={"comment": "2"}, changed_at=20), 10)
    assert not store.keep(first._replace(said={"comment": "3"}, changed_at=30), 10)
    assert store.get("house", "a", ONE) == Draft("house", "a", ONE, {"comment": "2"}, 20)
    for tenant, person in (("house", "b"), ("other", "a")):
        assert store.get(tenant, person, ONE) is None
        assert store.listed(tenant, person, 9) == []
        assert not store.discard(tenant, person, ONE, 30)
        store.forget(tenant, person, ONE)
    assert store.keep(first._replace(id=TWO, changed_at=40), 0)
    assert [one.id for one in store.listed("house", "a", 9)] == [TWO, ONE]
    assert [one.id for one in store.listed("house", "a", 1)] == [TWO]
    assert store.discard("house", "a", ONE, 50)
    assert store.sweep(50, 0) == 0
    assert store.discard("house", "a", ONE, 0)
    assert store.sweep(99, 0) == 0
    assert store.discard("house", "a", ONE, 50)
    assert store.sweep(51, 0) == 1
    assert store.sweep(0, 41) == 1
    assert store.listed("house", "a", 9) == []
