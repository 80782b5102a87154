"""
Electricity tables as MEE, NBS and NEA announce them: one column of regions, one of factors, the unit in its heading.

The file does not say which series it is, and the figures look alike, so the person importing does (``series``), with
the year and the announcement. A unit of other gases than the series counts is refused (``SeriesMixed``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from ledger.adapters.factor_files.reading import Importer, Row, Sheet, Table, Unfit, bracketed, find_table
from ledger.errors import LedgerError
from ledger.footprint.factor import SERIES, Factor
from ledger.footprint.grid import NATIONAL, region_of
from ledger.footprint.registry.errors import FactorFieldMissing, FactorUnitUnfit, FactorWordUnknown
from ledger.footprint.registry.series import require_gases
from ledger.footprint.registry.units import canonical, printed
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

LICENCE: Final = "PRC government announcement (not subject to copyright, Copyright Law art. 5)"
VALID_YEARS: Final = 3
_HEADINGS: Final = {
    **dict.fromkeys(
        ("省份", "省", "区域", "地区", "电网", "省级电网", "区域电网", "范围", "region", "province"), "region"
    ),
    **dict.fromkeys(
        ("因子", "排放因子", "电力因子", "平均排放因子", "电力平均二氧化碳排放因子", "电力二氧化碳排放因子"), "value"
    ),
    **dict.fromkeys(("电力碳足迹因子", "碳足迹因子", "因子值", "数值", "factor"), "value"),
    **dict.fromkeys(("年份", "年度", "year"), "year"),
    **dict.fromkeys(("单位", "unit"), "unit"),
    **dict.fromkeys(("类型", "类别", "电力类型", "component"), "component"),
}
_GRIDS: Final = ("华北", "东北", "华东", "华中", "西北", "南方", "西南")
_COMPONENTS: Final = {
    "": "average",
    "average": "average",
    "平均": "average",
    "全国平均": "average",
    "transmission": "transmission",
    "输配电": "transmission",
    "输配电(不含线损)": "transmission",
    "输配电(含线损)": "transmission_with_losses",
}


def _find(sheet: Sheet, _: Mapping[str, str]) -> Table | None:
    return find_table(sheet, _HEADINGS, ("region", "value"))


def _rows(table: Table, stated: Stated) -> Iterator[TakenRow | ReturnedRow]:
    for row in table.rows():
        try:
            yield TakenRow(place=row.place(), factor=_factor(row, stated))
        except Unfit as fault:
            yield row.returned(fault.error, fault.field)
        except LedgerError as error:
            yield row.returned(error, "value")


def _factor(row: Row, stated: Stated) -> Factor:
    if not stated.series:
        raise Unfit(FactorFieldMissing(field="series"))
    if not stated.source:
        raise Unfit(FactorFieldMissing(field="source"))
    unit = row["unit"] or bracketed(row.table.headings["value"])
    value, per, gases = canonical(printed(row["value"]), unit)
    if per != "kWh":
        raise Unfit(FactorUnitUnfit(unit=unit), "value")
    require_gases(stated.series, gases)
    region, year, component = _region(row), _year(row, stated), _component(row)
    return Factor(
        id="-".join(["CN", _SHORT[stated.series], str(year), region, *([component] * (component != "average"))]),
        per="kWh",
        ttw=Decimal(0),
        wtt=value,
        wtw=value,
        gas_scope=gases,
        gwp_set=_gwp(stated),
        subject="electricity",
        region=region,
        year=year,
        valid_from=stated.valid_from or date(year, 1, 1),
        valid_to=stated.valid_to or date(year + VALID_YEARS, 12, 31),
        source=stated.source,
        licence=stated.licence or LICENCE,
        url=stated.url,
        page=stated.page or f"row {row.number}",
        series=stated.series,
        component=component,
    )


def _gwp(stated: Stated) -> str:
    """CO2 alone needs no potentials; CO2e does, and the announcement says which."""
    if stated.series != "product_footprint":
        return "none"
    if not stated.gwp_set:
        raise Unfit(FactorFieldMissing(field="gwp"))
    return stated.gwp_set


def _region(row: Row) -> str:
    text = row["region"]
    grid = text.removesuffix("电网").removesuffix("区域")
    found = grid if grid in _GRIDS else region_of(text)
    if found is None:
        raise Unfit(FactorWordUnknown(field="region", text=text, choices=f"{NATIONAL}, 北京 … 新疆"), "region")
    return found


def _year(row: Row, stated: Stated) -> int:
    text = row["year"].removesuffix("年")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Unfit(FactorWordUnknown(field="year", text=text, choices="2021, 2022, 2023, …"), "year")
    year = int(text) if text else stated.year
    if year is None:
        raise Unfit(FactorFieldMissing(field="year"), "year")
    return year


def _component(row: Row) -> str:
    text = row["component"].replace("（", "(").replace("）", ")")
    found = _COMPONENTS.get(text)
    if found is None and not text.endswith("发电"):
        raise Unfit(FactorWordUnknown(field="component", text=text, choices=", ".join(_COMPONENTS)), "component")
    return found or f"source:{text}"


_SHORT: Final = dict(zip(SERIES, ("", "ETS", "STAT", "CFP"), strict=True))
IMPORTER: Final = Importer("mee", "Chinese electricity tables (MEE, NBS, NEA)", "中国电力因子公告表", _find, _rows)
