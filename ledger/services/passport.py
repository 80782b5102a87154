"""
The passport of a thing or a product: what it is, its journey, its footprint to date, and what proves all that.

``passport`` gathers everything; ``disclosure.disclosed`` cuts out what a reader may see. Figures are exact text [kg
CO2e], moments RFC 3339 UTC. The same entries and master data give the same passport.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from ledger.errors import FootprintError, IdentityError, LogError
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import FactorSource
from ledger.footprint.product import ProductTotal, StageTotal
from ledger.identity import GTIN, Identity, made, parse
from ledger.log.entry import Entry
from ledger.log.sealed import SealedProof
from ledger.ports import AssetState, CheckpointStore, EntryStore, Photos, Places, Projections, StoredCheckpoint
from ledger.services.disclosure import policy_rows
from ledger.services.footprints import product_footprint
from ledger.services.prove import prove

SHOWN_EVENTS: Final = 50
"""Newest events that a passport lists; their whole number is stated beside."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a passport's parts come from. ``footprint`` gives a tenant's product's total, as ``footprint_of`` does."""

    entries: EntryStore
    checkpoints: CheckpointStore
    projections: Projections
    places: Places
    photos: Photos
    domain: str
    """Address of the resolver, without a slash at its end."""
    footprint: Callable[[str, str], ProductTotal | None]


def footprint_of(projections: Projections, factors: FactorSource, tenant: str, product: str) -> ProductTotal | None:
    """A product's footprint; ``None`` when nothing is recorded of it or it cannot be computed."""
    try:
        return product_footprint(projections, factors, tenant, product)
    except (FootprintError, IdentityError):
        return None


def product_of(identity: Identity) -> str:
    """Canonical text of the product that the code itself names; empty for a key without one."""
    return made(GTIN, identity.code).text if identity.key.ai == GTIN.ai else ""


class Passport(NamedTuple):
    """Everything in a passport, and the tenant whose records it is made of."""

    tenant: str
    content: dict[str, Any]


def passport(sources: Sources, identity: Identity, tenant: str) -> Passport | None:
    """
    All of a thing's or a product's passport; ``None`` when the log knows neither.

    A thing's history is that of the tenant who first recorded it. A product's is looked up for ``tenant``.
    """
    asset = sources.projections.asset(identity.text)
    if asset is None and identity.level == "instance":
        return None
    owner = asset.tenant if asset else tenant
    product = (asset.product if asset else "") or product_of(identity)
    total = sources.footprint(owner, product) if product else None
    if asset is None and total is None:
        return None
    found: dict[str, Any] = {
        "id": identity.text,
        "level": identity.level,
        "identifiers": _identifiers(identity, sources.domain),
        "product": _product(product, total),
        "as_of": {"entries": sources.projections.watermark()},
        "policy": policy_rows(),
    }
    photo = sources.photos.photo(identity.text, product)
    if photo is not None:
        found["photo"] = {"href": f"{sources.domain}/photos/{photo.digest}", "type": photo.media_type}
    if total is not None:
        found |= {"footprint": _footprint(total), **_declaration(total)}
    if asset is not None:
        found |= _history(sources, asset)
    return Passport(owner, found)


def _identifiers(identity: Identity, domain: str) -> dict[str, str]:
    found = {
        "element_string": identity.element_string(),
        "key": identity.key.name,
        "code": identity.code,
        "digital_link": domain + identity.path,
    }
    if identity.serial:
        found["serial"] = identity.serial
    with suppress(IdentityError):
        found["epc"] = identity.epc_uri()
    return found


def _product(product: str, total: ProductTotal | None) -> dict[str, str]:
    found = {"id": product} if product else {}
    if total is not None and total.declared is not None:
        found |= {"name": total.declared.name, "supplier": total.declared.supplier}
    return found


# ---------------------------------------------------------------- footprint


def _footprint(total: ProductTotal) -> dict[str, Any]:
    """Per piece: the product's sums over the pieces that were handled, as no scale weighs each single one."""
    return {
        "unit": "kg CO2e per piece",
        "wtw_kg": exact_text(total.per_unit),
        "pieces": total.units,
        "covers_production": total.covers_production,
        "complete": total.complete,
        "stages": [_stage(stage, total) for stage in total.stages],
        "gaps": [gap.error.code for gap in total.gaps],
        "factor_set": {"id": total.factors.id, "hash": total.factors.hash},
        "gwp_sets": list(total.quality.gwp_sets),
    }


def _stage(stage: StageTotal, total: ProductTotal) -> dict[str, Any]:
    trails = [row.trail for row in stage.rows]
    return {
        "stage": stage.stage,
        "wtw_kg": exact_text(stage.wtw / total.units),
        "share": exact_text(stage.wtw / total.wtw) if stage.counted and total.wtw else None,
        "counted": stage.counted,
        "methods": sorted({f"{trail.method}/{trail.version}" for trail in trails}),
        "data_categories": sorted({trail.category for trail in trails}),
        "verification": sorted({trail.verification for trail in trails}),
        "factors": sorted({factor for trail in trails for factor in trail.factors}),
    }


def _declaration(total: ProductTotal) -> dict[str, Any]:
    record = total.declared
    if record is None:
        return {}
    certificate = {
        "kind": "product_footprint",
        "status": "verified" if record.verified_by else "recorded",
        "issuer": record.verified_by,
        "valid_from": record.valid_from.isoformat(),
        "valid_to": record.valid_to.isoformat(),
    }
    return {
        "declaration": {
            "id": record.id,
            "boundary": record.boundary,
            "primary_data_share": record.primary_data_share_pct,
        },
        "certificates": [certificate],
    }


# ---------------------------------------------------------------- journey


class _Id(msgspec.Struct):
    id: str


class _Event(msgspec.Struct, rename="camel"):
    event_time: datetime
    biz_step: str = ""
    disposition: str = ""
    biz_location: _Id | None = None
    read_point: _Id | None = None


class _Record(msgspec.Struct):
    event: _Event


class _Body(msgspec.Struct):
    record: _Record
    submitter: str


_BODY: Final = msgspec.json.Decoder(_Body)


def _history(sources: Sources, asset: AssetState) -> dict[str, Any]:
    indexes = sources.projections.asset_entries(asset.id)
    entries = [sources.entries.entry(index) for index in indexes[-SHOWN_EVENTS:]]
    own = [entry for entry in entries if entry.tenant == asset.tenant]
    covering = list(_covering(sources.checkpoints, [entry.index for entry in own]))
    events = [_event(sources, entry, state) for entry, state in zip(own, covering, strict=True)]
    return {
        "state": {
            "disposition": asset.disposition,
            "step": asset.step,
            "seen_at": _instant(asset.last_at),
            **_place(sources.places, asset.place),
        },
        "journey": {"count": len(indexes), "events": events[::-1]},
        **_proof(sources, own[-1].index if own else None),
    }


def _event(sources: Sources, entry: Entry, covering: StoredCheckpoint | None) -> dict[str, Any]:
    body = _BODY.decode(entry.body)
    event = body.record.event
    place = event.biz_location or event.read_point
    return {
        "entry": entry.index,
        "step": event.biz_step,
        "disposition": event.disposition,
        "at": event.event_time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "state": covering.state if covering else "sequenced",
        "sealed_proof": f"{sources.domain}/proofs/{entry.index}",
        "proof": f"{sources.domain}/entries/{entry.index}/proof",
        "submitter": body.submitter,
        **_place(sources.places, place.id if place else ""),
    }


def _place(places: Places, stated: str) -> dict[str, Any]:
    """The place as stated and, when its operator published it, for everyone."""
    if not stated:
        return {}
    known = None
    with suppress(IdentityError):
        known = places.place(parse(stated).text)
    if known is None:
        return {"place": {"id": stated}}
    shown = {
        "zh": known.zh,
        "en": known.en,
        "latitude": str(known.latitude),
        "longitude": str(known.longitude),
    }
    found: dict[str, Any] = {"place": {"id": stated, **shown}}
    return found | {"published_place": shown} if known.published else found


def _covering(checkpoints: CheckpointStore, indexes: Sequence[int]) -> Iterator[StoredCheckpoint | None]:
    """The checkpoint over each of some rising indexes, asking once per checkpoint."""
    found: StoredCheckpoint | None = None
    for position, index in enumerate(indexes):
        if position == 0 or (found is not None and index >= found.checkpoint.size):
            found = checkpoints.covering(index)
        yield found


def _proof(sources: Sources, index: int | None) -> dict[str, Any]:
    """The sealed proof of an entry, at the best checkpoint there is; none before the first."""
    if index is None:
        return {}
    try:
        made_now = prove(sources.entries, sources.checkpoints, index)
    except LogError:
        return {"proof": {"entry": index, "state": "sequenced"}}
    return {
        "proof": {
            "entry": index,
            "state": "confirmed" if made_now.receipt_note else "checkpointed",
            "checkpoint_size": made_now.checkpoint.size,
            "sealed": SealedProof.of(made_now).to_record(),
        }
    }


def _instant(moment: int) -> str:
    return (_EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")
