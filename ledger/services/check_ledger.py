"""
Check the whole log against everything that vouches for it.

Every leaf is hashed again from stored bytes, every checkpoint's root rebuilt from those leaves, every note's signature
verified, and the newest checkpoint compared with the chain's head. The first bad index is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.errors import ChainError, LedgerError
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.errors import LeafMismatch, RootMismatch
from ledger.log.tiles import Growth
from ledger.ports import Chain, CheckpointStore, EntryStore, LeafRow, StoredCheckpoint
from ledger.records.record import KINDS
from ledger.services.close_checkpoint import checked_leaves

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class CheckReport:
    """What was rebuilt and what does not hold."""

    entries: int = 0
    checkpoints: int = 0
    first_bad: int | None = None
    faults: list[LedgerError] = field(default_factory=list)
    unknown: list[LedgerError] = field(default_factory=list)
    chain_size: int | None = None

    @property
    def verdict(self) -> int:
        """0 holds, 1 does not hold, 2 cannot tell."""
        return 1 if self.faults else 2 if self.unknown else 0


class ColumnContradicts(LeafMismatch):
    """A column beside the body says something else than the body."""

    code = "log.column"
    column: str
    en = "entry {index}: column {column} contradicts the recorded bytes"
    zh = "第 {index} 号条目：列 {column} 与所记内容矛盾"


class ChainBehind(ChainError):
    """The chain and the log disagree about what was anchored."""

    code = "chain.disagrees"
    why: str
    en = "log and chain disagree: {why}"
    zh = "账本与链不一致：{why}"
    fix_en = "If the database was restored from a backup, restore a newer one; else call the auditor"
    fix_zh = "若数据库来自备份，请恢复更新的备份；否则请通知审计方"


def check_ledger(
    entries: EntryStore,
    checkpoints: CheckpointStore,
    key: VerifierKey,
    chain: Chain | None,
    progress: Progress | None = None,
) -> CheckReport:
    """Rebuild and compare everything; never raises for what it finds, it reports."""
    report = CheckReport(entries=entries.size())
    growth = Growth(0, lambda _: {})
    pending = _stored(checkpoints)
    following = next(pending, None)
    try:
        for rows in entries.rows(0, report.entries):
            _check_columns(rows)
            leaves, done = checked_leaves(rows), 0
            while following is not None and following.checkpoint.size <= growth.size + len(leaves) - done:
                upto = done + following.checkpoint.size - growth.size
                growth.add(leaves[done:upto])
                done = upto
                _check_checkpoint(following, growth, key, report)
                following = next(pending, None)
            growth.add(leaves[done:])
            growth.tiles.clear()
            if progress:
                progress(growth.size, report.entries)
    except LeafMismatch as fault:
        report.faults.append(fault)
        report.first_bad = fault.index
    if following is not None and not report.faults:
        missing = LeafMismatch(index=growth.size)
        report.faults.append(missing)
        report.first_bad = growth.size
    _check_chain(checkpoints, chain, report)
    return report


def _stored(checkpoints: CheckpointStore):  # type: ignore[no-untyped-def]  # noqa: ANN202
    after = 0
    while page := checkpoints.all(after):
        yield from page
        after = page[-1].checkpoint.size


def _check_columns(rows: list[LeafRow]) -> None:
    """Kind is repeated in a column for speed; the body is what was recorded."""
    names = [b'"kind":"' + name.encode() + b'"' for name, _ in KINDS]
    for row in rows:
        if not 0 <= row.kind < len(names) or names[row.kind] not in row.body:
            raise ColumnContradicts(index=row.seq, column="kind")


def _check_checkpoint(stored: StoredCheckpoint, growth: Growth, key: VerifierKey, report: CheckReport) -> None:
    report.checkpoints += 1
    root = growth.tree().root()
    try:
        if root != stored.checkpoint.root:
            raise RootMismatch(expected=stored.checkpoint.root.hex(), got=root.hex())
        note = Note.parse(stored.note)
        key.verify(note)
        if Checkpoint.parse(note.text) != stored.checkpoint:
            raise RootMismatch(expected=note.text.split("\n")[2], got=stored.checkpoint.root.hex())
    except LedgerError as fault:
        report.faults.append(fault)
        if report.first_bad is None:
            report.first_bad = stored.previous_size


def _check_chain(checkpoints: CheckpointStore, chain: Chain | None, report: CheckReport) -> None:
    if chain is None:
        return
    try:
        head = chain.head()
    except ChainError as error:
        report.unknown.append(error)
        return
    report.chain_size = head.size
    ours = checkpoints.get(head.size) if head.size else None
    if head.size and (ours is None or ours.checkpoint.root != head.root):
        report.faults.append(ChainBehind(why=f"the chain's head (size {head.size}) is not a checkpoint of this log"))
    for stored in checkpoints.newest(1):
        if stored.state == "confirmed" and head.size < stored.checkpoint.size:
            report.faults.append(
                ChainBehind(why=f"size {stored.checkpoint.size} was confirmed, the chain's head is {head.size}")
            )
