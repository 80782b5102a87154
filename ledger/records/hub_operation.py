"""A hub operation: goods through a warehouse or terminal (ISO 14083:2023, clause 9: HOC), and the hub's energy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.transport_leg import Grams, Moment, Name, Pieces


class HubOperation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods that left a hub: ``mass_g`` outbound [g], packaging included, for one product on one route."""

    hub: Name
    id: Name
    kind: Literal["hub_operation"]
    mass_g: Grams
    occurred_at: Moment
    operation: Literal["storage", "transshipment"]
    product: Name
    quantity: Pieces
    route: Name
    version: Literal[1]


class EnergyUse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meter reading of a site over a period: ``energy_wh`` [Wh] of one carrier from one grid region."""

    carrier: Literal["electricity"]
    energy_wh: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    id: Name
    kind: Literal["energy_use"]
    occurred_at: Moment
    period_end: Moment
    period_start: Moment
    region: Name
    site: Name
    version: Literal[1]
