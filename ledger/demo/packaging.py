"""
What the demonstration's products are packed in: invented, of the order of the real things, with bundled factors.

Home routers were packed in more paper and with foam until 2022; what the programme reports of them, 5 to 15 % less
paper, is what the two lists of each are compared by.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ledger.adapters.files import open_file
from ledger.demo.bills import BOARD, BOARD_AGAIN, FILM, PLASTICS, WOOD
from ledger.demo.catalogue import PRODUCTS, Product
from ledger.errors import LedgerError
from ledger.packaging.example import example_packaging_rules
from ledger.packaging.share import GreenShare
from ledger.services.capture import capture
from ledger.services.import_file import ImportReport, import_file
from ledger.services.inventory import period_of
from ledger.services.packaging import share_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up
from ledger.wiring import Ledger

SUBMITTER: Final = "包装台账"
BEFORE, NOW = ("2022-01-01", "2022-12-31"), ("2023-01-01", "2024-12-31")
_HEAD: Final = (
    "包装清单编号", "供应商编号", "产品编码", "产品名称", "产品尺寸 mm", "用量来源", "凭证", "有效期起", "有效期止",
    "编制时间（北京时间）",
)  # fmt: skip
_PART: Final = (
    "部件", "层级", "材料", "单件质量（千克）", "外形尺寸 mm", "装产品数", "再生料比例（%）", "可回收", "循环次数",
    "因子编号", "再生料因子",
)  # fmt: skip
Row = tuple[str, ...]


class Packing(NamedTuple):
    """A product's size, from when to when, and its components, a row each."""

    number: int
    size: str
    period: tuple[str, str]
    parts: Sequence[Row]


def _board(name: str, level: str, kg: str, size: str, *, pieces: str = "1", recycled: str = "0") -> Row:
    again = BOARD_AGAIN if recycled != "0" else ""
    return (name, level, "瓦楞纸板", kg, size, pieces, recycled, "是", "", BOARD, again)


def _drum(kg: str, across: int) -> Row:
    return ("木质电缆盘", "运输包装", "木材", kg, f"{across}x{across}x760", "1", "0", "是", "5", WOOD, "")


def _crate(kg: str, size: str) -> Row:
    return ("木箱", "运输包装", "木材", kg, size, "1", "0", "是", "", WOOD, "")


_BAG: Final = ("薄膜袋", "附件", "聚乙烯", "0.06", "", "1", "0", "是", "", FILM, "")
_CUSHION: Final = ("珍珠棉", "附件", "聚乙烯", "0.35", "", "1", "0", "是", "", FILM, "")
_FOAM: Final = ("泡沫衬垫", "附件", "聚苯乙烯", "0.05", "", "1", "0", "否", "", PLASTICS, "")
_PALLET: Final = ("循环木托盘", "运输包装", "木材", "9", "1200x1000x2150", "1", "0", "是", "20", WOOD, "")
_WRAP: Final = ("缠绕膜", "附件", "聚乙烯", "0.6", "", "1", "0", "是", "", FILM, "")

PACKINGS: Final = (
    Packing(24, "", NOW, (_drum("42", 1200),)),
    Packing(48, "", NOW, (_drum("48", 1300),)),
    Packing(96, "", NOW, (_drum("60", 1450),)),
    Packing(101, "180x130x35", BEFORE, (
        _board("彩盒", "内包装", "0.108", "235x175x60"), _board("外箱", "运输包装", "0.62", "600x480x360", pieces="40"),
    )),
    Packing(101, "180x130x35", NOW, (
        _board("彩盒", "内包装", "0.1", "225x165x52", recycled="60"),
        _board("外箱", "运输包装", "0.6", "580x460x340", pieces="40", recycled="60"),
    )),
    Packing(102, "240x160x45", BEFORE, (
        _board("彩盒", "内包装", "0.2", "330x250x95"), _FOAM,
        _board("外箱", "运输包装", "0.85", "680x520x500", pieces="20"),
    )),
    Packing(102, "240x160x45", NOW, (
        _board("彩盒", "内包装", "0.172", "300x220x80", recycled="60"),
        _board("外箱", "运输包装", "0.75", "620x460x420", pieces="20", recycled="60"),
    )),
    Packing(201, "1500x400x170", NOW, (_crate("4.2", "1620x480x260"), _BAG)),
    Packing(202, "1300x350x160", NOW, (_crate("3.6", "1420x430x250"), _BAG)),
    Packing(301, "890x500x170", NOW, (_board("纸箱", "运输包装", "2.3", "1010x620x300", recycled="30"), _CUSHION)),
    Packing(302, "480x350x140", NOW, (_board("纸箱", "运输包装", "1.3", "590x460x260", recycled="30"), _CUSHION)),
    Packing(401, "620x450x180", NOW, (_crate("3.4", "720x550x290"), _FOAM)),
    Packing(501, "750x750x1950", NOW, (_PALLET, _WRAP)),
    Packing(502, "600x600x900", NOW, (_crate("7.5", "700x700x1050"), _BAG)),
)  # fmt: skip


def write_packaging(path: Path) -> Path:
    """The lists as one table, what is a list's own in its first row alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([(*_HEAD, *_PART), *_rows()])
    return path


def _rows() -> Iterator[Row]:
    known: dict[int, Product] = {product.number: product for product in PRODUCTS}
    for packing in PACKINGS:
        product, (since, until) = known[packing.number], packing.period
        number = f"PK-{since[:4]}-{packing.number:03d}"
        head = (number, product.supplier.zh, product.gtin, product.zh, packing.size, "实测", f"称重单 {since[:4]}")
        for at, part in enumerate(packing.parts):
            own = (*head, since, until, since) if at == 0 else (number, *[""] * (len(_HEAD) - 1))
            yield (*own, *part)


class Packaged(NamedTuple):
    """What came of it: the file, and the share of the month that was driven."""

    report: ImportReport
    share: GreenShare
    reached: bool
    target: str


def pack(ledger: Ledger, directory: Path, month: str) -> Packaged:
    """The house's rules, the lists by their file, and the share of the month's shipments; again, it adds nothing."""
    tenant = ledger.settings.tenant
    parts = (ledger.entries, ledger.clock, ledger.random)
    (outcome,) = capture(*parts, tenant=tenant, submitter=SUBMITTER, records=[example_packaging_rules()])
    if isinstance(outcome, LedgerError):
        raise outcome
    file = open_file(write_packaging(directory / "packaging" / "packaging.csv"))
    report = import_file(ledger, file, tenant=tenant, submitter=SUBMITTER)
    for folded in (ledger.projections, ledger.periods):
        catch_up(ledger.entries, folded)
    found = share_of(ledger, Party(tenant, SUBMITTER), *period_of(month, month))
    assert found.rules is not None
    rules = found.rules[1]
    return Packaged(report, found.share, found.share.reaches(rules), rules.target_pct)
