"""The verb of footprints over all bills, as a person types it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from ledger.__main__ import main
from ledger.services.capture import record_bytes
from tests.builders import PRODUCT, bill

STEEL_KG = Fraction("2.86390131")
"""A kilogram of steel, UK 2025, row 15_504_5116_15_1 of the flat file."""
WHOLE = "https://id.gs1.org/01/09506000134369"


def test_all_bills_of_a_day_with_what_they_need_of_each_other(tmp_path: Path, capsys: Any) -> None:
    """Two pieces of 1 kg of steel and 0.5 kg more; on a day that no bill is valid there is none."""

    def said(*words: str) -> tuple[int, Any]:
        code = main(["--home", str(tmp_path / "home"), "--json", *words])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    steel = {"amount": "0.5", "factor": "DEFRA25-19_504_5116_15_1", "name": "steel", "unit": "kg"}
    two = {"amount": "2", "name": "part", "product": PRODUCT, "supplier": "supplier-1", "unit": "piece"}
    file = tmp_path / "bills.ndjson"
    records = [bill(), bill("bill-2", product=WHOLE, inputs=[steel, two])]
    file.write_bytes(b"\n".join(record_bytes(record) for record in records) + b"\n")
    assert said("import", str(file))[0] == 0
    code, found = said("footprint", "products", "--day", records[0].occurred_at.date().isoformat())
    assert code == 0
    figures = {one["product"]: one["cradle_to_gate_kg"] for one in found["bills"]}
    assert {name: Fraction(kg) for name, kg in figures.items()} == {
        PRODUCT: STEEL_KG,
        WHOLE: STEEL_KG * Fraction("2.5"),
    }
    assert all(one["complete"] for one in found["bills"])
    assert said("footprint", "products", "--day", "1990-01-01")[1]["bills"] == []
    assert said("footprint", "route")[1]["error"]["code"] == "footprint.subject-absent"
