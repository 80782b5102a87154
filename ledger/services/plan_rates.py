"""Where the rates of a recorded plan come from: kept with it, worked out again, compared with its baseline's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ledger.errors import ClaimError, LedgerError, Place
from ledger.footprint.errors import NoEmissionFactor
from ledger.footprint.factor import FactorSource
from ledger.planning.routes.plan import Plan, Route
from ledger.planning.routes.rated import Origin, UsedFactor
from ledger.planning.routes.rates import Rates
from ledger.records.route_plan import RoutePlan
from ledger.records.vehicle_rates import TakenFactor, VehicleRates
from ledger.units import Grams, decimal_text


class FactorSetsDiffer(ClaimError):
    """A plan and its baseline with rates from two factor sets."""

    code = "claim.factor-sets"
    plan: str
    sets: str
    en = "{plan} and its baseline take their rates from two factor sets: {sets}"
    zh = "{plan} 与其基准的排放率来自两个因子集：{sets}"
    fix_en = "Record baseline and plan with one --factor-set"
    fix_zh = "请以同一 --factor-set 记录基准与计划"


class RatesUnlike(ClaimError):
    """A plan whose rates follow from a factor set beside a baseline whose rates were all stated, or the other way."""

    code = "claim.rates-unlike"
    plan: str
    stated: str
    """The one of both whose rates were stated."""
    en = "the rates of {stated} were stated by somebody, those of the other side come out of a factor set ({plan})"
    zh = "{stated} 的排放率由人填写，另一方的取自因子集（{plan}），两者不可比"
    fix_en = "Record baseline and plan with rates of one origin; a saving would be the difference of two sources"
    fix_zh = "请让基准与计划的排放率来源一致，否则差额只是数据来源之差"


class RatesNotFollowing(ClaimError):
    """A recorded rate that does not follow from the factors that are recorded with it, or these not from the set."""

    code = "claim.rates-not-following"
    plan: str
    vehicle: str
    problem: str
    problem_zh: str
    en = "{plan}: the rates of {vehicle} do not follow from what is recorded: {problem}"
    zh = "{plan}：{vehicle} 的排放率与所记录的来源不符：{problem_zh}"
    fix_en = "Withdraw the entry, and record the plan again from its workbook and the factor set"
    fix_zh = "请撤回该条目，并由工作簿与因子集重新记录计划"


def vehicle_of(route: Route) -> str:
    """The name under which a vehicle drives."""
    return f"{route.fleet.name} {route.number}"


def source_of(plan: Plan) -> str:
    """Where all rates of a plan come from, in words; nothing where a vehicle's rates were stated by somebody."""
    origins = {route.fleet.origin for route in plan.routes}
    sets = {f"{one.factor_set} ({one.edition})" for one in origins if one is not None}
    return "" if None in origins else "factor set / 因子集 " + ", ".join(sorted(sets))


def rated_vehicles(plan: Plan) -> tuple[VehicleRates, ...]:
    """The origins of rates that follow from a factor set, each with its vehicles."""
    by_origin: dict[Origin, list[str]] = {}
    for route in plan.routes:
        if route.fleet.origin is not None:
            by_origin.setdefault(route.fleet.origin, []).append(vehicle_of(route))
    return tuple(_kept(origin, tuple(vehicles)) for origin, vehicles in by_origin.items())


def origin_of_record(kept: VehicleRates) -> Origin:
    """An origin as it was recorded."""
    factors = tuple(
        UsedFactor(one.factor, Decimal(one.kg_co2e), one.per, one.load_percent, one.source, one.year, one.hash)
        for one in kept.factors
    )
    empty, full = (None if use is None else Decimal(use) for use in (kept.empty_use, kept.full_use))
    edition = kept.edition.isoformat()
    return Origin(
        kept.named, kept.factor_set, edition, kept.method, factors, Grams(kept.payload_g), empty, full, kept.rule
    )


def unlike(plan: RoutePlan, baseline: RoutePlan) -> Iterator[LedgerError]:
    """What keeps a plan and its baseline from being compared: two factor sets, or rates of two origins throughout."""
    pinned = list(dict.fromkeys(filter(None, (plan.factor_set, baseline.factor_set))))
    if len(pinned) > 1:
        yield FactorSetsDiffer(plan=plan.id, sets=", ".join(pinned))
    origins = [_origins(side) for side in (baseline, plan)]
    if not origins[0] & origins[1]:
        stated = baseline.id if False in origins[0] else plan.id
        yield RatesUnlike(plan=plan.id, stated=stated)


def not_following(record: RoutePlan, factors: FactorSource) -> Iterator[LedgerError]:
    """Rates of an entry that do not follow from its own origins, and origins that its pinned set does not have."""
    for kept in record.rated:
        try:
            follow: Rates | None = origin_of_record(kept).rates()
        except LedgerError:
            follow = None
        for number, route in enumerate(record.routes):
            stated = Rates(Fraction(route.empty_g_per_km), Fraction(route.loaded_g_per_tkm))
            if route.vehicle in kept.vehicles and stated != follow:
                fault = RatesNotFollowing(
                    plan=record.id,
                    vehicle=route.vehicle,
                    problem="they are not what its factors give",
                    problem_zh="与其因子推算的结果不同",
                )
                yield fault.at(Place(pointer=f"/routes/{number}"))
        odd = _not_in_set(record, kept, factors)
        if odd:
            yield RatesNotFollowing(
                plan=record.id,
                vehicle=", ".join(kept.vehicles[:3]),
                problem=f"the pinned set has no such {odd}",
                problem_zh=f"所固定的因子集中没有这样的 {odd}",
            ).at(Place(pointer="/rated"))


def _not_in_set(record: RoutePlan, kept: VehicleRates, factors: FactorSource) -> str:
    """The first recorded factor that the pinned set does not have so; the set itself, where it is not there."""
    try:
        held = factors.factor_set(record.factor_set or "")
    except NoEmissionFactor:
        return str(record.factor_set)
    if (held.id, held.published) != (kept.factor_set, kept.edition):
        return kept.factor_set
    for one in kept.factors:
        found = held.factors.get(one.factor)
        if found is None or (found.hash, found.wtw) != (one.hash, Decimal(one.kg_co2e)):
            return one.factor
    return ""


def _origins(record: RoutePlan) -> set[bool]:
    rated = {vehicle for one in record.rated for vehicle in one.vehicles}
    return {route.vehicle in rated for route in record.routes}


def _kept(origin: Origin, vehicles: tuple[str, ...]) -> VehicleRates:
    empty, full = (None if use is None else decimal_text(use) for use in (origin.empty_use, origin.full_use))
    return VehicleRates(
        edition=date.fromisoformat(origin.edition),
        empty_use=empty,
        factor_set=origin.factor_set,
        factors=tuple(
            TakenFactor(
                factor=one.id,
                hash=one.hash,
                kg_co2e=decimal_text(one.kg),
                load_percent=one.load,
                per=one.per,
                source=one.source,
                year=one.year,
            )
            for one in origin.factors
        ),
        full_use=full,
        method=origin.method,
        named=origin.named,
        payload_g=origin.payload_g,
        rule=origin.rule,
        vehicles=vehicles,
    )
