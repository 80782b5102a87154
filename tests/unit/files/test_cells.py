"""Cells: what is refused, why, and that nothing is repaired on the way."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.files import cell
from ledger.adapters.files.errors import (
    ChoiceUnknown,
    NotADay,
    NotAMoment,
    NotPositive,
    NotWhole,
    NumberLostDigits,
    OffsetMissing,
    TooLong,
    UnitMissing,
    VehicleUnknown,
)
from ledger.errors import LedgerError
from ledger.identity.errors import CheckDigitMismatch, FormUnknown
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.transport_leg import TransportLeg
from ledger.units import AmountTooFine, AmountUnreadable, UnitUnknown
from tests.unit.files.tables import HEADINGS, ROW, book, fault_of, faults, only, read, records, row, text


@pytest.mark.parametrize(
    ("changes", "error", "heading"),
    [
        ({"gross_mass": "１２，５００"}, AmountUnreadable, "毛重（吨）"),
        ({"gross_mass": "12,500"}, AmountUnreadable, "毛重（吨）"),
        ({"gross_mass": "-1"}, AmountUnreadable, "毛重（吨）"),
        ({"gross_mass": "1e3"}, AmountUnreadable, "毛重（吨）"),
        ({"gross_mass": "=1+1"}, AmountUnreadable, "毛重（吨）"),
        ({"gross_mass": "0"}, NotPositive, "毛重（吨）"),
        ({"gross_mass": "0.0000001"}, AmountTooFine, "毛重（吨）"),
        ({"gross_mass": "12500千克"}, FieldContradicts, "毛重（吨）"),
        ({"distance": ""}, FieldMissing, "里程（公里）"),
        ({"quantity": "1.5"}, NotWhole, "件数"),
        ({"product": "9506000134353"}, CheckDigitMismatch, "产品"),
        ({"product": "ONU-1"}, FormUnknown, "产品"),
        ({"product": ""}, FieldMissing, "产品"),
        ({"carrier": "长" * 201}, TooLong, "承运商"),
        ({"mode": "骆驼"}, ChoiceUnknown, "运输方式"),
        ({"vehicle": "解放 J6P"}, VehicleUnknown, "车型"),
        ({"occurred_at": "2023-02-30 08:00"}, NotADay, "发运时间（北京时间）"),
        ({"occurred_at": "2023-05-03 25:00"}, NotAMoment, "发运时间（北京时间）"),
        ({"occurred_at": "昨天"}, NotAMoment, "发运时间（北京时间）"),
    ],
)
def test_a_bad_cell_is_refused_under_its_heading(
    changes: dict[str, str], error: type[LedgerError], heading: str
) -> None:
    """The error names the rule, the column keeps the heading the file has, the value is what stands there."""
    found = fault_of(**changes)
    assert isinstance(found.error, error)
    assert (found.column, found.value) == (heading, next(iter(changes.values())))
    for locale in ("en", "zh-CN"):
        assert found.error.message(locale)
        assert found.error.fix(locale)


def test_all_faults_of_a_row_come_back_at_once() -> None:
    """Three bad cells, three faults."""
    found = faults(text([row(gross_mass="-1", distance="", quantity="many")]))
    assert [fault.column for fault in found] == ["件数", "毛重（吨）", "里程（公里）"]


def test_an_amount_needs_its_unit_and_a_time_its_offset() -> None:
    """Neither is guessed from what is usual."""
    bare = [heading.partition("（")[0] for heading in HEADINGS]
    found = {fault.column: type(fault.error) for fault in faults(text([ROW], bare))}
    assert found == {
        "毛重": UnitMissing,
        "里程": UnitMissing,
        "实际行驶里程": UnitMissing,
        "发运时间": OffsetMissing,
    }
    pounds = [heading.replace("（吨）", "（磅）") for heading in HEADINGS]
    (found_unit,) = faults(text([ROW], pounds))
    assert isinstance(found_unit.error, UnitUnknown)


def test_an_air_leg_on_another_basis_than_the_great_circle_contradicts_itself() -> None:
    """What a row says as a whole is checked as well, under the column at fault."""
    found = fault_of(mode="航空")
    assert isinstance(found.error, FieldContradicts)
    assert found.column == "里程口径"


def test_a_formula_is_never_computed() -> None:
    """A formula cell has the value saved with it, here none; a formula in text is text."""
    cells = [*row()[:6], "=6*7", *row()[7:]]
    (found,) = faults(book([HEADINGS, cells]))
    assert isinstance(found.error, FieldMissing)
    assert found.column == "件数"
    command = "=cmd|' /C calc'!A0"
    assert only(text([row(carrier=command)])).carrier == command


def test_a_long_code_in_a_numeric_cell_has_lost_its_digits() -> None:
    """An 18-digit SSCC typed as a number is not the SSCC any more."""
    (found,) = faults(book([HEADINGS, [106141412345678908, *ROW[1:]]]))
    assert isinstance(found.error, NumberLostDigits)


def test_a_cell_is_judged_by_itself_whatever_the_rows_above_said() -> None:
    """The same text as a number has lost its digits; the same number under another unit of its row is another mass."""
    _, found = read(book([HEADINGS, row(waybill="1061414123456789"), [1061414123456789, *ROW[1:]]]))
    assert isinstance(found.outcome, tuple)
    assert isinstance(found.outcome[0].error, NumberLostDigits)
    headings = [*(heading.replace("（吨）", "") for heading in HEADINGS), "毛重单位"]
    rows = [[*row(waybill="A"), "吨"], [*row(waybill="B"), "千克"]]
    masses = [record.mass_g for record in records(read(text(rows, headings))) if isinstance(record, TransportLeg)]
    assert masses == [12_500_000, 12_500]


@given(st.integers(min_value=1, max_value=10**12), st.sampled_from([("g", 0), ("kg", 3), ("t", 6), ("吨", 6)]))
def test_a_mass_survives_every_unit_exactly(grams: int, unit: tuple[str, int]) -> None:
    """Written in grams, kilograms or tonnes, the same grams come back."""
    name, places = unit
    assert cell.amount(format(Decimal(grams).scaleb(-places), "f"), name, "mass") == grams


@given(st.datetimes(min_value=cell.datetime(1990, 1, 1), max_value=cell.datetime(2100, 1, 1)))
def test_a_moment_survives_being_written(moment: cell.datetime) -> None:
    """To the second, in either way of writing the day."""
    exact = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"):
        assert cell.moment(exact.strftime(form), "北京时间").replace(tzinfo=None) == exact


@given(st.text(max_size=30))
def test_no_text_makes_a_reader_fail_otherwise_than_by_its_errors(anything: str) -> None:
    """Whatever stands in a cell: a value or an error of ours."""
    readers = [cell.code, cell.product, cell.count, cell.decimal, cell.percent, cell.day]
    readers += [partial(cell.amount, unit=unit, dimension="mass") for unit in ("吨", "", anything)]
    readers += [partial(cell.moment, offset=offset) for offset in ("+08:00", "", anything)]
    for reader in readers:
        with suppress(LedgerError):
            reader(anything)


def test_full_width_forms_are_read_as_what_they_show() -> None:
    """Numbers, units, dates, products and the letters of codes; a name keeps the brackets it was written with."""
    assert cell.amount("１２．５", "吨", "mass") == cell.amount("12.5", "吨", "mass")
    assert cell.amount("３．２万度", "", "energy") == 32_000_000
    assert cell.percent("６１．５％") == "61.5"
    assert cell.day("２０２３年５月３日") == cell.day("2023-05-03")
    assert cell.moment("２０２３－０５－０３　０８：３０", "北京时间").isoformat() == "2023-05-03T08:30:00+08:00"
    assert cell.product("９５０６０００１３４３５２") == cell.product("9506000134352")
    assert cell.code("ＹＤ－１（江苏）") == "YD-1（江苏）"
    assert cell.name("国网（江苏）") == "国网（江苏）"
