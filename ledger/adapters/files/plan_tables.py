"""A plan of routes as tables of a workbook, and the empty workbook that asks for one; headings in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from ledger.adapters.files.plan_columns import SHEETS, Sheets
from ledger.adapters.files.written_table import Cell, WrittenTable
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.planning.routes.plan import Plan
from ledger.planning.routes.problem import Fleet, clock
from ledger.planning.routes.rated import Origin
from ledger.units import decimal_text

_TONNE_KM = 10**9


def template_tables(
    asked: Sheets = SHEETS, rows: Mapping[str, Sequence[Sequence[Cell]]] = MappingProxyType({})
) -> list[WrittenTable]:
    """Every sheet that is asked for with its headings; ``rows`` by their Chinese names, none for an empty one."""
    return [
        WrittenTable(zh, [column.zh for column in columns.values()], rows.get(zh, ()))
        for (zh, _), columns in asked.items()
    ]


def plan_tables(plan: Plan, locale: Locale) -> list[WrittenTable]:
    """The whole, the routes, their stops, what was left out and why, and where the rates of vehicles come from."""
    return [
        WrittenTable("计划 Plan", ["项目 item", "值 value", "精确值 exact"], list(_whole(plan))),
        WrittenTable("线路 Routes", _ROUTES, list(_routes(plan))),
        WrittenTable("站点 Stops", _STOPS, list(_stops(plan))),
        WrittenTable("未排入 Left out", _LEFT, list(_left(plan, locale))),
        WrittenTable("排放率 Rates", _RATES, list(_rates(plan, locale))),
    ]


def plan_json(plan: Plan, locale: Locale) -> dict[str, object]:
    """The plan as programs read it; amounts are exact."""
    return {
        "seed": plan.seed,
        "iterations": plan.iterations,
        "complete": plan.complete,
        "grams": exact_text(plan.grams),
        "gained": exact_text(plan.gained),
        "metres": plan.metres,
        "gram_metres": plan.gram_metres,
        "rates": [
            {
                "vehicle": fleet.name,
                "empty_g_per_km": exact_text(fleet.rates.empty),
                "loaded_g_per_tkm": exact_text(fleet.rates.loaded),
                "factors": [] if fleet.origin is None else [factor.id for factor in fleet.origin.factors],
                "factor_set": None if fleet.origin is None else fleet.origin.factor_set,
                "assumed": assumed(fleet.origin, locale),
            }
            for fleet in fleets_of(plan)
        ],
        "routes": [
            {"vehicle": route.fleet.name, "number": route.number, "orders": [one.order.name for one in route.stops]}
            for route in plan.routes
        ],
        "left_out": [
            {"name": name, "code": error.code, "message": error.message(locale)} for name, error in plan.refused
        ],
    }


_ROUTES = [
    "车辆 vehicle",
    "序号 number",
    "仓库 depot",
    "站点数 stops",
    "公里 km",
    "吨公里 t km",
    "kgCO2e",
    "顺序优化节省 kgCO2e gained by order",
    "精确 gCO2e exact",
    "成本 cost",
    "出发 leaves",
    "返回 back",
    "方法 method",
]
_STOPS = [
    "车辆 vehicle",
    "序号 number",
    "站 stop",
    "订单 order",
    "地点 place",
    "方向 direction",
    "到达 arrives",
    "开始 begins",
    "离开 leaves",
    "本段公里 km",
    "本段载重 kg on board",
    "本段 kgCO2e",
]
_RATES = [
    "车辆 vehicle",
    "空驶 empty gCO2e/km",
    "载重 loaded gCO2e/tkm",
    "填写 named",
    "因子集 factor set",
    "版本 edition",
    "因子 factor",
    "kgCO2e",
    "单位 per",
    "装载率 load %",
    "年份 year",
    "来源 source",
    "依据与假定 rule and what is assumed",
]
_LEFT = ["名称 name", "位置 place", "原因 reason", "处理 what to do"]


def _whole(plan: Plan) -> Iterator[Sequence[Cell]]:
    grams, gained = plan.grams, plan.gained
    yield "kgCO2e", grams / 1000, exact_text(grams / 1000)
    yield "顺序优化节省 kgCO2e gained by the order of stops", gained / 1000, exact_text(gained / 1000)
    yield "公里 km", Fraction(plan.metres, 1000), ""
    yield "吨公里 t km", Fraction(plan.gram_metres, _TONNE_KM), ""
    yield "成本 cost", plan.cost, exact_text(plan.cost)
    yield "随机种子 seed", plan.seed, ""
    yield "迭代次数 iterations", plan.iterations, ""
    yield "完成 complete", "是 yes" if plan.complete else "提前结束 ended early", ""


def _routes(plan: Plan) -> Iterator[Sequence[Cell]]:
    for route in plan.routes:
        yield (
            route.fleet.name,
            route.number,
            route.depot.name,
            len(route.stops),
            Fraction(route.metres, 1000),
            Fraction(route.gram_metres, _TONNE_KM),
            route.grams / 1000,
            route.gained / 1000,
            exact_text(route.grams),
            route.cost,
            clock(route.leaves),
            clock(route.back),
            route.method,
        )


def _stops(plan: Plan) -> Iterator[Sequence[Cell]]:
    for route in plan.routes:
        for number, stop in enumerate(route.stops, 1):
            yield (
                route.fleet.name,
                route.number,
                number,
                stop.order.name,
                stop.order.place,
                stop.order.direction,
                clock(stop.arrives),
                clock(stop.begins),
                clock(stop.leaves),
                Fraction(stop.metres, 1000),
                Fraction(stop.load_g, 1000),
                stop.grams / 1000,
            )


def _left(plan: Plan, locale: Locale) -> Iterator[Sequence[Cell]]:
    for name, error in plan.refused:
        where = error.place.text(locale) if error.place else ""
        yield name, where, error.sentence(locale), error.fix(locale)


def fleets_of(plan: Plan) -> list[Fleet]:
    """The fleets that drive, each once."""
    return list(dict.fromkeys(route.fleet for route in plan.routes))


def assumed(origin: Origin | None, locale: Locale) -> str:
    """By which rule rates follow, and what that takes for granted, in words."""
    if origin is None:
        said = ("stated in the file; no factor set says so", "由文件填写，非取自因子集")
    elif origin.method == "two_loads":
        payload = exact_text(Fraction(origin.payload_g, 1000))
        full = f"Assumed: 100 % laden is this vehicle's {payload} kg"
        said = (
            f"{origin.rule}: a straight line through both loads, no empty running in it. {full}",
            f"{origin.rule}：过两种装载率的直线，因子不含空驶。假定满载即本车载重 {payload} kg",
        )
    else:
        said = (
            f"{origin.rule}: a straight line between the consumption stated empty and full",
            f"{origin.rule}：按所填空驶与满载能耗的直线",
        )
    return said[locale == "zh-CN"]


def _rates(plan: Plan, locale: Locale) -> Iterator[Sequence[Cell]]:
    for fleet in fleets_of(plan):
        rates, origin = (exact_text(fleet.rates.empty), exact_text(fleet.rates.loaded)), fleet.origin
        if origin is None:
            yield fleet.name, *rates, *("",) * 9, assumed(None, locale)
            continue
        for one in origin.factors:
            yield (
                fleet.name,
                *rates,
                origin.named,
                origin.factor_set,
                origin.edition,
                one.id,
                decimal_text(one.kg),
                one.per,
                "" if one.load is None else one.load,
                one.year,
                one.source,
                assumed(origin, locale),
            )
