"""
Transport by a model of its vehicle: consumption per km at its load, with empty running, x the carrier's factor
(GLEC v3.0, p. 112).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube, ModelledVehicle, TransportCell
from ledger.footprint.carrier import carrier_factor
from ledger.footprint.emission import Emission, Gap, Trail
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.ghg import Ghg
from ledger.footprint.iso14083.hierarchy import Choice
from ledger.footprint.iso14083.load import RULE, Use, Vehicle, evidenced
from ledger.footprint.iso14083.working import three
from ledger.footprint.transport_data import Data, TransportData, days_of, emission, flags_of

_GRAMS_PER_TONNE = 1_000_000


class TransportModel:
    """A vehicle's consumption curve at its load factor and empty running."""

    name = "transport_model"
    version = 1
    en = "the vehicle's consumption at its load factor and empty running x energy factor x mass x distance"
    zh = "车辆在其装载率与空驶率下的能耗 × 能源因子 × 质量 × 距离"

    def emissions(self, cube: ActivityCube, factors: FactorSet) -> Iterator[Emission | Gap]:
        """One row per transport cell whose best data are a model; a gap where its factor is missing."""
        if not cube.models:
            return
        known: dict[tuple[int, tuple[date, date]], tuple[Ghg, Trail]] = {}
        for cell, choice in TransportData(cube, factors).chosen("modelled"):
            model = choice.data
            assert isinstance(model, ModelledVehicle)
            key = (model.entry, days_of(cell.first_at, cell.last_at + 1))
            try:
                if key not in known:
                    known[key] = self.intensity(cell, model, choice, factors)
                ghg, trail = known[key]
                yield emission(cell, ghg, "actual", trail)
            except FootprintError as error:
                yield Gap("transport", cell, error)

    def intensity(
        self, cell: TransportCell, model: ModelledVehicle, choice: Choice[Data], factors: FactorSet
    ) -> tuple[Ghg, Trail]:
        """
        Intensity [kg CO2e/(t km)] on driven distance for a cell's time, and its trail.

        Raises ``EvidenceMissing``, ``LoadImpossible``, ``EnergyUnitMismatch`` and what an unfit factor raises.
        """
        record = model.record
        vehicle = Vehicle(
            empty_per_km=Decimal(record.empty_per_km),
            full_per_km=Decimal(record.full_per_km),
            capacity_t=Fraction(record.capacity_g, _GRAMS_PER_TONNE),
        )
        shares = [Fraction(text) / 100 for text in (record.load_factor_pct, record.empty_running_pct)]
        use = evidenced(Use(*shares), record.evidence or "")
        days = days_of(cell.first_at, cell.last_at + 1)
        factor, flags = carrier_factor(factors, record.carrier, record.unit, record.region, days)
        ghg = factor.emissions(vehicle.per_tonne_km(use), record.unit)
        trail = Trail(
            factors=factor.ids,
            factor_set=factors.hash,
            method=self.name,
            version=self.version,
            category="modelled",
            primary=Fraction(0),
            verification="recorded",
            gwp_set=factor.gwp_set,
            flags=flags_of(flags, record.mode, "actual", (cell.first_at, cell.first_at)),
            evidence=(1, model.entry, model.entry),
            choice=choice,
            working=(*vehicle.working(use, record.unit), *three("intensity", ghg, "kg CO2e/(t km)", RULE)),
        )
        return ghg, trail
