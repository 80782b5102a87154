"""The registry: units as printed, series kept apart, search in both languages, comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.footprint.errors import FactorContradicts
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.registry.compare import compare
from ledger.footprint.registry.errors import FactorUnitUnfit, FactorValueUnfit, SeriesMixed
from ledger.footprint.registry.search import Query, search
from ledger.footprint.registry.series import require_gases
from ledger.footprint.registry.units import canonical, printed


@pytest.mark.parametrize(
    ("unit", "value", "kept"),
    [
        ("kg CO2e/tonne.km", "0.12633", ("0.12633", "t km", "CO2e")),
        ("g CO2e/t-km", "126.33", ("0.12633", "t km", "CO2e")),
        ("gCO₂e/吨公里", "126.33", ("0.12633", "t km", "CO2e")),
        ("kgCO2/kWh", "0.5306", ("0.5306", "kWh", "CO2")),
        ("tCO2/MWh", "0.5703", ("0.5703", "kWh", "CO2")),
        ("千克二氧化碳当量/千瓦时", "0.5777", ("0.5777", "kWh", "CO2e")),
        ("kg CO2e per tonne", "269.50416", ("0.26950416", "kg", "CO2e")),
        ("kg CO2e/litres", "2.57", ("2.57", "l", "CO2e")),
        ("kg CO2e/m³", "2.03", ("2.03", "m3", "CO2e")),
        ("g CO2e/MJ", "94", ("0.3384", "kWh", "CO2e")),  # 1 kWh is 3.6 MJ (SI brochure, table 8)
    ],
)
def test_printed_units(unit: str, value: str, kept: tuple[str, str, str]) -> None:
    """Units as DEFRA, MEE and GLEC print them become kg per canonical unit, to the last digit."""
    found, per, gases = canonical(printed(value), unit)
    assert (found, per, gases) == (Decimal(kept[0]), *kept[1:])


@pytest.mark.parametrize(
    "unit", ["kg CO2e/gallon", "kg CO2e/tonne-mile", "kg CO2e", "kg CH4/kWh", "kg CO2e/km", "", "t"]
)
def test_units_that_do_not_convert(unit: str) -> None:
    """Miles need a rounded number, and a vehicle-kilometre a load; neither is assumed."""
    with pytest.raises(FactorUnitUnfit):
        canonical(Decimal(1), unit)


@pytest.mark.parametrize("text", ["-1", "1e-3", "1,000", "", "n/a", "１", "0.1.2", "NaN", "+1"])
def test_figures_that_are_not_plain(text: str) -> None:
    """Nothing is read into a figure."""
    with pytest.raises(FactorValueUnfit):
        printed(text)


@given(st.decimals(0, 10**9, places=9), st.sampled_from([("g", 1000), ("kg", 1)]))
def test_conversion_is_exact(value: Decimal, unit: tuple[str, int]) -> None:
    """The kept value times the unit's size is the printed one, whatever its digits."""
    found, _, _ = canonical(value, f"{unit[0]} CO2e/tkm")
    assert Fraction(found) * unit[1] == Fraction(value)


def test_electricity_series_never_mix(bundled: FactorSet) -> None:
    """The national figures of 2023 are 0.5306 kg CO2 for companies and 0.6205 kg CO2e for products: never together."""
    company, product = bundled.factor("CN-2023-全国"), bundled.electricity(2023)[0]
    assert (company.wtw, product.wtw) == (Decimal("0.5306"), Decimal("0.6205"))
    taken = [factor for year in bundled.power for factor in bundled.electricity(year)]
    assert {factor.series for factor in taken} == {"product_footprint"}
    for series in ("corporate_statistical", "corporate_ets"):
        with pytest.raises(SeriesMixed):
            require_gases(series, "CO2e")
    with pytest.raises(SeriesMixed):
        require_gases("product_footprint", "CO2")


def test_one_product_factor_a_year(make_factor: Callable[..., Factor]) -> None:
    """Two averages of one year would leave open which is used."""
    rows = [
        make_factor(name, per="kWh", series="product_footprint", component=component, distance_basis="", mode="")
        for name, component in (("a", "average"), ("b", "average"), ("t", "transmission"))
    ]
    with pytest.raises(FactorContradicts):
        FactorSet.of("x", date(2025, 1, 1), "CN", rows, [])


@pytest.mark.parametrize(
    "query",
    [
        Query(text="柴油铰接 平均装载"),
        Query(text="articulated diesel average laden"),
        Query(text="半挂", fuel="柴油", mode="road", region="英国", year=2025),
        Query(vehicle="road.hgv.artic-33t.diesel.avg"),
    ],
    ids=lambda query: query.text or query.vehicle,
)
def test_search_in_both_languages(bundled: FactorSet, query: Query) -> None:
    """The articulated lorry up to 33 t is found by Chinese and English words, and by the name legs use."""
    assert "DEFRA25-27_304_3128_14_1" in {factor.id for factor in search(bundled, query)}


def test_search_narrows(bundled: FactorSet) -> None:
    """Every word and field must fit, and words do not start inside others."""
    found = search(bundled, Query(text="浙江"))
    assert [factor.region for factor in found] == ["浙江"]
    assert search(bundled, Query(text="CN-ZJ")) == search(bundled, Query(text="Zhejiang")) == found
    assert {f.series for f in search(bundled, Query(series="product_footprint"))} == {"product_footprint"}
    assert {f.mode for f in search(bundled, Query(text="空运"))} == {"air"}
    assert search(bundled, Query(text="柴油", fuel="汽油")) == ()
    assert len(search(bundled, Query())) == len(bundled.factors)


def test_comparison_of_editions(bundled: FactorSet) -> None:
    """A new edition: one factor by another id and value, one gone, one come; the rest are the same."""
    lorry = bundled.factor("DEFRA25-27_304_3128_14_1")
    gone, grid = bundled.factor("DEFRA25-27_303_3081_14_1"), bundled.factor("CN-2023-全国")
    next_lorry = replace(
        lorry, id="DEFRA26-27_304_3128_14_1", year=2026, ttw=Decimal("0.12"), wtt=Decimal("0.03"), wtw=Decimal("0.15")
    )
    fresh = replace(grid, id="CN-2024-全国", year=2024, wtt=Decimal("0.5"), wtw=Decimal("0.5"))
    kept = [f for f in bundled.factors.values() if f.id not in {lorry.id, gone.id}]
    found = compare(bundled, FactorSet.of("next", date(2026, 12, 1), "CN", [*kept, next_lorry, fresh], []))
    assert [f.id for f in found.removed] == [gone.id]
    assert [f.id for f in found.added] == [fresh.id]
    (change,) = found.changed
    assert (change.old.id, change.new.id, change.matched) == (lorry.id, next_lorry.id, "subject")
    assert change.ratio == Fraction(15000, 15364)
    assert change.to_record()["ratio"] == "3750/3841"
    assert found.same == len(kept)


def test_no_ratio_between_different_things(bundled: FactorSet) -> None:
    """CO2 against CO2e, or another GWP set, has no ratio; the differing fields are named."""
    old = bundled.factor("DEFRA25-27_304_3128_14_1")
    sets = [
        FactorSet.of(str(at), date(2026, 1, 1), "CN", [f], [])
        for at, f in enumerate((old, replace(old, gwp_set="AR6")))
    ]
    (change,) = compare(*sets).changed
    assert (change.ratio, change.fields) == (None, ("gwp_set",))


@given(st.data())
def test_comparison_accounts_for_every_factor(bundled: FactorSet, data: Any) -> None:
    """Whatever two sets hold, each factor of either is paired once, added or removed; and swapping them swaps those."""
    names = sorted(bundled.factors)[:40]
    old, new = (
        FactorSet.of(
            side, date(2026, 1, 1), "CN", [bundled.factors[n] for n in data.draw(st.sets(st.sampled_from(names)))], []
        )
        for side in "ab"
    )
    found, back = compare(old, new), compare(new, old)
    assert len(found.removed) + len(found.changed) + found.same == len(old.factors)
    assert len(found.added) + len(found.changed) + found.same == len(new.factors)
    assert (found.added, found.removed) == (back.removed, back.added)
