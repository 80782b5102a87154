"""
What to begin a scheme from: types of equipment with the energy-efficiency test that its tenders score, as published.

A test, its unit and the standard that says how it is measured are facts; bounds, weights and default footprints are
each tender's own, so a template leaves them open and the designer asks for them. The programme scores 102 types; here
are those whose measurement is a published standard. Any other is made from the nearest one and kept as a scheme.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Equipment(NamedTuple):
    """A type of equipment. ``unit`` is the test's, ``method`` the standard that it is measured by."""

    key: str
    zh: str
    en: str
    declared_unit: str
    test_zh: str
    test_en: str
    unit: str
    direction: str
    method: str


EQUIPMENT: Final = (
    Equipment(
        "base-station", "移动通信基站设备", "Mobile base station", "piece",
        "单位能耗数据量", "Data volume per energy", "kbit/J", "higher", "ETSI ES 202 706-2",
    ),
    Equipment(
        "router", "路由器", "Router", "piece",
        "能效比 EER", "Energy efficiency rating (EER)", "Mbit/s/W", "higher", "ITU-T L.1310",
    ),
    Equipment(
        "ethernet-switch", "以太网交换机", "Ethernet switch", "piece",
        "能效比 EER", "Energy efficiency rating (EER)", "Mbit/s/W", "higher", "ITU-T L.1310",
    ),
    Equipment(
        "transport", "光传送网设备", "Optical transport equipment", "piece",
        "能效比 EER", "Energy efficiency rating (EER)", "Mbit/s/W", "higher", "ITU-T L.1310",
    ),
    Equipment(
        "optical-line-terminal", "光线路终端 OLT", "Optical line terminal (OLT)", "piece",
        "每端口功耗", "Power per port", "W", "lower", "ETSI EN 303 215",
    ),
    Equipment(
        "optical-network-unit", "光网络终端 ONU", "Optical network unit (ONU)", "piece",
        "功耗", "Power", "W", "lower", "EU Code of Conduct on Energy Consumption of Broadband Equipment",
    ),
    Equipment(
        "server", "服务器", "Server", "piece",
        "活动状态能效", "Active state performance per watt", "1", "higher", "ETSI EN 303 470",
    ),
    Equipment(
        "storage", "存储设备", "Storage", "piece",
        "单位功耗裸容量", "Raw capacity per watt, ready idle", "GB/W", "higher", "SNIA Emerald",
    ),
    Equipment(
        "ups", "不间断电源 UPS", "Uninterruptible power supply (UPS)", "piece",
        "额定负载效率", "Efficiency at rated load", "%", "higher", "IEC 62040-3",
    ),
    Equipment(
        "rectifier", "通信用整流模块", "Telecom rectifier", "piece",
        "加权平均效率", "Weighted efficiency", "%", "higher", "ITU-T L.1320",
    ),
    Equipment(
        "cooling", "机房空调", "Computer-room air conditioner", "piece",
        "全年能效比 AEER", "Annual energy efficiency ratio (AEER)", "1", "higher", "GB/T 19413",
    ),
    Equipment(
        "distribution-transformer", "配电变压器", "Distribution transformer", "piece",
        "空载损耗", "No-load loss", "W", "lower", "GB 20052",
    ),
    Equipment(
        "motor", "三相异步电动机", "Three-phase induction motor", "piece",
        "效率", "Efficiency", "%", "higher", "GB 18613",
    ),
    Equipment(
        "led-lighting", "室内 LED 照明产品", "Indoor LED lighting", "piece",
        "光效", "Luminous efficacy", "lm/W", "higher", "GB 30255",
    ),
    Equipment(
        "power-cable", "电力电缆", "Power cable", "kilometer",
        "20 ℃ 导体直流电阻", "Conductor resistance at 20 °C", "Ω/km", "lower", "GB/T 3956 (IEC 60228)",
    ),
)  # fmt: skip
"""A new type is one line."""


def equipment(key: str) -> Equipment | None:
    """The type of that key."""
    return next((one for one in EQUIPMENT if one.key == key), None)


def begun(of: Equipment | None) -> dict[str, str]:
    """The fields of a new draft: price, footprint and, of a known type, its test; what is the tender's own is open."""
    said = {
        "currency": "CNY",
        "declared_unit": of.declared_unit if of else "piece",
        "boundary": "cradle_to_gate",
        "offset": "+08:00",
        "points": "100",
        "tie.0": "verified-footprint",
        "tie.1": "price",
        "tie.2": "primary-data-share",
        "tie.3": "sealed-time",
        "rule.default_source": "",
        "gates.0.kind": "sealed-in-time",
        "gates.1.kind": "signature",
        "gates.2.kind": "footprint-comparable",
        "gates.3.kind": "arithmetic",
        "low.price.on": "yes",
        "low.footprint.on": "yes",
    }
    for subject in ("price", "footprint"):
        shares = {"below_mean": "85", "proximity": "1"}
        said |= {f"low.{subject}.{name}": value for name, value in shares.items()}
    said |= {"low.price.margin_min": "1000", "low.price.margin_max": "100000"}
    said |= {"low.footprint.margin_min": "0", "low.footprint.margin_max": "100000"}
    for number, (year, share) in enumerate((("2026", "10"), ("2027", "20"), ("2028", "30"))):
        said |= {f"markups.{number}.year": year, f"markups.{number}.share": share}
    if of is not None:
        said |= {"title_zh": f"{of.zh}采购", "title_en": of.en}
    carbon = f"kg CO2e/{said['declared_unit']}"
    weights = ("50", "30") if of else ("60", "40")
    said |= _row(0, PRICE_LINE | {"weight": weights[0]}) | _row(1, CARBON_LINE | {"unit": carbon, "weight": weights[1]})
    if of is not None:
        test = {"title_zh": of.test_zh, "title_en": of.test_en, "unit": of.unit, "direction": of.direction}
        said |= _row(2, TEST_LINE | test | {"reads": f"{of.test_zh} {of.test_en}", "weight": "20"})
        said |= {"basis": f"检测方法 / test method: {of.method}"}
    return said


PRICE_LINE: Final = {
    "key": "price",
    "title_zh": "价格",
    "title_en": "Price",
    "source": "price",
    "unit": "CNY",
    "direction": "lower",
    "formula": "lowest-price",
}
CARBON_LINE: Final = {
    "key": "carbon",
    "title_zh": "产品碳足迹",
    "title_en": "Product carbon footprint",
    "source": "footprint",
    "direction": "lower",
    "formula": "absolute-linear",
}
TEST_LINE: Final = {"key": "test", "source": "mark", "formula": "absolute-linear"}
"""Criteria to begin with; a further one is like the last, with a key of its own."""


def _row(number: int, fields: dict[str, str]) -> dict[str, str]:
    return {f"criteria.{number}.{key}": value for key, value in fields.items()}
