"""
An example of a catalogue's rules, to begin with: nine categories and four conditions.

The programme that this follows has 9 categories and 345 products (its sustainability report 2023), and names neither
the categories nor the rules: these are ours, for a house to replace by its own edition.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from ledger.records.green_catalogue import CatalogueCategory, CatalogueRules, EntryRule, rules_id

CATALOGUE: Final = "green"
_CATEGORIES: Final = (
    ("wireless", "无线设备", "Radio equipment"),
    ("transport", "传输设备", "Transmission equipment"),
    ("servers", "服务器与存储", "Servers and storage"),
    ("terminals", "终端与用户侧设备", "Terminals and customer equipment"),
    ("power-equipment", "电源与配电", "Power supply and distribution"),
    ("cooling", "空调与制冷", "Air conditioning and cooling"),
    ("cable", "光缆与线缆", "Fibre and cable"),
    ("batteries", "蓄电池", "Batteries"),
    ("packaging", "包装与物流器具", "Packaging and handling units"),
)
_OF_BATTERIES: Final = (EntryRule(kind="certificate", value="ISO 45001"),)


def example_rules() -> CatalogueRules:
    """Edition 1: an environmental management system, a reviewed footprint, 60 points of the assessment."""
    return CatalogueRules(
        basis="示例 example",
        catalogue=CATALOGUE,
        categories=tuple(
            CatalogueCategory(key=key, zh=zh, en=en, rules=_OF_BATTERIES if key == "batteries" else ())
            for key, zh, en in _CATEGORIES
        ),
        edition=1,
        id=rules_id(CATALOGUE, 1),
        kind="catalogue_rules",
        name_en="Green procurement catalogue (example)",
        name_zh="绿色采购产品适用目录（示例）",
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        rules=(
            EntryRule(kind="certificate", value="ISO 14001"),
            EntryRule(kind="footprint"),
            EntryRule(kind="assessment", value="60"),
        ),
        valid_from=date(2026, 1, 1),
        version=1,
    )
