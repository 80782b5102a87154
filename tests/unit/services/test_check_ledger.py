"""The checker finds every change behind the ledger's back, names the first bad entry, and cries wolf never."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ledger.adapters.sql import blocks
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.tables import ENTRY_BLOCK, ENTRY_KEY
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import commitment, leaf, tenant_tag
from ledger.log.errors import CheckpointContradicts, EntryLost, LeafMismatch, PinMismatch, RootMismatch, TileMismatch
from ledger.log.merkle import levels, root
from ledger.log.proof import verify
from ledger.ports import ChainUnavailable, LeafRow
from ledger.services import check_entries
from ledger.services.anchor import anchor_receipt
from ledger.services.check_entries import ColumnContradicts
from ledger.services.check_ledger import ChainBehind, CheckReport, check_ledger
from ledger.services.close_checkpoint import Closing, close_checkpoint
from ledger.services.prove import prove
from tests.builders import TENANT, note_key, scan
from tests.intruder import Intruder
from tests.memory_chain import MemoryChain
from tests.rig import Rig

SIZES = (100, 290, 300)
"""Where the checkpoints of the sound ledger end: within and beyond one whole tile of 256. Two entries follow."""


def sound(url: str) -> Rig:
    """Three confirmed checkpoints, two entries after them, two tenants, two kinds."""
    rig = Rig(Database(open_engine(url)))
    for size in SIZES:
        rig.take(size - rig.taken - 1)
        rig.capture([scan(f"urn:uuid:{size}")])
        rig.taken += 1
        for _ in range(2):
            rig.round()
    rig.take(2)
    with rig.database.writing() as connection:
        rig.database.tenant_id(connection, "another")
    return rig


@dataclass
class Copies:
    """Copies of one sound ledger, each to be tampered with, on the same chain."""

    chain: MemoryChain
    make: Callable[[], str]
    drop: Callable[[str], None]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    if request.param == "sqlite":
        directory = tmp_path_factory.mktemp("sound")
        path = directory / "ledger.db"
        rig = sound(f"sqlite:///{path}")
        rig.database.engine.dispose()
        return Copies(rig.chain, lambda: _copied(path), lambda url: Path(url.removeprefix("sqlite:///")).unlink())
    server = request.getfixturevalue("postgres_server")
    url = server.fresh()
    rig = sound(url)
    rig.database.engine.dispose()
    return Copies(rig.chain, lambda: server.copy(url), server.drop)


def _copied(path: Path) -> str:
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def rig(copies: Copies) -> Iterator[Rig]:
    url = copies.make()
    rig = Rig(Database(open_engine(url)), copies.chain, taken=SIZES[-1] + 2)
    yield rig
    rig.database.engine.dispose()
    copies.drop(url)


@pytest.fixture
def intruder(rig: Rig) -> Intruder:
    return Intruder(rig.database.engine.url.render_as_string(hide_password=False))


def flip(value: Any) -> Any:
    """The value with one bit changed, somewhere inside."""
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, str):
        middle = next(at for at in range(len(value) // 2, len(value)) if value[at].isalnum())
        return value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


def change(intruder: Intruder, table: str, column: str, where: str, to: Callable[[Any], Any] = flip) -> None:
    """Change one column of one row."""
    ((value,),) = intruder.run(f"SELECT {column} FROM {table} WHERE {where}")
    intruder.run(f"UPDATE {table} SET {column} = ? WHERE {where}", to(value))


@dataclass
class Spans:
    """Other processes that take entries off the checker, all of them this one."""

    place: Any

    def run(self, task: Callable[[Any, Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        yield from (task(self.place, item) for item in items)


@pytest.fixture(autouse=True)
def _short_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_entries, "SPAN", 64)


def judged(rig: Rig, first_bad: int | None, *kinds: type[LedgerError]) -> CheckReport:
    """Assert that the check fails, at this entry, for these reasons, alone and with others' help."""
    for workers in (Spans(rig), None):
        report = rig.check(workers=workers)  # type: ignore[arg-type]
        assert report.verdict == 1, report
        assert report.first_bad == first_bad, report
        assert {type(fault) for fault in report.faults} == set(kinds), report
    return report


# ---------------------------------------------------------------- nothing wrong


def test_a_sound_ledger_holds(rig: Rig) -> None:
    """Everything is counted and nothing is reported."""
    for workers in (Spans(rig), None):
        report = rig.check(workers=workers)  # type: ignore[arg-type]
        assert (report.verdict, report.entries, report.checkpoints, report.first_bad) == (0, 302, 3, None)
        assert report.chain_size == 300


def test_an_empty_ledger_holds(database: Database) -> None:
    """Nothing to check is nothing wrong."""
    assert Rig(database).check().verdict == 0


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 512, 700])
def test_no_false_alarm_at_any_size(sqlite_url: str, count: int) -> None:
    """Sizes around the tiles' edges, with checkpoints in between, hold."""
    rig = Rig(Database(open_engine(sqlite_url)))
    for size in sorted({max(1, count // 3), count}):
        rig.take(size - rig.taken)
        rig.round()
    assert (rig.check().verdict, rig.check().entries) == (0, count)
    rig.database.engine.dispose()


def test_no_false_alarm_while_the_ledger_works(database: Database) -> None:
    """Checked again and again while records come in and are anchored, it always holds."""
    rig = Rig(database)
    rig.take(250)

    def work() -> None:
        for _ in range(40):
            rig.take(3)
            rig.round()

    thread = Thread(target=work)
    thread.start()
    verdicts = []
    while thread.is_alive():
        report = rig.check()
        verdicts.append((report.verdict, report.faults, report.unknown))
    thread.join()
    assert verdicts == [(0, [], [])] * len(verdicts)
    assert verdicts


def test_the_chain_cannot_be_asked(rig: Rig) -> None:
    """Without an answer from the chain it cannot tell, and says so, unless something else is wrong."""
    rig.chain = MemoryChain(down=True)
    report = rig.check()
    assert (report.verdict, [type(error) for error in report.unknown]) == (2, [ChainUnavailable])


# ---------------------------------------------------------------- entries

COLUMNS = {
    "body": LeafMismatch,
    "salt": LeafMismatch,
    "leaf": LeafMismatch,
    "recorded_at": LeafMismatch,
    "kind": ColumnContradicts,
    "occurred_at": ColumnContradicts,
    "key": ColumnContradicts,
}


COLUMNS_OF_A_BLOCK = tuple(name for name, kind in zip(blocks.COLUMNS, blocks.TYPES, strict=True) if kind == "bytea")


@pytest.mark.parametrize("index", [0, 137, 289, 301])
@pytest.mark.parametrize("column", COLUMNS)
def test_one_bit_of_one_column(rig: Rig, intruder: Intruder, column: str, index: int) -> None:
    """A bit changed in any column of any entry is found, and the entry is named."""
    intruder.alter(index, alone=column == "recorded_at", **{column: flip(intruder.entry(index)[column])})
    judged(rig, index, COLUMNS[column])


def test_the_time_of_a_whole_block(rig: Rig, intruder: Intruder) -> None:
    """Entries recorded together share their time: changed, it contradicts the first of them."""
    ((first,),) = intruder.run("SELECT max(first) FROM entry_block WHERE first <= 137")
    intruder.run("UPDATE entry_block SET recorded_at = recorded_at + 1 WHERE first = ?", first)
    judged(rig, first, LeafMismatch)


@pytest.mark.parametrize("column", COLUMNS_OF_A_BLOCK)
def test_one_bit_anywhere_in_a_block(rig: Rig, intruder: Intruder, column: str) -> None:
    """A bit changed anywhere in the stored form of some entries is found, at or after the first of them."""
    ((first, entries, value),) = intruder.run(
        f"SELECT first, entries, {column} FROM entry_block WHERE first <= 137 ORDER BY first DESC LIMIT 1"
    )
    for at in (0, len(value) // 3, len(value) - 1):
        altered = bytearray(value)
        altered[at] ^= 4
        intruder.run(f"UPDATE entry_block SET {column} = ? WHERE first = ?", bytes(altered), first)
        report = rig.check()
        assert report.verdict == 1, (column, at)
        assert report.first_bad is not None, (column, at)
        assert first <= report.first_bad < first + entries, (column, at)
        intruder.run(f"UPDATE entry_block SET {column} = ? WHERE first = ?", value, first)
    assert rig.check().verdict == 0


DISTORTED = {
    "shorter": "substr({0}, 1, length({0}) - 1)",
    "empty": "substr({0}, 1, 0)",
    "longer": "{0} || {0}",
}


@pytest.mark.parametrize("how", DISTORTED.values(), ids=DISTORTED)
@pytest.mark.parametrize("column", COLUMNS_OF_A_BLOCK)
def test_parts_of_a_block_that_do_not_fit(rig: Rig, intruder: Intruder, column: str, how: str) -> None:
    """A part that is too short or too long is a fault at the block's first entry, and never a crash."""
    ((first,),) = intruder.run("SELECT max(first) FROM entry_block WHERE first <= 137")
    intruder.run(f"UPDATE entry_block SET {column} = {how.format(column)} WHERE first = ?", first)
    judged(rig, first, LeafMismatch)


@pytest.mark.parametrize("entries", [-1, 0, 1, 2**31 - 1])
def test_a_block_that_counts_wrongly(rig: Rig, intruder: Intruder, entries: int) -> None:
    """Neither too few nor too many are believed."""
    ((first,),) = intruder.run("SELECT max(first) FROM entry_block WHERE first <= 137")
    intruder.run("UPDATE entry_block SET entries = ? WHERE first = ?", entries, first)
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, first)


@pytest.mark.parametrize(
    ("column", "value"), [("tenant_id", 2), ("tenant_id", 99), ("kind", 99), ("kind", -1), ("recorded_at", -5)]
)
def test_values_that_make_no_sense(rig: Rig, intruder: Intruder, column: str, value: int) -> None:
    """Another tenant, or values no entry can have, are reported like any other change."""
    intruder.alter(137, alone=column == "recorded_at", **{column: value})
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, 137)


def test_every_column_of_an_entry_is_covered() -> None:
    """There is no column that the tests above leave out."""
    assert set(LeafRow._fields) == {*COLUMNS, "tenant", "seq"} - {"key"}
    assert {column.name for column in ENTRY_BLOCK.columns} == {*COLUMNS_OF_A_BLOCK, "first", "entries", "recorded_at"}
    assert {column.name for column in ENTRY_KEY.columns} == {"key", "seq"}


DELETED = {"first": 0, "middle": 137, "last of a checkpoint": 289, "last of all checkpoints": 299}


@pytest.mark.parametrize("index", DELETED.values(), ids=DELETED)
def test_an_entry_is_deleted(rig: Rig, intruder: Intruder, index: int) -> None:
    """The first missing entry is named."""
    intruder.remove(index, index + 1)
    judged(rig, index, EntryLost)


@pytest.mark.parametrize("first", [0, 50, 299])
def test_everything_from_some_entry_on_is_deleted(rig: Rig, intruder: Intruder, first: int) -> None:
    """A cut-off log is found by the checkpoints that say it was longer."""
    intruder.remove(first, 302)
    judged(rig, first, EntryLost)


def test_an_entry_is_inserted(rig: Rig, intruder: Intruder) -> None:
    """Room made in the middle by moving the rest, and a forged entry put there: found where it begins."""
    intruder.insert(137, like=136)
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, 137)


def test_an_entry_is_forged_at_the_end(rig: Rig, intruder: Intruder) -> None:
    """An entry appended past the ledger does not have the leaf of its place."""
    intruder.insert(302, like=301)
    judged(rig, 302, LeafMismatch)


SWAPS = {
    "entries": ("tenant_id", "kind", "occurred_at", "salt", "leaf", "body"),
    "salts": ("salt",),
    "bodies": ("body",),
    "bodies with their salts": ("body", "salt"),
    "bodies with salts, leaves and keys": ("body", "salt", "leaf", "key"),
    "keys": ("key",),
}


@pytest.mark.parametrize("columns", SWAPS.values(), ids=SWAPS)
def test_two_entries_are_swapped(rig: Rig, intruder: Intruder, columns: Sequence[str]) -> None:
    """Whatever two entries exchange, the first of the two is named."""
    low, high = intruder.entry(10), intruder.entry(200)
    intruder.alter(10, **{"key": -1} if "key" in columns else {})
    for seq, other in ((200, low), (10, high)):
        intruder.alter(seq, **{column: other[column] for column in columns})
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, 10)


def test_every_bit_of_every_stored_field(sqlite_url: str) -> None:
    """All single-bit changes of some whole entries are found, each at its entry: some 8,000 of them."""
    rig = Rig(Database(open_engine(sqlite_url)))
    rig.take(3)
    rows = next(rig.entries.rows(0, 3))
    tried = 0
    for row in rows[:2]:
        for column in LeafRow._fields[2:]:
            for altered in _bits(getattr(row, column)):
                changed = [other if other is not row else row._replace(**{column: altered}) for other in rows]
                report = check_ledger(_Altered(rig.entries, changed), rig.checkpoints, rig.key.verifier, None)
                assert (report.verdict, report.first_bad) == (1, row.seq), (column, altered)
                tried += 1
    assert tried > 7_500
    rig.database.engine.dispose()


class _Altered:
    """An entry store whose rows somebody changed."""

    def __init__(self, entries: SqlEntries, rows: list[LeafRow]) -> None:
        self._entries, self._rows = entries, rows

    def size(self) -> int:
        return len(self._rows)

    def rows(self, start: int, stop: int) -> Iterator[list[LeafRow]]:
        yield self._rows[start:stop]

    def places(self, keys: Sequence[int]) -> Mapping[int, int]:
        return self._entries.places(keys)

    def find(self, tenant: str, record_id: str) -> Any:
        found = self._entries.find(tenant, record_id)
        return None if found else found


def _bits(value: Any) -> Iterator[Any]:
    if isinstance(value, int):
        yield from (value ^ 1 << bit for bit in range(63))
        return
    for bit in range(8 * len(value)):
        changed = bytearray(value)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


# ---------------------------------------------------------------- consistent rewrites


def rewrite(intruder: Intruder, index: int) -> list[bytes]:
    """Change a record and its leaf so that they agree; the leaves of the whole log after that."""
    found = intruder.entry(index)
    forged = found["body"].replace(b'"mass_g":12500', b'"mass_g":12400')
    assert forged != found["body"]
    hashed = leaf(index, tenant_tag(TENANT), found["recorded_at"], commitment(found["salt"], forged))
    intruder.alter(index, body=forged, leaf=hashed)
    return [intruder.entry(seq)["leaf"] for seq in range(302)]


def rewrite_tiles(intruder: Intruder, leaves: list[bytes]) -> None:
    """The tiles of a log with these leaves."""
    tree = levels(leaves[: SIZES[-1]])
    for number in range(2):
        hashes = b"".join(tree[0][256 * number : 256 * (number + 1)])
        intruder.run("UPDATE tile SET hashes = ? WHERE level = 0 AND number = ?", hashes, number)
    intruder.run("UPDATE tile SET hashes = ? WHERE level = 1 AND number = 0", root(leaves[:256]))


def test_a_record_rewritten_with_its_leaf(rig: Rig, intruder: Intruder) -> None:
    """It shows where the first checkpoint over it begins, and in the tile."""
    rewrite(intruder, 137)
    report = judged(rig, 0, RootMismatch, TileMismatch)
    assert [fault for fault in report.faults if isinstance(fault, RootMismatch)]
    assert report.faults[0].values()["expected"] == rig.checkpoints.all()[1].checkpoint.root.hex()


def test_a_record_rewritten_with_leaf_and_tree(rig: Rig, intruder: Intruder) -> None:
    """With the tiles rewritten too, the roots of the checkpoints still say otherwise."""
    rewrite_tiles(intruder, rewrite(intruder, 137))
    judged(rig, 100, RootMismatch)


def test_a_record_rewritten_up_to_the_roots(rig: Rig, intruder: Intruder) -> None:
    """With the roots of the checkpoints rewritten too, their signed notes and receipts say otherwise."""
    leaves = rewrite(intruder, 137)
    rewrite_tiles(intruder, leaves)
    for size in SIZES[1:]:
        intruder.run("UPDATE checkpoint SET root = ? WHERE size = ?", root(leaves[:size]), size)
    judged(rig, 100, CheckpointContradicts, ChainBehind)


def rewrite_everything(rig: Rig, intruder: Intruder) -> None:
    """What an operator can do who has the signing key: everything but the chain."""
    leaves = rewrite(intruder, 137)
    rewrite_tiles(intruder, leaves)
    for size in SIZES[1:]:
        checkpoint = Checkpoint(rig.key.name, size, root(leaves[:size]))
        stored = rig.checkpoints.get(size)
        assert stored is not None
        receipt_note = stored.receipt_note.partition("\n\n")[0] + "\n"
        old = Checkpoint(rig.key.name, size, stored.checkpoint.root).text
        forged = rig.key.sign(receipt_note.replace(old, checkpoint.text))
        intruder.run(
            "UPDATE checkpoint SET root = ?, note = ?, receipt_note = ? WHERE size = ?",
            checkpoint.root,
            rig.key.sign(checkpoint.text),
            forged,
            size,
        )


def test_an_operator_who_rewrites_everything(rig: Rig, intruder: Intruder) -> None:
    """With the signing key all of the database can be made to agree; the chain, and a pinned checkpoint, do not."""
    kept = rig.newest().checkpoint
    rewrite_everything(rig, intruder)
    alone = check_ledger(rig.entries, rig.checkpoints, rig.key.verifier, None)
    assert alone.verdict == 0
    judged(rig, None, ChainBehind)
    proof = prove(rig.entries, rig.checkpoints, 137, size=300)
    with pytest.raises(PinMismatch):
        verify(proof, key=rig.key.verifier, pinned=kept)


@pytest.mark.parametrize("changed", [{"block_number": 9}, {"transaction": bytes(32)}, {"contract": "0x" + "ab" * 20}])
def test_an_operator_who_forges_a_receipt(rig: Rig, intruder: Intruder, changed: dict[str, Any]) -> None:
    """A receipt and its note that agree, but name another block, transaction or contract, are denied by the chain."""
    stored = rig.newest()
    assert stored.receipt is not None
    receipt = replace(stored.receipt, **changed)
    note = rig.key.sign(anchor_receipt(stored, receipt).text)
    intruder.run(
        "UPDATE checkpoint SET block_number = ?, tx_hash = ?, contract = ?, receipt_note = ? WHERE size = 300",
        receipt.block_number,
        receipt.transaction,
        receipt.contract,
        note,
    )
    judged(rig, None, ChainBehind)


def test_another_key(rig: Rig) -> None:
    """Notes of another key than the one that is trusted do not count."""
    report = check_ledger(rig.entries, rig.checkpoints, note_key(seed=2).verifier, rig.chain)
    assert (report.verdict, report.first_bad, len(report.faults)) == (1, 0, 3)


# ---------------------------------------------------------------- checkpoints

CHECKPOINT_COLUMNS = (
    "previous_size",
    "origin",
    "root",
    "note",
    "chain_id",
    "contract",
    "tx_hash",
    "block_number",
    "block_hash",
    "block_time",
    "receipt_note",
)


@pytest.mark.parametrize("size", [100, 300])
@pytest.mark.parametrize("column", CHECKPOINT_COLUMNS)
def test_one_bit_of_a_checkpoint(rig: Rig, intruder: Intruder, column: str, size: int) -> None:
    """Whatever its note or its receipt vouches for cannot be changed; the entries from where it begins are named."""
    change(intruder, "checkpoint", column, f"size = {size}")
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, {100: 0, 300: 290}[size])


def test_a_checkpoint_with_the_note_of_another(rig: Rig, intruder: Intruder) -> None:
    """A note that the log did sign, for another size, does not vouch for this one."""
    ((note,),) = intruder.run("SELECT note FROM checkpoint WHERE size = 100")
    intruder.run("UPDATE checkpoint SET note = ? WHERE size = 290", note)
    judged(rig, 100, CheckpointContradicts)


@pytest.mark.parametrize("state", ["checkpointed", "anchored", "final"])
def test_a_state_that_its_receipt_contradicts(rig: Rig, intruder: Intruder, state: str) -> None:
    """A confirmed checkpoint cannot be called anything else, nor something that is no state."""
    intruder.run("UPDATE checkpoint SET state = ? WHERE size = 290", state)
    judged(rig, 100, CheckpointContradicts)


def test_confirmed_without_a_receipt(rig: Rig, intruder: Intruder) -> None:
    """A checkpoint that was never anchored cannot be called confirmed."""
    rig.chain = MemoryChain(down=True)
    close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)
    intruder.run("UPDATE checkpoint SET state = 'confirmed' WHERE size = 302")
    judged(rig, 300, CheckpointContradicts)


def test_the_sizes_are_changed(rig: Rig, intruder: Intruder) -> None:
    """A checkpoint moved to another size has another root there, and a note of the old size."""
    intruder.run("UPDATE checkpoint SET size = 289 WHERE size = 290")
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, 100)


@pytest.mark.parametrize(("size", "first_bad"), [(100, 0), (290, 100), (300, None)])
def test_a_checkpoint_is_deleted(rig: Rig, intruder: Intruder, size: int, first_bad: int | None) -> None:
    """The one after it no longer abuts; the newest is missed by the chain."""
    intruder.run("DELETE FROM checkpoint WHERE size = ?", size)
    report = rig.check()
    assert (report.verdict, report.first_bad) == (1, first_bad)


def test_all_checkpoints_are_deleted(rig: Rig, intruder: Intruder) -> None:
    """The chain remembers that there were some."""
    intruder.run("DELETE FROM checkpoint")
    judged(rig, None, ChainBehind)


# ---------------------------------------------------------------- tiles


@pytest.mark.parametrize("tile", [(0, 0, 0), (0, 1, 256), (1, 0, 0)])
@pytest.mark.parametrize("change_to", [flip, lambda hashes: hashes[:-32], lambda _: b""], ids=["bit", "short", "empty"])
def test_a_tile_is_changed(
    rig: Rig, intruder: Intruder, tile: tuple[int, int, int], change_to: Callable[[Any], Any]
) -> None:
    """A tile with a wrong or missing hash is found, though every entry and every root is in order."""
    level, number, first = tile
    change(intruder, "tile", "hashes", f"level = {level} AND number = {number}", lambda data: change_to(bytes(data)))
    judged(rig, first, TileMismatch)


@pytest.mark.parametrize("number", [0, 7, 8, 19])
def test_a_tile_of_a_long_log(sqlite_url: str, number: int) -> None:
    """In a log that is read in many batches, a damaged tile of any of them is found."""
    rig = Rig(Database(open_engine(sqlite_url)))
    rig.take(5_200)
    rig.round()
    assert rig.check().verdict == 0
    change(Intruder(sqlite_url), "tile", "hashes", f"level = 0 AND number = {number}", lambda data: flip(bytes(data)))
    judged(rig, 256 * number, TileMismatch)
    rig.database.engine.dispose()


def test_a_tile_is_deleted(rig: Rig, intruder: Intruder) -> None:
    """A missing tile is reported like an empty one."""
    intruder.run("DELETE FROM tile WHERE level = 0 AND number = 0")
    judged(rig, 0, TileMismatch)


def test_nothing_is_signed_over_a_damaged_tile(rig: Rig, intruder: Intruder) -> None:
    """Before it signs, the ledger rebuilds the last root from the tiles: a signature could not be taken back."""
    change(intruder, "tile", "hashes", "level = 0 AND number = 1", lambda data: flip(bytes(data)))
    with pytest.raises(CheckpointContradicts):
        close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)
    assert rig.newest().checkpoint.size == 300


@pytest.mark.parametrize("harm", ["changed", "deleted"])
@pytest.mark.parametrize("index", [300, 301])
def test_nothing_is_signed_over_a_damaged_entry(rig: Rig, intruder: Intruder, harm: str, index: int) -> None:
    """An entry that changed or vanished before its first checkpoint stops the checkpoint, and is named."""
    if harm == "deleted":
        intruder.remove(index, index + 1)
    else:
        intruder.alter(index, body=intruder.entry(index)["salt"])
    if index == 301 and harm == "deleted":
        closed = close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)
        assert closed is not None
        assert closed.checkpoint.size == 301  # the end of a log that no checkpoint covers is nobody's witness
        return
    with pytest.raises(LeafMismatch) as raised:
        close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)
    assert raised.value.index == index
    assert Closing(rig.checkpoints, rig.key, rig.clock).previous == 300
