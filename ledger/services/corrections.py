"""
Corrections: whether one may be taken, and what withdrew an entry.

A record may be withdrawn by who handed it in, or by who manages the tenant's ledger, once, and after it: what a
correction names is an entry already, or stands before it in the same batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import AccessError, LedgerError, RecordError
from ledger.log.entry import Entry
from ledger.ports import Clock, Draft, DraftColumns, EntryStore
from ledger.records.correction import KEPT, Correction, correction_id
from ledger.records.epcis import record_id as epcis_id
from ledger.records.record import KIND_NUMBERS, decode, decode_body

CORRECTION: Final = KIND_NUMBERS["correction"]


class CorrectedAbsent(RecordError):
    """A correction of something that is no earlier entry of the tenant; another tenant's is absent alike."""

    code = "record.corrected-absent"
    record_id: str
    en = "there is no earlier record {record_id}"
    zh = "没有更早的记录 {record_id}"
    fix_en = "Compare the id with the entry; a correction comes after what it withdraws"
    fix_zh = "请与条目核对编号；更正须在被撤回的记录之后提交"


class AlreadyWithdrawn(RecordError):
    """A second correction of one record."""

    code = "record.already-withdrawn"
    record_id: str
    by: str
    en = "{record_id} is withdrawn already, by {by}"
    zh = "{record_id} 已被 {by} 撤回"
    fix_en = "Nothing is left to do; to take a withdrawal back, submit the record anew under another id"
    fix_zh = "无需再撤回；如需恢复，请以新编号重新提交该记录"


class NotWithdrawable(RecordError):
    """A correction of a kind that no correction withdraws."""

    code = "record.not-withdrawable"
    record_id: str
    kind: str
    means_en: str
    means_zh: str
    en = "{record_id} is a record of kind {kind}, which no correction withdraws"
    zh = "{record_id} 属于 {kind} 类记录，不能以更正撤回"
    fix_en = "Instead: {means_en}"
    fix_zh = "应改为：{means_zh}"


class NotYours(AccessError):
    """Withdrawing what somebody else handed in."""

    code = "access.not-yours"
    record_id: str
    en = "{record_id} was handed in by somebody else"
    zh = "{record_id} 由他人提交"
    fix_en = "Ask who handed it in, or the ledger's owner, to withdraw it"
    fix_zh = "请联系提交人或账本所有者撤回"


class Handing(Protocol):
    """In whose name a batch comes; ``capture.Submission`` is one."""

    @property
    def tenant(self) -> str:
        """Whose ledger."""
        ...

    @property
    def submitter(self) -> str:
        """Who hands in."""
        ...

    @property
    def manages(self) -> bool:
        """Whether it may withdraw what others handed in."""
        ...


class _Head(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Head
    submitter: str


_BODY: Final = msgspec.json.Decoder(_Body)


@dataclass(slots=True)
class Earlier:
    """A batch on its way in, draft by draft: corrections in it are held against the log and what comes before them."""

    entries: EntryStore
    handing: Handing
    _bodies: dict[str, bytes] = field(default_factory=dict)

    def take(self, draft: Draft) -> None:
        """Keep a draft in mind. Raises for a correction that may not be taken."""
        if draft.kind == CORRECTION:
            self._settle(draft)
        self._bodies[draft.record_id] = draft.body

    def _settle(self, draft: Draft) -> None:
        correction = _correction(draft.body)
        target = self._body(correction.corrects)
        if target is None:
            raise CorrectedAbsent(record_id=correction.corrects)
        head = _BODY.decode(target)
        if means := KEPT.get(head.record.kind):
            raise NotWithdrawable(
                record_id=correction.corrects, kind=head.record.kind, means_en=means.en, means_zh=means.zh
            )
        if not self.handing.manages and head.submitter != self.handing.submitter:
            raise NotYours(record_id=correction.corrects)
        before = self._body(correction.id)
        if before is not None and _correction(before) != correction:
            raise AlreadyWithdrawn(record_id=correction.corrects, by=correction.id)

    def _body(self, record_id: str) -> bytes | None:
        entry = self.entries.find(self.handing.tenant, record_id)
        return self._bodies.get(record_id) if entry is None else entry.body


def refused_corrections(entries: EntryStore, handing: Handing, drafts: DraftColumns) -> dict[int, LedgerError]:
    """The corrections of a prepared batch that may not be taken, by position; a batch without any costs nothing."""
    if CORRECTION not in drafts.kinds:
        return {}
    earlier, refused = Earlier(entries, handing), dict[int, LedgerError]()
    for position, draft in enumerate(drafts.rows()):
        try:
            earlier.take(draft)
        except LedgerError as error:
            refused[position] = error
    return refused


def without(drafts: DraftColumns, positions: Iterable[int]) -> DraftColumns | None:
    """The batch less these; ``None`` when nothing is left."""
    out = set(positions)
    rows = [draft for position, draft in enumerate(drafts.rows()) if position not in out]
    return DraftColumns.of(rows) if rows else None


class Withdrawal(NamedTuple):
    """Which entry says that another counts no more, why, and what stands instead (empty when nothing is named)."""

    entry: int
    submitter: str
    recorded_at: int
    reason: str
    replaced_by: str


def withdrawal_of(entries: EntryStore, tenant: str, record_id: str, kind: str) -> Withdrawal | None:
    """What withdrew a record, as soon as it is an entry; ``None`` for one that stands."""
    if kind == "epcis_event":
        entry = entries.find(tenant, epcis_id(record_id, declared=True))
        if entry is None:
            return None
        declared = msgspec.json.decode(entry.body, type=_Declared).record.event.declaration
        return _withdrawal(entry, declared.reason, ", ".join(declared.corrective))
    entry = None if kind in KEPT else entries.find(tenant, correction_id(record_id))
    if entry is None:
        return None
    correction = _correction(entry.body)
    return _withdrawal(entry, correction.reason, correction.replaced_by or "")


def correction_of(clock: Clock, record_id: str, reason: str, replaced_by: str | None = None) -> Correction:
    """The correction that withdraws a record now. Raises ``RecordError`` when it cannot be written."""
    fields = {
        "corrects": record_id,
        "id": correction_id(record_id),
        "kind": "correction",
        "occurred_at": clock.now().isoformat(),
        "reason": reason.strip(),
        "version": 1,
    }
    record = decode(msgspec.json.encode(fields | ({"replaced_by": replaced_by} if replaced_by else {})), "correction")
    assert isinstance(record, Correction)
    return record


def _correction(body: bytes) -> Correction:
    record = decode_body(body, "correction")
    assert isinstance(record, Correction)
    return record


def _withdrawal(entry: Entry, reason: str, replaced_by: str) -> Withdrawal:
    return Withdrawal(entry.index, _BODY.decode(entry.body).submitter, entry.recorded_at, reason, replaced_by)


class _Declaration(msgspec.Struct):
    reason: str = ""
    corrective: list[str] = msgspec.field(name="correctiveEventIDs", default_factory=list)


class _DeclaredEvent(msgspec.Struct):
    declaration: _Declaration = msgspec.field(name="errorDeclaration")


class _DeclaredRecord(msgspec.Struct):
    event: _DeclaredEvent


class _Declared(msgspec.Struct):
    record: _DeclaredRecord
