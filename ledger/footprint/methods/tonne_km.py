"""Transport by mass and distance: E = sum(m * d') * g (ISO 14083:2023, clause 10; GLEC v3.0, step 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import lcm

from msgspec.structs import replace

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, TransportCell, day_of, start_of
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.errors import (
    BoundaryMismatch,
    DistanceBasisMismatch,
    DoubleDistanceAdjustment,
    FactorExpired,
)
from ledger.footprint.factor import Factor, FactorSet, TransportClass
from ledger.footprint.iso14083.errors import OperationsDoNotCover
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.footprint.transport_data import Data, TransportData
from ledger.units import GRAM_METRES_PER_TONNE_KM


@dataclass(frozen=True, slots=True)
class Rate:
    """
    A class of transport made ready for its cells, as integers over one denominator.

    Emissions [kg CO2e] are (per_gram_metre * gram_metres + per_gram * grams) / denominator, each a (TTW, WTT) pair:
    factor x (scale * d + offset). ``holds`` and ``year`` are the factor's validity and reference year as [from, to)
    in microseconds; a cell inside the year gets the first trail, any other the second.
    """

    factor: Factor
    per_gram_metre: tuple[int, int]
    per_gram: tuple[int, int]
    denominator: int
    holds: tuple[int, int]
    year: tuple[int, int]
    trails: tuple[Trail, Trail]

    def emission(self, cell: TransportCell) -> Emission:
        """The row of one cell; linear in its sums, so any split of the legs adds up to the same."""
        metres, grams = cell.gram_metres, cell.grams
        ttw = self.per_gram_metre[0] * metres + self.per_gram[0] * grams
        wtt = self.per_gram_metre[1] * metres + self.per_gram[1] * grams
        whole = self.denominator
        trail = self._trail(cell)
        return Emission(
            "transport", cell, Fraction(ttw, whole), Fraction(wtt, whole), Fraction(ttw + wtt, whole), trail
        )

    def _trail(self, cell: TransportCell) -> Trail:
        for at in (cell.first_at, cell.last_at):
            if not self.holds[0] <= at < self.holds[1]:
                valid = {"valid_from": self.factor.valid_from.isoformat(), "valid_to": self.factor.valid_to.isoformat()}
                raise FactorExpired(factor=self.factor.id, day=day_of(at), **valid)
        return self.trails[0 if self.year[0] <= cell.first_at and cell.last_at < self.year[1] else 1]


class TonneKm:
    """Mass times standard distance times intensity of the class of transport."""

    name = "tonne_km"
    version = 1
    en = "mass x shortest feasible or great-circle distance x intensity, distance adjusted where the class says so"
    zh = "质量 × 最短可行距离或大圆距离 × 排放强度；按运输类别的规定修正距离"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per transport cell that no better data stand behind."""
        data = TransportData(cube, factors)
        known: dict[tuple[str, str, str, Choice[Data]], Rate] = {}
        for cell in cube.transport:
            choice = data.choice(cell)
            if choice.level not in {"default", "supplied"}:
                continue
            toc = choice.data if isinstance(choice.data, str) else cell.vehicle
            key = (toc, cell.mode, cell.distance_basis, choice)
            try:
                rate = known.get(key)
                if choice.data is None and "not-covering" in {reason for _, reason in choice.passed}:
                    raise _not_covered(cell)
                if rate is None:
                    rate = known[key] = self.rate(*key, factors)
                yield rate.emission(cell)
            except FootprintError as error:
                yield Gap("transport", cell, error)

    def rate(self, vehicle: str, mode: str, distance_basis: str, choice: Choice[Data], factors: FactorSet) -> Rate:
        """
        The rate for cells of this vehicle, mode and distance basis, with the choice that led here.

        Raises ``NoEmissionFactor``, ``BoundaryMismatch``, ``DoubleDistanceAdjustment``, ``DistanceBasisMismatch``.
        """
        toc = factors.transport_class(vehicle, mode)
        factor = factors.factor(toc.factor)
        if factor.per != "t km" or factor.gas_scope != "CO2e" or factor.ttw is None or factor.wtt is None:
            raise BoundaryMismatch(factor=factor.id, expected="kg CO2e/(t km), TTW + WTT", got=factor.unit)
        _check_distance(toc, factor, distance_basis)
        trail = self._trail(toc, factor, choice, factors)
        pairs = [Fraction(part) / GRAM_METRES_PER_TONNE_KM for part in (factor.ttw, factor.wtt)]
        scaled = [pair * Fraction(toc.daf_scale) for pair in pairs]
        moved = [pair * toc.daf_offset_m for pair in pairs]
        whole = lcm(*(f.denominator for f in (*scaled, *moved)))
        return Rate(
            factor,
            (int(scaled[0] * whole), int(scaled[1] * whole)),
            (int(moved[0] * whole), int(moved[1] * whole)),
            whole,
            (start_of(factor.valid_from), start_of(factor.valid_to + timedelta(days=1))),
            (start_of(date(factor.year, 1, 1)), start_of(date(factor.year + 1, 1, 1))),
            (trail, replace(trail, flags=(*trail.flags, "time"))),
        )

    def _trail(self, toc: TransportClass, factor: Factor, choice: Choice[Data], factors: FactorSet) -> Trail:
        flags = {
            "distance-unadjusted": factor.distance_basis == "actual" and not toc.adjusts and not factor.daf_included,
            "geography": factor.region != factors.region,
        }
        return Trail(
            factors=(factor.id,),
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category=factor.category,
            primary=Fraction(factor.category == "primary"),
            verification="recorded",
            gwp_set=factor.gwp_set,
            flags=tuple(flag for flag, holds in flags.items() if holds),
            choice=choice,
        )


def _not_covered(cell: TransportCell) -> OperationsDoNotCover:
    return OperationsDoNotCover(vehicle=cell.vehicle, first=day_of(cell.first_at), last=day_of(cell.last_at))


def _check_distance(toc: TransportClass, factor: Factor, basis: str) -> None:
    """The legs' distance, the factor's and the adjustment must fit; none is applied twice."""
    if toc.daf_offset_m and basis != "gcd":
        raise DistanceBasisMismatch(vehicle=toc.name, expected="gcd", got=basis)
    if factor.distance_basis in {"sfd", "gcd"} and factor.distance_basis != basis:
        raise DistanceBasisMismatch(vehicle=toc.name, expected=factor.distance_basis, got=basis)
    if toc.adjusts and (factor.daf_included or factor.distance_basis == basis):
        why = "the factor contains one" if factor.daf_included else f"it rests on {factor.distance_basis} already"
        raise DoubleDistanceAdjustment(vehicle=toc.name, factor=factor.id, reason=why)
