"""
A tender for 10,000 optical network units: price, two test results, kg CO2e; three bids, each with a lesson.

The cheapest bidder's certificate ran out before closing: a gate, not a matter of points. The second declares the lower
footprint, but nobody verified it: it is scored as the marked-up default. The third is verified, and wins by that.
Weights and the default are illustrative.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Final

from ledger.demo.catalogue import QIANTANG, SUIYUN, VERIFIER, WUMEN
from ledger.scoring.abnormally_low import AbnormallyLow
from ledger.scoring.bid import Bid, Certificate, Footprint, PriceLine
from ledger.scoring.criterion import Criterion
from ledger.scoring.data_quality import FootprintRule, Markup
from ledger.scoring.gate import Gate
from ledger.scoring.scheme import Scheme

TENDER: Final = "T-2023-ONU-05"
QUANTITY: Final = 10_000
CLOSES: Final = datetime.fromisoformat("2023-05-19T17:00:00+08:00")
POWER, PANEL = "待机功耗 standby power", "评委均分 panel mark"
_UNIT, _BOUNDARY, _RULE = "piece", "cradle_to_gate", "ISO 14067:2018"
_CERTIFICATE = "ISO 14001"

CRITERIA: Final = (
    Criterion(
        key="price",
        title_en="Price",
        title_zh="价格",
        reads="price",
        unit="CNY",
        direction="lower",
        weight=Fraction(50),
        formula="lowest-price",
    ),
    Criterion(
        key="power",
        title_en="Standby power",
        title_zh="待机功耗",
        reads=POWER,
        unit="W",
        direction="lower",
        weight=Fraction(15),
        formula="absolute-linear",
        parameters={"best": Fraction(5, 2), "worst": Fraction(5)},
    ),
    Criterion(
        key="panel",
        title_en="Panel mark",
        title_zh="评委均分",
        reads=PANEL,
        unit="1",
        direction="higher",
        weight=Fraction(15),
        formula="absolute-linear",
        parameters={"best": Fraction(100), "worst": Fraction(0)},
    ),
    Criterion(
        key="carbon",
        title_en="Product carbon footprint",
        title_zh="产品碳足迹",
        reads="footprint",
        unit="kg CO2e/piece",
        direction="lower",
        weight=Fraction(20),
        formula="absolute-linear",
        parameters={"best": Fraction(5), "worst": Fraction(15)},
    ),
)


def scheme() -> Scheme:
    """The scheme as it is published before any bid."""
    return Scheme(
        id=TENDER,
        version=1,
        title_en="Optical network units (10G GPON), 10,000 pieces",
        title_zh="光网络终端 ONU（10G GPON）10,000 台",
        basis="示例招标文件第三章 Demonstration tender document, chapter 3",
        currency="CNY",
        declared_unit=_UNIT,
        boundary=_BOUNDARY,
        category_rule=_RULE,
        quantity=Fraction(QUANTITY),
        closes_at=CLOSES,
        criteria=CRITERIA,
        gates=(
            Gate(kind="sealed-in-time"),
            Gate(kind="signature"),
            Gate(kind="pledge", name="integrity"),
            Gate(kind="certificate", name=_CERTIFICATE),
            Gate(kind="footprint-comparable"),
            Gate(kind="arithmetic"),
        ),
        footprint_rule=FootprintRule(
            default=Fraction(12),
            default_source="示例默认值 illustrative default for this demonstration",
            markups=(Markup(year=2023, share=Fraction(1, 10)),),
        ),
        abnormally_low=(
            AbnormallyLow(
                subject="price",
                below_mean=Fraction(85, 100),
                proximity=Fraction(1, 100),
                margin_min=Fraction(1_000),
                margin_max=Fraction(100_000),
            ),
        ),
    )


def bids() -> tuple[Bid, ...]:
    """The three bids as they were opened."""
    verified = _verified("8.4", WUMEN.zh, 101)
    return (
        _bid(WUMEN.zh, "118.5", "16:05", power="3.2", panel="92", until=date(2024, 5, 31), footprint=verified),
        _bid(QIANTANG.zh, "112", "15:40", power="3.6", panel="90", until=date(2025, 2, 28), footprint=_stated("6.9")),
        _bid(SUIYUN.zh, "99", "16:48", power="3.9", panel="88", until=date(2023, 4, 30), footprint=_stated("9.8")),
    )


def _bid(
    bidder: str, unit_price: str, sealed: str, *, power: str, panel: str, until: date, footprint: Footprint
) -> Bid:
    amount = Fraction(unit_price) * QUANTITY
    return Bid(
        bidder=bidder,
        price=amount,
        sealed_at=datetime.fromisoformat(f"2023-05-18T{sealed}:00+08:00"),
        lines=(
            PriceLine(item="ONU 10G GPON", quantity=Fraction(QUANTITY), unit_price=Fraction(unit_price), amount=amount),
        ),
        quality={PANEL: Fraction(panel), POWER: Fraction(power)},
        footprint=footprint,
        certificates=(
            Certificate(
                scheme=_CERTIFICATE,
                number=f"E-{until.year - 3}-{until:%m%d}",
                issuer=VERIFIER,
                valid_from=date(until.year - 3, until.month, 1),
                valid_to=until,
            ),
        ),
        pledges=("integrity",),
        signature=f"SIG-{sealed.replace(':', '')}",
    )


def _verified(value: str, supplier: str, number: int) -> Footprint:
    return Footprint(
        status="verified",
        value=Fraction(value),
        declared_unit=_UNIT,
        boundary=_BOUNDARY,
        category_rule=_RULE,
        verifier=VERIFIER,
        valid_from=date(2023, 1, 1),
        valid_to=date(2024, 12, 31),
        primary_data_share=Fraction(62),
        evidence=f"pcf:{supplier}:PCF-2023-{number:03d}",
    )


def _stated(value: str) -> Footprint:
    return Footprint(
        status="unverified",
        value=Fraction(value),
        declared_unit=_UNIT,
        boundary=_BOUNDARY,
        category_rule=_RULE,
        valid_from=date(2023, 1, 1),
        valid_to=date(2024, 12, 31),
        primary_data_share=Fraction(40),
    )
