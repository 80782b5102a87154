"""
The claims desk: record what is claimed, and give the verdict on it, recomputed from the record whenever it is asked.

A claim that cannot be checked as it was made (a unit unknown, a plan absent, a baseline recorded too late) keeps its
place in the list, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import msgspec

from ledger.claims.check import Finding, check
from ledger.claims.errors import BaselineNotFrozen, NotAClaim
from ledger.claims.overlap import Counted, Overlap, overlaps
from ledger.claims.recorded import check_saving, counted, statement_of
from ledger.claims.saving import Saving
from ledger.claims.sentence import sentences
from ledger.errors import ClaimError, LedgerError
from ledger.footprint.factor import FactorSet
from ledger.log.entry import Entry
from ledger.ports import Clock, Random, Receipt
from ledger.records.claim import Claim, TransportPlan
from ledger.records.errors import MadeByLedger
from ledger.records.record import Record, decode_body, microseconds
from ledger.services.capture import Outcome, capture
from ledger.services.corrections import withdrawal_of
from ledger.services.driven_claims import checked_driven
from ledger.services.import_file import ImportReport, Source, read_file
from ledger.services.plan_savings import Books


class Claiming(Books, Protocol):
    """What the desk needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """Recorded times."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class ClaimAbsent(ClaimError):
    """There is no such claim."""

    code = "claim.absent"
    claim: str
    en = "there is no claim {claim}"
    zh = "没有声明 {claim}"
    fix_en = "Compare the name with the list of claims"
    fix_zh = "请与声明列表核对名称"


class PlanAbsent(ClaimError):
    """A saving names a plan that is not recorded."""

    code = "claim.plan-absent"
    plan: str
    en = "there is no plan {plan}"
    zh = "没有方案 {plan}"
    fix_en = "Record the plan before the claim that compares it"
    fix_zh = "请先记录方案，再记录引用它的声明"


class ClaimWithdrawn(ClaimError):
    """A claim, or a plan that a saving names, was withdrawn."""

    code = "claim.withdrawn"
    record_id: str
    entry: int
    reason: str
    en = "{record_id} was withdrawn by entry {entry}: {reason}"
    zh = "{record_id} 已被第 {entry} 号条目撤回：{reason}"
    fix_en = "Record it anew under another id if it holds after all"
    fix_zh = "如其仍然成立，请以新编号重新提交"


class Checked(NamedTuple):
    """
    A claim with its verdict, or with the ``fault`` that keeps it from one.

    ``entry`` is its index in the log (``None`` before it is recorded), ``plans`` the entries of a saving's baseline and
    executed plan.
    """

    record: Claim
    entry: int | None
    finding: Finding | None = None
    saving: Saving | None = None
    plans: tuple[int, int] | None = None
    fault: LedgerError | None = None

    def to_record(self) -> dict[str, object]:
        """JSON-able: the finding, its words, and a saving's parts; or the fault."""
        record: dict[str, object] = {"id": self.record.id, "entry": self.entry}
        if self.fault is not None:
            words = {"en": self.fault.message("en"), "zh-CN": self.fault.message("zh-CN")}
            return record | {"fault": {"code": self.fault.code, "reason": words}}
        assert self.finding is not None
        record |= self.finding.to_record()
        record["words"] = {"en": sentences(self.finding, "en"), "zh-CN": sentences(self.finding, "zh-CN")}
        return record if self.saving is None else record | {"saving": self.saving.to_record()}


def record_claims(
    ledger: Claiming, tenant: str, submitter: str, records: Sequence[Claim | TransportPlan]
) -> list[Outcome]:
    """
    Record claims and plans; one outcome each. A claim that names no factor set is pinned to the current one.

    The same claim again is the same entry, whatever set is current by then. The saving of a driven plan is booked
    (``book_saving``) and never handed in.
    """
    pinned = [_pinned(ledger, tenant, record) for record in records if not is_booked(record)]
    taken = iter(
        capture(ledger.entries, ledger.clock, ledger.random, tenant=tenant, submitter=submitter, records=pinned)
    )
    return [MadeByLedger(kind="claim (driven)") if is_booked(record) else next(taken) for record in records]


def is_booked(record: Record) -> bool:
    """Whether it is a claim that the ledger makes itself."""
    return isinstance(record, Claim) and record.rule == "driven"


def check_claim(ledger: Claiming, tenant: str, record: Claim, index: int | None = None) -> Checked:
    """The verdict on one claim, recorded or not."""
    try:
        factors = ledger.factors.factor_set(record.factor_set) if record.factor_set else ledger.factors.current()
        statement = statement_of(record)
        if record.rule == "driven":
            return Checked(record, index, *checked_driven(ledger, tenant, record, factors))
        if record.rule != "saving":
            return Checked(record, index, check(statement, factors))
        return _saving(ledger, tenant, record, index, factors)
    except LedgerError as fault:
        return Checked(record, index, fault=fault)


def claim_named(ledger: Claiming, tenant: str, name: str) -> Checked:
    """A recorded claim by its id; of one that was withdrawn, only that. Raises ``ClaimAbsent``."""
    entry = ledger.entries.find(tenant, name)
    record = None if entry is None else _record(entry)
    if entry is None or not isinstance(record, Claim):
        raise ClaimAbsent(claim=name)
    try:
        _stands(ledger, tenant, record)
    except ClaimWithdrawn as fault:
        return Checked(record, entry.index, fault=fault)
    return check_claim(ledger, tenant, record, entry.index)


def newest_claims(ledger: Claiming, tenant: str, limit: int) -> tuple[list[Checked], int]:
    """The newest claims of a tenant, newest first, and how many there are."""
    records, total = newest_records(ledger, tenant, limit)
    return [check_claim(ledger, tenant, record, at) for at, record in records], total


def newest_records(ledger: Claiming, tenant: str, limit: int) -> tuple[list[tuple[int, Claim]], int]:
    """The same claims with their entries' indexes, unchecked."""
    facts = ledger.projections.facts(tenant, "claim")
    entries = ledger.entries.gathered([fact.seq for fact in facts[-limit:]])
    records = ((index, _record(entries[index])) for index in sorted(entries, reverse=True))
    return [(at, record) for at, record in records if isinstance(record, Claim)], len(facts)


def counted_twice(claims: Sequence[Claim]) -> tuple[Overlap, ...]:
    """Pairs among these claims that count the same kWh or tonne."""
    found: list[Counted] = []
    for claim in claims:
        try:
            found.append(counted(claim, statement_of(claim)))
        except ClaimError:
            # Its figures cannot be read, so it can be compared by what it counts alone.
            found.append(
                Counted(
                    id=claim.id,
                    things=frozenset(claim.counts),
                    start=claim.period_start,
                    end=claim.period_end,
                    value=None,
                )
            )
    return overlaps(found)


class FileChecked(NamedTuple):
    """What became of a file of claims: the rows, and the verdict on each good claim, in order."""

    report: ImportReport
    claims: list[Checked]


def check_file(ledger: Claiming, source: Source, tenant: str, submitter: str | None = None) -> FileChecked:
    """
    The verdict on every claim of a file; bad rows come back located. With a ``submitter``, good ones are recorded.

    Without one, nothing is stored: a saving is then checked against the plans that are recorded already.
    """
    claims: list[Claim] = []

    def keep(records: Sequence[Record]) -> list[Outcome]:
        good = [record for record in records if isinstance(record, Claim | TransportPlan)]
        taken: Sequence[Outcome] = (
            [Receipt(-1, 0, fresh=True)] * len(good)
            if submitter is None
            else record_claims(ledger, tenant, submitter, good)
        )
        claims.extend(
            record
            for record, outcome in zip(good, taken, strict=True)
            if isinstance(record, Claim) and isinstance(outcome, Receipt)
        )
        rest = iter(taken)
        return [
            next(rest) if isinstance(record, Claim | TransportPlan) else NotAClaim(kind=record.kind)
            for record in records
        ]

    report = read_file(ledger.factors, source, keep)
    if submitter is None:
        return FileChecked(report, [check_claim(ledger, tenant, claim) for claim in claims])
    # What is stored is pinned to a factor set, perhaps to an earlier one than the current.
    return FileChecked(report, [claim_named(ledger, tenant, claim.id) for claim in claims])


def _pinned(ledger: Claiming, tenant: str, record: Claim | TransportPlan) -> Record:
    if not isinstance(record, Claim) or record.factor_set is not None:
        return record
    known = ledger.entries.find(tenant, record.id)
    before = None if known is None else _record(known)
    name = before.factor_set if isinstance(before, Claim) else ledger.factors.current().id
    return msgspec.structs.replace(record, factor_set=name)


def _saving(ledger: Claiming, tenant: str, record: Claim, index: int | None, factors: FactorSet) -> Checked:
    (first, baseline), (second, executed) = (
        _plan(ledger, tenant, name) for name in (record.baseline or "", record.executed or "")
    )
    started = microseconds(executed.period_start)
    if first.recorded_at > started:
        raise BaselineNotFrozen(
            baseline=baseline.id,
            recorded_at=datetime.fromtimestamp(first.recorded_at // 1_000_000, UTC).isoformat(),
            started_at=executed.period_start.isoformat(),
        )
    finding, saved = check_saving(statement_of(record), baseline, executed, factors)
    return Checked(record, index, finding, saved, (first.index, second.index))


def _plan(ledger: Claiming, tenant: str, name: str) -> tuple[Entry, TransportPlan]:
    entry = ledger.entries.find(tenant, name)
    record = None if entry is None else _record(entry)
    if entry is None or not isinstance(record, TransportPlan):
        raise PlanAbsent(plan=name)
    _stands(ledger, tenant, record)
    return entry, record


def _stands(ledger: Claiming, tenant: str, record: Claim | TransportPlan) -> None:
    gone = withdrawal_of(ledger.entries, tenant, record.id, record.kind)
    if gone is not None:
        raise ClaimWithdrawn(record_id=record.id, entry=gone.entry, reason=gone.reason)


def _record(entry: Entry) -> Record:
    """The record of an entry, by the kind it states itself."""
    return decode_body(entry.body, msgspec.json.decode(entry.body, type=_Body).record.kind)


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind
