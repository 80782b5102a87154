"""
Calculation runs: compute everything at a checkpoint, record it, and compute it again to the last digit.

A run at the head reads the projections, which are folded anyway; one at an older checkpoint folds the entries up to it
once more. Replaying always does the latter, from the stored bytes, and rebuilds the root over the same entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final, Protocol

import msgspec

from ledger.errors import FootprintError
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.footprint.methods import METHODS
from ledger.footprint.run import BOUNDARY, RunResult, run_result
from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import NoteKey
from ledger.log.merkle import levels
from ledger.ports import (
    Base,
    CheckpointStore,
    Clock,
    EntryStore,
    Projections,
    Random,
    Receipt,
    Snapshots,
    StoredCheckpoint,
)
from ledger.ports.labels import Contents
from ledger.records.calculation_run import (
    MOST_INLINE,
    CalculationRun,
    CategoryShares,
    PinnedCheckpoint,
    PinnedFactors,
    PinnedMethod,
    SubjectTotal,
)
from ledger.records.record import decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.close_checkpoint import checked_leaves, close_checkpoint
from ledger.services.project import catch_up

SOFTWARE: Final = f"onecode-ledger {version('onecode-ledger')}"
_TRIES: Final = 3


class Running(Protocol):
    """What runs need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """What is computed from."""
        ...

    @property
    def checkpoints(self) -> CheckpointStore:
        """What runs are pinned to."""
        ...

    @property
    def projections(self) -> Projections:
        """The figures' base at the head."""
        ...

    @property
    def snapshots(self) -> Snapshots:
        """The figures' base at any size."""
        ...

    @property
    def factors(self) -> FactorSource:
        """What activity is multiplied by."""
        ...

    @property
    def contents(self) -> Contents:
        """Where results are kept."""
        ...

    @property
    def note_key(self) -> NoteKey:
        """Signs a checkpoint over entries that none covers yet."""
        ...

    @property
    def clock(self) -> Clock:
        """The moment of the run."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class RunAbsent(FootprintError):
    """There is no such run."""

    code = "run.absent"
    run: str
    en = "there is no calculation run {run}"
    zh = "没有计算 {run}"
    fix_en = "Compare the id with the list of runs"
    fix_zh = "请与计算列表核对编号"


class NothingToRun(FootprintError):
    """A run where a tenant has no activity and no product."""

    code = "run.nothing"
    en = "there is nothing to compute from yet"
    zh = "尚无可供计算的记录"
    fix_en = "Hand in records first"
    fix_zh = "请先提交记录"


class RunCheckpointAbsent(FootprintError):
    """A run at a size that no checkpoint has."""

    code = "run.checkpoint-absent"
    size: int
    en = "there is no checkpoint of size {size}"
    zh = "没有大小为 {size} 的检查点"
    fix_en = "Choose one from the list of checkpoints"
    fix_zh = "请从检查点列表中选择"


def start_run(
    ledger: Running, submission: Submission, factor_set: str | None = None, size: int | None = None
) -> tuple[CalculationRun, Receipt]:
    """
    Compute at the checkpoint of ``size``, or at one over everything there is, and record it.

    The same run again (checkpoint, factors, methods, software) is the same entry. Raises ``NothingToRun``,
    ``RunCheckpointAbsent`` and what reading factors raises.
    """
    factors = ledger.factors.factor_set(factor_set) if factor_set else ledger.factors.current()
    at = _newest(ledger) if size is None else ledger.checkpoints.get(size)
    if at is None:
        raise RunCheckpointAbsent(size=size or 0)
    with based(ledger, submission.tenant, at.checkpoint.size) as base:
        result = computed(base, submission.tenant, factors)
    if not (result.routes or result.products):
        raise NothingToRun
    data = canonical_bytes(result.content())
    ledger.contents.keep(data)
    record = _record(ledger, submission.tenant, at, result, data)
    outcome = capture_one(ledger, submission, record)
    return record, outcome


def computed(base: Base, tenant: str, factors: FactorSet) -> RunResult:
    """The result of a tenant's base with a factor set."""
    return run_result(base.cube(tenant), base.units(tenant), factors)


@contextmanager
def based(ledger: Running, tenant: str, size: int) -> Iterator[Base]:
    """The figures' base at a size: the projections when they stand there, else a snapshot."""
    if ledger.projections.watermark() == size:
        held = _Held(ledger.projections, tenant)
        if ledger.projections.watermark() == size:
            yield held
            return
    with ledger.snapshots.at(tenant, size) as base:
        yield base


class _Held:
    """What the projections said at one watermark, read before anything else is folded."""

    def __init__(self, projections: Projections, tenant: str) -> None:
        self._cube, self._units = projections.cube(tenant), projections.units(tenant)

    def cube(self, _tenant: str) -> Any:
        """See ``Base.cube``."""
        return self._cube

    def units(self, _tenant: str) -> dict[str, int]:
        """See ``Base.units``."""
        return self._units


def run_named(ledger: Running, tenant: str, name: str) -> tuple[int, CalculationRun]:
    """A tenant's run by its id, with its entry. Raises ``RunAbsent``."""
    entry = ledger.entries.find(tenant, name)
    if entry is None or msgspec.json.decode(entry.body, type=_Body).record.kind != "calculation_run":
        raise RunAbsent(run=name[:200])
    return entry.index, run_of(entry.body)


def newest_runs(ledger: Running, tenant: str, limit: int) -> tuple[list[tuple[int, CalculationRun]], int]:
    """A tenant's runs, newest first, and how many there are."""
    facts = ledger.projections.facts(tenant, "calculation_run")
    entries = ledger.entries.gathered([fact.seq for fact in facts[-limit:]])
    return [(at, run_of(entries[at].body)) for at in sorted(entries, reverse=True)], len(facts)


def run_of(body: bytes) -> CalculationRun:
    """The run in an entry's body."""
    record = decode_body(body, "calculation_run")
    assert isinstance(record, CalculationRun)
    return record


def result_of(ledger: Running, run: CalculationRun) -> dict[str, Any]:
    """The whole result as it was kept. Raises ``StoreError`` when it is gone or was changed."""
    content: dict[str, Any] = msgspec.json.decode(result_bytes(ledger, run))
    return content


def result_bytes(ledger: Running, run: CalculationRun) -> bytes:
    """The canonical bytes of the result, whose SHA-256 the run holds. Raises ``StoreError``."""
    return ledger.contents.read(run.result_sha256)


def same_methods(run: CalculationRun) -> bool:
    """Whether this software computes with the methods and versions that made a run."""
    return run.methods == tuple(PinnedMethod(name=one.name, version=one.version) for one in METHODS)


def log_root(entries: EntryStore, size: int) -> bytes:
    """The root over the first entries, from their stored bytes; 64 bytes of memory an entry. Raises ``LogError``."""
    leaves: list[bytes] = []
    for rows in entries.rows(0, size):
        leaves += checked_leaves(rows, len(leaves))
    return levels(leaves)[-1][0] if len(leaves) == size else b""


def _newest(ledger: Running) -> StoredCheckpoint:
    """A checkpoint over everything there is, closed now when there is none; the projections are brought up to it."""
    for _ in range(_TRIES):
        size = ledger.entries.size()
        at = ledger.checkpoints.latest()
        if at is not None and at.checkpoint.size == size:
            break
        close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
    at = ledger.checkpoints.latest()
    if at is None:
        raise NothingToRun
    catch_up(ledger.entries, ledger.projections)
    return at


def _record(ledger: Running, tenant: str, at: StoredCheckpoint, result: RunResult, data: bytes) -> CalculationRun:
    digest = sha256(data).hexdigest()
    factors, checkpoint = result.factors, at.checkpoint
    share = dict(result.quality.categories)
    fields: dict[str, Any] = {
        "boundary": BOUNDARY,
        "checkpoint": PinnedCheckpoint(origin=checkpoint.origin, root=checkpoint.root.hex(), size=checkpoint.size),
        "factor_set": PinnedFactors(hash=factors.hash, id=factors.id),
        "first_day": result.days[0] if result.days else None,
        "gaps": len(result.gaps),
        "last_day": result.days[1] if result.days else None,
        "methods": tuple(PinnedMethod(name=method.name, version=method.version) for method in METHODS),
        "products": _inline([(p.product, p.wtw, p.complete) for p in result.products.values()]),
        "products_count": len(result.products),
        "products_wtw_kg": exact_text(result.products_wtw),
        "result_bytes": len(data),
        "result_sha256": digest,
        "routes": _inline([(r.route, r.wtw, r.complete) for r in result.routes.values()]),
        "routes_count": len(result.routes),
        "routes_wtw_kg": exact_text(result.routes_wtw),
        "shares": CategoryShares(
            **{name: exact_text(share[name]) if name in share else None for name in ("default", "modelled", "primary")}
        ),
        "software": SOFTWARE,
        "tenant": tenant,
    }
    pinned = msgspec.json.encode(fields, order="sorted")
    name = f"run:{checkpoint.size}:{sha256(pinned).hexdigest()[:16]}"
    known = ledger.entries.find(tenant, name)
    # The moment is part of the record, so that computing the same again must not change it.
    when = run_of(known.body).occurred_at if known else ledger.clock.now()
    return CalculationRun(id=name, kind="calculation_run", occurred_at=when, version=1, **fields)


def _inline(rows: list[tuple[str, Any, bool]]) -> tuple[SubjectTotal, ...]:
    if len(rows) > MOST_INLINE:
        return ()
    return tuple(SubjectTotal(complete=whole, name=name, wtw_kg=exact_text(wtw)) for name, wtw, whole in rows)


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind
