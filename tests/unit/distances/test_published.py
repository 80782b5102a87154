"""What is computed against what others publish, each with its source (tests/vectors/published_distances.json)."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.distances import OfflineDistances
from ledger.ports.distances import Mode, ModeNotMeasured
from ledger.services.measure_distance import usual_basis

PUBLISHED = json.loads((Path(__file__).parents[2] / "vectors" / "published_distances.json").read_text(encoding="utf-8"))
DISTANCES = OfflineDistances(list)
CASES = [(mode, case) for mode in ("sea", "road", "air") for case in PUBLISHED[mode]]


def metres(mode: Mode, *names: str) -> int:
    """From the first to the last, by way of the others."""
    stops = [DISTANCES.find(name, mode) for name in names]
    return DISTANCES.measure(mode, usual_basis(mode), stops).metres


@pytest.mark.parametrize(("mode", "case"), CASES, ids=[f"{c['from']}-{c['to']}" for _, c in CASES])
def test_a_published_distance_is_met(mode: Mode, case: dict[str, Any]) -> None:
    """Within the tolerance that the documentation states, both ways to the same metre."""
    published = Decimal(case["km"]) * 1000 if "km" in case else Decimal(case["nautical_miles"]) * 1852
    found = metres(mode, case["from"], case["to"])
    assert abs(Fraction(found) / Fraction(published) - 1) * 100 <= Fraction(str(case["percent"]))
    assert metres(mode, case["to"], case["from"]) == found


def test_digits_are_the_same_on_every_machine() -> None:
    """Integers from the shipped files: these metres change only with the files or the methods."""
    assert metres("road", "北京", "上海") == 1_184_397
    assert metres("sea", "CNSHA", "NLRTM") == 19_625_519
    assert metres("air", "PVG", "LIN") == 9_122_540


@pytest.mark.parametrize("mode", ["rail", "inland_waterway"])
def test_a_mode_whose_network_would_mislead_is_refused(mode: Mode) -> None:
    """No railway or river distance is computed along a network; the great circle is, as the standard allows it."""
    stops = [DISTANCES.find(name, mode) for name in ("南京", "上海")]
    with pytest.raises(ModeNotMeasured):
        DISTANCES.measure(mode, "sfd", stops)
    found = DISTANCES.measure(mode, "gcd", stops)
    assert (found.basis, found.data) == ("gcd", "")
    assert 230_000 < found.metres < 310_000


def test_a_flight_has_no_shortest_feasible_distance() -> None:
    """ISO 14083:2023 measures flights on the great circle alone."""
    with pytest.raises(ModeNotMeasured):
        DISTANCES.measure("air", "sfd", [DISTANCES.find(code, "air") for code in ("PVG", "FRA")])


def test_places_on_the_way_add_up() -> None:
    """By way of Nanjing is the sum of both parts, and no shorter than the direct way."""
    parts = metres("road", "北京", "南京") + metres("road", "南京", "上海")
    assert metres("road", "北京", "南京", "上海") == parts >= metres("road", "北京", "上海")
