"""One suite for ``ledger.ports.EntryStore``, against SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import resource
import signal
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import READ_BATCH, SqlEntries
from ledger.adapters.sql.tables import APPEND_ONLY
from ledger.log.errors import EntryAbsent, RecordConflict
from ledger.ports import Draft, LeafRow, Receipt, StoreUnavailable
from tests.builders import TENANT, draft_of, leg, legs, raw_draft
from tests.intruder import Intruder


@pytest.fixture
def entries(database: Database) -> SqlEntries:
    return SqlEntries(database)


def every_row(entries: SqlEntries) -> list[LeafRow]:
    return [row for rows in entries.rows(0, entries.size()) for row in rows]


# ---------------------------------------------------------------- sequence


def test_a_new_store_is_empty(entries: SqlEntries) -> None:
    """Nothing is there, and asking for something says so."""
    assert entries.size() == 0
    assert list(entries.rows(0, 10)) == []
    assert entries.find(TENANT, "leg-1") is None
    assert entries.append([], 5).count == 0


@pytest.mark.parametrize("index", [-1, 3, 2**63, 2**80])
def test_an_index_outside_the_log_is_refused(entries: SqlEntries, index: int) -> None:
    """An index that no entry has raises EntryAbsent, however large it is."""
    entries.append([draft_of(record) for record in legs(3)], 1)
    with pytest.raises(EntryAbsent):
        entries.entry(index)


def test_entries_are_numbered_in_the_order_handed_in(entries: SqlEntries) -> None:
    """Indices are contiguous over appends, and receipts name them."""
    outcomes = [
        outcome
        for start in (0, 3, 4)
        for outcome in entries.append([draft_of(r) for r in legs({0: 3, 3: 1, 4: 5}[start], start)], 7).outcomes()
    ]
    assert outcomes == [Receipt(index, 7, fresh=True) for index in range(9)]
    assert [json.loads(row.body)["record"]["id"] for row in every_row(entries)] == [f"leg-{n}" for n in range(9)]


def test_what_is_stored_is_what_was_handed_in(entries: SqlEntries) -> None:
    """Body, salt, kind and times come back byte for byte, with the leaf that they give at their place."""
    drafts = [draft_of(leg(f"leg-{n}", mass_g=n + 1, origin="上海\u2028\U0001f69a")) for n in range(3)]
    entries.append(drafts, 1_000)
    for index, (draft, row) in enumerate(zip(drafts, every_row(entries), strict=True)):
        assert (row.seq, row.tenant, row.kind, row.occurred_at) == (index, TENANT, draft.kind, draft.occurred_at)
        assert (row.recorded_at, row.salt, row.body) == (1_000, draft.salt, draft.body)
        assert row.leaf == entries.entry(index).leaf()
        assert entries.entry(index) == entries.find(TENANT, draft.record_id)
    assert entries.gathered([2, 0, 99]) == {0: entries.entry(0), 2: entries.entry(2)}
    assert entries.gathered([]) == {}


def test_recorded_time_never_falls(entries: SqlEntries) -> None:
    """When the clock steps back, an entry is recorded at the time of the one before."""
    recorded = [entries.append([draft_of(leg(f"leg-{n}"))], now).recorded_at for n, now in enumerate((50, 20, 60, 59))]
    assert recorded == [50, 50, 60, 60]
    assert [row.recorded_at for row in every_row(entries)] == recorded


@pytest.mark.parametrize("count", [READ_BATCH - 1, READ_BATCH, READ_BATCH + 1])
def test_rows_come_in_order_and_in_bounded_batches(entries: SqlEntries, count: int) -> None:
    """Any range is read completely and in order, in batches of at most READ_BATCH."""
    entries.append([raw_draft(b'{"record":{"id":"%d"}}' % n, str(n)) for n in range(count)], 1)
    batches = list(entries.rows(0, count + 5))
    assert [row.seq for rows in batches for row in rows] == list(range(count))
    assert max(map(len, batches)) <= READ_BATCH
    assert [row.seq for rows in entries.rows(count - 3, count) for row in rows] == [count - 3, count - 2, count - 1]


def test_a_body_of_the_greatest_size_is_kept(entries: SqlEntries) -> None:
    """A megabyte in one entry comes back whole."""
    body = b'{"record":{"id":"big"},"x":"' + b"x" * 999_000 + b'"}'
    entries.append([raw_draft(body, "big")], 1)
    assert entries.entry(0).body == body


# ---------------------------------------------------------------- the same again


def test_the_same_record_is_the_same_entry(entries: SqlEntries) -> None:
    """A repeat gets the receipt of the first, whoever hands it in and whatever its salt."""
    entries.append([draft_of(leg("leg-1"))], 5)
    entries.append([draft_of(leg("leg-2"))], 6)
    again = draft_of(leg("leg-1"), submitter="somebody else")._replace(salt=bytes(32))
    assert list(entries.append([again], 9).outcomes()) == [Receipt(0, 5, fresh=False)]
    assert entries.size() == 2


def test_another_record_of_the_same_id_is_a_conflict(entries: SqlEntries) -> None:
    """Only the contradicting record is left out, and its refusal names the entry that is there."""
    entries.append([draft_of(leg("leg-1"))], 5)
    outcomes = list(entries.append([draft_of(leg("leg-0")), draft_of(leg("leg-1", mass_g=1))], 6).outcomes())
    assert outcomes[0] == Receipt(1, 6, fresh=True)
    assert isinstance(outcomes[1], RecordConflict)
    assert outcomes[1].values() == {"record_id": "leg-1", "index": 0}
    assert entries.size() == 2


def test_repeats_and_conflicts_inside_one_batch(entries: SqlEntries) -> None:
    """The first of a batch counts; the rest of the batch is judged against it, position by position."""
    batch = [leg("a"), leg("b"), leg("a"), leg("b", mass_g=1), leg("c")]
    outcomes = list(entries.append([draft_of(record) for record in batch], 5).outcomes())
    assert outcomes[0] == Receipt(0, 5, fresh=True)
    assert outcomes[1] == Receipt(1, 5, fresh=True)
    assert outcomes[2] == Receipt(0, 5, fresh=False)
    assert isinstance(outcomes[3], RecordConflict)
    assert outcomes[4] == Receipt(2, 5, fresh=True)


def test_tenants_do_not_share_ids(entries: SqlEntries) -> None:
    """The same id under two tenants is two entries, and each tenant finds its own."""
    entries.append([draft_of(leg("x", mass_g=1), "one"), draft_of(leg("x", mass_g=2), "two")], 5)
    found = {tenant: entries.find(tenant, "x") for tenant in ("one", "two", "three")}
    assert [found[t] and found[t].index for t in ("one", "two", "three")] == [0, 1, None]
    assert [entry.tenant for entry in (found["one"], found["two"]) if entry] == ["one", "two"]


WEAK = {
    "all ids on one chain of keys": lambda _tenant, _name, attempt: attempt,
    "three keys to start from": lambda _tenant, name, attempt: (
        (hashlib.sha256(name.encode()).digest()[0] % 3) + attempt
    ),
    "the same key in every tenant": lambda _tenant, name, attempt: int(name.strip("leg-") or 0) % 2 + attempt,
}


@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK)
def test_ids_that_meet_on_one_key_stay_apart(database: Database, weak: object) -> None:
    """With a key function that collides at will, every rule above still holds."""
    entries = SqlEntries(database, key_of=weak)  # type: ignore[arg-type]
    entries.append([draft_of(leg("leg-0"), "one"), draft_of(leg("leg-0"), "two"), draft_of(leg("leg-1"), "one")], 1)
    outcomes = list(
        entries.append(
            [
                draft_of(leg("leg-2"), "one"),
                draft_of(leg("leg-0"), "two"),
                draft_of(leg("leg-1", mass_g=1), "one"),
                draft_of(leg("leg-1"), "two"),
                draft_of(leg("leg-1"), "two"),
            ],
            2,
        ).outcomes()
    )
    assert outcomes[0] == Receipt(3, 2, fresh=True)
    assert outcomes[1] == Receipt(1, 1, fresh=False)
    assert isinstance(outcomes[2], RecordConflict)
    assert outcomes[3:] == [Receipt(4, 2, fresh=True), Receipt(4, 2, fresh=False)]
    wanted = [("one", "leg-0"), ("two", "leg-0"), ("one", "leg-1"), ("one", "leg-2"), ("two", "leg-1")]
    assert [entry and entry.index for entry in itertools.starmap(entries.find, wanted)] == [0, 1, 2, 3, 4]
    assert entries.find("two", "leg-2") is None


# ---------------------------------------------------------------- several at once


def test_a_hundred_clients_with_one_record(entries: SqlEntries) -> None:
    """The same record handed in a hundred times at once is one entry, and all get the same index."""
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: next(entries.append([draft_of(leg("one"))], 5).outcomes()), range(100)))
    assert Counter(answers) == {Receipt(0, 5, fresh=False): 99, Receipt(0, 5, fresh=True): 1}
    assert entries.size() == 1


def test_many_appenders_leave_no_gap(entries: SqlEntries) -> None:
    """Eight threads with overlapping records: indices are contiguous, every id is there once, receipts are true."""

    def hand_in(worker: int) -> list[tuple[str, Receipt | RecordConflict]]:
        told = []
        for start in range(0, 40, 4):
            records = legs(6, start + worker % 3)
            told += zip(
                (r.id for r in records), entries.append([draft_of(r) for r in records], 5).outcomes(), strict=True
            )
        return told

    with ThreadPoolExecutor(8) as pool:
        told = [answer for answers in pool.map(hand_in, range(8)) for answer in answers]
    rows = every_row(entries)
    assert [row.seq for row in rows] == list(range(len(rows)))
    place = {json.loads(row.body)["record"]["id"]: row.seq for row in rows}
    assert len(place) == len(rows)
    assert {name: outcome.seq for name, outcome in told if isinstance(outcome, Receipt)} == place


# ---------------------------------------------------------------- refusals


def test_a_batch_that_cannot_be_stored_leaves_nothing(entries: SqlEntries) -> None:
    """One draft that the database refuses takes the whole batch with it, its new tenant included."""
    bad = draft_of(leg("bad"), "newcomer")._replace(occurred_at=2**70)
    with pytest.raises(Exception, match=r"(?i)range|int|large"):
        entries.append([draft_of(leg("good"), "newcomer"), bad], 5)
    assert entries.size() == 0
    entries.append([draft_of(leg("first"), "another")], 6)
    entries.append([draft_of(leg("good"), "newcomer")], 7)
    assert [(row.seq, row.tenant) for row in every_row(entries)] == [(0, "another"), (1, "newcomer")]
    assert entries.entry(1).leaf() == every_row(entries)[1].leaf


CHANGES = {
    f"{verb} {table}": sql.format(table)
    for table in APPEND_ONLY
    for verb, sql in {
        "update": "UPDATE {} SET " + ("bodies = bodies" if table == "entry_block" else "seq = seq"),
        "delete": "DELETE FROM {}",
        "upsert": "INSERT INTO {0} SELECT * FROM {0} WHERE true ON CONFLICT ("
        + ("first) DO UPDATE SET entries = 1" if table == "entry_block" else "key) DO UPDATE SET seq = 1"),
    }.items()
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_the_application_cannot_change_an_entry(entries: SqlEntries, sql: str) -> None:
    """On the application's own connections entries can be added, not changed and not removed."""
    entries.append([draft_of(leg())], 1)
    before = every_row(entries)
    with pytest.raises(DBAPIError), entries.database.writing() as connection:
        connection.execute(text(sql))
    assert every_row(entries) == before


def test_replacing_is_deleting(sqlite_url: str) -> None:
    """SQLite's INSERT OR REPLACE does not slip past the trigger on the application's connections."""
    entries = SqlEntries(Database(open_engine(sqlite_url)))
    entries.append([draft_of(leg())], 1)
    for table in APPEND_ONLY:
        with pytest.raises(DBAPIError, match="append-only"), entries.database.writing() as connection:
            connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))
    entries.database.engine.dispose()


@pytest.mark.parametrize("sql", [*CHANGES.values(), *(f"TRUNCATE {table}" for table in APPEND_ONLY)])
def test_not_even_the_owner_changes_an_entry_by_accident(postgres_url: str, sql: str) -> None:
    """On PostgreSQL the owner of the table, too, is stopped by triggers until he switches them off."""
    entries = SqlEntries(Database(open_engine(postgres_url)))
    entries.append([draft_of(leg())], 1)
    entries.database.engine.dispose()
    with pytest.raises(Exception, match="append-only"):
        Intruder(postgres_url).run(sql, triggers=True)


def test_the_application_works_as_a_restricted_role(postgres_url: str) -> None:
    """On PostgreSQL its connections are not the owner's, and the role may not even try to change an entry."""
    entries = SqlEntries(Database(open_engine(postgres_url)))
    with entries.database.reading() as connection:
        assert connection.execute(text("SELECT current_user")).scalar() == "onecode_writer"
    with pytest.raises(DBAPIError, match="permission denied"), entries.database.writing() as connection:
        connection.execute(text("TRUNCATE entry_block"))
    entries.database.engine.dispose()


# ---------------------------------------------------------------- no room, no server


def big_drafts(count: int, start: int = 0) -> list[Draft]:
    return [
        raw_draft(b'{"record":{"id":"%d","x":"%s"}}' % (n, b"x" * 20_000), str(n)) for n in range(start, start + count)
    ]


def test_a_full_database_takes_all_of_a_batch_or_nothing(sqlite_url: str) -> None:
    """Without room an append raises StoreUnavailable and leaves nothing; with room again it goes on by itself."""
    entries = SqlEntries(Database(open_engine(sqlite_url)))
    entries.append(big_drafts(5), 1)
    with entries.database.reading() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 8}"))
    refused = 0
    for start in range(5, 40, 5):
        before = entries.size()
        with suppress(StoreUnavailable):
            entries.append(big_drafts(5, start), 2)
            continue
        refused += 1
        assert entries.size() == before
    assert refused > 3
    with entries.database.reading() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    size = entries.size()
    assert entries.append(big_drafts(50, 1000), 3).first == size
    assert [row.seq for row in every_row(entries)] == list(range(size + 50))
    entries.database.engine.dispose()


def test_a_disk_that_takes_no_more_bytes(sqlite_url: str) -> None:
    """The operating system refuses to let the file grow: typed refusal, nothing in part, healthy when room is back."""

    def live() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        entries = SqlEntries(Database(open_engine(sqlite_url)))
        entries.append(big_drafts(5), 1)
        used = max(path.stat().st_size for path in Path(sqlite_url.removeprefix("sqlite:///")).parent.iterdir())
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (used + 200_000, hard))
        for start in itertools.count(5, 5):
            try:
                entries.append(big_drafts(5, start), 2)
            except StoreUnavailable:
                break
        assert entries.size() == start
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert entries.append(big_drafts(5, start), 3).first == start
        assert [row.seq for row in every_row(entries)] == list(range(start + 5))

    child = os.fork()
    if child == 0:
        try:
            live()
        except BaseException:  # noqa: BLE001 - the parent sees the exit code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_a_connection_cut_by_the_server(postgres_url: str) -> None:
    """When PostgreSQL ends a connection in the middle of an append, the refusal is typed and the next append works."""
    entries = SqlEntries(Database(open_engine(postgres_url)))
    entries.append([draft_of(leg("before"))], 1)
    drafts = [draft_of(record) for record in legs(3)]

    def cut(_tenant: str, name: str, _attempt: int) -> int:
        if name == "leg-2":
            Intruder(postgres_url).run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:7])

    with pytest.raises(StoreUnavailable):
        SqlEntries(entries.database, key_of=cut).append(drafts, 2)
    assert entries.size() == 1
    assert entries.append(drafts, 3).first == 1
    entries.database.engine.dispose()


def test_a_database_that_is_not_there() -> None:
    """Opening it says that the database is unavailable, with a reason."""
    with pytest.raises(StoreUnavailable):
        open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
