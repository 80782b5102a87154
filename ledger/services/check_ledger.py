"""
Check the whole log against everything that vouches for it.

Every leaf is hashed again from stored bytes, every column beside the bytes compared with them, every checkpoint's root
rebuilt from those leaves, every note and receipt verified, every tile compared, and the newest checkpoint held against
the chain. The first bad index is named. It may run while the ledger works: what comes in meanwhile is left for the
next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ledger.errors import ChainError, LedgerError, LogError
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.errors import (
    ChainRewritten,
    EntryLost,
    LeafMismatch,
    NotExtended,
    PinForeign,
    PinMismatch,
    RootMismatch,
    TileMismatch,
)
from ledger.log.tiles import TILE_HEIGHT, Growth, Place
from ledger.ports import Chain, CheckpointStore, EntryStore, Head, StoredCheckpoint, TileId, Workers
from ledger.services.check_checkpoint import check_checkpoint
from ledger.services.check_entries import sound_leaves
from ledger.services.close_checkpoint import tree_of

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

    def found(self, fault: LedgerError, index: int | None = None) -> None:
        """A fault, and the first entry that it is about."""
        self.faults.append(fault)
        if index is not None and (self.first_bad is None or index < self.first_bad):
            self.first_bad = index


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
    *,
    progress: Progress | None = None,
    workers: Workers | None = None,
    pinned: Checkpoint | None = None,
) -> CheckReport:
    """
    Rebuild and compare everything; never raises for what it finds, it reports. ``workers`` take entries off it.

    ``pinned`` is a checkpoint that the caller kept: log and chain must both extend it, or the log was rewritten.
    """
    last = checkpoints.latest()  # before the entries: all that a checkpoint covers was there before it
    report = CheckReport(entries=entries.size())
    check = _Check(checkpoints, key, report, last.checkpoint.size if last else 0)
    try:
        size = max(report.entries, check.covered)
        check.run(sound_leaves(entries, 0, size, workers), size, progress)
    except LeafMismatch as fault:
        report.found(fault, fault.index)
    confirmed = check.rest()
    if pinned is not None:
        report.faults += _unheld(checkpoints, pinned, check.covered, key)
    if chain is not None:
        _check_chain(checkpoints, chain, confirmed, report)
        if pinned is not None and report.chain_size is not None and _anchored_before(checkpoints, pinned, report):
            why = f"you hold size {pinned.size}, its head is {report.chain_size}"
            report.found(ChainRewritten(why=why, why_zh=f"您持有大小 {pinned.size}，而链上最新为 {report.chain_size}"))
    return report


def _unheld(checkpoints: CheckpointStore, pinned: Checkpoint, covered: int, key: VerifierKey) -> list[LedgerError]:
    """How the log's tree, whose tiles were compared with its entries, does not extend what was kept."""
    if pinned.origin != key.name:
        return [PinForeign(origin=pinned.origin, name=key.name)]
    if pinned.size > covered:
        return [NotExtended(old=pinned.size, new=covered)]
    try:
        same = tree_of(checkpoints, pinned.size).root() == pinned.root if pinned.size else True
    except LedgerError as error:
        return [error]
    return [] if same else [PinMismatch(size=pinned.size)]


def _anchored_before(checkpoints: CheckpointStore, pinned: Checkpoint, report: CheckReport) -> bool:
    """Whether the chain ends before a kept checkpoint that the log says was anchored."""
    if report.chain_size is None or report.chain_size >= pinned.size:
        return False
    return checkpoints.covering(report.chain_size, "confirmed") is not None


class _Check:
    """One pass over entries, checkpoints and tiles, side by side."""

    def __init__(self, checkpoints: CheckpointStore, key: VerifierKey, report: CheckReport, covered: int) -> None:
        self._checkpoints, self._key = checkpoints, key
        self._report, self.covered = report, covered
        self._growth = Growth(0, lambda _: {})
        self._end = 0
        self._confirmed: StoredCheckpoint | None = None
        self._pending = self._stored()
        self._following = next(self._pending, None)

    def _stored(self) -> Iterator[StoredCheckpoint]:
        after = 0
        while page := self._checkpoints.all(after):
            yield from (stored for stored in page if stored.checkpoint.size <= self.covered)
            after = page[-1].checkpoint.size

    def run(self, batches: Iterable[list[bytes]], size: int, progress: Progress | None) -> None:
        """All leaves, and every checkpoint as its size is reached. Raises ``LeafMismatch`` at the first bad entry."""
        growth = self._growth
        for leaves in batches:
            done = 0
            while (following := self._following) and following.checkpoint.size <= growth.size + len(leaves) - done:
                upto = done + following.checkpoint.size - growth.size
                growth.add(leaves[done:upto])
                done = upto
                self._check_root(following)
                self._pass()
            growth.add(leaves[done:])
            self._check_tiles()
            if progress:
                progress(growth.size, size)
        if growth.size < size:
            raise EntryLost(index=growth.size)

    def rest(self) -> StoredCheckpoint | None:
        """What can be said of checkpoints without the entries they cover; the newest that is called confirmed."""
        while self._following:
            self._pass()
        return self._confirmed

    def _pass(self) -> None:
        stored = self._following
        assert stored is not None
        self._report.checkpoints += 1
        for fault in check_checkpoint(stored, self._end, self._key):
            self._report.found(fault, self._end)
        self._end = stored.checkpoint.size
        if stored.state == "confirmed":
            self._confirmed = stored
        self._following = next(self._pending, None)

    def _check_root(self, stored: StoredCheckpoint) -> None:
        root = self._growth.tree().root()
        if root != stored.checkpoint.root:
            fault = RootMismatch(expected=stored.checkpoint.root.hex(), got=root.hex())
            self._report.found(fault, self._end)
        if stored.checkpoint.size == self.covered:
            self._compare(self._growth.finish())
            self._growth.tiles.clear()

    def _check_tiles(self) -> None:
        """Those that are whole; the rest is compared when the newest checkpoint is reached."""
        whole = {
            (level, number): hashes
            for (level, number), hashes in self._growth.tiles.items()
            if (number + 1) << TILE_HEIGHT * (level + 1) <= min(self.covered, self._growth.size)
        }
        self._compare(whole)
        self._growth.tiles.clear()

    def _compare(self, computed: dict[Place, bytes]) -> None:
        stored = self._checkpoints.tiles([TileId(*place) for place in computed])
        for (level, number), hashes in sorted(computed.items()):
            # The checkpoints of a ledger at work make tiles longer, never other.
            if not stored.get(TileId(level, number), b"").startswith(hashes):
                index = number << TILE_HEIGHT * (level + 1)
                self._report.found(TileMismatch(level=level, number=number, index=index), index)


def _check_chain(
    checkpoints: CheckpointStore, chain: Chain, confirmed: StoredCheckpoint | None, report: CheckReport
) -> None:
    try:
        head = chain.head()
        report.chain_size = head.size
        ours = checkpoints.get(head.size) if head.size else None
        if head.size and (ours is None or ours.checkpoint.root != head.root):
            why = f"the chain's head (size {head.size}) is not a checkpoint of this log"
            report.found(ChainBehind(why=why))
        if confirmed is None:
            return
        size = confirmed.checkpoint.size
        if head.size < size:
            report.found(ChainBehind(why=f"size {size} was confirmed, the chain's head is {head.size}"))
        elif chain.find(Head(size, confirmed.checkpoint.root)) != confirmed.receipt:
            report.found(ChainBehind(why=f"the chain does not hold size {size} where its receipt says"))
    except (ChainError, LogError) as error:
        report.unknown.append(error)
