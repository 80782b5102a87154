"""Amounts: what is read, what is refused, and that parts sum to the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import units
from ledger.units import AmountTooFine, AmountUnreadable, UnitUnknown


@pytest.mark.parametrize(
    ("text", "unit", "dimension", "base"),
    [
        ("1", "t", "mass", 1_000_000),
        ("0.4995", "吨", "mass", 499_500),
        ("12.5", "公里", "distance", 12_500),
        # Seed text: 57万度 of the Wuxi roofs, 1.64亿度 of own green power.
        ("57万", "度", "energy", 570_000_000),
        ("1.64亿", "度", "energy", 164_000_000_000),
        ("1.65万", "km", "distance", 16_500_000),
    ],
)
def test_amounts_as_people_write_them(text: str, unit: str, dimension: str, base: int) -> None:
    """Chinese units and myriads are read exactly."""
    assert units.to_base(text, unit, dimension) == base


@pytest.mark.parametrize("text", ["", " ", "-1", "+1", "1e3", "１２", "1,000", "1.", ".5", "NaN", "1 2", "1_000", "万"])
def test_anything_but_plain_digits_is_refused(text: str) -> None:
    """Signs, exponents, separators and full-width digits are refused, not folded."""
    with pytest.raises(AmountUnreadable) as found:
        units.to_base(text, "kg", "mass")
    assert found.value.text == text


def test_a_unit_of_another_dimension_is_refused() -> None:
    """A distance is not a mass."""
    with pytest.raises(UnitUnknown):
        units.to_base("1", "km", "mass")
    with pytest.raises(UnitUnknown):
        units.to_base("1", "", "mass")


def test_what_cannot_be_kept_exactly_is_refused() -> None:
    """Half a gram is not rounded away."""
    with pytest.raises(AmountTooFine):
        units.to_base("0.0005", "kg", "mass")


def test_tonne_kilometres_of_the_published_example() -> None:
    """GLEC v3.0 p.104: 1,200 t over 658 km are 789,600 t km."""
    activity = units.transport_activity(units.Grams(1_200_000_000), units.Metres(658_000))
    assert units.tonne_km(activity) == Decimal(789_600)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**12), max_value=10**12))
def test_a_stored_decimal_has_one_form(value: Decimal) -> None:
    """Equal decimals give equal text, and the text gives the decimal back."""
    text = units.decimal_text(value)
    assert Decimal(text) == value
    assert text == units.decimal_text(value + Decimal("0.000000000000"))
    assert "E" not in text


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    """Largest remainder: nothing is lost, and no part is off by one unit or more."""
    parts = units.split_exactly(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(total * weight, sum(weights)) - part) < 1


@pytest.mark.parametrize(("value", "text"), [(Fraction(1, 2), "1"), (Fraction(3, 2), "2"), (Fraction(-1, 2), "-1")])
def test_display_rounds_half_up(value: Fraction, text: str) -> None:
    """Half goes away from zero."""
    assert units.shown(value, 0) == text
