"""One suite for ``ledger.ports.Lifecycles`` on SQLite and PostgreSQL: whatever the batches, as the pure fold says."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.lifecycles import SqlLifecycles
from ledger.adapters.sql.mark import ProjectionGap
from ledger.lifecycle.lives import replay
from ledger.ports import AssetFilter, LeafRow
from ledger.records.record import Record, microseconds
from ledger.services.project import catch_up, rebuild
from tests.builders import TENANT, draft_of
from tests.lives import (
    HERE,
    OTHER,
    PALLET,
    RACK,
    THERE,
    THING,
    THINGS,
    UNITS,
    born,
    held,
    micros,
    seen,
    views,
    world,
)  # fmt: skip
from tests.postgres import PostgresServer
from tests.rig import Rig

CODES = [*THINGS, *UNITS]


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SqlLifecycles:
    """Tables that many worlds use one after the other."""
    if request.param == "sqlite":
        return SqlLifecycles(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('standing') / 'ledger.db'}")))
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return SqlLifecycles(Database(open_engine(server.fresh())))


def rows_of(records: list[Record], tenant: str = TENANT) -> list[LeafRow]:
    """Rows as the entry store gives them."""
    drafts = [draft_of(record, tenant) for record in records]
    return [LeafRow(n, tenant, d.kind, d.occurred_at, 0, d.salt, b"", d.body) for n, d in enumerate(drafts)]


def said(lifecycles: SqlLifecycles, upto: int | None = None) -> dict[str, Any]:
    """What the store says of every code."""
    found = {code: lifecycles.asset(TENANT, code, upto) for code in CODES}
    inside = {code: [one.id for one in lifecycles.contents(TENANT, code, upto)] for code in CODES}
    return {"lives": {c: (f.id, f.life) if f else None for c, f in found.items()}, "contents": inside}


def expected(records: list[Record], upto: int | None = None) -> dict[str, Any]:
    """What the pure fold says."""
    lives, primary = replay(views(records), upto=upto)
    first = {code: primary.get(code, code) for code in CODES}
    return {
        "lives": {code: (one, lives.states[one]) if one in lives.states else None for code, one in first.items()},
        "contents": {
            code: sorted(key for key, life in lives.states.items() if life.parent == one) for code, one in first.items()
        },
    }


def flagged(records: list[Record]) -> list[tuple[Any, ...]]:
    lives, _ = replay(views(records))
    found = {(one.key, one.seq, one.code): (one.other, one.at, one.detail) for one in lives.anomalies}
    return sorted((key, *rest) for key, rest in found.items())


@pytest.mark.parametrize("seed", range(6))
def test_folds_in_any_batches_say_what_the_pure_fold_says(standing: SqlLifecycles, seed: int) -> None:
    """States, contents and flags, now and in the middle, with late events, errors, circles and further codes."""
    records, chance = world(seed), Random(seed)
    rows = rows_of(records)
    standing.reset()
    done = 0
    while done < len(rows):
        size = chance.randint(1, 6)
        standing.fold(rows[done : done + size])
        done += size
    assert said(standing) == expected(records)
    middle = sorted(microseconds(record.occurred_at) for record in records)[len(records) // 2]
    assert said(standing, middle) == expected(records, middle)
    found = standing.anomalies(TENANT, limit=10_000)
    assert sorted(((one.key, one.seq, one.code), one.other, one.at, one.detail) for one in found) == flagged(records)


def test_repeats_change_nothing_and_gaps_are_refused(rig: Rig) -> None:
    """Through the real log: overlapping folds, a rebuild, and a hole."""
    store = SqlLifecycles(rig.database)
    rig.capture([seen(hour, "storing", THINGS[hour % 4]) for hour in range(12)])
    rows = [row for batch in rig.entries.rows(0, rig.entries.size()) for row in batch]
    store.fold(rows[:5])
    store.fold(rows[:8])
    with pytest.raises(ProjectionGap):
        store.fold(rows[10:])
    store.fold(rows)
    before = said(store), store.counts(TENANT)
    rebuild(rig.entries, store)
    assert (said(store), store.counts(TENANT)) == before
    assert store.watermark() == len(rows)
    store.reset()
    assert store.counts(TENANT) == {"assets": 0, "units": 0, "events": 0, "anomalies": 0}


def test_a_scan_by_one_tenant_moves_no_other_tenants_thing(standing: SqlLifecycles) -> None:
    """The same code in two tenants has two lives; whoever named it first comes first."""
    standing.reset()
    mine, theirs = rows_of([seen(1, "storing", place=HERE)]), rows_of([seen(2, "destroying", action="DELETE")], "other")
    standing.fold(mine)
    standing.fold([row._replace(seq=1) for row in theirs])
    own, foreign = standing.asset(TENANT, THING), standing.asset("other", THING)
    assert own
    assert foreign
    assert (own.life.stage, own.life.place, foreign.life.stage, foreign.life.place) == ("stored", HERE, "destroyed", "")
    assert standing.tenants(THING) == [TENANT, "other"]
    assert [one.tenant for one in standing.assets("other")] == ["other"]
    assert standing.asset("nobody", THING) is None
    assert standing.history("nobody", THING) == []
    assert standing.anomalies("other") == []
    assert standing.counts("nobody")["assets"] == 0


def test_history_tells_what_was_felt(standing: SqlLifecycles) -> None:
    """Own events, the unit's while inside, what was declared an error and the declaration; up to a time."""
    declared = {"declarationTime": "2026-01-02T00:00:00Z", "reason": "did_not_occur"}
    wrong = {"name": "wrong", "place": THERE}
    records = [
        born(0), held(1, "ADD", PALLET, THING), seen(2, "shipping", PALLET), seen(3, "storing", **wrong),
        seen(3, "storing", errorDeclaration=declared, **wrong), held(4, "DELETE", PALLET, THING),
        seen(5, "storing", PALLET),
    ]  # fmt: skip
    standing.reset()
    standing.fold(rows_of(records))
    rows = standing.history(TENANT, THING)
    assert [(row.event.seq, row.role, row.unit, row.voided) for row in rows] == [
        (0, "self", "", False), (1, "child", PALLET, False), (2, "content", PALLET, False), (3, "self", "", True),
        (4, "self", "", False), (5, "child", PALLET, False),
    ]  # fmt: skip
    assert [row.event.seq for row in standing.history(TENANT, THING, micros(2))] == [0, 1, 2]
    assert rows[4].event.voids
    assert [row.event.seq for row in standing.history(TENANT, THING, limit=2)] == [4, 5]


def test_lists_aliases_and_tallies(standing: SqlLifecycles) -> None:
    """Filters, pages, further codes, and sums in which units have no part."""
    alias = seen(9, "tagging", RACK, action="ADD", ilmd={"aliasOf": THING})
    records = [
        born(0, THING, category="onu", massKg="0.5", valueCNY="10.25"),
        born(1, OTHER, category="onu"),
        seen(2, "storing", THING, place=f"{HERE}/254/A1"),
        seen(3, "encoding", OTHER, place=THERE, onecode__tid="AA"),
        held(4, "ADD", PALLET, OTHER),
        alias,
    ]
    standing.reset()
    standing.fold(rows_of(records))
    assert [one.id for one in standing.assets(TENANT)] == [THING, OTHER]
    assert [one.id for one in standing.assets(TENANT, after=THING, limit=1)] == [OTHER]
    for wanted, found in (
        (AssetFilter(stage="stored"), [THING]),
        (AssetFilter(place=HERE), [THING]),
        (AssetFilter(category="onu", stage="packed"), [OTHER]),
        (AssetFilter(category="none"), []),
        (AssetFilter(kind="unit"), [PALLET]),
    ):
        assert [one.id for one in standing.assets(TENANT, wanted)] == found
    assert [(one.code, one.seq) for one in standing.aliases(TENANT, RACK)] == [(RACK, 5)]
    stored, packed = sorted(standing.tallies(TENANT, (micros(3), micros(1))), key=lambda tally: -tally.bucket)
    assert (stored.things, stored.bucket, stored.mass_g, stored.value_fen, stored.tagged) == (1, 1, 500, 1025, 0)
    assert (packed.things, packed.bucket, packed.weighed, packed.tagged) == (1, -1, 0, 1)


def test_the_worker_keeps_it_up_with_the_log(rig: Rig) -> None:
    """Records captured one by one end in the same states as at once."""
    store = SqlLifecycles(rig.database)
    records = world(7)
    for record in records:
        rig.capture([record])
        catch_up(rig.entries, store)
    once = said(store)
    rebuild(rig.entries, store)
    assert said(store) == once
