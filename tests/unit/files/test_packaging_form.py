"""Packaging as a table: rows into one list, both languages, faults at their cell, the other lists stay."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from ledger.adapters.files import open_file
from ledger.adapters.files.template import template_csv, template_xlsx
from ledger.errors import LedgerError
from ledger.records.packaging import PackagingBill
from ledger.services.import_file import ReadRow

HEADINGS = (
    "包装清单编号", "供应商编号", "产品编码", "产品名称", "产品尺寸 mm", "用量来源", "凭证", "有效期起", "有效期止",
    "编制时间（北京时间）", "部件", "层级", "材料", "单件质量（千克）", "外形尺寸 mm", "装产品数", "再生料比例（%）",
    "可回收", "循环次数",
)  # fmt: skip
HEAD = (
    "P-1", "org-a", "9521141000014", "路由器", "220x150x40", "实测", "称重单", "2026-01-01", "2026-12-31",
    "2026-01-02",
)  # fmt: skip
BARE = ("P-1", *[""] * 9)
BOX = ("彩盒", "内包装", "瓦楞纸板", "0.11", "260×180×60", "", "60", "是", "")
TAPE = ("胶带", "附件", "聚乙烯", "0.01", "", "20", "0", "否", "")
CRATE = ("周转箱", "运输包装", "聚丙烯", "2", "600*400*300 mm", "20", "0", "是", "40")


def read(rows: Sequence[Sequence[str]]) -> list[ReadRow]:
    out = StringIO()
    csv.writer(out).writerows([HEADINGS, *rows])
    return list(open_file(out.getvalue().encode(), name="packaging.csv").rows({}))


def errors(row: ReadRow) -> list[LedgerError]:
    assert isinstance(row.outcome, tuple), row
    return [fault.error for fault in row.outcome]


def test_components_of_one_list_are_one_record() -> None:
    """Sizes in the three ways they are written; another number is another list."""
    found = read([(*HEAD, *BOX), (*BARE, *CRATE), (*BARE, *TAPE), ("P-2", *HEAD[1:], *BOX)])
    first, second = (row.outcome for row in found)
    assert isinstance(first, PackagingBill)
    assert isinstance(second, PackagingBill)
    assert (first.id, second.id) == ("packaging:org-a:P-1", "packaging:org-a:P-2")
    assert [(one.name, one.size, one.pieces, one.cycles) for one in first.components] == [
        ("彩盒", (260, 180, 60), 1, 1),
        ("周转箱", (600, 400, 300), 20, 40),
        ("胶带", None, 20, 1),
    ]
    assert (first.size, first.components[0].recyclable, first.components[0].mass_kg) == ((220, 150, 40), True, "0.11")


@pytest.mark.parametrize(
    ("at", "text", "column", "code"),
    [
        (3, "-1", "单件质量", "record.amount"),
        (3, "", "单件质量", "record.missing"),
        (3, "0.0001", "单件质量", "record.amount-too-fine"),
        (4, "260x180", "外形尺寸 mm", "cell.size"),
        (4, "0x1x1", "外形尺寸 mm", "cell.size"),
        (4, "", "外形尺寸 mm", "record.missing"),
        (2, "kryptonite", "材料", "cell.choice"),
        (6, "", "再生料比例", "record.missing"),
        (6, "130", "再生料比例", "record.amount"),
        (7, "", "可回收", "record.missing"),
        (8, "0", "循环次数", "cell.not-positive"),
    ],
)
def test_a_fault_is_told_at_its_cell_and_other_lists_stay(at: int, text: str, column: str, code: str) -> None:
    """The bad row with its rule, the rows of its list with where it is; the next list is taken."""
    bad = (*BOX[:at], text, *BOX[at + 1 :])
    first, held, good = read([(*HEAD, *bad), (*BARE, *CRATE), ("P-2", *HEAD[1:], *BOX)])
    assert [error.code for error in errors(first)] == [code]
    assert isinstance(first.outcome, tuple)
    assert str(first.outcome[0].column).startswith(column)
    assert errors(first)[0].message("zh-CN") != errors(first)[0].message("en")
    assert [error.code for error in errors(held)] == ["file.held-back"]
    assert isinstance(good.outcome, PackagingBill)


def test_a_list_of_parts_alone_is_no_package() -> None:
    """A row of tape is well among others; alone it packs nothing."""
    (found,) = read([(*HEAD, *TAPE)])
    assert [error.code for error in errors(found)] == ["record.contradiction"]


def test_rows_that_contradict_each_other_are_refused() -> None:
    """Two suppliers in one list."""
    (found, _) = read([(*HEAD, *BOX), ("P-1", "org-b", *HEAD[2:], *CRATE)])
    assert [error.code for error in errors(found)] == ["record.contradiction"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_template_is_read_back(locale: str) -> None:
    """As workbook and as text, in both languages."""
    book = template_xlsx("packaging_bill", locale)  # type: ignore[arg-type]
    assert load_workbook(BytesIO(book)).active is not None
    for data, name in ((book, "p.xlsx"), (template_csv("packaging_bill", locale), "p.csv")):  # type: ignore[arg-type]
        (row,) = open_file(data, name=name).rows({})
        assert isinstance(row.outcome, PackagingBill), row.outcome
