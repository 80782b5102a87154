"""
The UK government's flat file (DESNZ/DEFRA, greenhouse gas reporting: conversion factors), one file a year.

Columns ID, Scope, Level 1 to 4, Column Text, UOM, GHG/Unit, GHG Conversion Factor and the year. Taken are freight per
tonne.km and fuels per tonne and litre, each joined with its WTT row, and materials and waste per tonne. Rows of single
gases are parts of a row that is taken. The file does not name its GWP set; of the years in ``GWP_SETS`` it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from ledger.adapters.factor_files.reading import Importer, Row, Sheet, Table, Unfit, find_table, folded
from ledger.errors import LedgerError
from ledger.footprint.factor import Factor
from ledger.footprint.registry.errors import FactorFieldMissing, FactorPartMissing, FactorRowOutside
from ledger.footprint.registry.units import canonical, printed
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

LICENCE: Final = "Open Government Licence v3.0 (attribution)"
URL: Final = "https://www.gov.uk/government/publications/greenhouse-gas-reporting-conversion-factors-{year}"
VALID_YEARS: Final = 2
"""Years after its own for which a year's factor may be used."""
GWP_SETS: Final = {2024: "AR5", 2025: "AR5"}
_VALUE: Final = re.compile(r"ghgconversionfactor(20[0-9]{2})")
_LEVELS: Final = ("level1", "level2", "level3", "level4", "columntext")
_HEADINGS: Final = {name: name for name in ("id", "scope", *_LEVELS, "uom")} | {"ghg/unit": "ghg", "ghg": "ghg"}


class Kind(NamedTuple):
    """What a Level 1 of the file becomes: its unit, the Level 1 of its WTT half, the life-cycle stage of a material."""

    uoms: tuple[str, ...]
    wtt: str = ""
    stage: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    "freighting goods": Kind(("tonne.km",), wtt="wtt- delivery vehs & freight"),
    "fuels": Kind(("tonnes", "litres"), wtt="wtt- fuels"),
    "material use": Kind(("tonnes",), stage="production"),
    "waste disposal": Kind(("tonnes",), stage="end_of_life"),
}
_WTT: Final = frozenset(kind.wtt for kind in KINDS.values() if kind.wtt)
_MODES: Final = {"vans": "road", "freight flights": "air", "rail": "rail", "sea tanker": "sea", "cargo ship": "sea"}
_FUELS: Final = {"air": "Jet", "rail": "diesel/electric mix", "sea": "marine mix"}
Key = tuple[str, ...]


def _find(sheet: Sheet, _: Mapping[str, str]) -> Table | None:
    known = dict(_HEADINGS)
    for row in sheet.rows[:30]:
        for text in row:
            if match := _VALUE.fullmatch(folded(text)):
                known[match[0]] = "value"
    return find_table(sheet, known, ("id", "level1", "level2", "uom", "ghg", "value"))


def _rows(table: Table, stated: Stated) -> Iterator[TakenRow | ReturnedRow]:
    match = _VALUE.fullmatch(folded(table.headings["value"]))
    year = int(match[1]) if match else 0
    wells = {_key(row): row for row in table.rows() if row["level1"].casefold() in _WTT and row["ghg"] == "kg CO2e"}
    used = set[Key]()
    waiting = list[Row]()
    for row in table.rows():
        if row["level1"].casefold() in _WTT:
            waiting.append(row)
            continue
        try:
            kind = _kind(row)
            factor = _factor(row, kind, wells.get(_key(row)) if kind.wtt else None, year, stated)
        except Unfit as fault:
            yield row.returned(fault.error, fault.field)
        except LedgerError as error:
            yield row.returned(error, "value")
        else:
            used.add(_key(row))
            yield TakenRow(place=row.place(), factor=factor)
    for row in waiting:
        if row["ghg"] != "kg CO2e" or _key(row) not in used:
            why = ("the TTW row it belongs to was not taken", "对应的 TTW 行未采用")
            yield row.returned(FactorRowOutside(why=why[0], why_zh=why[1]), "level2")


def _key(row: Row) -> Key:
    """What a row and its WTT half have in common."""
    return (
        "fuels" if row["level1"].casefold().endswith("fuels") else "freight",
        *(row[level].casefold().removeprefix("wtt- ") for level in _LEVELS[1:]),
        row["uom"].casefold(),
    )


def _kind(row: Row) -> Kind:
    """The kind of a row, or why it is none of ours."""
    kind = KINDS.get(row["level1"].casefold())
    if kind is None:
        raise _outside("level1", "nothing is computed from this category", "本账本的方法不使用该类别")
    if row["ghg"] != "kg CO2e":
        raise _outside("ghg", "it is one gas of a total that has its own row", "该行是单一气体，总量另有一行")
    if row["uom"].casefold() not in kind.uoms:
        units = ", ".join(kind.uoms)
        raise _outside("uom", f"this category is taken per {units}", f"该类别只采用单位 {units} 的行")
    said = " ".join(row[level] for level in _LEVELS)
    if "with rf" in said.casefold():
        raise _outside("columntext", "radiative forcing is not part of CO2e in ISO 14083", "ISO 14083 不计辐射强迫")
    if row["level1"].casefold() == "freighting goods" and "electric" in said.casefold():
        raise _outside("columntext", "the source counts British grid power as TTW", "来源将英国电网用电计入 TTW")
    if row["columntext"].casefold() == "0% laden":
        raise _outside("columntext", "an empty vehicle moves no tonnes", "空驶车辆没有货运周转量")
    return kind


def _factor(row: Row, kind: Kind, well: Row | None, year: int, stated: Stated) -> Factor:
    if not row["id"]:
        raise Unfit(FactorFieldMissing(field="ID"), "id")
    unit = f"{row['ghg']}/{row['uom']}"
    value, per, gases = canonical(printed(row["value"]), unit)
    wtt: Decimal | None = None
    if kind.wtt:
        if well is None:
            raise Unfit(FactorPartMissing(part="WTT"), "level1")
        wtt = canonical(printed(well["value"]), unit)[0]
    mode = _mode(row) if per == "t km" else ""
    return Factor(
        id=f"DEFRA{year % 100:02}-{row['id']}",
        per=per,
        ttw=None if wtt is None else value,
        wtt=wtt,
        wtw=value if wtt is None else value + wtt,
        gas_scope=gases,
        gwp_set=_gwp(stated, year),
        subject=_subject(row, kind, mode),
        region=stated.region or "UK",
        year=year,
        valid_from=stated.valid_from or date(year, 1, 1),
        valid_to=stated.valid_to or date(year + VALID_YEARS, 12, 31),
        source=stated.source or f"DEFRA/DESNZ UK GHG Conversion Factors {year} (flat file), {row['level1']}",
        licence=stated.licence or LICENCE,
        url=stated.url or URL.format(year=year),
        page=f"row {row['id']}" + (f" with {well['id']}" if well else ""),
        mode=mode,
        fuel=_fuel(row, mode),
        component=kind.stage,
        distance_basis="actual" if per == "t km" else "",
        temperature="refrigerated" if "refrigerated" in row["level2"].casefold() else "",
        notes="average load and empty running of the British fleet are inside" if per == "t km" else "",
    )


def _gwp(stated: Stated, year: int) -> str:
    found = stated.gwp_set or GWP_SETS.get(year, "")
    if not found:
        raise Unfit(FactorFieldMissing(field="gwp"))
    return found


def _mode(row: Row) -> str:
    said = row["level2"].casefold()
    mode = "road" if said.startswith("hgv") else _MODES.get(said)
    if mode is None:
        raise _outside("level2", "its mode of transport is not known here", "其运输方式未知")
    return mode


def _subject(row: Row, kind: Kind, mode: str) -> str:
    """As the bundled set writes it, so that editions can be compared."""
    if kind.stage:
        return f"{row['level3']}; {row['columntext']}"
    parts = [row["level2"], row["level3"], row["level4"]]
    if row["columntext"].casefold().endswith("laden") or mode == "air" or not mode:
        parts.append(row["columntext"])
    return " ".join(part for part in parts if part)


def _fuel(row: Row, mode: str) -> str:
    if mode == "road":
        return "Diesel" if "all diesel" in row["level2"].casefold() else row["columntext"]
    return _FUELS.get(mode, "") or (row["level3"] if row["level1"].casefold() == "fuels" else "")


def _outside(field: str, why: str, why_zh: str) -> Unfit:
    return Unfit(FactorRowOutside(why=why, why_zh=why_zh), field)


IMPORTER: Final = Importer("defra", "UK government flat file (DESNZ/DEFRA)", "英国政府因子平面文件", _find, _rows)
