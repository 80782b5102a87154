"""
The passport of a thing or a product: what it is, its journey, its footprint to date, and what proves all that.

``passport`` gathers everything; ``disclosure.disclosed`` cuts out what a reader may see. Figures are exact text [kg
CO2e], moments RFC 3339 UTC. The same entries and master data give the same passport.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ledger.errors import FootprintError, IdentityError, LogError
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import FactorSource
from ledger.footprint.product import ProductTotal, StageTotal
from ledger.identity import GTIN, Identity, made, parse
from ledger.lifecycle.category import NO_PRODUCT, MasterData, category_of
from ledger.log.sealed import SealedProof
from ledger.ports import (
    AssetLife,
    CheckpointStore,
    EntryStore,
    HistoryRow,
    Lifecycles,
    Photos,
    Places,
    Projections,
)
from ledger.services.coverage import states
from ledger.services.disclosure import policy_rows
from ledger.services.footprints import product_footprint
from ledger.services.prove import prove

SHOWN_EVENTS: Final = 50
"""Newest events that a passport lists; their whole number is stated beside."""
LONGEST_JOURNEY: Final = 1000
SHOWN_CONTENTS: Final = 50
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a passport's parts come from. ``footprint`` gives a tenant's product's total, as ``footprint_of`` does."""

    entries: EntryStore
    checkpoints: CheckpointStore
    projections: Projections
    lifecycles: Lifecycles
    assets: MasterData
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

    A thing's history is that of ``tenant``, else of the tenant who first recorded it. A product's is ``tenant``'s.
    """
    life = _life(sources, identity, tenant)
    if life is None and identity.level == "instance":
        return None
    owner = life.tenant if life else tenant
    if life is not None:
        identity = parse(life.id)  # a further code leads to the thing's first one
    product = (life.product if life else "") or product_of(identity)
    total = sources.footprint(owner, product) if product else None
    if life is None and total is None:
        return None
    found: dict[str, Any] = {
        "id": identity.text,
        "level": identity.level,
        "identifiers": _identifiers(identity, sources.domain),
        "product": _product(sources, product, total, life),
        "as_of": {"entries": min(sources.projections.watermark(), sources.lifecycles.watermark())},
        "policy": policy_rows(),
    }
    photo = sources.photos.photo(identity.text, product)
    if photo is not None:
        found["photo"] = {"href": f"{sources.domain}/photos/{photo.digest}", "type": photo.media_type}
    if total is not None:
        found |= {"footprint": _footprint(total), **_declaration(total)}
    if life is not None:
        found |= _history(sources, life)
        if owner == tenant:
            found |= {"aliases": [alias.code for alias in sources.lifecycles.aliases(owner, life.id)]}
            found["state"]["contents"] = _contents(sources, life)
    return Passport(owner, found)


def _life(sources: Sources, identity: Identity, tenant: str) -> AssetLife | None:
    """The life of a thing among the tenant's own, else in the records of who first named its code."""
    if identity.level != "instance":
        return None
    known = sources.lifecycles.tenants(identity.text)
    if not known:
        return None
    return sources.lifecycles.asset(tenant if tenant in known else known[0], identity.text)


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


def _product(sources: Sources, product: str, total: ProductTotal | None, life: AssetLife | None) -> dict[str, Any]:
    found: dict[str, Any] = {"id": product} if product else {}
    if total is not None and total.declared is not None:
        found |= {"name": total.declared.name, "supplier": total.declared.supplier}
    listed = sources.assets.products().get(product, NO_PRODUCT)
    code = category_of(life.life, listed) if life else listed.category
    category = sources.assets.categories().get(code)
    if category is not None:
        found["category"] = {"code": category.code, "zh": category.zh, "en": category.en}
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


def _history(sources: Sources, found: AssetLife) -> dict[str, Any]:
    life, lives = found.life, sources.lifecycles
    rows = lives.history(found.tenant, found.id, limit=LONGEST_JOURNEY)
    shown = rows[-SHOWN_EVENTS:]
    states = _states(sources.checkpoints, [row.event.seq for row in shown])
    events = [_event(sources, row, states[row.event.seq]) for row in shown]
    newest = max((row.event.seq for row in rows), default=None)
    return {
        "state": {
            "disposition": life.disposition,
            "step": life.step,
            "stage": life.stage,
            "seen_at": _instant(life.last_at),
            "holder": life.holder or None,
            "parent": life.parent,
            "value": str(Decimal(life.value_fen).scaleb(-2)) if life.value_fen else None,
            **_place(sources.places, life.place),
        },
        "journey": {"count": len(rows), "events": events[::-1]},
        "anomalies": [
            {"kind": one.code, "at": _instant(one.at), "entries": [one.seq, *([one.other] if one.other >= 0 else [])]}
            for one in lives.anomalies(found.tenant, found.id, limit=SHOWN_EVENTS)
        ],
        **_proof(sources, newest),
    }


def _contents(sources: Sources, found: AssetLife) -> list[str]:
    inside = sources.lifecycles.contents(found.tenant, found.id, limit=SHOWN_CONTENTS)
    return [one.id for one in inside]


def _event(sources: Sources, row: HistoryRow, state: str) -> dict[str, Any]:
    event = row.event
    return {
        "entry": event.seq,
        "type": event.type,
        "step": event.step,
        "disposition": event.disposition,
        "role": row.role,
        "unit": row.unit or None,
        "withdrawn": row.voided or event.voids,
        "at": _instant(event.at),
        "state": state,
        "sealed_proof": f"{sources.domain}/proofs/{event.seq}",
        "proof": f"{sources.domain}/entries/{event.seq}/proof",
        **_place(sources.places, event.place),
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


def _states(checkpoints: CheckpointStore, indexes: Sequence[int]) -> dict[int, str]:
    """How far each entry has come, asking once per checkpoint."""
    rising = sorted(indexes)
    return dict(zip(rising, states(checkpoints, rising), strict=True))


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
