"""The services on real stores, with a chain and a clock that a test commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ledger.adapters.clock import SystemRandom
from ledger.adapters.sql.checkpoints import SqlCheckpoints, SqlLeases
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.projections import SqlProjections
from ledger.log.checkpoint import Note, NoteKey
from ledger.log.proof import AnchorReceipt
from ledger.ports import Chain, Receipt, StoredCheckpoint, Workers
from ledger.records.record import Record, microseconds
from ledger.services.capture import Outcome, capture
from ledger.services.check_ledger import CheckReport, check_ledger
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.worker import Round, Worker, run_once
from tests.builders import TENANT, SteppingClock, legs, note_key
from tests.crash.places import Watched
from tests.memory_chain import MemoryChain


@dataclass
class Rig:
    """One database, one chain, any number of workers."""

    database: Database
    chain: MemoryChain = field(default_factory=MemoryChain)
    clock: SteppingClock = field(default_factory=SteppingClock)
    key: NoteKey = field(default_factory=note_key)
    taken: int = 0

    def __post_init__(self) -> None:
        self.entries = SqlEntries(self.database)
        self.checkpoints = SqlCheckpoints(self.database)
        self.projections = SqlProjections(self.database)
        self.leases = SqlLeases(self.database, lambda: microseconds(self.clock.now()))

    def take(self, count: int = 1) -> None:
        """Capture so many new legs."""
        outcomes = self.capture(legs(count, self.taken))
        assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes
        self.taken += count

    def capture(self, records: Sequence[Record]) -> list[Outcome]:
        """Capture these."""
        return capture(self.entries, self.clock, SystemRandom(), tenant=TENANT, submitter="rig", records=records)

    def close(self, count: int = 1) -> StoredCheckpoint:
        """Capture so many legs and close a checkpoint over them, without the chain."""
        self.take(count)
        closed = close_checkpoint(self.entries, self.checkpoints, self.key, self.clock)
        assert closed is not None
        return closed

    def worker(self, holder: str = "one", hook: Callable[[str], None] | None = None) -> Worker:
        """A worker; with a hook, every call that it makes is told to the hook first."""
        worker = Worker(
            self.entries,
            self.checkpoints,
            self.leases,
            self.projections,
            self.chain,
            self.key,
            self.clock,
            holder,
        )
        if hook is None:
            return worker
        ports = ("entries", "checkpoints", "leases", "projections", "chain")
        return replace(worker, **{name: Watched(getattr(worker, name), name, hook) for name in ports})

    def round(self, holder: str = "one") -> Round:
        """One round of a worker."""
        return run_once(self.worker(holder))

    def states(self) -> list[tuple[int, str]]:
        """(size, state) of every checkpoint."""
        return [(stored.checkpoint.size, stored.state) for stored in self.checkpoints.all()]

    def newest(self) -> StoredCheckpoint:
        """The newest checkpoint, which must be there."""
        newest = self.checkpoints.latest()
        assert newest is not None
        return newest

    def check(self, chain: Chain | None = None, workers: Workers | None = None) -> CheckReport:
        """The checker's report."""
        return check_ledger(self.entries, self.checkpoints, self.key.verifier, chain or self.chain, workers=workers)

    def holds(self) -> None:
        """Assert that everything captured is confirmed on chain, once, and that nothing else was sent."""
        newest, state = self.newest(), self.chain.state()
        assert (newest.checkpoint.size, newest.state) == (self.taken, "confirmed")
        sizes = [head.size for head, _, _ in state.anchored]
        assert sizes == sorted(set(sizes))
        assert (state.head.size, state.head.root) == (newest.checkpoint.size, newest.checkpoint.root)
        assert (state.nonce, state.repeated, state.reverted) == (len(sizes), 0, 0)
        on_chain = {head.size: head.root for head, _, _ in state.anchored}
        for stored in self.checkpoints.all():
            if stored.state == "confirmed":
                assert on_chain[stored.checkpoint.size] == stored.checkpoint.root
                note = Note.parse(stored.receipt_note)
                self.key.verifier.verify(note)
                assert AnchorReceipt.parse(note.text).checkpoint == stored.checkpoint
        report = self.check()
        assert (report.verdict, report.faults, report.unknown) == (0, [], [])
