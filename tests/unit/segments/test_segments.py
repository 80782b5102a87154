"""Sealed segments: what a stranger reads out of the files, and what is caught when they are not as they were."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow.parquet as pq
import pytest

from ledger.adapters.segments.folder import FolderSegments
from ledger.adapters.segments.parquet import Writer
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.errors import LeafMismatch, PinMismatch, ProofMalformed, RootMismatch, SignatureMismatch
from ledger.records.record import decode
from ledger.segments.errors import ColumnsDiffer, SegmentFileAltered, SegmentMalformed, SegmentsApart
from ledger.segments.manifest import Manifest, Sealed
from ledger.segments.tables import TABLES
from ledger.services.check_segments import SegmentReport, check_segments
from ledger.services.seal import Sealer, seal_all, seal_next
from tests.builders import PRODUCT, correction, leg, note_key, scan
from tests.rig import Rig

OTHER = "https://id.gs1.org/01/09506000134369"


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


@pytest.fixture
def store(tmp_path: Path) -> FolderSegments:
    return FolderSegments(tmp_path / "segments")


def sealer(rig: Rig, store: FolderSegments, holder: str = "one") -> Sealer:
    return Sealer(rig.entries, rig.checkpoints, rig.leases, store, holder)


def hub(name: str, **changes: Any) -> Any:
    fields = {
        "hub": "H1",
        "id": name,
        "kind": "hub_operation",
        "mass_g": 5_000,
        "occurred_at": "2026-01-02T08:00:00+08:00",
        "operation": "storage",
        "product": PRODUCT,
        "quantity": 3,
        "route": "route-1",
        "version": 1,
    }
    return decode(msgspec.json.encode(fields | changes))


def fill(rig: Rig, round_number: int = 0) -> None:
    """Legs on two routes, one of them as far and heavy as any can be, a scan, a hub operation; confirmed."""
    n = round_number * 10
    records = [
        leg(f"a{n}", quantity=2, driven_m=310_000),
        leg(f"b{n}", route="route-2", product=OTHER, carrier="carrier-2"),
        scan(f"urn:uuid:{n}"),
        leg(f"c{n}", mass_g=10**12, distance_m=10**8, driven_m=10**8),
        hub(f"h{n}"),
    ]
    rig.capture(records)
    rig.round()
    rig.round()


@pytest.fixture
def two(rig: Rig, store: FolderSegments) -> FolderSegments:
    """Two segments of five entries."""
    for number in range(2):
        fill(rig, number)
        assert seal_next(sealer(rig, store), 1) is not None
    return store


def report(store: FolderSegments, key: VerifierKey | None = None, **more: Any) -> SegmentReport:
    return check_segments(store, key=key or note_key().verifier, **more)


def faults(store: FolderSegments, **more: Any) -> list[type]:
    return [type(fault) for fault in report(store, **more).faults]


def put(row: int, column: int, value: Any) -> Any:
    def change(rows: list[list[Any]]) -> None:
        rows[row][column] = value

    return change


# ---------------------------------------------------------------- what a stranger reads


def test_a_stranger_gets_root_and_totals_with_tools_of_their_own(two: FolderSegments) -> None:
    """DuckDB, hashlib and the format's page: leaves, root and sums come out without a line of the ledger's code."""
    roots = []
    leaves: list[bytes] = []
    for folder in sorted(two.folder.iterdir()):
        rows = duckdb.sql(
            f"SELECT seq, tenant, recorded_at, salt, body, leaf FROM '{folder}/entries.parquet' ORDER BY seq"
        ).fetchall()
        for seq, tenant, recorded_at, salt, body, leaf in rows:
            tag = hashlib.sha256(b"onecode/tenant/1\n" + tenant.encode()).digest()
            committed = hashlib.sha256(salt + body).digest()
            packed = struct.pack(">Q32sQ32s", seq, tag, recorded_at, committed)
            assert hashlib.sha256(b"\0onecode/entry/1\n" + packed).digest() == leaf
            leaves.append(leaf)
        note = msgspec.json.decode((folder / "manifest.json").read_bytes())["checkpoint"]
        roots.append((len(leaves), base64.b64decode(note.split("\n")[2])))
    for size, root in roots:
        assert mth(leaves[:size]) == root

    cells = max(two.folder.iterdir()) / "cells.parquet"
    totals = duckdb.sql(
        f"SELECT route, sum(mass_g::HUGEINT * distance_m), count(*) FROM '{two.folder}/*/legs.parquet' "
        f"JOIN '{cells}' USING (cell) GROUP BY route ORDER BY route"
    ).fetchall()
    assert totals == [("route-1", 2 * (12_500 * 302_000 + 10**20), 4), ("route-2", 2 * 12_500 * 302_000, 2)]
    sums = duckdb.sql(f"SELECT route, sum(gram_metres)::HUGEINT, sum(legs)::INT FROM '{cells}' GROUP BY 1 ORDER BY 1")
    assert sums.fetchall() == totals


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, as its text has it."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


# ---------------------------------------------------------------- sealing


def test_what_was_sealed_holds(two: FolderSegments) -> None:
    """Both segments, by files alone; and nobody's key means that it cannot be told."""
    found = report(two)
    assert (found.verdict, found.segments, found.entries) == (0, 2, 10)
    assert check_segments(two).verdict == 2
    assert check_segments(FolderSegments(two.folder / "none"), key=note_key().verifier).verdict == 2


def test_only_what_is_confirmed_is_sealed_and_only_once(rig: Rig, store: FolderSegments) -> None:
    """Nothing before it is confirmed, nothing twice, and fewer entries than asked for wait."""
    rig.chain.down = True
    rig.take(3)
    rig.round()
    assert seal_all(sealer(rig, store)) == []
    rig.chain.down = False
    rig.round()
    rig.round()
    assert seal_next(sealer(rig, store), 4) is None
    assert [made.name for made in seal_all(sealer(rig, store))] == ["000000000000-000000000003"]
    assert seal_all(sealer(rig, store)) == []


def test_the_same_entries_give_the_same_files(rig: Rig, two: FolderSegments, tmp_path: Path) -> None:
    """Sealed again, byte for byte; and checkpoints that fit into one segment go into one."""
    again, third = FolderSegments(tmp_path / "again"), FolderSegments(tmp_path / "third")
    for store in (again, third):
        seal_all(sealer(rig, store))
    assert again.manifests() == third.manifests()
    assert [made.name for made in again.manifests()] == ["000000000000-000000000010"]
    assert report(again).verdict == 0
    assert len(two.manifests()) == 2


def test_a_seal_that_is_killed_leaves_nothing_half(rig: Rig, store: FolderSegments) -> None:
    """Whatever it had written is not a segment, and the next one begins anew and clears it away."""
    fill(rig)

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        seal_next(sealer(rig, store), 1, progress=die)
    (store.folder / ".part-left").mkdir()
    assert store.manifests() == []
    assert seal_next(sealer(rig, store), 1) is not None
    assert [path.name for path in store.folder.iterdir()] == ["000000000000-000000000005"]
    assert report(store).verdict == 0


def test_one_worker_seals_at_a_time(rig: Rig, store: FolderSegments) -> None:
    """While another one holds the lease nothing is sealed."""
    fill(rig)
    assert rig.leases.acquire("seal", "two", 60) is not None
    assert seal_next(sealer(rig, store), 1) is None
    assert seal_next(sealer(rig, store, "two"), 1) is not None


# ---------------------------------------------------------------- corrections


@pytest.fixture
def corrected(rig: Rig, store: FolderSegments) -> FolderSegments:
    """A leg withdrawn in its own segment, and in the next one the other leg of its cell, a hub operation and a scan."""
    fill(rig)
    rig.capture([correction("a0")])
    for _ in range(2):
        rig.round()
    seal_next(sealer(rig, store), 1)
    rig.capture([leg("z", route="route-3"), *map(correction, ("c0", "h0", "z"))])
    for _ in range(2):
        rig.round()
    assert seal_next(sealer(rig, store), 1) is not None
    return store


def test_a_correction_is_in_the_segment_where_it_stands(corrected: FolderSegments) -> None:
    """Its row names both entries, its leg is off the running sums, and the files alone show that this is right."""
    first, second = corrected.manifests()
    found = [[tuple(row) for rows in corrected.rows(each, "withdrawals") for row in rows] for each in (first, second)]
    assert found == [[(0, 5)], [(3, 7), (4, 8), (6, 9)]]
    sums = {row[2]: row[8:] for rows in corrected.rows(second, "cells") for row in rows}
    assert sums["route-1"] == sums["route-3"] == (0, 0, 0, 0, 0, 0)
    assert sums["route-2"] == (1, 12_500, 12_500 * 302_000, 0, 0, 1)
    assert report(corrected).verdict == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.append((1, 9)),
        put(0, 0, 1),
        put(0, 0, 8),
        put(0, 1, 8),
    ],
)
def test_withdrawals_that_no_correction_says_are_caught(corrected: FolderSegments, change: Any) -> None:
    """One left out, one made up, another leg, an entry after it, another correction."""
    rewritten(corrected, 1, "withdrawals", change)
    assert ColumnsDiffer in faults(corrected)


def test_a_withdrawal_left_out_together_with_its_sums_is_caught(corrected: FolderSegments) -> None:
    """Everything else of the segment is made to fit: the record is looked for and found."""

    def with_leg(rows: list[list[Any]]) -> None:
        (row,) = (row for row in rows if row[2] == "route-3")
        row[8:] = [1, 12_500, 12_500 * 302_000, 0, 0, 1]

    rewritten(corrected, 1, "withdrawals", lambda rows: rows.pop())
    rewritten(corrected, 1, "cells", with_leg)
    (fault,) = report(corrected).faults
    assert isinstance(fault, ColumnsDiffer)
    assert (fault.table, fault.derived) == ("withdrawals", "(6, 9)")


def test_what_a_missing_segment_holds_cannot_be_told(corrected: FolderSegments) -> None:
    """A correction of an entry whose segment is not here is neither right nor wrong."""
    (corrected.folder / corrected.manifests()[0].name).rename(corrected.folder.parent / "away")
    assert (report(corrected).verdict, report(corrected).faults) == (2, [])


# ---------------------------------------------------------------- tampering


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_byte_of_a_file_is_caught(two: FolderSegments, table: str) -> None:
    """Of every file, in the middle and at the end."""
    path = two.path(two.manifests()[0], table)
    data = path.read_bytes()
    for at in (4, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert faults(two)[0] is SegmentFileAltered
    path.unlink()
    assert faults(two)[0] is SegmentFileAltered


def test_a_changed_byte_of_a_manifest_is_caught(two: FolderSegments) -> None:
    """Any byte: it is malformed, or it contradicts what it is about."""
    path = two.folder / two.manifests()[1].name / "manifest.json"
    data = path.read_bytes()
    for at in range(0, len(data), 41):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert report(two).verdict == 1, at


def rewritten(store: FolderSegments, number: int, table: str, change: Any) -> None:
    """A forger's work: the rows of a file changed, and the manifest made to fit it."""
    manifest = store.manifests()[number]
    rows = [list(row) for batch in store.rows(manifest, table) for row in batch]
    change(rows)
    path = store.path(manifest, table)
    writer = Writer(path, table)
    writer.add(rows)
    writer.close()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    files = dict(manifest.files) | {table: Sealed(path.stat().st_size, len(rows), digest)}
    forged = Manifest(
        manifest.start,
        manifest.stop,
        manifest.before,
        manifest.checkpoint_note,
        manifest.receipt_note,
        manifest.previous,
        files,
    )
    (store.folder / manifest.name / "manifest.json").write_bytes(forged.to_bytes())


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("legs", put(0, 3, 1)),
        ("legs", put(0, 1, 1)),
        ("legs", lambda rows: rows.pop()),
        ("legs", lambda rows: rows.append(rows[-1])),
        ("hubs", put(0, 8, 1)),
        ("withdrawals", lambda rows: rows.append((5, 6))),
        ("cells", put(0, 8, 7)),
        ("cells", put(0, 2, "route-x")),
    ],
)
def test_columns_that_contradict_the_bodies_are_caught(two: FolderSegments, table: str, change: Any) -> None:
    """A file changed together with its manifest: the recorded bytes give other rows."""
    rewritten(two, 1, table, change)
    assert faults(two) == [ColumnsDiffer]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put(0, 7, b'{"record":{}}'), LeafMismatch),
        (put(0, 5, bytes(32)), LeafMismatch),
        (put(0, 1, "others"), LeafMismatch),
        (put(0, 4, 1), LeafMismatch),
        (put(0, 3, 1), LeafMismatch),
        (put(0, 2, "hub_operation"), LeafMismatch),
        (put(0, 2, "no-such-kind"), LeafMismatch),
        (put(0, 0, 3), LeafMismatch),
        (lambda rows: rows.pop(0), LeafMismatch),
    ],
)
def test_entries_that_were_changed_are_caught(two: FolderSegments, change: Any, fault: type) -> None:
    """Any column of an entry, and an entry that is gone, although the manifest was made to fit."""
    rewritten(two, 1, "entries", change)
    found = report(two).faults
    assert len(found) == 1
    assert isinstance(found[0], fault)


def test_a_rewritten_entry_with_its_leaf_leads_to_another_root(two: FolderSegments) -> None:
    """Whoever hashes the leaf anew as well is caught by the checkpoint."""

    def change(rows: list[list[Any]]) -> None:
        row = rows[1]
        row[7] = row[7].replace(b"12500", b"12501")
        tag = hashlib.sha256(b"onecode/tenant/1\n" + row[1].encode()).digest()
        packed = struct.pack(">Q32sQ32s", row[0], tag, row[4], hashlib.sha256(row[5] + row[7]).digest())
        row[6] = hashlib.sha256(b"\0onecode/entry/1\n" + packed).digest()

    rewritten(two, 0, "entries", change)
    rewritten(two, 0, "legs", put(1, 3, 12_501))
    assert ColumnsDiffer not in faults(two)
    assert RootMismatch in faults(two)


def test_another_key_another_pin_and_another_file_are_caught(two: FolderSegments) -> None:
    """A key of another log or by another hand, a pinned checkpoint of another root, a file of other columns."""
    assert faults(two, key=note_key(seed=2).verifier) == [SignatureMismatch] * 2
    assert faults(two, key=note_key("onecode.local/other").verifier) == [ProofMalformed] * 2
    held = two.manifests()[1].checkpoint
    assert report(two, pinned=held).verdict == 0
    assert faults(two, pinned=Checkpoint(held.origin, held.size, bytes(32))) == [PinMismatch]
    manifest = two.manifests()[0]
    pq.write_table(pq.read_table(two.path(manifest, "hubs")), two.path(manifest, "legs"))
    with pytest.raises(SegmentMalformed):
        list(two.rows(manifest, "legs"))


def test_segments_that_do_not_follow_on_are_told(rig: Rig, two: FolderSegments) -> None:
    """One missing in the middle is a fault; where the first are missing the rest is checked and left open."""
    fill(rig, 2)
    assert seal_next(sealer(rig, two), 1) is not None
    first, second, _ = two.manifests()
    away = two.folder.parent / "away"
    (two.folder / second.name).rename(away)
    assert faults(two) == [SegmentsApart]
    away.rename(two.folder / second.name)
    (two.folder / first.name).rename(away)
    found = report(two)
    assert (found.verdict, found.faults, found.entries) == (2, [], 10)
    rewritten(two, 0, "legs", put(0, 3, 1))
    assert faults(two)[0] is ColumnsDiffer
