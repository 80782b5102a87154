"""
The energy carriers of an operation category, from what its figure rests on.

Measured energy gives consumption and factor; a vehicle's model gives both as well; a class of the factor set names a
fuel, whose factor per litre, kg, kWh or MJ the set has to have. What is not there is not stated, and the category is
refused, because the specification asks for its carriers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final, NamedTuple, get_args

from ledger.footprint.activity import ActivityCube, HubCell, ModelledVehicle, TransportCell
from ledger.footprint.amount import displayed_parts
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.electricity import grid_factor
from ledger.footprint.iso14083.energy import CarrierFactor
from ledger.footprint.methods.hub_energy import COOLED, SiteUse
from ledger.footprint.operation_share import share_of
from ledger.footprint.transport_data import Statements, days_of
from ledger.ileap.energy import EnergyCarrier, Unit
from ledger.ileap.errors import CarrierUnstated
from ledger.ileap.figures import number
from ledger.records.transport_operation import ELECTRICITY
from ledger.units import GRAM_METRES_PER_TONNE_KM

WORDS: Final = {
    "aviation fuel": "Aviation fuel",
    "cng": "CNG",
    "diesel": "Diesel",
    "electricity": "Electric",
    "gasoline": "Petrol",
    "hfo": "HFO",
    "hvo": "HVO",
    "hydrogen": "Hydrogen",
    "jet": "Aviation fuel",
    "lng": "LNG",
    "lpg": "LPG",
    "methanol": "Methanol",
    "mgo": "MGO",
    "petrol": "Petrol",
}
"""A fuel of a factor set, in small letters, and iLEAP's word for it."""
_UNITS: Final[tuple[Unit, ...]] = ("l", "kg", "kWh", "MJ")
"""In the order in which a class takes a fuel's factor, where the set has several."""
_SHARE_PLACES: Final = 6


class Used(NamedTuple):
    """A carrier with its factor, and how much of it a unit of activity takes, where that is known."""

    factor: CarrierFactor
    consumption: Fraction | None


def of_transport(row: Emission, factors: FactorSet, category: str) -> tuple[EnergyCarrier, ...]:
    """The carriers behind a leg's figure. Raises ``CarrierUnstated`` and what an unfit factor raises."""
    data = row.trail.choice.data if row.trail.choice is not None else None
    if isinstance(data, Statements):
        return stated(_measured(data, factors), category)
    if isinstance(data, ModelledVehicle):
        model = data.record
        factor, _ = carrier_factor(factors, model.carrier, model.unit, model.region, _days(row))
        intensity = row.wtw / _tonne_km(row)
        return stated([Used(factor, intensity / factor.ghg.wtw if factor.ghg.wtw else None)], category)
    return stated([Used(_of_class(row, factors, category), None)], category)


def of_hub(cell: HubCell, cube: ActivityCube, factors: FactorSet, category: str) -> tuple[EnergyCarrier, ...]:
    """The carriers of goods of this cell's hub and temperature."""
    used = SiteUse.by_site(cube).get(cell.hub)
    own = [one for one in cube.hubs if one.hub == cell.hub]
    every, chilled = (
        Fraction(sum(one.grams for one in own if one.temperature in which), 1_000_000)
        for which in ({"ambient", COOLED}, {COOLED})
    )
    found: list[Used] = []
    for reading in used.readings if used else ():
        if reading.serves != "all" and cell.temperature != COOLED:
            continue
        if reading.carrier == ELECTRICITY:
            factor, _ = grid_factor(factors, reading.region, reading.year)
        else:
            days = days_of(reading.start, reading.end)
            factor, _ = carrier_factor(factors, reading.carrier, reading.unit, None, days)
        found.append(Used(factor, reading.used / (every if reading.serves == "all" else chilled)))
    return stated(found, category)


def stated(used: Iterable[Used], category: str) -> tuple[EnergyCarrier, ...]:
    """Carriers in the wire's words, each once with its share of the energy. Raises ``CarrierUnstated``."""
    together: dict[tuple[str, str, Fraction, Fraction], Fraction | None] = {}
    for factor, consumption in used:
        word = WORDS.get(factor.carrier.casefold())
        if word is None or factor.per not in get_args(Unit):
            raise CarrierUnstated(
                category=category,
                why=f"iLEAP has no word for {factor.carrier} per {factor.per}",
                why_zh=f"iLEAP 没有对应 {factor.carrier}（{factor.per}）的词",
            )
        key = (word, factor.per, factor.ghg.wtw, factor.ghg.ttw)
        known = together.get(key)
        together[key] = consumption if known is None or consumption is None else known + consumption
    if not together:
        raise CarrierUnstated(category=category, why="no energy is recorded", why_zh="没有能耗记录")
    parts = _relative(together, category)
    return tuple(
        EnergyCarrier(
            energy_carrier=word,
            relative_share=share,
            energy_consumption=None if consumption is None else number(consumption),
            energy_consumption_unit=None if consumption is None else per,  # type: ignore[arg-type]  # checked above
            emission_factor_wtw=number(wtw),
            emission_factor_ttw=number(ttw),
        )
        for ((word, per, wtw, ttw), consumption), share in zip(together.items(), parts, strict=True)
    )


def _relative(together: dict[tuple[str, str, Fraction, Fraction], Fraction | None], category: str) -> Sequence[str]:
    """Shares of the energy; of carriers in litres and kg the energy content is not known, and is not guessed."""
    if len(together) == 1:
        return ("1",)
    amounts: list[Fraction] = []
    for (_, per, _, _), consumption in together.items():
        if consumption is None or per not in {"kWh", "MJ"}:
            why = "the shares of carriers in different units follow from their energy content, which is not recorded"
            raise CarrierUnstated(category=category, why=why, why_zh="不同单位的能源份额取决于其热值，账本没有记录")
        amounts.append(consumption if per == "kWh" else consumption * Fraction(5, 18))
    scale = lcm(*(amount.denominator for amount in amounts))
    common = [int(amount * scale) for amount in amounts]
    return [str(part).rstrip("0").rstrip(".") for part in displayed_parts(Fraction(1), common, _SHARE_PLACES)]


def _measured(data: Statements, factors: FactorSet) -> list[Used]:
    shares = [(one, share_of(one.record, data.vehicle)) for one in data.held]
    activity = sum((share.activity for _, share in shares), Fraction(0))
    found: list[Used] = []
    for one, share in shares:
        days = days_of(one.start, one.end)
        parts = [(use, share.general) for use in one.record.energy]
        parts += [(use, share.cooling) for use in one.record.cooling]
        for use, part in parts:
            factor, _ = carrier_factor(factors, use.carrier, use.unit, use.region, days)
            found.append(Used(factor, Fraction(use.amount) * part / activity))
    return found


def _of_class(row: Emission, factors: FactorSet, category: str) -> CarrierFactor:
    behind = factors.factor(row.trail.factors[0])
    first, last = _days(row)
    for unit in _UNITS:
        fit = [
            one
            for one in factors.factors.values()
            if one.per == unit and one.fuel and one.fuel.casefold() == behind.fuel.casefold() and not one.mode
            and one.ttw is not None and one.wtt is not None and _valid(one.valid_from, one.valid_to, (first, last))
        ]  # fmt: skip
        home = [one for one in fit if one.region == factors.region] or fit
        if len(home) == 1:
            return CarrierFactor.of(home[0])
    fuel = behind.fuel or "-"
    raise CarrierUnstated(
        category=category,
        why=f"the factor set {factors.id} has no one factor of the fuel {fuel} per litre, kg, kWh or MJ",
        why_zh=f"因子集 {factors.id} 中没有燃料 {fuel} 按升、千克、千瓦时或兆焦计的唯一因子",
    )


def _valid(start: date, end: date, days: tuple[date, date]) -> bool:
    return start <= days[0] and days[1] <= end


def _days(row: Emission) -> tuple[date, date]:
    cell = row.cell
    assert isinstance(cell, TransportCell)
    return days_of(cell.first_at, cell.last_at + 1)


def _tonne_km(row: Emission) -> Fraction:
    cell = row.cell
    assert isinstance(cell, TransportCell)
    return Fraction(cell.gram_metres, GRAM_METRES_PER_TONNE_KM)
