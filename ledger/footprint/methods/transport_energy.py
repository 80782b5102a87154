"""
Transport by its operator's own energy: g = G / T of the operations, E = T g per cell (ISO 14083:2023, clauses 8, 10).

Statements that follow on are added up, energy and activity each, so that legs of any of them take one intensity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, Operated
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import BoundaryMismatch, DistanceBasisMismatch
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.footprint.iso14083.operation import EnergyUse, Leak, OperationTotal, operation_total
from ledger.footprint.iso14083.working import Steps
from ledger.footprint.operation_share import Share, share_of, stop_grams
from ledger.footprint.transport_data import Data, Statements, TransportData, days_of, emission, flags_of


class _Used(NamedTuple):
    """Inputs of one statement, ready to be summed, with the ids and flags of their factors."""

    energy: list[EnergyUse]
    leaks: list[Leak]
    factors: list[str]
    flags: list[str]


class TransportEnergy:
    """Measured energy and refrigerant of the operations over their whole transport activity."""

    name = "transport_energy"
    version = 1
    en = "measured energy and refrigerant of the operations / their transport activity x mass x distance"
    zh = "运输作业实测能耗与制冷剂 ÷ 其运输活动量 × 质量 × 距离"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per transport cell that an operator's statements cover; a gap where they cannot be used."""
        if not cube.operations:
            return
        known: dict[tuple[int, str], tuple[OperationTotal, Trail]] = {}
        for cell, choice in TransportData(cube, factors).chosen("primary"):
            stated = choice.data
            assert isinstance(stated, Statements)
            try:
                first = (stated.held[0].entry, stated.vehicle)  # a record stands in one run of a vehicle's statements
                if first not in known:
                    known[first] = self.total(stated, choice, factors)
                total, trail = known[first]
                yield emission(cell, total.intensity, stated.held[0].record.distance_basis, trail)
            except FootprintError as error:
                yield Gap("transport", cell, error)

    def total(self, stated: Statements, choice: Choice[Data], factors: FactorSet) -> tuple[OperationTotal, Trail]:
        """
        The operations' total over all statements, and the trail of rows that rest on it.

        Raises ``OperationsOverlap``, ``RoundTripMissing``, ``NoActivity``, ``DistanceBasisMismatch``, ``GwpMismatch``
        and what a missing or unfit factor raises.
        """
        stated.check_apart()
        records = [one.record for one in stated.held]
        first = records[0]
        for record in records:
            if record.distance_basis != first.distance_basis:
                raise DistanceBasisMismatch(
                    vehicle=first.vehicle, expected=first.distance_basis, got=record.distance_basis
                )
        shares = [share_of(record, stated.vehicle) for record in records]
        used = [_used(one, share, factors) for one, share in zip(stated.held, shares, strict=True)]
        total = operation_total(
            stated.vehicle,
            sum((share.activity for share in shares), Fraction(0)),
            "t km",
            [use for part in used for use in part.energy],
            leaks=[leak for part in used for leak in part.leaks],
            round_trips="partial" if any(r.round_trips == "partial" for r in records) else first.round_trips,
        )
        entries = [one.entry for one in stated.held]
        flags = ["energy-factor-default", *(flag for part in used for flag in part.flags)]
        trail = Trail(
            factors=tuple(dict.fromkeys(name for part in used for name in part.factors)),
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category="primary",
            primary=Fraction(1),
            verification="recorded",
            gwp_set=total.gwp_set,
            flags=flags_of(flags, first.mode, first.distance_basis, stated.span),
            evidence=(len(entries), min(entries), max(entries)),
            choice=choice,
            working=(*(step for share in shares for step in share.working), *total.working, *_stops(shares, total)),
        )
        return total, trail


def _stops(shares: Sequence[Share], total: OperationTotal) -> Steps:
    """Of rounds, the emissions of each stop, in grams that add up."""
    activity: dict[str, Fraction] = {}
    for share in shares:
        for name, part in (share.stops or {}).items():
            activity[name] = activity.get(name, Fraction(0)) + part
    return stop_grams(activity, total.intensity.wtw * sum(activity.values(), Fraction(0))) if activity else ()


def _used(one: Operated, share: Share, factors: FactorSet) -> _Used:
    """Energy and refrigerants as far as they fall to the share."""
    days = days_of(one.start, one.end)
    found = _Used([], [], [], [])
    record = one.record
    parts = [(use, share.general) for use in record.energy] + [(use, share.cooling) for use in record.cooling]
    for use, part in parts:
        factor, flags = carrier_factor(factors, use.carrier, use.unit, use.region, days)
        found.energy.append(EnergyUse(Fraction(use.amount) * part, use.unit, factor))
        found.factors.extend(factor.ids)
        found.flags.extend(flags)
    for loss in record.refrigerants:
        factor, flags = carrier_factor(factors, loss.gas, "kg", None, days)
        if factor.ghg.wtt != 0:
            raise BoundaryMismatch(factor=factor.ids[0], expected="GWP100, kg CO2e/kg, WTT 0", got="WTT above 0")
        found.leaks.append(Leak(loss.gas, Fraction(loss.mass_kg) * share.cooling, factor.ghg.ttw, factor.gwp_set))
        found.factors.extend(factor.ids)
        found.flags.extend(flags)
    return found
