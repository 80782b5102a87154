"""Records of transport operations and vehicle models: what is taken, and what is refused at its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.errors import RecordError
from ledger.log.canonical import canonical_bytes, struct_bytes
from ledger.records.errors import FieldContradicts, FieldMissing, RecordUnreadable
from ledger.records.record import decode

OPERATION: dict[str, Any] = {
    "activity_tkm": "225000",
    "distance_basis": "sfd",
    "driven_m": 40_000_000,
    "empty_m": 6_000_000,
    "energy": [
        {"amount": "12000.5", "carrier": "diesel", "unit": "l"},
        {"amount": "300", "carrier": "electricity", "region": "江苏", "unit": "kWh"},
    ],
    "id": "苏物流-2025-Q1",
    "kind": "transport_operation",
    "mode": "road",
    "occurred_at": "2025-04-01T00:00:00+08:00",
    "operator": "苏物流",
    "period_end": "2025-04-01T00:00:00+08:00",
    "period_start": "2025-01-01T00:00:00+08:00",
    "refrigerants": [{"gas": "R-134a", "mass_kg": "0.5"}],
    "round_trips": "complete",
    "vehicle": "苏物流 9.6 m",
    "version": 1,
}
MODEL: dict[str, Any] = {
    "capacity_g": 24_000_000,
    "carrier": "diesel",
    "empty_per_km": "0.2",
    "empty_running_pct": "17",
    "full_per_km": "0.35",
    "id": "model-1",
    "kind": "vehicle_model",
    "load_factor_pct": "60",
    "mode": "road",
    "occurred_at": "2025-01-01T00:00:00+08:00",
    "operator": "苏物流",
    "unit": "l",
    "valid_from": "2025-01-01",
    "valid_to": "2025-12-31",
    "vehicle": "苏物流 9.6 m",
    "version": 1,
}


def read(record: dict[str, Any]) -> Any:
    return decode(json.dumps(record, ensure_ascii=False).encode())


@pytest.mark.parametrize("record", [OPERATION, MODEL], ids=["operation", "model"])
def test_what_is_taken_encodes_canonically(record: dict[str, Any]) -> None:
    """A record read and written is the RFC 8785 form of what came in."""
    assert struct_bytes(read(record)) == canonical_bytes(record)


def test_other_uses_than_the_default_are_taken_with_evidence() -> None:
    """A measured load factor names its measurement."""
    assert read(MODEL | {"load_factor_pct": "72.5", "evidence": "weighbridge 2025"}).load_factor_pct == "72.5"


@pytest.mark.parametrize(
    ("base", "change", "error", "pointer"),
    [
        (OPERATION, {"period_end": "2025-01-01T00:00:00+08:00"}, FieldContradicts, "/period_end"),
        (OPERATION, {"empty_m": 40_000_001}, FieldContradicts, "/empty_m"),
        (
            OPERATION,
            {"energy": [{"amount": "1", "carrier": "electricity", "unit": "kWh"}]},
            FieldMissing,
            "/energy/0/region",
        ),
        (
            OPERATION,
            {"energy": [{"amount": "1", "carrier": "electricity", "region": "江苏", "unit": "MJ"}]},
            FieldContradicts,
            "/energy/0/unit",
        ),
        (OPERATION, {"energy": []}, RecordUnreadable, "/energy"),
        (OPERATION, {"activity_tkm": "-1"}, RecordUnreadable, "/activity_tkm"),
        (OPERATION, {"activity_tkm": 225000}, RecordUnreadable, "/activity_tkm"),
        (OPERATION, {"round_trips": "outward"}, RecordUnreadable, "/round_trips"),
        (MODEL, {"load_factor_pct": "61"}, FieldMissing, "/evidence"),
        (MODEL, {"empty_running_pct": "0"}, FieldMissing, "/evidence"),
        (MODEL, {"load_factor_pct": "0", "evidence": "e"}, FieldContradicts, "/load_factor_pct"),
        (MODEL, {"load_factor_pct": "100.5", "evidence": "e"}, FieldContradicts, "/load_factor_pct"),
        (MODEL, {"empty_running_pct": "100", "evidence": "e"}, FieldContradicts, "/empty_running_pct"),
        (MODEL, {"full_per_km": "0.1"}, FieldContradicts, "/full_per_km"),
        (MODEL, {"valid_to": "2024-12-31"}, FieldContradicts, "/valid_to"),
        (MODEL, {"carrier": "electricity", "unit": "kWh"}, FieldMissing, "/region"),
        (MODEL, {"capacity_g": 0}, RecordUnreadable, "/capacity_g"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    base: dict[str, Any], change: dict[str, Any], error: type[RecordError], pointer: str
) -> None:
    """The JSON pointer leads to the field."""
    with pytest.raises(error) as found:
        read(base | change)
    assert found.value.place is not None
    assert found.value.place.pointer == pointer


def test_the_documented_records_are_taken() -> None:
    """Both examples of the method's page read as records, and their classes are of the bundled set."""
    page = (Path(__file__).parents[2] / "docs" / "footprint-method.md").read_text(encoding="utf-8")
    found = [decode(block.encode()) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    assert [record.kind for record in found] == ["transport_operation", "vehicle_model"]
    classes = FactorTables().current().classes
    assert all(record.default_class in classes for record in found)  # type: ignore[union-attr]
