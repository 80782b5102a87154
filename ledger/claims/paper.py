"""
Paper that tenders no longer need: projects x sheets per project x g CO2e per sheet.

A count of projects is the log's own; sheets per project are an assumption, never measured, and the factor is stated
with its source. The outcome is therefore an estimate, and says so wherever it is shown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

SHEET_G: Final = Fraction(210 * 297 * 80, 1_000_000)
"""Mass of a sheet [g]: A4, 210 mm x 297 mm (ISO 216), of 80 g/m2."""
PAPER: Final = "DEFRA25-19_506_5164_15_1"
"""Id of the factor [kg CO2e/kg]: paper of primary material, UK government conversion factors 2025, material use."""
STATED_SHEETS, STATED_PROJECTS, STATED_KG = 130_000_000, 35_000, 260_000
"""What a procurement programme's published statement says: 1.3亿 sheets in 3.5万 projects, 260 t less."""
USUAL_SHEETS: Final = STATED_SHEETS // STATED_PROJECTS
"""Sheets per project by that statement, whole sheets: 3,714."""
MOST_SHEETS: Final = 100_000


class Paperless(NamedTuple):
    """``sheets`` that were not printed and what they stand for [g CO2e], at ``g_per_sheet`` [g CO2e/sheet]."""

    projects: int
    sheets_per_project: int
    g_per_sheet: Fraction
    sheets: int
    grams: Fraction


def by_material(kg_per_kg: Fraction) -> Fraction:
    """G CO2e per sheet from a factor of paper [kg CO2e/kg]: its mass times the factor; printing is not in it."""
    return SHEET_G * kg_per_kg


def by_statement() -> Fraction:
    """G CO2 per sheet that the published statement implies: 2 exactly; its boundary is not stated."""
    return Fraction(STATED_KG * 1000, STATED_SHEETS)


def paperless(projects: int, sheets_per_project: int, g_per_sheet: Fraction) -> Paperless:
    """The count, exact."""
    sheets = projects * sheets_per_project
    return Paperless(projects, sheets_per_project, g_per_sheet, sheets, sheets * g_per_sheet)
