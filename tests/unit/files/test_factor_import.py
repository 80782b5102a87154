"""Importers of factor tables against files in the published layouts, with figures that are published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import Workbook

from ledger.adapters.factor_files import open_factor_file
from ledger.adapters.factor_files import reading as reading_module
from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.files.errors import FileError
from ledger.errors import LedgerError
from ledger.footprint.registry.errors import ColumnAbsent, FactorFileTooLong, FactorFormUnknown, NoFactorTaken
from ledger.services.factor_import import Preview, Stated, keep, preview

FLAT = ("ID", "Scope", "Level 1", "Level 2", "Level 3", "Level 4", "Column Text", "UOM", "GHG/Unit")
FREIGHT, WELLS = "Freighting goods", "WTT- delivery vehs & freight"
ARTIC = "Articulated (>3.5 - 33t)"
Cells = Iterable[object]
MEE_47 = "生态环境部 国家统计局 公告2025年第47号"


class Noon:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2026, 12, 1, 12, tzinfo=UTC)


def text(rows: Iterable[Cells]) -> bytes:
    """A CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def book(rows: Iterable[Cells], title: str = "Factors by Category") -> bytes:
    """A workbook with one sheet."""
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    made.save(out)
    return out.getvalue()


def bundled_rows(table: str) -> dict[str, dict[str, str]]:
    """Rows of a bundled table as they were published, by id."""
    data = (files("ledger.data") / "factors" / "cn_2026_1" / table).read_text("utf-8")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(data))}


def flat(ids: Iterable[str]) -> list[list[object]]:
    """The flat file's rows of bundled factors: levels as published, kg per tonne.km, TTW and WTT apart."""
    found = list[list[object]]()
    for name in ids:
        row = bundled_rows("transport.csv")[f"DEFRA25-{name}"]
        laden = row["vehicle"].endswith(("laden", "Laden"))
        level2, rest = row["vehicle"].split(" ", 1) if not laden else ("HGV (all diesel)", row["vehicle"][17:])
        level3, column = (rest.rsplit(" ", 2)[0], " ".join(rest.rsplit(" ", 2)[1:])) if laden else (rest, row["fuel"])
        for level1, prefix, mark, part in ((FREIGHT, "", "", "ttw"), (WELLS, "WTT- ", "w", "wtt")):
            value = Decimal(row[f"{part}_g_per_tkm"]).scaleb(-3)
            where = [
                "Scope 3",
                level1,
                prefix + (level2 if not prefix or laden else level2.lower()),
                level3,
                "",
                column,
            ]
            found.append([name + mark, *where, "tonne.km", "kg CO2e", float(value)])
    return found


def look(data: bytes | Path, name: str = "file", form: str = "", **stated: object) -> Preview:
    """The preview of a file."""
    return preview(open_factor_file(data, name=name, form=form), Stated(**stated))  # type: ignore[arg-type]


def codes(seen: Preview) -> list[tuple[int | None, str | None, str]]:
    """Rows that came back: row, column, rule."""
    return [(r.error.place.row, r.error.place.column, r.error.code) for r in seen.returned if r.error.place]


@pytest.mark.parametrize("make", [text, book])
def test_uk_flat_file_gives_the_bundled_factors(make: object) -> None:
    """TTW joined with WTT of the same vehicle: ids, subjects and values of the bundled set, from the published rows."""
    ids = ["27_303_3081_14_1", "27_303_3102_14_1", "27_304_3128_14_1", "27_304_3132_14_1"]
    title = [["UK Government GHG Conversion Factors for Company Reporting"], [], ["Factors by Category"], []]
    data = make([*title, [*FLAT, "GHG Conversion Factor 2025"], *flat(ids)])  # type: ignore[operator]
    seen = look(data, "ghg-conversion-factors-2025-flat-format.xlsx")
    assert (seen.importer, codes(seen)) == ("defra", [])
    bundled = FactorTables().current()
    for row, name in zip(seen.taken, ids, strict=True):
        known = bundled.factor(f"DEFRA25-{name}")
        found = row.factor
        assert (found.id, found.subject, found.fuel, found.mode) == (known.id, known.subject, known.fuel, known.mode)
        assert (found.ttw, found.wtt, found.wtw, found.unit) == (known.ttw, known.wtt, known.wtw, known.unit)
        assert (found.gwp_set, found.licence, found.distance_basis) == (known.gwp_set, known.licence, "actual")
        assert (found.valid_from, found.valid_to) == (date(2025, 1, 1), date(2027, 12, 31))


def test_uk_flat_file_materials() -> None:
    """Wood, primary production: 269.50416 kg CO2e a tonne is 0.26950416 a kilogram, as bundled."""
    wood = ["19_500_5048_15_1", "Scope 3", "Material use", "Construction", "Wood", "", "Primary material production"]
    seen = look(text([[*FLAT, "GHG Conversion Factor 2025"], [*wood, "tonnes", "kg CO2e", "269.50416"]]))
    (row,) = seen.taken
    known = FactorTables().current().factor("DEFRA25-19_500_5048_15_1")
    assert (row.factor.id, row.factor.wtw, row.factor.unit) == (known.id, known.wtw, known.unit)
    assert (row.factor.subject, row.factor.component) == (known.subject, known.component)


def test_uk_flat_file_rows_that_come_back() -> None:
    """Single gases, other units, forcing, grid power as TTW, missing halves: each with row, column, rule."""

    def row(at: str, level1: str, level2: str, *rest: str) -> list[str]:
        return [at, "Scope 3", level1, level2, "x", "", *rest]

    rows = [
        row("1", FREIGHT, "Vans", "Diesel", "tonne.km", "kg CO2e of CO2 per unit", "0.6"),
        row("2", FREIGHT, "Vans", "Diesel", "km", "kg CO2e", "0.2"),
        row("3", FREIGHT, "Freight flights", "With RF", "tonne.km", "kg CO2e", "1"),
        row("4", FREIGHT, "Vans", "Battery Electric Vehicle", "tonne.km", "kg CO2e", "0.1"),
        row("5", FREIGHT, "Vans", "Petrol", "tonne.km", "kg CO2e", "0.8"),
        row("6", "Hotel stay", "UK", "", "Room per night", "kg CO2e", "10"),
        row("7", "Waste disposal", "Wood", "Landfill", "tonnes", "kg CO2e", "1,2"),
        row("8", WELLS, "WTT- vans", "LPG", "tonne.km", "kg CO2e", "0.1"),
        row("9", "Waste disposal", "Wood", "Composting", "tonnes", "kg CO2e", "8.9"),
        row("9", "Waste disposal", "Wood", "Composting", "tonnes", "kg CO2e", "8.9"),
    ]
    seen = look(text([[*FLAT, "GHG Conversion Factor 2025"], *rows]))
    assert [row.place.row for row in seen.taken] == [10]
    assert sorted(codes(seen), key=lambda code: code[0] or 0) == [
        (2, "GHG/Unit", "factor.row-outside"),
        (3, "UOM", "factor.row-outside"),
        (4, "Column Text", "factor.row-outside"),
        (5, "Column Text", "factor.row-outside"),
        (6, "Level 1", "factor.part-missing"),
        (7, "Level 1", "factor.row-outside"),
        (8, "GHG Conversion Factor 2025", "factor.value"),
        (9, "Level 2", "factor.row-outside"),
        (11, None, "factor.row-repeated"),
    ]
    record = seen.to_record()
    assert record["returned"][6]["value"] == "1,2"  # type: ignore[index]
    assert all(set(back["why"]) == {"en", "zh"} for back in record["returned"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("make", [text, book])
def test_mee_provincial_table(make: object) -> None:
    """表3 of announcement 2025-47: the provinces' factors of 2023, as bundled, to the last digit."""
    known = {
        row["region"]: row
        for row in bundled_rows("electricity.csv").values()
        if row["series"] == "corporate_statistical" and row["year"] == "2023"
    }
    places = ["北京", "浙江"]
    rows = [
        [at, f"{place}市" if place == "北京" else place, float(known[place]["kg_per_kwh"])]
        for at, place in enumerate(places, 1)
    ]
    data = make([["表3 2023年省级电力平均二氧化碳排放因子"], ["序号", "省份", "因子（kgCO2/kWh）"], *rows])  # type: ignore[operator]
    seen = look(data, "公告.xlsx", series="corporate_statistical", source=MEE_47, year=2023)
    assert (seen.importer, codes(seen)) == ("mee", [])
    for row, place in zip(seen.taken, places, strict=True):
        assert (row.factor.region, str(row.factor.wtw)) == (place, known[place]["kg_per_kwh"])
        assert (row.factor.ttw, row.factor.wtt, row.factor.gas_scope) == (0, row.factor.wtw, "CO2")
        assert row.factor.valid_to == date.fromisoformat(known[place]["valid_to"])


def test_mee_series_are_told_apart() -> None:
    """A CO2 table is refused as a carbon-footprint table and the other way round, and without a series altogether."""
    co2 = text([["地区", "排放因子（kgCO2/kWh）"], ["全国", "0.5306"]])
    footprint = text(
        [["地区", "类型", "电力碳足迹因子（kgCO2e/kWh）"], ["全国", "", "0.5777"], ["全国", "输配电", "0.0046"]]
    )
    common = {"source": MEE_47, "year": 2024, "gwp_set": "AR6"}
    assert codes(look(co2, series="product_footprint", **common))[0][2] == "factor.series-mixed"
    assert codes(look(footprint, series="corporate_statistical", **common))[0][2] == "factor.series-mixed"
    assert codes(look(co2, **common))[0][2] == "factor.field-missing"
    taken = look(footprint, series="product_footprint", **common).taken
    assert [(row.factor.component, row.factor.wtw) for row in taken] == [
        ("average", Decimal("0.5777")),
        ("transmission", Decimal("0.0046")),
    ]


def test_glec_table_keeps_its_licence() -> None:
    """A GLEC layout is known by its headings; WTT is the exact rest of WTW; no factor of it may be passed on."""
    heads = ["ID", "Mode", "Vehicle characteristics", "Load characteristics", "Fuel", "Distance basis"]
    units = ["Emission intensity TTW (g CO2e/t-km)", "Emission intensity WTW (g CO2e/t-km)"]
    data = book([[*heads, *units], ["G-1", "road", "made-up lorry", "average", "diesel", "sfd", 80.5, 100.25]])
    stated = {"year": 2023, "gwp_set": "AR6", "region": "EU", "source": "GLEC Framework v3"}
    seen = look(data, **stated, valid_from=date(2023, 1, 1), valid_to=date(2026, 12, 31), licence="CC0")
    (row,) = seen.taken
    assert seen.importer == "glec"
    assert (row.factor.ttw, row.factor.wtt, row.factor.wtw) == tuple(map(Decimal, ("0.0805", "0.01975", "0.10025")))
    assert "not for redistribution" in row.factor.licence


GENERIC = {"source": "carrier's report", "licence": "own", "region": "CN", "gwp_set": "AR6", "year": 2025}
DAYS = {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)}


def test_any_table_by_mapping() -> None:
    """Columns by name or mapped; what is wrong with a row is said at its cell, in both languages; good rows stay."""
    heads = ["编号", "方式", "Dist", "TTW", "WTT", "单位"]
    rows = [
        ["a", "road", "actual", "80", "20", "g CO2e/tkm"],
        ["b", "road", "actual", "80", "", "g CO2e/tkm"],
        ["c", "space", "actual", "80", "20", "g CO2e/tkm"],
        ["d", "road", "actual", "80", "20", "g CO2e/tonne-mile"],
        ["e", "road", "actual", "-1", "20", "g CO2e/tkm"],
        ["f/g", "road", "actual", "80", "20", "g CO2e/tkm"],
        ["h", "", "actual", "80", "20", "g CO2e/tkm"],
    ]
    mapping = {"mode": "方式", "distance_basis": "Dist"}
    file = open_factor_file(text([heads, *rows]), name="own.csv", columns=mapping)
    seen = preview(file, Stated(**GENERIC, **DAYS))  # type: ignore[arg-type]
    assert [(row.factor.id, row.factor.wtw, row.factor.unit) for row in seen.taken] == [
        ("a", Decimal("0.1"), "kg CO2e/(t km)")
    ]
    assert codes(seen) == [
        (3, "WTT", "factor.part-missing"),
        (4, "方式", "factor.word"),
        (5, "单位", "factor.unit"),
        (6, "TTW", "factor.value"),
        (7, "编号", "factor.word"),
        (8, "方式", "factor.field-missing"),
    ]
    for back in seen.returned:
        assert back.error.fix("en")
        assert back.error.fix("zh-CN")
    with pytest.raises(ColumnAbsent):
        open_factor_file(text([heads]), columns={"mode": "no such"})
    with pytest.raises(ColumnAbsent):
        open_factor_file(text([heads]), columns={"colour": "方式"})


@pytest.mark.parametrize("lacks", ["source", "licence", "region", "gwp_set", "year", "valid_from", "valid_to"])
def test_nothing_is_guessed(lacks: str) -> None:
    """A factor without a source, licence, region, GWP set, year or validity comes back."""
    data = text([["id", "mode", "distance basis", "ttw (g CO2e/tkm)", "wtt (g CO2e/tkm)"], ["a", "road", "sfd", 8, 2]])
    stated = {name: value for name, value in (GENERIC | DAYS).items() if name != lacks}
    assert [code[2] for code in codes(look(data, **stated))] == ["factor.field-missing"]


def test_chinese_grid_power_needs_its_series() -> None:
    """A grid factor for China without a series could be taken for either; it comes back."""
    data = text([["id", "value (kg CO2e/kWh)"], ["a", "0.5"]])
    assert codes(look(data, **GENERIC, **DAYS))[0][2] == "factor.field-missing"
    assert codes(look(data, **GENERIC, **DAYS, series="corporate_ets"))[0][2] == "factor.series-mixed"


def test_kept_over_a_base_and_used_by_a_class(tmp_path: Path) -> None:
    """A carrier's own intensity takes the place of a default for one class; the base is as it was."""
    shelf, lorry = FactorTables(tmp_path), "road.hgv.artic-33t.diesel.avg"
    base = shelf.current()
    heads = ["id", "mode", "class", "category", "distance basis", "ttw (g CO2e/tkm)", "wtt (g CO2e/tkm)"]
    data = text(
        [heads, ["SF-1", "road", lorry, "primary", "actual", 60, 15], ["SF-2", "road", "no such", "", "sfd", 6, 1]]
    )
    file = open_factor_file(data, name="carrier.csv")
    seen = preview(file, Stated(**GENERIC, **DAYS), base)  # type: ignore[arg-type]
    assert [back.error.code for back in seen.returned] == ["footprint.no-factor"]
    made = keep(shelf, seen, "carrier-2026.1", Noon())
    assert made == FactorTables(tmp_path).factor_set("carrier-2026.1")
    assert made.factor(made.classes[lorry].factor).wtw == Decimal("0.075")
    assert base.classes[lorry].factor == "DEFRA25-27_304_3128_14_1"
    assert len(made.factors) == len(base.factors) + 1
    assert shelf.origin(made.id).file_sha256 == seen.file_sha256 == file.sha256
    with pytest.raises(NoFactorTaken):
        keep(shelf, look(text([["id", "wtw"], ["x", "y"]])), "none-1", Noon(), region="CN")


def test_files_that_are_no_tables_of_factors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown headings, damaged workbooks and endless tables are refused as a whole, with the file's name."""
    with pytest.raises(FactorFormUnknown):
        open_factor_file(text([["colour"], ["red"]]))
    with pytest.raises(FactorFormUnknown):
        open_factor_file(text([["id", "wtw"], ["a", "1"]]), form="defra")
    for data in (b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0", b"\x00\x01"):
        with pytest.raises(FileError) as caught:
            open_factor_file(data, name="bad")
        assert caught.value.place
        assert caught.value.place.file == "bad"
    monkeypatch.setattr(reading_module, "MAX_ROWS", 10)
    with pytest.raises(FactorFileTooLong):
        open_factor_file(text([["id", "wtw"], *([["a", "1"]] * 100)]))
    assert issubclass(FactorFileTooLong, LedgerError)


def test_uk_flat_file_fuels() -> None:
    """Fuels per litre and per tonne, each with its WTT row; per kWh of two heating values they come back."""
    where = ["Liquid fuels", "Diesel (average biofuel blend)", "", ""]
    rows = [
        ["1", "Scope 1", "Fuels", *where, "litres", "kg CO2e", "2.5"],
        ["2", "Scope 1", "Fuels", *where, "tonnes", "kg CO2e", "3000"],
        ["3", "Scope 1", "Fuels", *where, "kWh (Net CV)", "kg CO2e", "0.25"],
        ["4", "Scope 3", "WTT- fuels", *where, "litres", "kg CO2e", "0.6"],
        ["5", "Scope 3", "WTT- fuels", *where, "tonnes", "kg CO2e", "700"],
    ]
    seen = look(text([[*FLAT, "GHG Conversion Factor 2025"], *rows]))
    assert [(row.factor.unit, row.factor.ttw, row.factor.wtt, row.factor.wtw) for row in seen.taken] == [
        ("kg CO2e/l", Decimal("2.5"), Decimal("0.6"), Decimal("3.1")),
        ("kg CO2e/kg", Decimal(3), Decimal("0.7"), Decimal("3.7")),
    ]
    assert codes(seen) == [(4, "UOM", "factor.row-outside")]


def test_uk_flat_file_of_a_year_without_known_potentials() -> None:
    """The GWP set of an edition that is not known is stated, or the rows come back."""
    data = text([[*FLAT, "GHG Conversion Factor 2031"], *flat(["27_304_3128_14_1"])])
    assert [code[2] for code in codes(look(data))] == ["factor.field-missing", "factor.row-outside"]
    assert [row.factor.gwp_set for row in look(data, gwp_set="AR6").taken] == ["AR6"]
