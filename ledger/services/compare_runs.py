"""
Two runs compared by cause: what moved each total, in parts that sum exactly to the difference.

A total is a function of three things: the entries it reads, the factor set, and the method versions. From the older run
to the newer they change one after the other, always in this order, and each step's change is that cause's part
(footprint method, section 15: a fixed order that sums to the total)::

    withdrawn   the older run's entries without what corrections up to the newer checkpoint took away
    added       the entries up to the newer checkpoint
    factors     the newer run's factor set
    method      what this software computes otherwise than those that made the runs

Both runs' own totals are taken as recorded; the steps between are computed by this software.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from ledger.errors import FootprintError
from ledger.footprint.amount import exact_text, exact_value
from ledger.footprint.run import RunResult
from ledger.records.calculation_run import CalculationRun
from ledger.services.runs import Running, computed, result_of, same_methods

Cause = Literal["withdrawn", "added", "factors", "method"]
CAUSES: Final[tuple[Cause, ...]] = ("withdrawn", "added", "factors", "method")
Totals = Mapping[str, Fraction]


class RunsNotInOrder(FootprintError):
    """A comparison whose first run reads more entries than its second."""

    code = "run.order"
    older: str
    newer: str
    en = "{older} reads more entries than {newer}"
    zh = "{older} 读取的条目多于 {newer}"
    fix_en = "Name the run at the smaller checkpoint first"
    fix_zh = "请先写检查点较小的一次计算"


@dataclass(frozen=True, slots=True)
class Change:
    """One route's or product's total in both runs [kg CO2e], and the part of each cause; the parts sum to the rest."""

    name: str
    before: Fraction
    after: Fraction
    parts: Mapping[Cause, Fraction]

    def to_record(self) -> dict[str, object]:
        """JSON-able, exact."""
        return {
            "name": self.name,
            "before_kg": exact_text(self.before),
            "after_kg": exact_text(self.after),
            "change_kg": exact_text(self.after - self.before),
            "by_cause_kg": {cause: exact_text(part) for cause, part in self.parts.items()},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs: all routes and all products together, and each of them that changed."""

    older: CalculationRun
    newer: CalculationRun
    routes: Change
    products: Change
    by_route: tuple[Change, ...]
    by_product: tuple[Change, ...]

    def to_record(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "older": self.older.id,
            "newer": self.newer.id,
            "causes": list(CAUSES),
            "routes": self.routes.to_record(),
            "products": self.products.to_record(),
            "by_route": [one.to_record() for one in self.by_route],
            "by_product": [one.to_record() for one in self.by_product],
        }


def compare_runs(ledger: Running, older: CalculationRun, newer: CalculationRun) -> Comparison:
    """
    The difference by cause. Raises ``RunsNotInOrder``, and what reading a factor set or a result raises.

    Reads the log up to the newer checkpoint twice, and once more when the older run has other method versions.
    """
    if older.checkpoint.size > newer.checkpoint.size:
        raise RunsNotInOrder(older=older.id, newer=newer.id)
    old, new = (ledger.factors.factor_set(run.factor_set.hash) for run in (older, newer))
    tenant, sizes = older.tenant, (older.checkpoint.size, newer.checkpoint.size)
    with ledger.snapshots.at(tenant, sizes[0], corrected_until=sizes[1]) as base:
        standing = computed(base, tenant, old)
    with ledger.snapshots.at(tenant, sizes[1]) as base:
        grown, refactored = computed(base, tenant, old), computed(base, tenant, new)
    again = standing
    if not same_methods(older):
        with ledger.snapshots.at(tenant, sizes[0]) as base:
            again = computed(base, tenant, old)
    first, last = result_of(ledger, older), result_of(ledger, newer)
    found = []
    for named, one in (("routes", "route"), ("products", "product")):
        before, after = (_recorded(content, named, one) for content in (first, last))
        base_line = before if again is standing else _totals(again, named)
        steps = [base_line, *(_totals(result, named) for result in (standing, grown, refactored))]
        found.append(tuple(_changes(before, steps, after)))
    return Comparison(older, newer, *(_together(changes) for changes in found), *map(_moved, found))  # type: ignore[arg-type]


def _changes(before: Totals, steps: list[Totals], after: Totals) -> Iterator[Change]:
    zero = Fraction(0)
    for name in sorted({name for step in (before, *steps, after) for name in step}):
        old, first, standing, grown, last, new = (step.get(name, zero) for step in (before, *steps, after))
        parts = (standing - first, grown - standing, last - grown, (first - old) + (new - last))
        yield Change(name, old, new, dict(zip(CAUSES, parts, strict=True)))


def _together(changes: tuple[Change, ...]) -> Change:
    zero = Fraction(0)
    return Change(
        "",
        sum((one.before for one in changes), zero),
        sum((one.after for one in changes), zero),
        {cause: sum((one.parts[cause] for one in changes), zero) for cause in CAUSES},
    )


def _moved(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those that any cause moved, the largest change first."""
    moved = [one for one in changes if any(one.parts.values())]
    return tuple(sorted(moved, key=lambda one: (-abs(one.after - one.before), one.name)))


def _totals(result: RunResult, named: str) -> Totals:
    found = result.routes if named == "routes" else result.products
    return {name: one.wtw for name, one in found.items()}


def _recorded(content: Mapping[str, Any], named: str, one: str) -> Totals:
    return {row[one]: exact_value(row["wtw_kg"]) for row in content[named]}
