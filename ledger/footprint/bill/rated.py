"""Amounts of materials, energy and transport with their factors: figures of one line, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.footprint.carrier import carrier_factor
from ledger.footprint.errors import BoundaryMismatch, FactorExpired
from ledger.footprint.factor import Category, Factor, FactorSet
from ledger.footprint.iso14083.distance import Adjustment, Basis, checked_adjustment
from ledger.footprint.iso14083.working import Step, Steps
from ledger.footprint.split import Split, summed
from ledger.records.bill_of_materials import BillInput, DirectEmission, InboundMove, PackagingItem, Treatment
from ledger.records.packaging import PackagingComponent
from ledger.records.transport_operation import EnergyAmount
from ledger.units import GRAM_METRES_PER_TONNE_KM

_GRAMS_PER_KG: Final = 1000
_METRES_PER_KM: Final = 1000
_PARTS: Final = {
    "aviation": "aviation",
    "biogenic": "biogenic",
    "fossil": "fossil",
    "land_use_change": "land_use_change",
    "removal": "removals",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """
    A figure [kg CO2e per declared unit], by kind, and what it rests on.

    ``primary`` is its primary share, 0 to 1; ``gwp_set`` the GWP set of its factors, ``not stated`` without one.
    """

    split: Split
    factors: tuple[str, ...] = ()
    category: Category = "default"
    primary: Fraction = Fraction(0)
    gwp_set: str = "not stated"
    flags: tuple[str, ...] = ()
    working: Steps = ()


def factor_for(factors: FactorSet, factor_id: str, unit: str, day: date) -> tuple[Factor, tuple[str, ...]]:
    """
    The factor of that id for use on a day, and its flags.

    Raises ``NoEmissionFactor``, ``BoundaryMismatch`` for another unit, gas or electricity series, ``FactorExpired``.
    """
    factor = factors.factor(factor_id)
    if factor.gas_scope != "CO2e" or factor.per != unit or factor.series not in {"", "product_footprint"}:
        raise BoundaryMismatch(
            factor=factor.id, expected=f"kg CO2e/{unit}", got=f"{factor.unit} {factor.series}".strip()
        )
    if not factor.valid_from <= day <= factor.valid_to:
        valid = {"valid_from": factor.valid_from.isoformat(), "valid_to": factor.valid_to.isoformat()}
        raise FactorExpired(factor=factor.id, day=day.isoformat(), **valid)
    flags = {"geography": factor.region != factors.region, "time": factor.year != day.year}
    return factor, tuple(flag for flag, holds in flags.items() if holds)


def material(
    factors: FactorSet, line: BillInput | PackagingItem | PackagingComponent, amount: Fraction, unit: str, day: date
) -> Rated:
    """
    E = amount x ((1 - r) EF + r EF_recycled): recycled content r by the cut-off rule.

    Raises what ``factor_for`` raises.
    """
    assert line.factor is not None
    virgin, flags = factor_for(factors, line.factor, unit, day)
    used, value = [virgin], Fraction(virgin.wtw)
    working = [Step("amount", amount, unit, "bill"), Step("factor", value, virgin.unit, virgin.id)]
    if line.recycled_factor is not None:
        share = Fraction(line.recycled_pct or 0) / 100
        recycled, more = factor_for(factors, line.recycled_factor, unit, day)
        used.append(recycled)
        flags = (*flags, *more, "recycled-cut-off")
        working += [
            Step("recycled", share * 100, "%", "100:0"),
            Step("factor.recycled", Fraction(recycled.wtw), recycled.unit, recycled.id),
        ]
        value = (1 - share) * value + share * Fraction(recycled.wtw)
    return Rated(
        split=Split(unsplit=amount * value),
        factors=tuple(factor.id for factor in used),
        category=virgin.category,
        primary=Fraction(virgin.category == "primary"),
        gwp_set=one_gwp_set(factor.gwp_set for factor in used),
        flags=tuple(dict.fromkeys(flags)),
        working=tuple(working),
    )


def treated(factors: FactorSet, treatments: Iterable[Treatment], mass: Fraction, day: date) -> Rated:
    """E = mass [kg] x sum(share x EF) over the treatments; a stated scenario. Raises what ``factor_for`` raises."""
    kg, used, flags, working = Fraction(0), list[Factor](), list[str](), [Step("mass", mass, "kg", "bill")]
    for one in treatments:
        factor, said = factor_for(factors, one.factor, "kg", day)
        kg += mass * Fraction(one.share) * Fraction(factor.wtw)
        used.append(factor)
        flags += said
        working.append(Step("share", Fraction(one.share), "1", factor.id))
    return Rated(
        split=Split(unsplit=kg),
        factors=tuple(factor.id for factor in used),
        gwp_set=one_gwp_set(factor.gwp_set for factor in used),
        flags=tuple(dict.fromkeys([*flags, "scenario"])),
        working=tuple(working),
    )


def energy(factors: FactorSet, used: EnergyAmount, day: date, *, measured: bool) -> Rated:
    """
    E = amount x factor of the carrier; electricity takes its grid's carbon-footprint series.

    Raises what ``carrier.carrier_factor`` raises.
    """
    factor, flags = carrier_factor(factors, used.carrier, used.unit, used.region, (day, day))
    amount = Fraction(used.amount)
    return Rated(
        split=Split(unsplit=factor.emissions(amount, used.unit).wtw),
        factors=factor.ids,
        category="primary" if measured else "modelled",
        primary=Fraction(measured),
        gwp_set=factor.gwp_set,
        flags=(*flags, "energy-factor-default") if measured else flags,
        working=(
            Step("amount", amount, used.unit, "bill"),
            Step("factor", factor.ghg.wtw, f"kg CO2e/{used.unit}", " + ".join(factor.ids)),
        ),
    )


def direct(emission: DirectEmission, *, measured: bool) -> Rated:
    """What the process emits or takes up itself, as stated and of its kind."""
    split = Split(**{_PARTS[emission.part]: Fraction(emission.kg_co2e)})
    return Rated(split=split, category="primary" if measured else "modelled", primary=Fraction(measured))


def moved(factors: FactorSet, move: InboundMove, day: date) -> Rated:
    """
    E = mass x distance x intensity of the class (ISO 14083:2023, clause 10); by air it counts as aircraft emissions.

    Distance is the great circle by air and the shortest feasible elsewhere, adjusted as the class says. Raises what
    ``factor_for`` and ``checked_adjustment`` raise.
    """
    toc = factors.transport_class(move.vehicle, move.mode)
    factor, flags = factor_for(factors, toc.factor, "t km", day)
    activity: Basis = "gcd" if move.mode == "air" else "sfd"
    basis: Basis = factor.distance_basis or "actual"
    adjustment = checked_adjustment(
        move.vehicle,
        factor.id,
        Adjustment(toc.daf_scale, toc.daf_offset_m, toc.daf_source),
        intensity=basis,
        activity=activity,
        included=factor.daf_included,
    )
    metres = Fraction(move.distance_km) * _METRES_PER_KM * Fraction(adjustment.scale) + adjustment.offset_m
    moved_tkm = Fraction(move.mass_kg) * _GRAMS_PER_KG * metres / GRAM_METRES_PER_TONNE_KM
    kg = moved_tkm * Fraction(factor.wtw)
    if basis == "actual" and not adjustment.adjusts and not factor.daf_included:
        flags = (*flags, "distance-unadjusted")
    return Rated(
        split=Split(aviation=kg) if move.mode == "air" else Split(fossil=kg),
        factors=(factor.id,),
        category=factor.category,
        primary=Fraction(factor.category == "primary"),
        gwp_set=factor.gwp_set,
        flags=flags,
        working=(
            Step("activity", moved_tkm, "t km", "mass x distance, adjusted as the class says"),
            Step("factor", Fraction(factor.wtw), factor.unit, factor.id),
        ),
    )


def one_gwp_set(names: Iterable[str]) -> str:
    """The GWP set of figures that are summed: the stated one. Two stated ones stand side by side for all to see."""
    stated = [name for name in dict.fromkeys(names) if name not in {"not stated", "none"}]
    return " + ".join(stated) or "not stated"


def together(parts: Iterable[Rated]) -> Rated:
    """The sum of some figures of one line: kinds added up, primary share weighted by emissions."""
    held = list(parts)
    split = summed(one.split for one in held)
    whole = sum((abs(one.split.total) for one in held), Fraction(0))
    primary = sum((abs(one.split.total) * one.primary for one in held), Fraction(0))
    categories = {one.category for one in held}
    return Rated(
        split=split,
        factors=tuple(dict.fromkeys(name for one in held for name in one.factors)),
        category=categories.pop() if len(categories) == 1 else "modelled",
        primary=primary / whole if whole else Fraction(0),
        gwp_set=one_gwp_set(one.gwp_set for one in held),
        flags=tuple(dict.fromkeys(flag for one in held for flag in one.flags)),
        working=tuple(step for one in held for step in one.working),
    )
