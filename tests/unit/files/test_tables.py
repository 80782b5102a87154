"""Tables as carriers and suppliers send them: headings, encodings, delimiters, workbooks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.adapters.files import open_file, template_xlsx
from ledger.adapters.files.errors import FormatUnknown, HeadingRepeated, HeadingsUnknown, TextUnreadable, UnitTwice
from ledger.adapters.files.forms import FORMS, Form
from ledger.errors import Locale
from tests.unit.files.tables import ENGLISH, GTIN, HEADINGS, KEYS, ROW, VEHICLES, book, only, read, records, row, text


def test_a_chinese_waybill_row_becomes_the_leg_it_says() -> None:
    """Tonnes become grams, kilometres metres, 北京时间 an offset, the GTIN its canonical text."""
    leg = only(text([ROW]))
    assert (leg.mass_g, leg.distance_m, leg.driven_m, leg.quantity) == (12_500_000, 550_000, 571_500, 40)
    assert (leg.mode, leg.distance_basis, leg.product) == ("road", "sfd", f"https://id.gs1.org/01/0{GTIN}")
    assert leg.occurred_at.astimezone(UTC) == datetime(2023, 5, 3, 0, 30, tzinfo=UTC)
    assert leg.id == "waybill:示例物流:YD-1:1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_record(encoding: str, delimiter: str) -> None:
    """UTF-8 with and without its mark, GB18030; comma, semicolon, tab."""
    assert only(text([ROW], delimiter=delimiter).encode(encoding)) == only(text([ROW]))


def test_a_long_gb18030_file_is_read_to_its_last_byte() -> None:
    """The first Chinese character may come after the first piece that is read."""
    plain = {"carrier": "C", "origin": "W", "destination": "L", "distance_basis": "sfd", "mode": "road", "route": "R"}
    rows = [row(waybill=f"A-{number}", **plain) for number in range(20_000)]
    data = text([*rows, ROW], ENGLISH).encode("gb18030")
    assert len(data) > 1 << 20
    assert records(read(data))[-1] == only(text([ROW]))


def test_english_headings_and_the_hidden_keys_mean_the_same_columns() -> None:
    """English headings, machine keys, and workbooks of both give the record of the Chinese table."""
    wanted = only(text([ROW]))
    assert only(text([ROW], ENGLISH)) == wanted
    assert only(book([ENGLISH, ROW])) == wanted
    assert only(book([["承运商运单明细"], [], KEYS, HEADINGS, ROW])) == wanted


def test_merged_headings_on_two_rows_are_read_together() -> None:
    """毛重 over 数值 and 单位 is the mass and its unit; headings merged downwards stand for both rows."""
    top, below = list(HEADINGS), [""] * len(HEADINGS)
    top[7:8], below[7:8] = ["毛重", ""], ["数值", "单位"]
    cells = [*ROW[:7], "12500", "千克", *ROW[8:]]
    merged = ["H1:I1", *(f"{letter}1:{letter}2" for letter in "ABCDEFGJKLMNOP")]
    assert only(book([top, below, cells], merged)) == only(text([ROW]))


def test_a_unit_may_have_a_column_of_its_own_or_stand_in_the_cell() -> None:
    """Heading, column and cell are three places for a unit; the record is one."""
    wanted = only(text([ROW]))
    headings = ["毛重" if h.startswith("毛重") else h for h in HEADINGS]
    assert only(text([[*ROW, "吨"]], [*headings, "毛重单位"])) == wanted
    assert only(text([row(gross_mass="12500kg")], headings)) == wanted
    assert only(text([row(gross_mass="0.00125万吨")], headings)) == wanted
    assert only(text([row(distance="0.055")], [h.replace("里程（公里）", "里程（万公里）") if h == "里程（公里）" else h
                                                for h in HEADINGS])) == wanted  # fmt: skip


def test_typed_cells_of_a_workbook_read_as_they_are_shown() -> None:
    """Numbers, dates and codes in numeric cells give what the same text gives."""
    cells = [*ROW[:5], int(GTIN), 40, 12.5, 550, ROW[9], 571.5, *ROW[11:14], datetime(2023, 5, 3, 8, 30)]  # noqa: DTZ001
    assert only(book([HEADINGS, cells])) == only(text([ROW]))


def test_columns_may_come_in_any_order_and_unknown_ones_are_named() -> None:
    """Order means nothing; a column nothing is read from is reported, not lost in silence."""
    headings, cells = [*reversed(HEADINGS), "司机"], [*reversed(ROW), "张三"]
    source = open_file(text([cells], headings).encode(), name="file")
    assert source.ignored == ("司机",)
    assert records(list(source.rows(VEHICLES))) == [only(text([ROW]))]


def test_rows_are_counted_as_a_person_sees_them() -> None:
    """Headings and empty rows count, so that row 5 is row 5 of the sheet."""
    found = read(book([["标题"], HEADINGS, ROW, [], row(waybill="YD-2")]))
    assert [one.row for one in found] == [3, 5]


def test_two_sheets_of_one_workbook_are_both_read() -> None:
    """A sheet of explanations is passed over; every sheet with headings is read under its own name."""
    from io import BytesIO

    from openpyxl import Workbook

    made = Workbook()
    made.active.title = "说明"
    made.active["A1"] = "请填写第二页"
    for name, number in (("五月", "YD-1"), ("六月", "YD-2")):
        sheet = made.create_sheet(name)
        sheet.append(list(HEADINGS))
        sheet.append(row(waybill=number))
    out = BytesIO()
    made.save(out)
    assert [one.sheet for one in read(out.getvalue())] == ["五月", "六月"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_what_a_template_shows_can_be_imported(form: Form, locale: Locale) -> None:
    """Every template, in both languages, is recognised with no column ignored, and its example row is a record."""
    kind = form.kind
    source = open_file(template_xlsx(kind, locale), name="template")
    assert (source.kinds, source.ignored) == ((kind,), ())
    assert [record.kind for record in records(list(source.rows(VEHICLES)))] == [kind]


def test_a_file_is_read_from_disk_by_its_content_whatever_its_ending(tmp_path: Path) -> None:
    """A workbook called .csv is still a workbook."""
    path = tmp_path / "waybills.csv"
    path.write_bytes(book([HEADINGS, ROW]))
    assert open_file(path).name == "waybills.csv"
    assert records(list(open_file(str(path)).rows(VEHICLES))) == [only(text([ROW]))]


def test_headings_that_lack_a_needed_column_name_form_and_column() -> None:
    """The error says which form it nearly is, what is missing, and in which file."""
    with pytest.raises(HeadingsUnknown) as caught:
        open_file(text([ROW[:-1]], HEADINGS[:-1]).encode(), name="五月.csv")
    assert "承运商运单" in caught.value.message("zh-CN")
    assert "发运时间 (occurred at)" in caught.value.message("en")
    assert caught.value.place is not None
    assert caught.value.place.file == "五月.csv"


def test_two_columns_for_one_thing_are_refused() -> None:
    """Nobody can tell which of two masses counts, nor which of two units."""
    with pytest.raises(HeadingRepeated):
        open_file(text([[*ROW, "9"]], [*HEADINGS, "重量（吨）"]).encode())
    with pytest.raises(UnitTwice):
        open_file(text([[*ROW, "千克"]], [*HEADINGS, "毛重单位"]).encode())


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", FormatUnknown),
        (b"\xd0\xcf\x11\xe0old", Exception),
        ("运单号,承运商\n".encode("utf-16"), TextUnreadable),
        (b"waybill,\xff\xff\n", TextUnreadable),
        (b"hello, world\n1,2\n", HeadingsUnknown),
        (text([ROW]).encode() + b'"never closed', TextUnreadable),
    ],
    ids=["empty", "xls", "utf-16", "binary", "no headings", "open quote"],
)
def test_a_file_that_is_nothing_we_read_is_refused_as_such(data: bytes, error: type[Exception]) -> None:
    """Each with its own error, in both languages."""
    with pytest.raises(error) as caught:
        read(data)
    if error is not Exception:
        assert caught.value.message("zh-CN") != caught.value.message("en")  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.kind)
def test_the_document_of_formats_lists_every_column(form: Form) -> None:
    """Names, key and other headings of each column, as the importer has them."""
    page = (Path(__file__).parents[3] / "docs" / "import-formats.md").read_text(encoding="utf-8")
    part = page.partition(f"(`{form.kind}`)")[2].partition("\n### ")[0]
    for column in form.columns:
        start = f"| {column.zh} | {column.en} | `{column.key}` | {'*' if column.needed else ''} |"
        (line,) = (line for line in part.splitlines() if line.startswith(start))
        assert f"| {', '.join(column.also)} |" in line
