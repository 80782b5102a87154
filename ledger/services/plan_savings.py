"""
What a driven plan saved, as far as the log knows now, and everything that stands in the way of booking it.

Nothing is booked for a plan that was not driven whole, whose way nobody measured, whose baseline was recorded too late,
or whose saving is more than can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from ledger.claims.errors import BaselineNotFrozen
from ledger.errors import ClaimError, LedgerError
from ledger.footprint.amount import exact_text
from ledger.footprint.errors import UncertaintyUnusable
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.footprint.uncertainty import Term, Uncertainty, uncertainty_of
from ledger.planning.executed import Journey
from ledger.records.driven_saving import DrivenBasis, PackagingChange, SavedByCause, StatedDoubt
from ledger.records.epcis.reading import located
from ledger.records.record import microseconds
from ledger.services.driven_evidence import Executing, evidence_of
from ledger.services.executed_plans import Executed, executed_by, sides, told
from ledger.services.plan_rates import not_following, unlike
from ledger.units import decimal_text, parse_decimal, shown

METHOD: Final = "driven-routes/1"
LEAST_WAY: Final = Fraction(1, 2)
"""Of the plan's way: who drove less of the same orders measured in another unit, or not all of it."""


class Books(Executing, Protocol):
    """What savings need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def factors(self) -> FactorSource:
        """Factor sets."""
        ...


class SavingImplausible(ClaimError):
    """More saved than the baseline emits, or far less driven than was planned."""

    code = "claim.saving-implausible"
    plan: str
    problem: str
    problem_zh: str
    en = "the saving of {plan} cannot be: {problem}"
    zh = "计划 {plan} 的减排不可能成立：{problem_zh}"
    fix_en = "Look for a wrong unit in distances, masses or rates, and for rounds that are not recorded"
    fix_zh = "请检查距离、质量或排放率的单位，以及未记录的行程"


class Asked(NamedTuple):
    """A plan to be booked: how sure its figures are, and how the packaging changed, if it did."""

    plan: str
    doubt: StatedDoubt
    packaging: PackagingChange | None = None


class Saved(NamedTuple):
    """What a plan saved [g CO2e], with what it rests on; ``faults`` are all that stands in the way of booking it."""

    executed: Executed
    factors: FactorSet
    uncertainty: Uncertainty
    faults: tuple[LedgerError, ...]

    def to_record(self) -> dict[str, Any]:
        """JSON-able; grams of CO2e as exact text. ``saved_g`` is ``None`` while something stands in the way."""
        found, verified = self.executed, self.executed.verified
        return {
            "plan": found.plan.id,
            "day": found.plan.day.isoformat(),
            "baseline": found.baseline.id,
            "factor_set": self.factors.id,
            "baseline_g": exact_text(verified.baseline),
            "planned_g": exact_text(verified.planned),
            "driven_g": exact_text(verified.driven),
            "saved_g": None if self.faults else exact_text(verified.difference),
            "parts_g": {cause: exact_text(part) for cause, part in verified.parts.items()},
            "avoided_metres": str(verified.avoided_metres),
            "avoided_gram_metres": str(verified.avoided_gram_metres),
            "avoided_cm3": str(verified.avoided_cm3),
            "uncertainty": self.uncertainty.to_record(),
            "orders": [order.to_record() for order in found.orders],
            "faults": [told(fault) for fault in self.faults],
            "recorded": "computed from recorded legs and rounds; no verifier has examined it",
        }


def saved_by(ledger: Books, tenant: str, asked: Asked, factor_set: str | None = None) -> Saved:
    """
    What a plan saved, as far as the log knows now, at the set it pins, or where it pins none at ``factor_set``.

    Raises ``RoutePlanAbsent``, ``PlanIsBaseline``, ``NoEmissionFactor`` and ``UncertaintyUnusable``.
    """
    packaging, both = asked.packaging, sides(ledger, tenant, asked.plan)
    pinned = list(dict.fromkeys(filter(None, (both.plan.factor_set, both.baseline.factor_set))))
    name = pinned[0] if pinned else factor_set
    factors = ledger.factors.factor_set(name) if name else ledger.factors.current()
    making = Fraction(0)
    if packaging is not None and packaging.factor is not None:
        making = Fraction(factors.factor(packaging.factor).wtw)
    found = executed_by(both, evidence_of(ledger, tenant, (both.plan, both.baseline)), packaging, making)
    faults: list[LedgerError] = list(found.verified.faults)
    faults.extend(unlike(both.plan, both.baseline))
    faults.extend(fault for side in (both.baseline, both.plan) for fault in not_following(side, ledger.factors))
    started = min((one.occurred_at for _, one in found.rounds), default=None)
    if started is not None and found.baseline_at > microseconds(started):
        recorded = datetime.fromtimestamp(found.baseline_at // 1_000_000, UTC)
        faults.append(
            BaselineNotFrozen(
                baseline=found.baseline.id, recorded_at=recorded.isoformat(), started_at=started.isoformat()
            )
        )
    if not found.verified.faults:
        faults.extend(_implausible(found))
    return Saved(found, factors, uncertainty_of(list(_terms(found, asked, making))), tuple(faults))


def doubt_of(activity: str, rates: str, making: str = "0") -> StatedDoubt:
    """Stated uncertainties as they are recorded. Raises ``AmountTooFine`` or ``UncertaintyUnusable``."""
    values = {"activity": parse_decimal(activity), "rates": parse_decimal(rates), "making": parse_decimal(making)}
    for what, value in values.items():
        if not 0 <= value < 1:
            raise UncertaintyUnusable(what=what, got=str(value), expected="0 <= u < 1")
    return StatedDoubt(**{what: decimal_text(value) for what, value in values.items()})


def packaging_of(data: bytes) -> PackagingChange:
    """A change of packaging out of a JSON file. Raises ``RecordUnreadable`` with its place."""
    try:
        return msgspec.json.decode(data, type=PackagingChange)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise located(str(error)) from None


def basis_of(saved: Saved, asked: Asked) -> DrivenBasis:
    """What the claim of a saving rests on, every digit of it."""
    found, verified = saved.executed, saved.executed.verified
    parts = {cause: exact_text(part) for cause, part in verified.parts.items()}
    return DrivenBasis(
        avoided_cm3=str(verified.avoided_cm3),
        avoided_gram_metres=str(verified.avoided_gram_metres),
        avoided_metres=str(verified.avoided_metres),
        baseline_g=exact_text(verified.baseline),
        doubt=asked.doubt,
        driven_g=exact_text(verified.driven),
        entries=found.entries,
        method=METHOD,
        packaging=asked.packaging,
        parts=SavedByCause(**parts),
        standard_kg=decimal_text(saved.uncertainty.standard),
    )


def _implausible(found: Executed) -> Iterator[SavingImplausible]:
    verified, ways = found.verified, found.ways
    if verified.driven < 0 or verified.difference > verified.baseline:
        less, of = shown(verified.difference / 1000, 3), shown(verified.baseline / 1000, 3)
        yield SavingImplausible(
            plan=found.plan.id,
            problem=f"{less} kg CO2e less than a baseline of {of} kg",
            problem_zh=f"减少 {less} kg CO2e，而基准仅 {of} kg",
        )
    driven, planned = (sum(one.metres for one in side) for side in (ways.driven, ways.planned))
    if driven < LEAST_WAY * planned:
        km, of = shown(Fraction(driven, 1000), 3), shown(Fraction(planned, 1000), 3)
        yield SavingImplausible(
            plan=found.plan.id,
            problem=f"{km} km were driven, less than half of the {of} km that the same orders took in the plan",
            problem_zh=f"实际行驶 {km} 公里，不到计划 {of} 公里的一半",
        )


def _terms(found: Executed, asked: Asked, making: Fraction) -> Iterator[Term]:
    """Journeys of baseline and driven, by their rates; packaging by what makes it."""
    activity, rates, made = (
        parse_decimal(text) for text in (asked.doubt.activity, asked.doubt.rates, asked.doubt.making)
    )
    for sign, side in ((1, found.ways.baseline), (-1, found.ways.driven)):
        for one in side:
            name = f"rates {exact_text(one.rates.empty)} {exact_text(one.rates.loaded)}"
            yield Term(sign * one.grams / 1000, activity, name, rates)
        if making:
            yield Term(sign * making * _packaging(side) / 1000, activity, "packaging", made)


def _packaging(side: tuple[Journey, ...]) -> int:
    return sum(one.packaging_g for way in side for one in way.carried)
