"""Claims of the sample: most verdicts, a saving by cause with its plans, a pair that counts the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ledger.records.claim import Claim, PlanLane, PlanVehicle, StatedFigure, TransportPlan
from ledger.records.record import Record

STATED = datetime(2024, 3, 21, tzinfo=UTC)
SAVING = "claim:年报 2023:S1"
SOURCE = "可持续发展报告 2023"


def claims_of(hostile: tuple[str, ...] = ()) -> list[Record]:
    """Plans first, then the claims; ``hostile`` texts become claims too."""
    return [
        _plan("plan:2029-baseline"),
        _plan("plan:2029-executed", distance_km="545", fill="0.78", packaging_kg="7400", packed_m3="512"),
        _claim("E1", "通信站点节能超过 5.7 亿度，减少二氧化碳排放 32.5 万吨", "electricity",
               (("energy", "超过5.7亿", "度"), ("avoided", "32.5万", "吨")), region="浙江", counts=("meter:浙江-01",)),
        _claim("E6", "年节电 2.21 亿度，减少二氧化碳排放 12.54 万吨", "electricity",
               (("energy", "2.21亿", "度"), ("avoided", "12.54万", "吨")), region="山东"),
        _claim("D1", "直接减少运输量 1.65 万吨公里，合计减少温室气体排放 1,331.86 吨", "transport",
               (("activity", "1.65", "万吨公里"), ("avoided", "1,331.86", "吨"))),
        _claim("B6", "范畴二 35.18 百万吨，综合能耗 774.8 万吨标准煤", "share",
               (("scope2", "35.18", "百万吨"), ("energy", "774.8", "万吨标准煤"), ("equivalent", "0.1229", "kgce/kWh")),
               factor="CN-2022-全国", formula="scope2 / factor * equivalent / energy"),
        _claim("C2", "减少纸质文件折合 1.3 亿张，减少二氧化碳排放 260 吨", "paper",
               (("sheets", "1.3亿", "张"), ("avoided", "260", "吨"))),
        _claim("E1-again", "源网荷储一体化节能 5.7 亿度", "evidence", (("energy", "5.7亿", "度"),),
               counts=("meter:浙江-01",)),
        _claim("S1", "优化线路、配载与包装尺寸，全年减少 3.7 吨", "saving", (("avoided", "3.7", "吨"),),
               baseline="plan:2029-baseline", executed="plan:2029-executed"),
        *(_claim(text, text, "evidence", ()) for text in hostile),
    ]  # fmt: skip


def _claim(number: str, words: str, rule: Any, figures: tuple[tuple[str, str, str], ...], **other: Any) -> Claim:
    return Claim(
        id=SAVING if number == "S1" else f"claim:年报 2023:{number}"[:200],
        kind="claim",
        occurred_at=STATED,
        words=words,
        source=SOURCE,
        rule=rule,
        figures=tuple(StatedFigure(amount=amount, name=name, unit=unit) for name, amount, unit in figures),
        version=1,
        **other,
    )


def _plan(name: str, **changes: str) -> TransportPlan:
    amounts = {
        "distance_km": "610",
        "fill": "0.62",
        "goods_kg": "84000",
        "packaging_kg": "9800",
        "packed_m3": "560",
        **changes,
    }
    vehicle = PlanVehicle(
        factor="DEFRA25-27_303_3102_14_1",
        factor_load_kg="500",
        hold_m3="90",
        name="17.5 m lorry",
        payload_kg="18000",
    )
    packing = "DEFRA25-19_506_5156_15_1"
    lane = PlanLane(name="武汉-溧水", packaging_factor=packing, vehicle=vehicle, **amounts)
    return TransportPlan(
        id=name,
        kind="transport_plan",
        lanes=(lane,),
        occurred_at=STATED,
        period_start=datetime(2029, 1, 1, tzinfo=UTC),
        period_end=datetime(2030, 1, 1, tzinfo=UTC),
        version=1,
    )
