"""From entries to the rows that the projections add: pure, in one pass, so that any process can do it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from msgspec import Struct, json

from ledger.identity import CANONICAL_STEM, canonical
from ledger.ports import LeafRow
from ledger.records.document import Document
from ledger.records.epcis_event import EpcisEvent
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import KIND_NUMBERS, KINDS, decode_body

LIMB = 1_000_000_000
_GTIN_STEM = f"{CANONICAL_STEM}/01/"
_GTIN_END = len(_GTIN_STEM) + 14
Row = tuple[Any, ...]
product_key = lru_cache(maxsize=65_536)(canonical)
"""Products come back in leg after leg; pieces do not."""


class _Leg(Struct, gc=False):
    """What the sums need of a leg; it was checked when it was captured."""

    distance_basis: str
    distance_m: int
    mass_g: int
    mode: str
    product: str
    quantity: int
    route: str
    vehicle: str
    driven_m: int | None = None


class _LegBody(Struct, gc=False):
    record: _Leg


_LEG = KIND_NUMBERS["transport_leg"]
_leg_of = json.Decoder(_LegBody).decode


@dataclass(slots=True)
class Fold:
    """
    What entries ``[first, stop)`` add, table by table, the tenant's name first in each row.

    ``legs`` and ``hubs`` by key: sums, then first and last entry, first and last time. ``assets`` by identity:
    [tenant, identity, product, first entry, last entry, last time, step, disposition, place]. ``links`` are (tenant,
    identity, entry), ``facts`` (tenant, entry, kind, subject, time).
    """

    first: int
    stop: int
    legs: dict[Row, list[int]] = field(default_factory=dict)
    hubs: dict[Row, list[int]] = field(default_factory=dict)
    assets: dict[str, list[Any]] = field(default_factory=dict)
    links: list[tuple[str, str, int]] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)

    def take(self, rows: Sequence[LeafRow]) -> None:
        """Fold the next entries in."""
        for row in rows:
            if row[2] == _LEG:
                self._leg(row, _leg_of(row[7]).record)
            else:
                self._other(row)
        self.stop += len(rows)

    def _leg(self, row: LeafRow, leg: _Leg) -> None:
        seq, tenant, _, at, *_ = row
        key = (tenant, leg.route, product_key(leg.product), leg.vehicle, leg.mode, leg.distance_basis)
        mass, driven = leg.mass_g, leg.driven_m
        cell = self.legs.get(key)
        if cell is None:
            cell = self.legs[key] = [0, 0, 0, 0, 0, 0, seq, seq, at, at]
        cell[0] += leg.quantity
        cell[1] += mass
        cell[2] += mass * leg.distance_m
        if driven is not None:
            cell[3] += mass * driven
            cell[4] += 1
        cell[5] += 1
        _bound(cell, seq, at)

    def _other(self, row: LeafRow) -> None:
        match decode_body(row.body, KINDS[row.kind][0]):
            case EpcisEvent() as record:
                self._scan(row, record)
            case HubOperation() as done:
                key = (row.tenant, done.hub, done.route, product_key(done.product), done.operation)
                cell = self.hubs.get(key)
                if cell is None:
                    cell = self.hubs[key] = [0, 0, 0, row.seq, row.seq, row.occurred_at, row.occurred_at]
                cell[0] += done.quantity
                cell[1] += done.mass_g
                cell[2] += 1
                _bound(cell, row.seq, row.occurred_at)
            case EnergyUse() as reading:
                self._fact(row, reading.site)
            case ProductFootprint() as stated:
                self._fact(row, product_key(stated.product))
            case Document() as document:
                self._fact(row, document.tender)

    def _fact(self, row: LeafRow, subject: str) -> None:
        self.facts.append((row.tenant, row.seq, row.kind, subject, row.occurred_at))

    def _scan(self, row: LeafRow, record: EpcisEvent) -> None:
        event, seq, at = record.event, row.seq, row.occurred_at
        place = event.biz_location or event.read_point
        state = [seq, at, event.biz_step or "", event.disposition or "", place.id if place else ""]
        for epc in dict.fromkeys(map(canonical, event.epcs())):
            self.links.append((row.tenant, epc, seq))
            known = self.assets.get(epc)
            if known is None:
                self.assets[epc] = [row.tenant, epc, product_of(epc), seq, *state]
            elif (at, seq) >= (known[5], known[4]):
                known[4:] = state


def folded(batches: Iterable[Sequence[LeafRow]], first: int) -> Fold:
    """What these entries add, the first of them at index ``first``."""
    fold = Fold(first, first)
    for rows in batches:
        fold.take(rows)
    return fold


def _bound(cell: list[int], seq: int, at: int) -> None:
    cell[-3] = seq
    if at < cell[-2]:
        cell[-2] = at
    elif at > cell[-1]:
        cell[-1] = at


def product_of(identity: str) -> str:
    """The class of a canonical SGTIN, its GTIN in canonical form; empty for anything else."""
    return identity[:_GTIN_END] if identity.startswith(_GTIN_STEM) else ""
