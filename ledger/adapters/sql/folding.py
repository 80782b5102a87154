"""From a batch of entries to the rows that the projections add: pure, in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.identity import CANONICAL_STEM, canonical
from ledger.ports import LeafRow
from ledger.records.document import Document
from ledger.records.epcis_event import EpcisEvent
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import KINDS, decode_body
from ledger.records.transport_leg import TransportLeg

LIMB = 1_000_000_000
_GTIN_STEM = f"{CANONICAL_STEM}/01/"
_GTIN_END = len(_GTIN_STEM) + 14


@dataclass(slots=True)
class Fold:
    """Rows to add, table by table."""

    activity: list[dict[str, Any]] = field(default_factory=list)
    hubs: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    assets: list[dict[str, Any]] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    """(asset, entry, tenant)."""


_LEG_KEYS = ("tenant_id", "route", "product", "vehicle", "mode", "basis")
_LEG_SUMS = ("units", "grams", "activity", "driven", "driven_legs", "legs")
_HUB_KEYS = ("tenant_id", "hub", "route", "product", "operation")
_HUB_SUMS = ("units", "grams", "operations")
_BOUNDS = ("first_seq", "last_seq", "first_at", "last_at")


def folded(rows: Sequence[LeafRow], tenants: dict[str, int]) -> Fold:
    """What these entries add. ``tenants`` numbers every tenant among them."""
    fold = Fold()
    legs: dict[tuple[Any, ...], list[int]] = {}
    hubs: dict[tuple[Any, ...], list[int]] = {}
    assets: dict[str, dict[str, Any]] = {}
    for row in rows:
        seq, tenant, at = row.seq, tenants[row.tenant], row.occurred_at
        match decode_body(row.body, KINDS[row.kind][0]):
            case TransportLeg() as leg:
                key: tuple[Any, ...] = (
                    tenant,
                    leg.route,
                    canonical(leg.product),
                    leg.vehicle,
                    leg.mode,
                    leg.distance_basis,
                )
                mass, driven = leg.mass_g, leg.driven_m
                moved = mass * leg.distance_m
                cell = legs.get(key)
                if cell is None:
                    legs[key] = [
                        leg.quantity,
                        mass,
                        moved,
                        mass * (driven or 0),
                        driven is not None,
                        1,
                        seq,
                        seq,
                        at,
                        at,
                    ]
                else:
                    cell[0] += leg.quantity
                    cell[1] += mass
                    cell[2] += moved
                    if driven is not None:
                        cell[3] += mass * driven
                        cell[4] += 1
                    cell[5] += 1
                    _bound(cell, seq, at)
            case EpcisEvent() as record:
                _scan(fold, assets, record, row, tenant)
            case HubOperation() as done:
                key = (tenant, done.hub, done.route, canonical(done.product), done.operation)
                cell = hubs.get(key)
                if cell is None:
                    hubs[key] = [done.quantity, done.mass_g, 1, seq, seq, at, at]
                else:
                    cell[0] += done.quantity
                    cell[1] += done.mass_g
                    cell[2] += 1
                    _bound(cell, seq, at)
            case EnergyUse() as reading:
                _fact(fold, row, tenant, reading.site)
            case ProductFootprint() as stated:
                _fact(fold, row, tenant, canonical(stated.product))
            case Document() as document:
                _fact(fold, row, tenant, document.tender)
    fold.activity = [_leg_row(key, cell) for key, cell in legs.items()]
    fold.hubs = [dict(zip((*_HUB_KEYS, *_HUB_SUMS, *_BOUNDS), (*k, *cell), strict=True)) for k, cell in hubs.items()]
    fold.assets = list(assets.values())
    return fold


def _bound(cell: list[int], seq: int, at: int) -> None:
    cell[-3] = seq
    cell[-2] = min(cell[-2], at)
    cell[-1] = max(cell[-1], at)


def _leg_row(key: tuple[Any, ...], cell: list[int]) -> dict[str, Any]:
    row = dict(zip((*_LEG_KEYS, *_LEG_SUMS, *_BOUNDS), (*key, *cell), strict=True))
    row["activity_high"], row["activity_low"] = divmod(row.pop("activity"), LIMB)
    row["driven_high"], row["driven_low"] = divmod(row.pop("driven"), LIMB)
    row["driven_legs"] = int(row["driven_legs"])
    return row


def _fact(fold: Fold, row: LeafRow, tenant: int, subject: str) -> None:
    fold.facts.append(
        {"seq": row.seq, "tenant_id": tenant, "kind": row.kind, "subject": subject, "occurred_at": row.occurred_at}
    )


def _scan(fold: Fold, assets: dict[str, dict[str, Any]], record: EpcisEvent, row: LeafRow, tenant: int) -> None:
    event, at = record.event, row.occurred_at
    place = event.biz_location or event.read_point
    state = {
        "last_seq": row.seq,
        "last_at": at,
        "step": event.biz_step or "",
        "disposition": event.disposition or "",
        "place": place.id if place else "",
    }
    for epc in dict.fromkeys(map(canonical, event.epcs())):
        fold.links.append((epc, row.seq, tenant))
        known = assets.get(epc)
        if known is None:
            assets[epc] = {"id": epc, "tenant_id": tenant, "product": product_of(epc), "first_seq": row.seq, **state}
        elif (at, row.seq) >= (known["last_at"], known["last_seq"]):
            known.update(state)


def product_of(identity: str) -> str:
    """The class of a canonical SGTIN, its GTIN in canonical form; empty for anything else."""
    return identity[:_GTIN_END] if identity.startswith(_GTIN_STEM) else ""
