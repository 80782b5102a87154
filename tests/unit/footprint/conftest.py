from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.footprint.activity import SiteEnergy
from ledger.footprint.factor import Factor, FactorSet, TransportClass
from ledger.records.hub_operation import HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import microseconds
from ledger.records.transport_leg import TransportLeg
from ledger.records.transport_operation import EnergyAmount, TransportOperation, VehicleModel

VECTORS = Path(__file__).parents[2] / "vectors" / "footprint_examples.json"
NOON = datetime(2025, 6, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def example() -> Callable[[str], dict[str, Any]]:
    rows = json.loads(VECTORS.read_text(encoding="utf-8"), parse_float=Decimal)["examples"]
    return {row["id"]: row for row in rows}.__getitem__


@pytest.fixture(scope="session")
def make_factor() -> Callable[..., Factor]:
    def make(factor_id: str = "f", **other: Any) -> Factor:
        values: dict[str, Any] = {
            "id": factor_id,
            "per": "t km",
            "ttw": Decimal("0.08"),
            "wtt": Decimal("0.02"),
            "wtw": Decimal("0.1"),
            "gas_scope": "CO2e",
            "gwp_set": "AR5",
            "subject": "lorry",
            "region": "CN",
            "year": 2025,
            "valid_from": date(2025, 1, 1),
            "valid_to": date(2025, 12, 31),
            "source": "made for this test",
            "licence": "CC0-1.0",
            "mode": "road",
            "distance_basis": "actual",
        }
        return Factor(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_class() -> Callable[..., TransportClass]:
    def make(name: str = "lorry", factor: str = "f", **other: Any) -> TransportClass:
        values: dict[str, Any] = {
            "name": name,
            "mode": "road",
            "factor": factor,
            "daf_scale": Decimal(1),
            "daf_offset_m": 0,
            "daf_source": "none",
            "en": name,
            "zh": name,
        }
        return TransportClass(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_set(make_factor: Callable[..., Factor], make_class: Callable[..., TransportClass]) -> Callable[..., FactorSet]:
    """A set of one lorry at the given intensities [kg/t km] and one grid factor [kg/kWh]."""

    def make(
        ttw: str = "0.08",
        wtt: str = "0.02",
        grid: str = "0.6",
        toc: dict[str, Any] | None = None,
        **factor: Any,
    ) -> FactorSet:
        whole = Decimal(ttw) + Decimal(wtt)
        lorry = make_factor("f", **({"ttw": Decimal(ttw), "wtt": Decimal(wtt), "wtw": whole} | factor))
        power = {
            "per": "kWh",
            "ttw": Decimal(0),
            "series": "product_footprint",
            "distance_basis": "",
            "gwp_set": "not stated",
        }
        factors = [
            lorry,
            make_factor("g", wtt=Decimal(grid), wtw=Decimal(grid), component="average", **power),
            make_factor("t", wtt=Decimal(0), wtw=Decimal(0), component="transmission", **power),
        ]
        return FactorSet.of("made", date(2025, 1, 1), "CN", factors, [make_class(**(toc or {}))])

    return make


@pytest.fixture(scope="session")
def make_leg() -> Callable[..., TransportLeg]:
    def make(mass_g: int = 1_000_000, distance_m: int = 1_000, **other: Any) -> TransportLeg:
        values: dict[str, Any] = {
            "carrier": "c",
            "consignment": "k",
            "destination": "b",
            "distance_basis": "sfd",
            "distance_m": distance_m,
            "id": "leg",
            "kind": "transport_leg",
            "mass_g": mass_g,
            "mode": "road",
            "occurred_at": NOON,
            "origin": "a",
            "product": "p",
            "quantity": 1,
            "route": "r",
            "vehicle": "lorry",
            "version": 1,
        }
        return TransportLeg(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_hub() -> Callable[..., HubOperation]:
    def make(mass_g: int = 1_000_000, **other: Any) -> HubOperation:
        values: dict[str, Any] = {
            "hub": "h",
            "id": "hub",
            "kind": "hub_operation",
            "mass_g": mass_g,
            "occurred_at": NOON,
            "operation": "transshipment",
            "product": "p",
            "quantity": 1,
            "route": "r",
            "version": 1,
        }
        return HubOperation(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_energy() -> Callable[..., SiteEnergy]:
    def make(energy_wh: int = 1_000, **other: Any) -> SiteEnergy:
        values: dict[str, Any] = {
            "hub": "h",
            "region": "CN",
            "year": 2025,
            "energy_wh": energy_wh,
            "start": microseconds(datetime(2025, 1, 1, tzinfo=UTC)),
            "end": microseconds(datetime(2026, 1, 1, tzinfo=UTC)),
            "entry": 900,
        }
        return SiteEnergy(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_declared() -> Callable[..., ProductFootprint]:
    def make(pcf: str = "12.5", **other: Any) -> ProductFootprint:
        values: dict[str, Any] = {
            "boundary": "cradle_to_gate",
            "declared_unit": "piece",
            "id": "pcf-1",
            "kind": "product_footprint",
            "name": "router",
            "occurred_at": NOON,
            "pcf_kg_co2e": pcf,
            "product": "p",
            "supplier": "s",
            "valid_from": date(2025, 1, 1),
            "valid_to": date(2027, 12, 31),
            "version": 1,
        }
        return ProductFootprint(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_operation() -> Callable[..., TransportOperation]:
    """A year of the operator's ``fleet``: 100 l of diesel for 1,000 t km."""

    def make(**other: Any) -> TransportOperation:
        values: dict[str, Any] = {
            "activity_tkm": "1000",
            "default_class": "lorry",
            "distance_basis": "sfd",
            "energy": [EnergyAmount(amount="100", carrier="diesel", unit="l")],
            "id": "operations-2025",
            "kind": "transport_operation",
            "mode": "road",
            "occurred_at": NOON,
            "operator": "c",
            "period_end": datetime(2025, 12, 31, 16, tzinfo=UTC),
            "period_start": datetime(2024, 12, 31, 16, tzinfo=UTC),
            "round_trips": "complete",
            "vehicle": "fleet",
            "version": 1,
        }
        return TransportOperation(**(values | other))

    return make


@pytest.fixture(scope="session")
def make_model() -> Callable[..., VehicleModel]:
    """A 24 t lorry at the default use."""

    def make(**other: Any) -> VehicleModel:
        values: dict[str, Any] = {
            "capacity_g": 24_000_000,
            "carrier": "diesel",
            "default_class": "lorry",
            "empty_per_km": "0.2",
            "empty_running_pct": "17",
            "full_per_km": "0.35",
            "id": "model",
            "kind": "vehicle_model",
            "load_factor_pct": "60",
            "mode": "road",
            "occurred_at": NOON,
            "operator": "c",
            "unit": "l",
            "valid_from": date(2025, 1, 1),
            "valid_to": date(2025, 12, 31),
            "vehicle": "fleet",
            "version": 1,
        }
        return VehicleModel(**(values | other))

    return make
