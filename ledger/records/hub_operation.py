"""A hub operation: goods through a warehouse or terminal (ISO 14083:2023, clause 9: HOC), and the hub's energy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Grams, Moment, Name, Pieces
from ledger.records.transport_operation import ELECTRICITY, EnergyUnit


class HubOperation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Goods that left a hub: ``mass_g`` outbound [g], packaging included, for one product on one route.

    ``temperature`` says whether the goods were kept cool: they carry the hub's cooling, ambient ones do not.
    ``consignment`` is the one that the goods belong to, where all of them belong to one.
    """

    consignment: Name | None = None
    hub: Name
    id: Name
    kind: Literal["hub_operation"]
    mass_g: Grams
    occurred_at: Moment
    operation: Literal["storage", "transshipment"]
    product: Name
    quantity: Pieces
    route: Name
    temperature: Literal["ambient", "refrigerated"] = "ambient"
    version: Literal[1]


class EnergyUse(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Energy of one ``carrier`` that a site used over a period, as one meter or delivery note states.

    Electricity is ``energy_wh`` [Wh] from the grid ``region``; any other carrier (a fuel, steam, heat, hydrogen, by a
    name or id that the factor set knows) is ``amount`` in ``unit``. ``serves`` says whether it cooled refrigerated
    goods alone (GLEC v3.0: general part over all goods, cooling over the refrigerated ones). ``origin`` is ``own`` for
    what was generated on site. ``scope`` is the corporate scope, where its carrier does not tell: a fuel is scope 1;
    electricity, heat, steam and cooling are scope 2. Meters that run beside each other at a site state their ``meter``.
    """

    amount: DecimalText | None = None
    carrier: Name
    energy_wh: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None
    id: Name
    kind: Literal["energy_use"]
    meter: Name | None = None
    occurred_at: Moment
    origin: Literal["bought", "own"] = "bought"
    period_end: Moment
    period_start: Moment
    region: Name | None = None
    scope: Literal[1, 2] | None = None
    serves: Literal["all", "refrigerated"] = "all"
    site: Name
    unit: EnergyUnit | None = None
    version: Literal[1]


def check_energy(record: EnergyUse) -> None:
    """The period has a length; electricity is in Wh and names its grid, any other carrier has an amount with a unit."""
    if record.period_end <= record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    electric = record.carrier == ELECTRICITY
    wanted = ("energy_wh", "region") if electric else ("amount", "unit")
    for name in wanted:
        if getattr(record, name) is None:
            raise FieldMissing(field=name).at(Place(pointer=f"/{name}"))
    for name in ("amount", "unit") if electric else ("energy_wh",):
        if getattr(record, name) is not None:
            raise contradiction(
                "electricity is stated in energy_wh, any other carrier in amount and unit",
                "电力填写 energy_wh，其他能源填写 amount 与 unit",
                f"/{name}",
            )
