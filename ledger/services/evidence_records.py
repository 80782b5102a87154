"""The entries of a run for its evidence: activity as it was recorded, who corrected it, and what to look at first."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from heapq import nsmallest
from io import StringIO
from typing import Any, Final

import msgspec

from ledger.identity import canonical
from ledger.log.entry import Entry
from ledger.ports import EntryStore, LeafRow
from ledger.records.correction import Correction
from ledger.records.hub_operation import HubOperation
from ledger.records.record import KIND_NUMBERS, KINDS, Record, decode_body
from ledger.records.transport_leg import TransportLeg
from ledger.services.close_checkpoint import checked_leaves

ACTIVITY: Final = (
    "transport_leg",
    "hub_operation",
    "energy_use",
    "site_refrigerant",
    "transport_operation",
    "vehicle_model",
    "energy_certificate",
    "product_footprint",
    "bill_of_materials",
)
"""Kinds that figures are computed from. Bids, claims, scans and others' entries are there as leaves alone."""
_ACTIVITY: Final = frozenset(KIND_NUMBERS[kind] for kind in ACTIVITY)
_CORRECTION: Final = KIND_NUMBERS["correction"]
MAPPED: Final = ("entry", "kind", "consignment", "element", "route", "product", "class", "mode", "distance_basis")
CORRECTED: Final = ("entry", "recorded_at_us", "by", "withdrawn_id", "reason", "replaced_by")
PER_KIND: Final = 25
SAMPLE: Final = "onecode/sample/1"


class _Submitted(msgspec.Struct):
    submitter: str


def leaf_lines(entries: EntryStore, size: int) -> Iterator[bytes]:
    """The leaf of every entry in ``[0, size)``, hex, one a line. Raises ``LogError`` for a damaged one."""
    at = 0
    for rows in entries.rows(0, size):
        yield b"".join(leaf.hex().encode() + b"\n" for leaf in checked_leaves(rows, at))
        at += len(rows)


def activity_rows(entries: EntryStore, tenant: str, size: int) -> Iterator[LeafRow]:
    """The tenant's entries that figures are computed from, and the corrections of them, in order."""
    for rows in entries.rows(0, size):
        for row in rows:
            if row.tenant == tenant and (row.kind in _ACTIVITY or _corrects_activity(entries, row)):
                yield row


def _corrects_activity(entries: EntryStore, row: LeafRow) -> bool:
    if row.kind != _CORRECTION:
        return False
    record = decode_body(row.body, "correction")
    assert isinstance(record, Correction)
    found = entries.find(row.tenant, record.corrects)
    return found is not None and found.index < row.seq and _kind(found.body) in ACTIVITY


def entry_line(one: Entry | LeafRow) -> bytes:
    """What a leaf is computed from, as one line of JSON; the body is text, its UTF-8 bytes are what was hashed."""
    index = one.index if isinstance(one, Entry) else one.seq
    fields = {"index": index, "tenant": one.tenant, "recorded_at": one.recorded_at, "salt": one.salt.hex()}
    return msgspec.json.encode({**fields, "body": one.body.decode()}) + b"\n"


def mapping(rows: Iterable[LeafRow]) -> Iterator[tuple[Any, ...]]:
    """Consignment to transport chain element to class of operations, a row each leg and operation; ``MAPPED``."""
    for row in rows:
        record = _record(row)
        if isinstance(record, TransportLeg):
            named = (record.consignment, record.id, record.route, canonical(record.product), record.vehicle)
            yield row.seq, record.kind, *named, record.mode, record.distance_basis
        elif isinstance(record, HubOperation):
            named = (record.consignment or "", record.id, record.route, canonical(record.product), record.hub)
            yield row.seq, record.kind, *named, record.operation, ""


def corrections(rows: Iterable[LeafRow]) -> Iterator[tuple[Any, ...]]:
    """Who withdrew what, when and why, and what stands instead; columns ``CORRECTED``."""
    for row in rows:
        if row.kind == _CORRECTION:
            record = _record(row)
            assert isinstance(record, Correction)
            who = msgspec.json.decode(row.body, type=_Submitted).submitter
            yield row.seq, row.recorded_at, who, record.corrects, record.reason, record.replaced_by or ""


def sampling_plan(rows: Iterable[LeafRow], run: str, root: str) -> dict[str, Any]:
    """
    Up to ``PER_KIND`` entries of each kind, drawn by a seed that nobody chose: it follows from the run and its root.

    Whoever has the seed draws the same: the entries whose SHA-256 of "seed:index" is smallest.
    """
    seed = sha256(f"{SAMPLE}\n{run}\n{root}\n".encode()).hexdigest()
    drawn: dict[str, list[tuple[str, int]]] = {}
    counted: dict[str, int] = {}
    for row in rows:
        kind = KINDS[row.kind][0]
        counted[kind] = counted.get(kind, 0) + 1
        ticket = (sha256(f"{seed}:{row.seq}".encode()).hexdigest(), row.seq)
        drawn[kind] = nsmallest(PER_KIND, [*drawn.get(kind, ()), ticket])
    return {
        "rule": f"the {PER_KIND} entries of each kind with the smallest SHA-256 of 'seed:index'",
        "seed": seed,
        "seed_is": f"SHA-256 of '{SAMPLE}', the run's id and its root, a line each",
        "kinds": {
            kind: {"of": counted[kind], "entries": sorted(index for _, index in drawn[kind])} for kind in sorted(drawn)
        },
    }


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Comma-separated UTF-8 text, a piece a row."""
    yield _line(headings)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[Any]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue().encode()


def _record(row: LeafRow) -> Record:
    return decode_body(row.body, KINDS[row.kind][0])


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind


def _kind(body: bytes) -> str:
    return msgspec.json.decode(body, type=_Body).record.kind
