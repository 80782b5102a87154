"""Bills of materials as tables: lines into one record, both languages, faults at their row, nothing lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest

from ledger.adapters.files import open_file
from ledger.adapters.files.errors import HeadingRepeated
from ledger.adapters.files.forms.bill_of_materials import BILL_OF_MATERIALS
from ledger.adapters.files.joining import MOST
from ledger.demo.bills import bills
from ledger.demo.files import write_demo_data
from ledger.errors import LedgerError
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.services.import_file import ReadRow

HEADINGS = (
    "清单编号", "制造商", "产品编码", "产品名称", "声明单位", "净重（千克）", "生产地点", "国家或地区", "用量来源",
    "有效期起", "有效期止", "编制时间（北京时间）", "类别", "项目", "用量", "用量单位", "因子编号", "电网区域",
    "部件编码", "部件供应商", "周转次数",
)  # fmt: skip
HEAD = (
    "B-1",
    "示例",
    "9521141000014",
    "终端",
    "件",
    "0.5",
    "一厂",
    "CN",
    "实测",
    "2023-01-01",
    "2024-12-31",
    "2023-04-18",
)
BARE = ("B-1", *[""] * 11)
STEEL = ("材料", "钢板", "0.2", "千克", "DEFRA25-19_504_5116_15_1", "", "", "", "")
POWER = ("能源", "用电", "1.5", "度", "", "江苏", "", "", "")
VEHICLES = {"road.hgv.artic-33t.diesel.avg": "road.hgv.artic-33t.diesel.avg"}


def read(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> list[ReadRow]:
    out = StringIO()
    csv.writer(out).writerows([headings, *rows])
    return list(open_file(out.getvalue().encode(), name="bom.csv").rows(VEHICLES))


def errors(row: ReadRow) -> list[LedgerError]:
    assert isinstance(row.outcome, tuple), row
    return [fault.error for fault in row.outcome]


def test_lines_of_one_bill_are_one_record() -> None:
    """What only the first row says of the bill holds for the rows below; another number is another bill."""
    other = ("B-2", *HEAD[1:])
    box = ("包装", "周转箱", "1.2", "千克", "DEFRA25-19_505_5132_15_1", "", "", "", "40")
    found = read([(*HEAD, *STEEL), (*BARE, *POWER), (*BARE, *box), (*other, *STEEL)])
    first, second = (row.outcome for row in found)
    assert isinstance(first, BillOfMaterials)
    assert isinstance(second, BillOfMaterials)
    assert [(row.row, row.outcome.id) for row in found if isinstance(row.outcome, BillOfMaterials)] == [
        (2, "bom:示例:B-1"),
        (5, "bom:示例:B-2"),
    ]
    assert [(line.name, line.amount) for line in first.inputs] == [("钢板", "0.2")]
    assert [(used.carrier, used.region) for used in first.energy] == [("electricity", "江苏")]
    assert [(item.name, item.uses) for item in first.packaging] == [("周转箱", 40)]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (("材料", "钢板", "-1", "千克", "DEFRA25-19_504_5116_15_1", "", "", "", ""), "用量", "record.amount"),
        (("材料", "钢板", "1", "千克", "", "", "", "", ""), "因子编号", "record.missing"),
        (("能源", "用电", "1", "度", "", "", "", "", ""), "电网区域", "record.missing"),
        (("包装", "纸箱", "1", "件", "DEFRA25-19_506_5156_15_1", "", "", "", ""), "用量单位", "record.unit"),
        (("入厂运输", "钢材", "1", "千克", "", "", "", "", ""), None, "record.missing"),
        (("材料", "部件", "1", "件", "", "", "9521141000015", "示例", ""), "部件编码", "identity.check-digit"),
        (("取舍", "胶", "1.2", "%", "", "", "", "", ""), "用量", "record.cut-off"),
    ],
)
def test_a_bad_line_is_named_and_holds_its_bill_back(line: tuple[str, ...], column: str | None, code: str) -> None:
    """Its own row says what is wrong and where; every other row of the bill comes back too, and says why."""
    good, bad, last = read([(*HEAD, *STEEL), (*BARE, *line), (*BARE, *POWER)])
    assert [error.code for error in errors(bad)] == [code]
    assert isinstance(bad.outcome, tuple)
    assert bad.outcome[0].column == column
    for row in (good, last):
        (held,) = errors(row)
        assert (held.code, held.values()["row"]) == ("file.held-back", 3)


def test_rows_that_say_different_things_of_one_bill() -> None:
    """Two net masses for one product are a contradiction, not a choice."""
    heavier = (*HEAD[:5], "0.6", *HEAD[6:])
    first, second = read([(*HEAD, *STEEL), (*heavier, *POWER)])
    assert [error.code for error in errors(first)] == ["record.contradiction"]
    assert isinstance(first.outcome, tuple)
    assert first.outcome[0].column == "净重（千克）"
    assert [error.code for error in errors(second)] == ["file.held-back"]


def test_endless_bills_are_refused() -> None:
    """One number in more rows than a record may have: every row comes back, none is held in memory for ever."""
    found = read([(*HEAD, *STEEL)] * (MOST + 2))
    assert {error.code for row in found for error in errors(row)} == {"file.too-many-rows"}
    assert len(found) == MOST + 2


def test_the_demonstrations_books_are_its_bills(tmp_path: Path) -> None:
    """Chinese and English books, the bill's own columns filled in once: the records that were written."""
    found: dict[str, object] = {}
    for path in write_demo_data(tmp_path).tables:
        if path.stem.endswith("-bom"):
            source = open_file(path)
            assert (source.kinds, source.ignored) == (("bill_of_materials",), ())
            for row in source.rows(VEHICLES):
                assert isinstance(row.outcome, BillOfMaterials), row
                found[row.outcome.id] = row.outcome
    assert found == {bill.id: bill for bill in bills()}
    assert BILL_OF_MATERIALS.files_only


def test_words_that_another_form_has_twice_do_not_refuse_a_bill() -> None:
    """``产品`` and ``item`` are one column of a bid and two of a bill; two columns of the bill are still refused."""
    said = {"产品编码": "产品", "项目": "item", "部件供应商": "供应商"}
    mixed = [said.get(heading, heading) for heading in HEADINGS]
    (row,) = read([(*HEAD, *STEEL)], mixed)
    assert isinstance(row.outcome, BillOfMaterials)
    with pytest.raises(HeadingRepeated, match="项目"):
        read([(*HEAD, *STEEL, "x")], [*mixed, "项目"])
