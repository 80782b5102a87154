"""
Bids of a tender as the buyer's opening list has them: one row is one bid.

A footprint with a named verifier is read as stated to be verified; whoever scores the tender compares it with the
supplier's own record (``footprint record``). Test results and marks stand in columns headed ``评测:名称`` or
``quality:name``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.document import Document
from ledger.scoring.bid import Bid

YES = cell.Choice.of(("yes", "是", "已签署", "true", "y"), ("no", "否", "未签署", "false", "n"))
_BOUNDARY = cell.Choice.of(
    ("cradle_to_gate", "从摇篮到大门", "摇篮到大门", "cradle-to-gate"),
    ("cradle_to_grave", "从摇篮到坟墓", "摇篮到坟墓", "cradle-to-grave"),
)

COLUMNS = (
    Column("tender", "招标编号", "tender", cell.code, ("项目编号", "tender no"), example="T-2023-ONU"),
    Column("bidder", "投标人", "bidder", cell.name, ("投标单位", "供应商"), example="示例通信"),
    Column("sealed_at", "封标时间", "sealed at", cell.moment, ("递交时间",), unit="time", example="2023-05-18 16:00",
           bracket_zh="北京时间", bracket_en="+08:00"),
    Column("item", "货物", "item", cell.name, ("产品", "货物名称"), example="光网络终端 ONU"),
    Column("quantity", "数量", "quantity", cell.decimal, example="10000"),
    Column("unit_price", "单价", "unit price", cell.decimal, ("单价元",), example="118.5"),
    Column("amount", "金额", "amount", cell.decimal, ("合价", "小计"), example="1185000"),
    Column("price", "投标总价", "total price", cell.decimal, ("总价", "报价", "price"), example="1185000"),
    Column("signature", "签名编号", "signature", cell.code, ("电子签名",), needed=False, example="SIG-0001"),
    Column("integrity", "廉洁承诺", "integrity pledge", YES, ("廉洁承诺书",), needed=False, example="是"),
    Column("certificate", "证书", "certificate", cell.name, ("证书名称",), needed=False, example="ISO 14001"),
    Column("certificate_number", "证书编号", "certificate number", cell.code, needed=False, example="E-2021-001"),
    Column("certificate_issuer", "发证机构", "certificate issuer", cell.name, needed=False, example="示例认证中心"),
    Column("certificate_from", "证书有效期起", "certificate valid from", cell.day, needed=False, example="2021-06-01"),
    Column("certificate_to", "证书有效期止", "certificate valid to", cell.day, needed=False, example="2024-05-31"),
    Column("footprint", "碳足迹", "footprint", cell.kg_co2e, ("产品碳足迹", "pcf"), needed=False, unit="kg CO2e",
           example="8.4", bracket_zh="kg CO2e/声明单位", bracket_en="kg CO2e/declared unit"),
    Column("declared_unit", "声明单位", "declared unit", cell.DECLARED_UNIT, needed=False, example="件"),
    Column("boundary", "系统边界", "boundary", _BOUNDARY, ("system boundary",), needed=False, example="从摇篮到大门"),
    Column("category_rule", "核算规则", "category rule", cell.name, ("产品种类规则", "pcr"), needed=False,
           example="ISO 14067:2018"),
    Column("verifier", "核查机构", "verifier", cell.name, ("verified by",), needed=False, example="示例认证中心"),
    Column("footprint_from", "碳足迹有效期起", "footprint valid from", cell.day, needed=False, example="2023-01-01"),
    Column("footprint_to", "碳足迹有效期止", "footprint valid to", cell.day, needed=False, example="2024-12-31"),
    Column("primary_data_share", "初级数据占比", "primary data share", cell.percent, needed=False, unit="%",
           example="62", bracket_zh="%", bracket_en="%"),
    Column("evidence", "碳足迹记录", "footprint record", cell.code, ("碳足迹记录号",), needed=False,
           example="pcf:示例通信:PCF-2023-001"),
)  # fmt: skip


def build(values: Values) -> Document:
    """The bid of a row; its id is tender and bidder. The content is read through ``Bid`` and so checked."""
    sealed_at = values["sealed_at"]
    line = {name: values[name] for name in ("item", "quantity", "unit_price", "amount")}
    content: dict[str, Any] = {
        "bidder": values["bidder"],
        "price": values["price"],
        "sealed_at": sealed_at.isoformat(),
        "lines": [line],
        "quality": values.get("free", {}),
        "footprint": _footprint(values),
        "certificates": _certificates(values),
        "pledges": ["integrity"] if values.get("integrity") == "yes" else [],
        "signature": values.get("signature"),
    }
    fields = {
        "content": Bid.from_record(content).to_record(),
        "id": f"bid:{values['tender']}:{values['bidder']}",
        "kind": "bid",
        "occurred_at": sealed_at,
        "tender": values["tender"],
        "version": 1,
    }
    return msgspec.convert(fields, Document)


def _footprint(values: Values) -> dict[str, Any]:
    if "footprint" not in values:
        return {"status": "missing"}
    verified = "verifier" in values and "footprint_to" in values
    rule = {"category_rule": values["category_rule"]} if "category_rule" in values else {}
    return rule | {
        "status": "verified" if verified else "unverified",
        "value": values["footprint"],
        "declared_unit": values.get("declared_unit", ""),
        "boundary": values.get("boundary", ""),
        "verifier": values.get("verifier"),
        "valid_from": _iso(values, "footprint_from"),
        "valid_to": _iso(values, "footprint_to"),
        "primary_data_share": values.get("primary_data_share"),
        "evidence": values.get("evidence", ""),
    }


def _certificates(values: Values) -> list[dict[str, Any]]:
    if "certificate" not in values:
        return []
    return [
        {
            "scheme": values["certificate"],
            "number": values.get("certificate_number"),
            "issuer": values.get("certificate_issuer"),
            "valid_from": _iso(values, "certificate_from"),
            "valid_to": _iso(values, "certificate_to"),
        }
    ]


def _iso(values: Values, key: str) -> str | None:
    return values[key].isoformat() if key in values else None


BID = Form(
    kind="bid",
    zh="投标一览表",
    en="bids",
    columns=COLUMNS,
    build=build,
    fields={"certificates": "certificate", "lines": "amount"},
    named="评测|测试|quality|test",
)
