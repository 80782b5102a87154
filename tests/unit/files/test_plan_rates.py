"""A vehicle's row names what its rates are taken from: what is stated twice, half or not at all comes back, located."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from api.plan_example import example_day
from ledger.adapters.files.plan_rates import Rating
from ledger.adapters.files.plan_tables import plan_tables
from ledger.adapters.files.plan_workbook import DayBook, read_day
from ledger.footprint.factor import FactorSet
from ledger.planning.errors import PlanDayMissing
from ledger.planning.routes.plan import stated
from ledger.planning.routes.problem import Problem

DAY = date(2026, 7, 1)
LORRY = "road.hgv.rigid-17t.diesel.avg"
VAN = "road.van.diesel.avg"


def a_day(factors: FactorSet | None, day: date = DAY, **cells: object) -> DayBook:
    """The example with other cells in the row of its first vehicle, by headings in English."""
    book = load_workbook(BytesIO(example_day(0)))
    sheet = book["车辆"]
    columns = {"empty": 6, "loaded": 7, "factor": 20, "empty_use": 21, "full_use": 22}
    assert [sheet.cell(1, columns[name]).value for name in columns] == [
        "空驶 gCO2e/km",
        "载重 gCO2e/tkm",
        "因子",
        "空驶能耗 每公里",
        "满载能耗 每公里",
    ]
    for name, value in cells.items():
        sheet.cell(2, columns[name]).value = value
    out = BytesIO()
    book.save(out)
    return read_day(out.getvalue(), "day.xlsx", None if factors is None else Rating(factors, day))


TAKEN: dict[str, object] = {"empty": None, "loaded": None, "factor": LORRY}


def test_a_class_gives_rates_and_stays_with_the_vehicle(bundled: FactorSet) -> None:
    """2 t: 2 x 143.66 g/km empty, 40.68 g/(t km) loaded; the plan's workbook has the factors and what is assumed."""
    book = a_day(bundled, **TAKEN)
    van = book.fleets[0]
    assert not book.refused
    assert (van.rates.empty, van.rates.loaded) == (Fraction("287.32"), Fraction("40.68"))
    assert van.origin is not None
    assert book.fleets[1].origin is None
    found = stated(Problem(book.depots, book.fleets, book.orders, book.distances()), book.today)
    rows = list(plan_tables(found, "en")[-1].rows)
    first = next(row for row in rows if row[0] == van.name)
    assert first[3:9] == (LORRY, bundled.id, "2026-11-23", "DEFRA25-27_304_3114_14_1", "0.328", "t km")
    assert str(first[-1]).endswith("Assumed: 100 % laden is this vehicle's 2000 kg")
    assert str(first[-2]).startswith("DEFRA/DESNZ")


def test_an_energy_carrier_takes_the_vehicles_own_consumption(bundled: FactorSet) -> None:
    book = a_day(bundled, empty=None, loaded=None, factor="电力", empty_use="0.3", full_use="0.45")
    assert (book.fleets[0].rates.empty, book.fleets[0].rates.loaded) == (Fraction("174.69"), Fraction("43.6725"))


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        ({"factor": LORRY}, "planning.rates-twice", "因子 / factor", LORRY),
        ({"empty": None, "factor": LORRY}, "planning.rates-twice", "因子 / factor", LORRY),
        ({"empty": None, "loaded": None}, "planning.rates-missing", "空驶 gCO2e/km / empty gCO2e/km", None),
        ({"loaded": None}, "planning.rates-missing", "载重 gCO2e/tkm / loaded gCO2e/tkm", None),
        ({"full_use": "0.4"}, "planning.rates-twice", "满载能耗 每公里 / full use per km", None),
        (TAKEN | {"full_use": "0.4"}, "planning.consumption", "满载能耗 每公里 / full use per km", LORRY),
        (TAKEN | {"factor": "electricity"}, "planning.consumption", "满载能耗 每公里 / full use per km", "electricity"),
        (
            TAKEN | {"factor": "road.van.diesel.avg"},
            "planning.rate-not-derivable",
            "因子 / factor",
            "road.van.diesel.avg",
        ),
        (
            TAKEN | {"factor": "diesel", "empty_use": "1", "full_use": "2"},
            "footprint.no-factor",
            "因子 / factor",
            None,
        ),
    ],
)
def test_what_is_not_clear_comes_back(
    bundled: FactorSet, cells: dict[str, object], code: str, column: str, value: str | None
) -> None:
    """With its place, what was stated and what to do, in both languages; the other vehicle is read on."""
    book = a_day(bundled, **cells)
    (refused,) = book.refused
    place = refused.error.place
    assert place is not None
    assert (refused.error.code, place.file, place.sheet, place.row, place.column) == (
        code,
        "day.xlsx",
        "车辆 Vehicles",
        2,
        column,
    )
    if value is not None:
        assert refused.stated == value
    assert all((refused.error.message(one), refused.error.fix(one)) for one in ("en", "zh-CN"))
    assert [fleet.name for fleet in book.fleets] == ["卡车 6.8 m"]


def test_a_factor_holds_on_the_day_of_the_plan(bundled: FactorSet) -> None:
    """The day after its validity the row comes back; without a day nothing is read."""
    assert a_day(bundled, date(2027, 12, 31), **TAKEN).fleets[0].origin is not None
    (refused,) = a_day(bundled, date(2028, 1, 1), **TAKEN).refused
    assert (refused.error.code, refused.error.place and refused.error.place.row) == ("footprint.factor-expired", 2)
    with pytest.raises(PlanDayMissing) as caught:
        a_day(None, **TAKEN)
    assert caught.value.place is not None
    assert (caught.value.place.row, caught.value.place.column) == (2, "因子 / factor")
