"""Pledges of suppliers for the pages: ahead of their lines, behind, reached, without a value."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.records.pledge import CommitmentName, Pledge, PledgeValue
from ledger.records.record import Record

AT = datetime(2026, 2, 1, tzinfo=UTC)
_SIGNED: tuple[tuple[CommitmentName, str, str, str, str, str, tuple[str, ...]], ...] = (
    ("packaging", "可循环包装占比 reusable packaging", "%", "40", "80", "anhe", ("46", "55", "68")),
    ("energy", "单位产品综合能耗 energy per piece", "kWh", "12.5", "10", "anhe", ("12.2", "12.1", "11.9")),
    ("carbon", "单位产值碳排放 emissions per revenue", "kg/万元", "310", "248", "anhe", ("290", "260", "244")),
    ("logistics", "就近供货比例 supplied from nearby", "%", "35", "60", "anhe", ()),
    ("packaging", "木质包装用量 wooden crates", "m³", "120", "30", "wumen", ("96", "80", "70")),
)


def _pledge(number: int) -> Pledge:
    commitment, indicator, unit, base, target, supplier, _ = _SIGNED[number]
    return Pledge(
        base_value=base,
        base_year=2022,
        commitment=commitment,
        id=f"pledge:sample-{number}",
        indicator=indicator,
        kind="pledge",
        occurred_at=AT,
        supplier=supplier,
        target_value=target,
        target_year=2028,
        unit=unit,
        version=1,
    )


PLEDGE = _pledge(0)


def pledges() -> list[Record]:
    """The pledges with their values of 2023 to 2025."""
    found: list[Record] = [_pledge(number) for number in range(len(_SIGNED))]
    for number, (*_, unit, _base, _target, supplier, values) in enumerate(_SIGNED):
        found += [
            PledgeValue(
                evidence=("ab" * 32,) if year == 2025 else (),
                id=f"value:{number}:{year}",
                kind="pledge_value",
                occurred_at=AT,
                pledge=f"pledge:sample-{number}",
                source=f"{year} 年台账 ledger of {year}",
                supplier=supplier,
                unit=unit,
                value=value,
                version=1,
                year=year,
            )
            for year, value in enumerate(values, 2023)
        ]
    return found
