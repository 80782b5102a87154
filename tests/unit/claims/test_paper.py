"""Paper not printed: what a published statement implies, and what the bundled factor gives."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.claims.paper import PAPER, SHEET_G, USUAL_SHEETS, by_material, by_statement, paperless
from ledger.units import shown


def test_the_published_statement() -> None:
    """130 million sheets in 35,000 projects and 260 t: 3,714 sheets each at 2 g; back, less a rounding."""
    assert USUAL_SHEETS == 3714
    assert by_statement() == 2
    found = paperless(35_000, USUAL_SHEETS, by_statement())
    assert found.sheets == 129_990_000
    assert found.grams == 259_980_000


def test_thirteen_million_sheets_of_another_statement_do_not_give_its_tonnes_by_the_same_factor() -> None:
    """13.43 million sheets, stated as 26 t: at 2 g they are 26.86 t, so no single factor gives both exactly."""
    assert paperless(1, 13_430_000, by_statement()).grams == 26_860_000
    assert Fraction(26_000_000, 13_430_000) < by_statement()


def test_a_sheet_by_its_mass_and_the_bundled_factor() -> None:
    """A4 of 80 g/m2 weighs 4.9896 g; at 1.3450779 kg CO2e/kg (UK 2025) that is 6.71 g CO2e, thrice the other."""
    assert Fraction("4.9896") == SHEET_G
    factor = FactorTables().current().factor(PAPER)
    assert factor.per == "kg"
    assert shown(by_material(Fraction(factor.wtw)), 4) == "6.7114"
    assert by_material(Fraction(factor.wtw)) > 3 * by_statement()


@pytest.mark.parametrize("projects", [0, 1, 7])
def test_parts_multiply_exactly(projects: int) -> None:
    """No rounding on the way."""
    found = paperless(projects, 3, Fraction(1, 3))
    assert (found.sheets, found.grams) == (3 * projects, projects)
