"""
Vehicle routes as they were planned, before they are driven: a baseline that is frozen by being an entry, or a plan.

A plan is no saving. What it stands for in grams follows from its legs and rates; it is not repeated here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name
from ledger.records.vehicle_rates import ExactText, VehicleRates, in_lowest_terms

MOST_ROUTES: Final = 500
MOST_STOPS: Final = 500
Whole = Annotated[int, Meta(ge=0, le=10**12)]


class PlannedStop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An ``order`` at a ``place``: its mass [g], on board until here (delivery) or from here on; the leg to it [m]."""

    direction: Literal["delivery", "return"]
    mass_g: Whole
    metres: Whole
    order: Name
    place: Name


class PlannedRoute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``vehicle`` from its ``depot`` and back [m], at rates in g CO2e per km empty and per t km on top."""

    back_metres: Whole
    depot: Name
    empty_g_per_km: ExactText
    loaded_g_per_tkm: ExactText
    stops: Annotated[tuple[PlannedStop, ...], Meta(min_length=1, max_length=MOST_STOPS)]
    vehicle: Name


class RoutePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The routes of a ``day``. A plan names the ``baseline`` that it is compared with, a baseline names none.

    ``search``, ``seed`` and ``iterations`` bring the same routes out again; a baseline that was not searched has none.
    ``rates_source`` says where the rates come from, ``factor_set`` the hash of the set that figures are computed with.
    ``rated`` has the vehicles whose rates follow from that set; the rates of all others were stated by somebody.
    """

    baseline: Name | None = None
    day: date
    factor_set: Digest | None = None
    id: Name
    iterations: Whole | None = None
    kind: Literal["route_plan"]
    left_out: Annotated[tuple[Name, ...], Meta(max_length=MOST_ROUTES * MOST_STOPS)] = ()
    occurred_at: Moment
    rated: Annotated[tuple[VehicleRates, ...], Meta(max_length=MOST_ROUTES)] = ()
    rates_source: Words
    role: Literal["baseline", "plan"]
    routes: Annotated[tuple[PlannedRoute, ...], Meta(min_length=1, max_length=MOST_ROUTES)]
    search: Name | None = None
    seed: Whole | None = None
    version: Literal[1]


def check_route_plan(record: RoutePlan) -> None:
    """A baseline has no baseline; each order is served once; a search has its seed; rates have one origin each."""
    if record.role == "baseline" and record.baseline is not None:
        raise contradiction("a baseline names no baseline", "基准方案不写其他基准", "/baseline")
    orders = [stop.order for route in record.routes for stop in route.stops]
    if len(set(orders)) < len(orders):
        raise contradiction("an order is served twice", "同一订单被安排了两次", "/routes")
    if len({value is None for value in (record.search, record.seed, record.iterations)}) > 1:
        raise contradiction(
            "search, seed and iterations are stated together", "search、seed 与 iterations 须同时填写", "/search"
        )
    rated = [vehicle for one in record.rated for vehicle in one.vehicles]
    if rated and record.factor_set is None:
        raise contradiction(
            "rates out of a factor set need its hash", "排放率取自因子集时须填写该因子集的哈希值", "/factor_set"
        )
    if len(set(rated)) < len(rated) or not set(rated) <= {route.vehicle for route in record.routes}:
        raise contradiction(
            "the origin of rates is stated once for each vehicle that drives",
            "每辆出车车辆的排放率来源只写一次",
            "/rated",
        )
    texts = [text for route in record.routes for text in (route.empty_g_per_km, route.loaded_g_per_tkm)]
    if not all(map(in_lowest_terms, texts)):
        raise contradiction("a rate is no fraction in lowest terms", "排放率不是最简分数", "/routes")
