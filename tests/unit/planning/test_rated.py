"""Rates out of a factor set: what is published of empty lorries comes out, what does not follow is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.footprint.errors import FactorExpired, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.planning.errors import ConsumptionOutOfPlace, RateNotDerivable
from ledger.planning.routes.rated import Named, Origin, UsedFactor, origin_of
from ledger.units import Grams

DAY = date(2026, 7, 1)
PUBLISHED = {
    "road.hgv.rigid-over-17t.diesel.avg": ("0.21116", "0.12436", "0.774", "0.94152", "1.10905"),
    "road.hgv.artic-33t.diesel.avg": ("0.12823", "0.07674", "0.62775", "0.78163", "0.93551"),
}
"""
DESNZ conversion factors 2025, freighting goods, TTW: kg/(t km) at 50 % and 100 % laden; kg/km at 0 %, 50 % and 100 %.

Rows 27_304_3117 to 3119 and 3125 to 3126; the last figure of the second is twice the one before less the first.
"""


def used(load: int | None, kg: str, per: str = "t km") -> UsedFactor:
    return UsedFactor(f"at {load}", Decimal(kg), per, load, "DESNZ 2025", 2025, "0" * 64)


def origin(*factors: UsedFactor, payload_g: int = 8_000_000, **changes: Any) -> Origin:
    fields: dict[str, Any] = {"method": "two_loads", "payload_g": Grams(payload_g)}
    return Origin(named="x", factor_set="s", edition="2026-11-23", factors=factors, **(fields | changes))


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_published_of_an_empty_lorry_follows_from_its_two_loads(name: str) -> None:
    """Per km at three loads; the payload is the publication's, kg/km over kg/(t km) when full."""
    _, full, *per_km = (Fraction(text) for text in PUBLISHED[name])
    payload_g = round(per_km[2] / full * 10**6)
    rates = origin(used(50, PUBLISHED[name][0]), used(100, PUBLISHED[name][1]), payload_g=payload_g).rates()
    for share, published in zip((0, Fraction(1, 2), 1), per_km, strict=True):
        found = rates.grams(1000, round(share * payload_g) * 1000)
        assert abs(found / 1000 - published) < Fraction(2, 10_000), (share, float(found))


def test_the_classes_of_legs_give_both_rates_and_say_from_what(bundled: FactorSet) -> None:
    """8 t at half load and full emits what the two factors say of its t km, to the last digit."""
    found = origin_of(bundled, DAY, Named("road.hgv.rigid-17t.diesel.avg", Grams(8_000_000)))
    rates = found.rates()
    assert (rates.empty, rates.loaded) == (Fraction("1149.28"), Fraction("40.68"))
    assert [(one.id, one.load, one.kg) for one in found.factors] == [
        ("DEFRA25-27_304_3114_14_1", 50, Decimal("0.328")),
        ("DEFRA25-27_304_3115_14_1", 100, Decimal("0.18434")),
    ]
    assert found.factors[0].source.startswith("DEFRA/DESNZ")
    assert found.factors[0].hash == bundled.factor("DEFRA25-27_304_3114_14_1").hash
    assert (found.factor_set, found.edition, found.rule) == (bundled.id, "2026-11-23", "GLEC v3.0, p. 112")
    assert rates.grams(1000, 4_000_000 * 1000) == 4 * 328
    assert rates.grams(1000, 8_000_000 * 1000) == Fraction("1474.72")
    assert origin_of(bundled, DAY, Named("DEFRA25-27_304_3115_14_1", Grams(8_000_000))).rates() == rates


def test_electricity_with_a_vehicles_own_consumption(bundled: FactorSet) -> None:
    """The national carbon footprint of 2024 and its transmission, 0.5777 + 0.0046 kg/kWh, as legs take them."""
    found = origin_of(bundled, DAY, Named("电力", Grams(1_500_000), Decimal("0.3"), Decimal("0.45")))
    assert len(found.factors) == 2
    kwh = 1000 * sum((Fraction(one.kg) for one in found.factors), Fraction(0))
    assert kwh == Fraction("582.3")
    assert (found.rates().empty, found.rates().loaded) == (kwh * Fraction("0.3"), kwh * Fraction("0.1"))


@pytest.mark.parametrize(
    ("named", "day", "error"),
    [
        (Named("road.van.diesel.avg", Grams(1)), DAY, RateNotDerivable),
        (Named("rail.freight.avg", Grams(1)), DAY, RateNotDerivable),
        (Named("air.freight.over-3700km", Grams(1)), DAY, RateNotDerivable),
        (Named("sea.container.avg", Grams(1)), DAY, RateNotDerivable),
        (Named("road.hgv.rigid-17t.diesel.avg", Grams(1)), date(2028, 1, 1), FactorExpired),
        (Named("road.hgv.rigid-17t.diesel.avg", Grams(1), Decimal(1), Decimal(2)), DAY, ConsumptionOutOfPlace),
        (Named("electricity", Grams(1)), DAY, ConsumptionOutOfPlace),
        (Named("road.hgv.rigid-17t", Grams(1), Decimal(1), Decimal(2)), DAY, NoEmissionFactor),
        (Named("CN-ETS-2022", Grams(1), Decimal(1), Decimal(2)), DAY, RateNotDerivable),
    ],
)
def test_what_no_rate_follows_from_is_refused(
    bundled: FactorSet, named: Named, day: date, error: type[LedgerError]
) -> None:
    with pytest.raises(error) as caught:
        origin_of(bundled, day, named)
    assert all((caught.value.message(one), caught.value.fix(one)) for one in ("en", "zh-CN"))


def test_a_third_publication_of_the_same_lorry_is_not_picked_from(bundled: FactorSet) -> None:
    """Two factors at one load, or a line that falls below nothing: refused, whatever the order."""
    one = bundled.factor("DEFRA25-27_304_3114_14_1")
    again = replace(one, id="other", ttw=Decimal("0.3"), wtt=Decimal("0.1"), wtw=Decimal("0.4"))
    wider = FactorSet.of("w", bundled.published, "CN", [*bundled.factors.values(), again], bundled.classes.values())
    with pytest.raises(RateNotDerivable):
        origin_of(wider, DAY, Named("road.hgv.rigid-17t.diesel.avg", Grams(8_000_000)))
    with pytest.raises(RateNotDerivable):
        origin(used(50, "1"), used(100, "0.4")).rates()
    with pytest.raises(RateNotDerivable):
        origin(used(50, "1"), used(50, "0.4")).rates()


@given(
    empty=st.fractions(0, 2, max_denominator=1000),
    more=st.fractions(0, 1, max_denominator=1000),
    payload=st.integers(1, 40_000),
    loads=st.lists(st.integers(1, 100), min_size=2, max_size=2, unique=True),
)
def test_two_points_of_any_line_give_the_line(empty: Fraction, more: Fraction, payload: int, loads: list[int]) -> None:
    """f(x) = f0 + (f1 - f0) x per km, published as g = f(x) / (P x): f0 comes back, and the slope over the payload."""
    tonnes = Fraction(payload, 1000)
    points = []
    for load in loads:
        share = Fraction(load, 100)
        points.append(used(load, "0")._replace(kg=(empty + more * share) / (tonnes * share)))  # type: ignore[arg-type]
    rates = origin(*points, payload_g=payload * 1000).rates()
    assert (rates.empty, rates.loaded) == (1000 * empty, 1000 * more / tonnes)
