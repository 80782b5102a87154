"""A draft of a scheme for routers, complete but for its title in English, with the lab's invented bids."""

from __future__ import annotations

from typing import Final

from ledger.scoring.draft.bids import invented
from ledger.scoring.equipment import begun, equipment
from ledger.services.scheme_drafts import keep_scheme
from ledger.wiring import Ledger

SCHEME_DRAFT: Final = "5d1f0c4e-2b7a-4e0e-9a63-0f6f5f6f2a11"
OPEN: Final = {
    "id": "T-2027-ROUTER-01",
    "title_zh": "省干路由器集中采购",
    "quantity": "120",
    "closes_at": "2027-03-31T17:00",
    "rule.default": "900",
    "rule.default_source": "行业平均值 industry mean 2025",
    "criteria.1.p.best": "400",
    "criteria.1.p.worst": "1200",
    "criteria.2.p.best": "9000",
    "criteria.2.p.worst": "3000",
}
"""What a template leaves to the tender."""


def drafted() -> dict[str, str]:
    """The fields."""
    return begun(equipment("router")) | OPEN


def draft_scheme(ledger: Ledger) -> None:
    """Keep it."""
    said = drafted() | {"title_en": ""}
    keep_scheme(ledger, ledger.settings.tenant, SCHEME_DRAFT, drafted() | invented(said), 0)
