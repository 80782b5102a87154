"""A small tender that the tests vary."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ledger.scoring.abnormally_low import AbnormallyLow
from ledger.scoring.bid import Bid, Certificate, Footprint, PriceLine
from ledger.scoring.criterion import Criterion
from ledger.scoring.data_quality import FootprintRule, Markup
from ledger.scoring.gate import Gate
from ledger.scoring.scheme import Scheme

CLOSES = datetime.fromisoformat("2026-06-30T17:00:00+08:00")
SEALED = datetime.fromisoformat("2026-06-29T09:00:00+08:00")
UNIT, BOUNDARY = "piece", "cradle-to-gate"
PRICE_ONLY = ("price", "sealed-time")


def criterion(key: str, weight: str, formula: str, direction: str = "lower", **more: Any) -> Criterion:
    """A criterion that reads what it is called, unless told otherwise."""
    values: dict[str, Any] = {"reads": key, "unit": "1", "title_en": key, "title_zh": key, **more}
    return Criterion(key=key, weight=Fraction(weight), formula=formula, direction=direction, **values)  # type: ignore[arg-type]


def scheme(*criteria: Criterion, **more: Any) -> Scheme:
    """A scheme of these criteria; without a footprint rule unless one is given."""
    values: dict[str, Any] = {
        "id": "T-2026-1",
        "version": 1,
        "title_en": "Cabinets",
        "title_zh": "机柜采购",
        "basis": "Tender document, chapter 3",
        "currency": "CNY",
        "declared_unit": UNIT,
        "boundary": BOUNDARY,
        "quantity": Fraction(1),
        "closes_at": CLOSES,
        "tie_break": PRICE_ONLY,
        **more,
    }
    return Scheme(criteria=criteria, **values)


RULE = FootprintRule(
    default=Fraction(100),
    default_source="category average 2025",
    markups=(
        Markup(year=2026, share=Fraction("0.1")),
        Markup(year=2027, share=Fraction("0.2")),
        Markup(year=2028, share=Fraction("0.3")),
    ),
)
SCOTLAND = AbnormallyLow(
    subject="price",
    below_mean=Fraction("0.85"),
    proximity=Fraction("0.01"),
    margin_min=Fraction(1000),
    margin_max=Fraction(100_000),
)


def full_scheme(**more: Any) -> Scheme:
    """Price 40, footprint 40, efficiency 20, every gate, both low tests, every tie-break."""
    values: dict[str, Any] = {
        "quantity": Fraction(1000),
        "footprint_rule": RULE,
        "gates": (
            Gate(kind="sealed-in-time"),
            Gate(kind="signature"),
            Gate(kind="pledge", name="integrity"),
            Gate(kind="certificate", name="ISO 14001"),
            Gate(kind="footprint-comparable"),
            Gate(kind="arithmetic"),
        ),
        "abnormally_low": (
            SCOTLAND,
            AbnormallyLow(
                subject="footprint",
                below_mean=Fraction("0.85"),
                proximity=Fraction("0.01"),
                margin_min=Fraction(1),
                margin_max=Fraction(10),
                consequence="exclude-unless-accepted",
            ),
        ),
        "tie_break": ("verified-footprint", "price", "primary-data-share", "sealed-time"),
        **more,
    }
    return scheme(
        criterion("price", "40", "lowest-price", unit="CNY"),
        criterion(
            "footprint",
            "40",
            "absolute-linear",
            parameters={"best": Fraction(40), "worst": Fraction(160)},
            unit="kg CO2e/piece",
        ),
        criterion("efficiency", "20", "best-ratio", "higher", unit="%"),
        **values,
    )


def bid(bidder: str, price: str, **more: Any) -> Bid:
    """A bid of a price and nothing else."""
    return Bid(bidder=bidder, price=Fraction(price), **{"sealed_at": SEALED, **more})


def footprint(value: str, status: str = "verified", **more: Any) -> Footprint:
    """A footprint on the scheme's unit and boundary."""
    values: dict[str, Any] = {
        "declared_unit": UNIT,
        "boundary": BOUNDARY,
        "verifier": "CQC",
        "valid_to": date(2027, 1, 1),
        "primary_data_share": Fraction(60),
        **more,
    }
    return Footprint(status=status, value=Fraction(value), **values)  # type: ignore[arg-type]


ISO_14001 = Certificate(
    scheme="ISO 14001", number="E-1", issuer="CQC", valid_from=date(2025, 1, 1), valid_to=date(2026, 6, 30)
)


def full_bid(bidder: str, price: str, kg: Footprint | str, efficiency: str, **more: Any) -> Bid:
    """A bid that passes every gate of ``full_scheme``."""
    amount = Fraction(price)
    values: dict[str, Any] = {
        "footprint": footprint(kg) if isinstance(kg, str) else kg,
        "quality": {"efficiency": Fraction(efficiency)},
        "lines": (PriceLine(item="cabinet", quantity=Fraction(1000), unit_price=amount / 1000, amount=amount),),
        "certificates": (ISO_14001,),
        "pledges": ("integrity",),
        "signature": "key-1",
        **more,
    }
    return bid(bidder, price, **values)


def full_bids() -> list[Bid]:
    """Four bids: verified and dear, unverified and cheap, without footprint, and one that fails a gate."""
    return [
        full_bid("Anhe 安和", "1030000", "60", "95"),
        full_bid("Boyuan 博远", "1000000", footprint("90", "unverified"), "94"),
        full_bid("Chenxi 晨曦", "1100000", Footprint(status="missing"), "96"),
        full_bid("Dazhi 大智", "700000", "70", "97", pledges=()),
    ]
