"""Figures, units and formulas: the traps of printed numbers, exact and located."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.claims.check import check
from ledger.claims.errors import (
    FigureMissing,
    FigureUnitUnknown,
    FigureUnreadable,
    FormulaUndefined,
    FormulaUnreadable,
    UnitsDisagree,
)
from ledger.claims.figure import figure, figures
from ledger.claims.formula import Amount, formula
from ledger.claims.statement import RuleName, Statement
from ledger.claims.unit import unit
from ledger.footprint.factor import FactorSet

SAME_ENERGY = [
    ("5.7亿", "度"), ("5.7", "亿度"), ("57000万", "千瓦时"), ("57,000", "万千瓦时"), ("570", "GWh"), ("57万", "MWh"),
    ("5.7 亿", "kWh"), ("57000万", "KWH"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), SAME_ENERGY)
def test_one_energy_in_every_spelling(text: str, name: str) -> None:
    """The same electricity, however it is written."""
    found = figure("energy", text.replace(" ", ""), name)
    assert (found.value, found.dimension) == (570_000_000, (("kWh", 1),))


@pytest.mark.parametrize(
    ("name", "scale", "dimension"),
    [
        ("万吨公里", 10**4, (("t km", 1),)),
        ("万吨标准煤", 10**7, (("kgce", 1),)),
        ("百万吨二氧化碳", 10**9, (("kg", 1),)),
        ("Mt CO2e", 10**9, (("kg", 1),)),
        ("kg CO2e/(t km)", 1, (("kg", 1), ("t km", -1))),
        ("千克标准煤/万元", Fraction(1, 10**4), (("CNY", -1), ("kgce", 1))),
        ("tCO2/MWh", 1, (("kWh", -1), ("kg", 1))),
        ("斤", Fraction(1, 2), (("kg", 1),)),
        ("%", Fraction(1, 100), ()),
    ],
)
def test_units(name: str, scale: Fraction, dimension: tuple[tuple[str, int], ...]) -> None:
    """Units with their multipliers; standard coal and transport activity are dimensions of their own."""
    assert (unit(name).scale, unit(name).dimension) == (scale, dimension)


@pytest.mark.parametrize("name", ["mt", "mWh", "吨公", "kg/kWh/t", "bananas"])
def test_a_unit_that_can_be_read_two_ways_is_refused(name: str) -> None:
    """A metric ton or a million of them, a thousandth or a thousand: not guessed."""
    with pytest.raises(FigureUnitUnknown):
        unit(name)


@pytest.mark.parametrize("text", ["", "万", "1,00", "12,34.5", "1e3", "五百", "--3", "1.2.3", "3万万", "1234 5"])
def test_unreadable_figures(text: str) -> None:
    """Anything but a printed number is refused."""
    with pytest.raises(FigureUnreadable):
        figure("x", text)


def test_what_a_printed_number_stands_for() -> None:
    """57万 is from 565,000 up to, not including, 575,000; a word beside it is kept; zeros printed count."""
    found = figure("energy", "超过57万", "度")
    assert (found.low, found.high, found.hedge) == (565_000, 575_000, "超过")
    assert found.rounds_from(Fraction(565_000))
    assert not found.rounds_from(Fraction(575_000))
    assert figure("x", "9.0万").high == 90_500
    assert figure("x", "-13.0", "%").low == Fraction(-1305, 10000)


def test_figures_of_a_line() -> None:
    """Name, number and unit of each; what is exact by definition has no interval."""
    energy, cap = figures("energy = 近 1.65万吨公里；cap := 5,600 万吨")
    assert (energy.value, energy.dimension, energy.hedge) == (16_500, (("t km", 1),), "近")
    assert cap.low == cap.high == cap.value == 5_600 * 10**7
    with pytest.raises(FigureUnreadable):
        figures("a = 1; a = 2")


@pytest.mark.parametrize(
    ("text", "value"),
    [("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("8 / 4 / 2", 1), ("8 - 4 - 2", 2), ("2 * 3^2", 18), ("1 ÷ 4 × 2", "1/2")],
)
def test_formulas(text: str, value: object) -> None:
    """Precedence and association as in arithmetic, exact."""
    read = formula(text)
    assert read.evaluate({})[0].value == Fraction(str(value))
    # What a step says reads as the same formula again.
    assert formula(read.evaluate({})[1][-1].text).evaluate({})[0].value == Fraction(str(value))


@pytest.mark.parametrize(
    "text", ["", "1 +", "(1", "1)", "a b", "a ** b", "2^x", "2^0", "2^51", "__import__('os')", "(" * 30]
)
def test_formulas_that_are_refused(text: str) -> None:
    """Nothing but arithmetic over names is read, and nothing deep."""
    with pytest.raises(FormulaUnreadable):
        formula(text)


def test_divisor_that_may_be_zero() -> None:
    """A divisor whose rounding reaches zero gives no figure."""
    with pytest.raises(FormulaUndefined):
        formula("1 / a").evaluate({"a": Amount(Fraction(0), Fraction(-1, 2), Fraction(1, 2))})


@given(
    a=st.fractions(-100, 100), b=st.fractions(Fraction(1, 10), 100), half=st.fractions(0, Fraction(1, 20)),
    at=st.fractions(0, 1), power=st.integers(1, 5),
)  # fmt: skip
def test_the_interval_holds_every_outcome(a: Fraction, b: Fraction, half: Fraction, at: Fraction, power: int) -> None:
    """Whatever the figures were before rounding, the outcome lies between the ends."""
    text = f"(a - b)^{power} / b + a * b"
    amounts = {"a": Amount(a, a - half, a + half), "b": Amount(b, b - half, b + half)}
    found, _ = formula(text).evaluate(amounts)
    x, y = a - half + 2 * half * at, b + half - 2 * half * at
    assert found.low <= (x - y) ** power / y + x * y <= found.high


def _statement(rule: RuleName, text: str, **other: str) -> Statement:
    return Statement(id="x", words="x", source="x", rule=rule, figures=figures(text), **other)


def test_standard_coal_is_not_electricity(bundled: FactorSet) -> None:
    """Energy in standard coal where electricity is needed is a disagreement of units, not a small residual."""
    with pytest.raises(UnitsDisagree):
        check(_statement("electricity", "energy = 57万 吨标准煤; avoided = 325 吨"), bundled)
    with pytest.raises(FigureMissing):
        check(_statement("electricity", "avoided = 325 吨"), bundled)


@pytest.mark.parametrize(
    ("stated", "slip"), [("325 千克", "thousand"), ("325万 吨", "wan"), ("325亿 吨", "yi"), ("0.0325 吨", "wan")]
)
def test_slips_are_named(stated: str, slip: str, bundled: FactorSet) -> None:
    """A power of ten too many or too few is recognised; the verdict stays."""
    found = check(_statement("electricity", f"energy = 57万 度; avoided = {stated}", factor="CN-ETS-2022"), bundled)
    assert found.verdict == "not_reproducible"
    assert slip in [slip.name for slip, _ in found.slips]


def test_electricity_counted_as_coal(bundled: FactorSet) -> None:
    """kWh where kg of standard coal were meant: 0.1229 kgce/kWh."""
    text = "used = 1000.0 kWh; stated = 1000.0 千克标准煤; equivalent := 0.1229 kgce/kWh"
    found = check(_statement("arithmetic", text, formula="used * equivalent", result="stated"), bundled)
    assert "coal" in [slip.name for slip, large in found.slips if large]


@given(
    energy=st.integers(10_000, 10**9),
    parts=st.permutations(["energy", "avoided", "region"]),
    spelled=st.sampled_from([("度", 1), ("kWh", 1), ("MWh", 1000), ("万度", 10_000), ("GWh", 10**6)]),
)
def test_verdict_depends_on_no_order_and_no_spelling(
    energy: int, parts: list[str], spelled: tuple[str, int], bundled: FactorSet
) -> None:
    """The same exact figures in another order or unit give the same verdict and residual."""
    name, scale = spelled
    texts = {
        "energy": f"energy := {format(energy / scale, '.6f') if scale > 1 else energy} {name}",
        "avoided": "avoided = 9.4万 吨",
        "region": "rooms := 3 间",
    }
    exact = figure("energy", texts["energy"].split(" := ")[1].split(" ")[0], name, exact=True).value
    if exact != energy:
        return  # more decimals than six
    plain = check(_statement("electricity", f"energy := {energy} 度; avoided = 94000000 千克"), bundled)
    other = check(_statement("electricity", "; ".join(texts[part] for part in parts)), bundled)
    assert other.residual == plain.residual or other.rate != plain.rate
    assert other.computed is not None
    assert plain.implied is not None
    assert other.implied is not None
    assert other.implied.value == plain.implied.value
