"""Figures of a printed report against the verdicts worked out by hand from them (tests/vectors/stated_claims.json)."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.claims.check import Finding, check, common_factor
from ledger.claims.figure import figures
from ledger.claims.statement import Statement
from ledger.claims.unit import unit
from ledger.footprint.factor import FactorSet
from ledger.units import shown

ROWS: dict[str, dict[str, Any]] = {
    row["id"]: row
    for row in json.loads((Path(__file__).parents[2] / "vectors" / "stated_claims.json").read_text("utf-8"))["claims"]
}


def checked(row: dict[str, Any], bundled: FactorSet, **changes: Any) -> Finding:
    """The finding on a row."""
    row = {**row, **changes}
    return check(
        Statement(
            id=row["id"],
            words=row["figures"],
            source="report 2023",
            rule=row["rule"],
            figures=figures(row["figures"]),
            formula=row.get("formula", ""),
            result=row.get("result", ""),
            factor=row.get("named", ""),
            region=row.get("region", ""),
        ),
        bundled,
    )


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_verdict(row: dict[str, Any], bundled: FactorSet) -> None:
    """Verdict, factor, computed figure, residual and implied factor are those worked out by hand."""
    finding = checked(row, bundled)
    assert finding.verdict == row["verdict"]
    if "factor" in row:
        assert finding.reproduced_by[0] == row["factor"]
    if "computed" in row:
        text, name = row["computed"]
        assert finding.computed is not None
        measure = unit(name)
        places = len(text.partition(".")[2])
        assert shown(finding.computed.value / measure.scale, places) == text
        assert finding.computed.dimension == measure.dimension or row["id"] == "D6-points"
    if "between" in row:
        assert finding.computed is not None
        measure = unit(row["computed"][1])
        places = len(row["between"][0].partition(".")[2])
        ends = (finding.computed.low, finding.computed.high)
        assert [shown(end / measure.scale, places) for end in ends] == row["between"]
    if "residual_pct" in row:
        assert finding.rate is not None
        assert finding.rate.id == "CN-ETS-2022"
        assert finding.relative is not None
        assert shown(finding.relative * 100, len(row["residual_pct"].partition(".")[2])) == row["residual_pct"]
    if "implied" in row:
        assert finding.implied is not None
        places = len(row["implied"][0].partition(".")[2])
        assert [shown(end, places) for end in (finding.implied.low, finding.implied.high)] == row["implied"]


def test_one_factor_behind_two_claims(bundled: FactorSet) -> None:
    """E6 and E7 share an interval of factors that fits neither E3 nor E4; C1 and C2 share one too."""
    found = {name: checked(row, bundled) for name, row in ROWS.items()}
    both = common_factor([found["E6"], found["E7"]])
    assert both is not None
    assert [shown(end, 5) for end in both] == ["0.56782", "0.56788"]
    assert common_factor([found["E6"], found["E7"], found["E3"]]) is None
    paper = common_factor([found["C1"], found["C2"]])
    assert paper is not None
    assert [shown(end * 1000, 3) for end in paper] == ["1.922", "1.974"]


@pytest.mark.parametrize("name", ["E1", "E2", "E3", "E4", "E5"])
@pytest.mark.parametrize("factor", ["CN-2021-全国", "CN-2022-全国", "CN-2023-全国"])
def test_statistical_series_reproduces_none(name: str, factor: str, bundled: FactorSet) -> None:
    """The national factors of the statistical series fit none of the pairs, by interval either."""
    assert checked(ROWS[name], bundled, named=factor).verdict == "not_reproducible"


def test_more_than_any_mode_emits(bundled: FactorSet) -> None:
    """1,331.86 t from 1.65万 t km imply 80.7 kg per t km; the bound has its source; slips are named, not applied."""
    finding = checked(ROWS["D1"], bundled)
    assert finding.implied is not None
    assert finding.bound is not None
    assert shown(finding.implied.value, 1) == "80.7"
    assert finding.bound.value == max(Fraction(f.wtw) for f in bundled.factors.values() if f.per == "t km")
    assert "DEFRA" in finding.bound.source
    assert ("thousand", True) in [(slip.name, large) for slip, large in finding.slips]
    possible = checked(ROWS["D1"], bundled, figures="activity = 1.65 万吨公里; avoided = 1.65 吨")
    assert possible.verdict != "impossible"
