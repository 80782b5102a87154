"""
The demonstration's records as the files that people would hand in: each party in its own format, words and units.

::

    suppliers/*-bom.xlsx    bills of materials: a line a row, the bill itself in its first row alone
    suppliers/*.xlsx        product footprints: Chinese template with a hidden key row; English; two-level headings,
                            with two rows that must be refused
    carrier/waybills-*.csv  inbound (UTF-8 with mark, tonnes), outbound (GB18030, kilograms), rail (English, semicolons)
    warehouse/hub.csv, meter.csv
    company/*.csv           boundary of the inventory, targets, what was reached, scenarios, allowances, measures
    packaging/packaging.csv what goods are packed in, before and now
    lives/*.json            EPCIS documents of the two lives, one a scanner
    scans/*.json            EPCIS documents: one a supplier, one of the warehouse, one of the sites
    tender/scheme.json, bids.xlsx
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from openpyxl import Workbook

from ledger.adapters.files.forms.bill_of_materials import BILL_OF_MATERIALS
from ledger.adapters.files.template import heading
from ledger.demo import tender
from ledger.demo.bills import bills as bills_of_materials
from ledger.demo.bills import lines_of, values
from ledger.demo.catalogue import CARRIER_IN, CARRIER_OUT, CARRIER_RAIL, PENGWAN, PRODUCTS, SUPPLIERS, Supplier
from ledger.demo.company import write_company
from ledger.demo.lives import write_lives
from ledger.demo.month import SEED, records
from ledger.demo.places import DESTINATIONS, HUB
from ledger.errors import Locale
from ledger.records.epcis import EpcisEvent
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record
from ledger.records.transport_leg import TransportLeg
from ledger.scoring.bid import Bid
from ledger.units import decimal_text

CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
_ZH = {"road": "公路", "rail": "铁路", "sfd": "最短可行", "storage": "仓储", "transshipment": "中转"}
_PER = {"piece": "件"}
_GATE = "从摇篮到大门"
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where the files are; ``tables`` in the order in which they are best imported."""

    directory: Path
    tables: tuple[Path, ...]
    lives: tuple[Path, ...]
    company: tuple[Path, ...]
    """What the company says of itself: boundary, targets, what was reached, allowances, measures."""
    scheme: Path
    bids: Path
    records: int
    """Records in ``tables``, refused rows not counted."""


def write_demo_data(directory: Path, seed: int = SEED, scale: int = 1) -> DemoFiles:
    """Write every file below ``directory``, over older ones."""
    found: list[Record] = [*records(seed, scale), *bills_of_materials()]
    for name in ("suppliers", "carrier", "warehouse", "scans", "tender"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    suppliers = [
        _supplier_book(directory / "suppliers" / f"{number}-{supplier.en.split()[0].lower()}.xlsx", supplier, found)
        for number, supplier in enumerate(SUPPLIERS, 1)
    ]
    folder = directory / "suppliers"
    suppliers += [
        _bill_book(folder / f"{number}-{supplier.en.split()[0].lower()}-bom.xlsx", supplier)
        for number, supplier in enumerate(SUPPLIERS, 1)
    ]
    legs = [record for record in found if isinstance(record, TransportLeg)]
    carriers = [_carrier_table(directory / "carrier", carrier, legs) for carrier in _CARRIERS]
    warehouse = [_hub_table(directory / "warehouse" / "hub.csv", found), _meter_table(directory / "warehouse", found)]
    scans = _scan_documents(directory / "scans", [record for record in found if isinstance(record, EpcisEvent)])
    scheme, bids = directory / "tender" / "scheme.json", directory / "tender" / "bids.xlsx"
    scheme.write_text(json.dumps(tender.scheme().to_record(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    _bid_book(bids, tender.bids())
    return DemoFiles(
        directory,
        (*suppliers, *carriers, *warehouse, *scans),
        tuple(write_lives(directory / "lives")),
        tuple(write_company(directory / "company")),
        scheme,
        bids,
        len(found),
    )


def write_records(path: Path, found: Iterable[Record]) -> int:
    """Records line by line, in the form that ``import`` reads back; how many."""
    encode, number = msgspec.json.Encoder(decimal_format="string").encode, 0
    with path.open("wb") as out:
        for record in found:
            out.write(encode(record) + b"\n")
            number += 1
    return number


# ---------------------------------------------------------------- carriers


@dataclass(frozen=True, slots=True)
class _Carrier:
    name: str
    file: str
    encoding: str
    delimiter: str
    headings: Row
    row: Callable[[TransportLeg, int], Row]


def _inbound_row(leg: TransportLeg, line: int) -> Row:
    return (
        leg.consignment, str(line), leg.carrier, leg.origin, leg.destination, _gtin(leg.product), str(leg.quantity),
        _scaled(leg.mass_g, 6), _scaled(leg.distance_m, 3), _ZH[leg.distance_basis],
        _scaled(leg.driven_m or 0, 3), _ZH[leg.mode], leg.vehicle, leg.route, _local(leg.occurred_at, "%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _outbound_row(leg: TransportLeg, line: int) -> Row:
    return (
        leg.route, leg.consignment, str(line), leg.carrier, _local(leg.occurred_at, "%Y/%m/%d %H:%M"), leg.origin,
        leg.destination, _ZH[leg.mode], leg.vehicle, _gtin(leg.product), str(leg.quantity), _scaled(leg.mass_g, 3),
        "千克", _scaled(leg.distance_m, 3), "公里", _ZH[leg.distance_basis], _scaled(leg.driven_m or 0, 3), "公里",
    )  # fmt: skip


def _rail_row(leg: TransportLeg, line: int) -> Row:
    return (
        leg.consignment, str(line), leg.carrier, leg.origin, leg.destination, f"(01)0{_gtin(leg.product)}",
        str(leg.quantity), _scaled(leg.mass_g, 6), _scaled(leg.distance_m, 3), leg.distance_basis,
        _scaled(leg.driven_m or 0, 3), leg.mode, leg.vehicle, leg.route, leg.occurred_at.isoformat(),
    )  # fmt: skip


_CARRIERS = (
    _Carrier(CARRIER_IN, "waybills-changfeng.csv", "utf-8-sig", ",", (
        "运单号", "行号", "承运商", "起点", "终点", "产品", "件数", "毛重（吨）", "里程（公里）", "里程口径",
        "实际行驶里程（公里）", "运输方式", "车型", "线路", "发运时间（北京时间）",
    ), _inbound_row),
    _Carrier(CARRIER_OUT, "waybills-jianghuai.csv", "gb18030", ",", (
        "线路", "运单编号", "行号", "物流公司", "发车时间(+08:00)", "发货地", "收货地", "运输方式", "车型", "商品条码",
        "数量", "毛重", "毛重单位", "里程", "里程单位", "里程口径", "行驶里程", "行驶里程单位",
    ), _outbound_row),
    _Carrier(CARRIER_RAIL, "waybills-rail.csv", "utf-8", ";", (
        "Waybill", "Line", "Carrier", "Origin", "Destination", "Product", "Quantity", "Gross mass (t)", "Distance (km)",
        "Distance basis", "Driven distance (km)", "Mode", "Vehicle", "Route", "Occurred at",
    ), _rail_row),
)  # fmt: skip


def _carrier_table(directory: Path, carrier: _Carrier, legs: Iterable[TransportLeg]) -> Path:
    rows = [carrier.row(leg, int(leg.id.rpartition(":")[2])) for leg in legs if leg.carrier == carrier.name]
    return _table(directory / carrier.file, carrier.headings, rows, carrier.encoding, carrier.delimiter)


# ---------------------------------------------------------------- warehouse


def _hub_table(path: Path, found: Iterable[Record]) -> Path:
    headings = ("作业单号", "仓库", "作业类型", "产品编码", "件数", "出库毛重（千克）", "线路", "出库时间（北京时间）")
    rows = [
        (
            record.id.rpartition(":")[2], record.hub, _ZH[record.operation], _gtin(record.product),
            str(record.quantity), _scaled(record.mass_g, 3), record.route,
            _local(record.occurred_at, "%Y-%m-%d %H:%M"),
        )
        for record in found
        if isinstance(record, HubOperation)
    ]  # fmt: skip
    return _table(path, headings, rows)


def _meter_table(directory: Path, found: Iterable[Record]) -> Path:
    headings = ("表号", "站点", "能源品种", "用电量（度）", "开始时间（北京时间）", "结束时间（北京时间）", "电网区域")
    rows = [
        (
            record.meter or "", record.site, "电力", _scaled(record.energy_wh or 0, 3),
            _local(record.period_start, "%Y-%m-%d"), _local(record.period_end, "%Y-%m-%d"), record.region or "",
        )
        for record in found
        if isinstance(record, EnergyUse)
    ]  # fmt: skip
    return _table(directory / "meter.csv", headings, rows)


# ---------------------------------------------------------------- suppliers

_ZH_HEADINGS = (
    "声明编号", "供应商", "产品编码", "产品名称", "碳足迹（kg CO2e/件）", "声明单位", "系统边界", "有效期起",
    "有效期止", "初级数据占比（%）", "核查机构", "声明时间（北京时间）",
)  # fmt: skip
_EN_HEADINGS = (
    "Declaration", "Supplier", "Product", "Product name", "PCF (kg CO2e/piece)", "Declared unit", "System boundary",
    "Valid from", "Valid to", "Primary data share (%)", "Third party verified", "Declared on (+08:00)",
)  # fmt: skip
_KEYS = (
    "declaration", "supplier", "product", "name", "pcf", "declared_unit", "boundary", "valid_from", "valid_to",
    "primary_data_share", "verified_by", "declared_at",
)  # fmt: skip


def _supplier_book(path: Path, supplier: Supplier, found: Iterable[Record]) -> Path:
    own = [r for r in found if isinstance(r, ProductFootprint) and r.supplier == supplier.zh]
    book = Workbook()
    sheet: Any = book.active
    number = SUPPLIERS.index(supplier)
    rows: list[Row]
    if number == 5:
        _two_levels(sheet)
        rows = [_footprint_row(record, zh=True) for record in own]
        faulty = list(rows[0])
        faulty[0], faulty[2], faulty[4] = "PCF-2023-103", PRODUCTS[3].gtin, "11,9"
        unstated = list(rows[0])
        unstated[0], unstated[5], unstated[8] = "PCF-2023-104", "", "2024-13-31"
        rows = [tuple(faulty), *rows, tuple(unstated)]
    elif number == 1:
        sheet.append(_EN_HEADINGS)
        rows = [_footprint_row(record, zh=False) for record in own]
    else:
        sheet.title = "产品碳足迹声明"
        sheet.append([f"{supplier.zh} 产品碳足迹声明（示例数据）"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_KEYS))
        sheet.append(_KEYS)
        sheet.row_dimensions[2].hidden = True
        sheet.append(_ZH_HEADINGS)
        rows = [_footprint_row(record, zh=True) for record in own]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _bill_book(path: Path, supplier: Supplier) -> Path:
    """A sheet of the supplier's bills in the language it writes in; what is the bill's own stands in its first row."""
    book = Workbook()
    sheet: Any = book.active
    locale: Locale = "en" if supplier is PENGWAN else "zh-CN"
    sheet.title = BILL_OF_MATERIALS.en if locale == "en" else BILL_OF_MATERIALS.zh
    sheet.append([heading(column, locale) for column in BILL_OF_MATERIALS.columns])
    for product in PRODUCTS:
        if product.supplier is supplier:
            for number, line in enumerate(lines_of(product)[1]):
                sheet.append(_bill_row(values(product, line), first=number == 0))
    book.save(path)
    return path


def _bill_row(found: dict[str, object], *, first: bool) -> Row:
    def said(key: str) -> str:
        value = found.get(key, "")
        if key in {"product", "component"} and value:
            return _gtin(str(value))
        return _local(value, "%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)

    head = BILL_OF_MATERIALS.head[1:]
    return ["" if not first and column.key in head else said(column.key) for column in BILL_OF_MATERIALS.columns]


def _two_levels(sheet: Any) -> None:
    """Headings on two rows: 有效期 over 起 and 止, the others merged downwards."""
    sheet.append(["产品碳足迹声明表（示例数据）"])
    top, below = list(_ZH_HEADINGS), [""] * len(_ZH_HEADINGS)
    top[7], top[8], below[7], below[8] = "有效期", "", "起", "止"
    sheet.append(top)
    sheet.append(below)
    sheet.merge_cells("H2:I2")
    for at in range(1, len(top) + 1):
        if at not in {8, 9}:
            sheet.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)


def _footprint_row(record: ProductFootprint, *, zh: bool) -> Row:
    return (
        record.id.rpartition(":")[2], record.supplier, _gtin(record.product), record.name, record.pcf_kg_co2e,
        _PER[record.declared_unit] if zh else record.declared_unit, _GATE if zh else "cradle-to-gate",
        record.valid_from.isoformat(), record.valid_to.isoformat(), record.primary_data_share_pct or "",
        record.verified_by or "", _local(record.occurred_at, "%Y-%m-%d %H:%M"),
    )  # fmt: skip


# ---------------------------------------------------------------- scans


def _scan_documents(directory: Path, events: Sequence[EpcisEvent]) -> list[Path]:
    """One document a supplier, one of the warehouse, one of all sites, by where the event was read."""
    sites = {city.gln for city, _ in DESTINATIONS}
    by_place = {supplier.origin.city.gln: supplier.en.split()[0].lower() for supplier in reversed(SUPPLIERS)}
    shared = {"installing": "sites", "receiving": HUB.en.lower()}
    groups: dict[str, list[Any]] = {}
    for record in events:
        event = record.event
        place = event.read_point.id if event.read_point else ""
        name = shared.get(event.biz_step or "")
        if name is None:
            name = HUB.en.lower() if place == HUB.gln else by_place.get(place, "sites" if place in sites else "other")
        groups.setdefault(name, []).append(msgspec.to_builtins(event))
    return [_document(directory / f"{name}.json", found) for name, found in sorted(groups.items())]


def _document(path: Path, events: list[Any]) -> Path:
    document = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2023-06-01T00:00:00+08:00",
        "epcisBody": {"eventList": events},
    }
    path.write_bytes(msgspec.json.encode(document))
    return path


# ---------------------------------------------------------------- tender

_BID_HEADINGS = (
    "招标编号", "投标人", "封标时间（北京时间）", "货物", "数量", "单价", "金额", "投标总价", "签名编号", "廉洁承诺",
    "证书", "证书编号", "发证机构", "证书有效期起", "证书有效期止", "碳足迹（kg CO2e/件）", "声明单位", "系统边界",
    "核算规则", "核查机构", "碳足迹有效期起", "碳足迹有效期止", "初级数据占比（%）", "碳足迹记录",
)  # fmt: skip


def _bid_book(path: Path, bids: Sequence[Bid]) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "开标一览表"
    marks = sorted(bids[0].quality)
    sheet.append([*_BID_HEADINGS, *(f"评测：{mark}" for mark in marks)])
    for bid in bids:
        sheet.append([*_bid_row(bid), *(_plain(bid.quality[mark]) for mark in marks)])
    book.save(path)


def _bid_row(bid: Bid) -> Row:
    line, certificate, footprint = bid.lines[0], bid.certificates[0], bid.footprint
    days = (footprint.valid_from, footprint.valid_to)
    return (
        tender.TENDER, bid.bidder, _local(bid.sealed_at, "%Y-%m-%d %H:%M"), line.item, _plain(line.quantity),
        _plain(line.unit_price), _plain(line.amount), _plain(bid.price), bid.signature or "", "是", certificate.scheme,
        certificate.number, certificate.issuer, certificate.valid_from.isoformat(), certificate.valid_to.isoformat(),
        _plain(footprint.value), "件", _GATE, str(footprint.category_rule), footprint.verifier or "",
        *(day.isoformat() if day else "" for day in days), _plain(footprint.primary_data_share), footprint.evidence,
    )  # fmt: skip


# ---------------------------------------------------------------- cells


def _table(path: Path, headings: Row, rows: Iterable[Row], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def _scaled(amount: int, places: int) -> str:
    """An amount in thousands (3) or millions (6) of its base unit, exact."""
    return decimal_text(Decimal(amount).scaleb(-places))


def _plain(value: Any) -> str:
    return "" if value is None else decimal_text(Decimal(value.numerator) / Decimal(value.denominator))


def _gtin(product: str) -> str:
    """The GTIN-13 in a product's canonical text."""
    return product.rpartition("/01/0")[2]


def _local(at: datetime, form: str) -> str:
    return at.strftime(form)
