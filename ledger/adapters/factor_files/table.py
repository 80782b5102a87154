"""
A table of anyone's: columns found by their headings, or mapped by whoever imports it (``FIELD=HEADING``).

A unit stands in a column of its own or in brackets in the heading of a value. Whatever a row lacks, the person
importing states for the whole file; what nobody states sends the row back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ledger.adapters.factor_files.reading import Importer, Row, Sheet, Table, Unfit, bracketed, find_table, folded
from ledger.adapters.files.cell import day
from ledger.errors import LedgerError
from ledger.footprint.errors import FactorContradicts
from ledger.footprint.factor import SERIES, TEMPERATURES, Factor, Per
from ledger.footprint.grid import region_of
from ledger.footprint.registry.errors import (
    ColumnAbsent,
    FactorFieldMissing,
    FactorPartMissing,
    FactorUnitUnfit,
    FactorValueUnfit,
    FactorWordUnknown,
    SeriesMixed,
)
from ledger.footprint.registry.series import require_gases
from ledger.footprint.registry.units import GasScope, canonical, printed
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "编号", "factor id"),
    "subject": ("subject", "name", "名称", "description", "说明"),
    "mode": ("mode", "运输方式"),
    "vehicle": ("vehicle", "车型", "vehicle type", "vehicle characteristics"),
    "fuel": ("fuel", "燃料", "energy carrier"),
    "temperature": ("temperature", "温度"),
    "region": ("region", "地区", "区域"),
    "year": ("year", "年份"),
    "ttw": ("ttw", "ttw emission intensity", "emission intensity ttw", "使用阶段"),
    "wtt": ("wtt", "wtt emission intensity", "emission intensity wtt", "能源供应阶段"),
    "wtw": ("wtw", "wtw emission intensity", "emission intensity wtw", "value", "factor", "因子", "排放因子", "数值"),
    "unit": ("unit", "单位"),
    "gwp_set": ("gwp", "gwp set", "gwp_set"),
    "series": ("series", "系列"),
    "component": ("component", "stage", "阶段", "load characteristics"),
    "distance_basis": ("distance basis", "距离口径"),
    "daf_included": ("daf included", "已含距离修正"),
    "category": ("category", "data category", "数据类别"),
    "source": ("source", "来源"),
    "page": ("page", "页码", "出处"),
    "url": ("url", "网址"),
    "licence": ("licence", "license", "许可"),
    "notes": ("notes", "备注"),
    "valid_from": ("valid from", "生效日期"),
    "valid_to": ("valid to", "失效日期"),
    "class": ("class", "transport class", "运输类别"),
}
"""Fields a column can hold, with the headings that are understood without being mapped."""
_KNOWN: Final = {folded(heading): field for field, headings in FIELDS.items() for heading in headings}
_ID: Final = re.compile(r"[\w.\-]{1,100}")
_MODES: Final = ("air", "iww", "pipeline", "rail", "road", "sea")
_BASES: Final = ("actual", "gcd", "sfd")
_CATEGORIES: Final = ("default", "modelled", "primary")
Values = dict[str, Any]


def find(sheet: Sheet, columns: Mapping[str, str]) -> Table | None:
    """The table, by headings known and mapped. Raises ``ColumnAbsent`` for a mapping that fits no column of it."""
    for field in columns.keys() - FIELDS.keys():
        raise ColumnAbsent(field=field, heading=columns[field], known=", ".join(FIELDS)).at(sheet.place)
    known = {heading: field for heading, field in _KNOWN.items() if field not in columns}
    known |= {folded(heading): field for field, heading in columns.items()}
    table = find_table(sheet, known, ("id", "wtw")) or find_table(sheet, known, ("id", "ttw", "wtt"))
    if table is not None:
        for field in columns.keys() - table.at.keys():
            said = ", ".join(text for text in sheet.rows[table.heading_row] if text.strip())
            raise ColumnAbsent(field=field, heading=columns[field], known=said[:500]).at(sheet.place)
    return table


def read(table: Table, stated: Stated, always: Mapping[str, str] | None = None) -> Iterator[TakenRow | ReturnedRow]:
    """Every row; ``always`` are fields that hold whatever the row says."""
    for row in table.rows():
        try:
            factor = factor_of(row, stated, always or {})
        except Unfit as fault:
            yield row.returned(fault.error, fault.field)
        except FactorContradicts as error:
            yield row.returned(error, "wtw")
        else:
            yield TakenRow(place=row.place(), factor=factor, names=row["class"])


def factor_of(row: Row, stated: Stated, always: Mapping[str, str]) -> Factor:
    """The factor of a row. Raises ``Unfit`` and ``FactorContradicts``."""
    values, per, gases = _values(row)
    common: Values = {
        field: always.get(field) or row[field] or getattr(stated, field) for field in ("source", "licence", "region")
    }
    for field, text in common.items():
        _needed(text, field)
    if not _ID.fullmatch(row["id"]):
        raise Unfit(FactorWordUnknown(field="id", text=row["id"][:100], choices="A-Z 0-9 . - _"), "id")
    year = _year(row, stated)
    series = _word(row, "series", SERIES[1:]) or stated.series
    if per == "kWh" and region_of(common["region"]) is not None:
        _needed(series, "series")
    try:
        require_gases(series, gases)  # type: ignore[arg-type]
    except SeriesMixed as error:
        raise Unfit(error, "series") from None
    mode, basis = _word(row, "mode", _MODES), _word(row, "distance_basis", _BASES)
    if per == "t km":
        _needed(mode, "mode")
        _needed(basis, "distance_basis")
    return Factor(
        id=row["id"],
        per=per,
        gas_scope=gases,
        gwp_set="none" if gases == "CO2" else _needed(row["gwp_set"] or stated.gwp_set, "gwp_set"),
        subject=row["subject"] or row["vehicle"] or row["id"],
        year=year,
        valid_from=_day(row, "valid_from", stated.valid_from),
        valid_to=_day(row, "valid_to", stated.valid_to),
        url=row["url"] or stated.url,
        page=row["page"] or stated.page or f"row {row.number}",
        notes=row["notes"],
        mode=mode,
        fuel=row["fuel"],
        series=series,  # type: ignore[arg-type]
        component=row["component"],
        distance_basis=basis,  # type: ignore[arg-type]
        daf_included=_word(row, "daf_included", ("yes", "no")) == "yes",
        category=_word(row, "category", _CATEGORIES) or "default",  # type: ignore[arg-type]
        vehicle=row["vehicle"],
        temperature=_word(row, "temperature", TEMPERATURES[1:]),  # type: ignore[arg-type]
        **values,
        **common,
    )


def _values(row: Row) -> tuple[Values, Per, GasScope]:
    """TTW, WTT and WTW in one canonical unit; the third of three from the other two, nothing else is completed."""
    found = dict[str, Decimal]()
    units = set[tuple[Per, GasScope]]()
    for field in ("ttw", "wtt", "wtw"):
        if not row[field]:
            continue
        unit = row["unit"] or bracketed(row.table.headings[field])
        if not unit:
            raise Unfit(FactorFieldMissing(field="unit"), field)
        try:
            found[field], per, gases = canonical(printed(row[field]), unit)
        except LedgerError as error:
            raise Unfit(error, "unit" if row["unit"] and isinstance(error, FactorUnitUnfit) else field) from None
        units.add((per, gases))
    if len(units) > 1:
        raise Unfit(FactorUnitUnfit(unit=" / ".join(sorted(f"kg {g}/{p}" for p, g in units))), "wtw")
    if not found:
        raise Unfit(FactorValueUnfit(text=row["wtw"]), "wtw")
    per, gases = units.pop()
    return _completed(found, per), per, gases


def _completed(found: dict[str, Decimal], per: Per) -> Values:
    ttw, wtt, wtw = (found.get(field) for field in ("ttw", "wtt", "wtw"))
    if wtw is None:
        if ttw is None or wtt is None:
            raise Unfit(FactorPartMissing(part="WTT" if wtt is None else "TTW"), "wtt" if wtt is None else "ttw")
        wtw = ttw + wtt
    elif ttw is not None and wtt is None:
        wtt = _rest(wtw, ttw)
    elif wtt is not None and ttw is None:
        ttw = _rest(wtw, wtt)
    elif per == "kWh" and ttw is None:
        ttw, wtt = Decimal(0), wtw  # electricity emits nothing where it is used (ISO 14083:2023)
    elif per == "t km" and ttw is None:
        raise Unfit(FactorPartMissing(part="TTW, WTT"), "wtw")
    return {"ttw": ttw, "wtt": wtt, "wtw": wtw}


def _rest(whole: Decimal, part: Decimal) -> Decimal:
    if part > whole:
        raise Unfit(FactorValueUnfit(text=f"{whole} - {part}"), "wtw")
    return whole - part


def _year(row: Row, stated: Stated) -> int:
    text = row["year"]
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Unfit(FactorWordUnknown(field="year", text=text[:100], choices="2021, 2022, …"), "year")
    if not text and stated.year is None:
        raise Unfit(FactorFieldMissing(field="year"), "year")
    return int(text) if text else int(stated.year or 0)


def _word(row: Row, field: str, choices: tuple[str, ...]) -> str:
    text = row[field].casefold()
    if text and text not in choices:
        raise Unfit(FactorWordUnknown(field=field, text=row[field][:100], choices=", ".join(choices)), field)
    return text


def _day(row: Row, field: str, stated: date | None) -> date:
    if not row[field] and stated is None:
        raise Unfit(FactorFieldMissing(field=field), field)
    try:
        return day(row[field]) if row[field] or stated is None else stated
    except LedgerError as error:
        raise Unfit(error, field) from None


def _needed(text: str, field: str) -> str:
    if not text:
        raise Unfit(FactorFieldMissing(field=field), field)
    return text


IMPORTER: Final = Importer("table", "any table with mapped columns", "任意表格（可指定列）", find, read)
