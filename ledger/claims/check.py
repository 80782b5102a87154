"""
The verdict on a statement: can its figure be rebuilt from the others, within what their rounding leaves?

``reproduced``: the formula, rounded half up as printed, prints the same. ``within_rounding``: only because the other
figures were rounded too. ``not_reproducible``: neither, with the residual. ``impossible``: beyond a bound that has a
source. ``derived``: nothing was stated to compare with. ``evidence_required``: nothing to rebuild it from. None of
them says that a figure is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.claims.errors import UnitsDisagree
from ledger.claims.figure import Figure
from ledger.claims.formula import Amount, Formula, Step, formula
from ledger.claims.rate import Rate, candidates, range_of, rate_of
from ledger.claims.slip import Slip, slips
from ledger.claims.statement import FACTOR, Statement
from ledger.claims.unit import times, unit_text
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import FactorSet

Verdict = Literal["derived", "evidence_required", "impossible", "not_reproducible", "reproduced", "within_rounding"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What an outcome cannot exceed, in base units of the outcome it bounds, and who says so."""

    value: Fraction
    unit: str
    source: str
    factor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    A statement's verdict with all it rests on; numbers in base units (kWh, kg, kgce, t km ...).

    ``computed`` is the outcome with the factor ``rate``; ``residual`` is computed less stated. ``implied`` is the
    interval of factors that fit both figures. ``reproduced_by`` and ``within`` are published factors that fit.
    ``slips`` are possible mistakes of unit that would explain the difference.
    """

    statement: Statement
    verdict: Verdict
    factor_set: str
    computed: Amount | None = None
    stated: Figure | None = None
    rate: Rate | None = None
    steps: tuple[Step, ...] = ()
    implied: Amount | None = None
    reproduced_by: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    bound: Bound | None = None
    slips: tuple[tuple[Slip, bool], ...] = ()

    @property
    def residual(self) -> Fraction | None:
        """Computed less stated, in base units."""
        return None if self.computed is None or self.stated is None else self.computed.value - self.stated.value

    @property
    def relative(self) -> Fraction | None:
        """The residual as a share of what is stated."""
        if self.residual is None or self.stated is None or not self.stated.value:
            return None
        return self.residual / self.stated.value

    def to_record(self) -> dict[str, object]:
        """JSON-able; exact numbers as text."""
        return {
            "id": self.statement.id,
            "verdict": self.verdict,
            "factor_set": self.factor_set,
            "factor": None if self.rate is None else self.rate.id,
            "computed": _amount(self.computed),
            "stated": None if self.stated is None else exact_text(self.stated.value),
            "residual": None if self.residual is None else exact_text(self.residual),
            "relative_residual": None if self.relative is None else exact_text(self.relative),
            "implied_factor": _amount(self.implied),
            "reproduced_by": list(self.reproduced_by),
            "within_rounding_by": list(self.within),
            "bound": None
            if self.bound is None
            else {"value": exact_text(self.bound.value), "unit": self.bound.unit, "source": self.bound.source},
            "possible_slips": [slip.name for slip, _ in self.slips],
            "steps": [{"text": step.text, "outcome": _amount(step.amount)} for step in self.steps],
        }


def check(statement: Statement, factors: FactorSet) -> Finding:
    """
    The verdict on a statement with the factors of one set.

    Raises ``ClaimError`` for figures that are missing or of the wrong dimension, ``NoEmissionFactor`` for a named
    factor that the set lacks.
    """
    text = statement.formula or statement.way.formula
    if not text:
        return Finding(statement=statement, verdict="evidence_required", factor_set=factors.id)
    stated = statement.by_name.get(statement.result or statement.way.result)
    rule = formula(text)
    implied = _implied(statement, stated)
    trials = _trials(statement, rule, factors)
    if not trials:
        return Finding(
            statement=statement, verdict="evidence_required", factor_set=factors.id, stated=stated, implied=implied
        )
    for trial in trials:
        if stated is not None and trial.computed.dimension != stated.dimension:
            raise UnitsDisagree(left=_unit(trial.computed.dimension), right=_unit(stated.dimension))
    exact = [t for t in trials if stated is not None and stated.rounds_from(t.computed.value)]
    near = [
        t for t in trials if t not in exact and stated is not None and stated.meets(t.computed.low, t.computed.high)
    ]
    chosen = _chosen(exact, near, trials, stated)
    verdict: Verdict = (
        "derived" if stated is None else "reproduced" if exact else "within_rounding" if near else "not_reproducible"
    )
    bound, broken = _bound(statement, factors, chosen.computed, implied)
    if broken:
        verdict = "impossible"
    return Finding(
        statement=statement,
        verdict=verdict,
        factor_set=factors.id,
        computed=chosen.computed,
        stated=stated,
        rate=chosen.rate,
        steps=chosen.steps,
        implied=implied,
        reproduced_by=tuple(t.rate.id for t in exact if t.rate),
        within=tuple(t.rate.id for t in near if t.rate),
        bound=bound,
        slips=_slips(statement, factors, chosen.computed, stated, implied)
        if verdict in {"impossible", "not_reproducible"}
        else (),
    )


def common_factor(findings: Sequence[Finding]) -> tuple[Fraction, Fraction] | None:
    """The factors that fit all of these statements at once, ``None`` when none does or a statement implies none."""
    implied = [finding.implied for finding in findings]
    if not implied or None in implied:
        return None
    low, high = max(a.low for a in implied if a), min(a.high for a in implied if a)
    return (low, high) if low < high else None


@dataclass(frozen=True, slots=True)
class _Trial:
    """The formula with one factor, or with none."""

    rate: Rate | None
    computed: Amount
    steps: tuple[Step, ...]


def _trials(statement: Statement, rule: Formula, factors: FactorSet) -> list[_Trial]:
    amounts = {f.name: Amount(f.value, f.low, f.high, f.dimension) for f in statement.figures}
    rates: tuple[Rate | None, ...] = (None,)
    if FACTOR in rule.names and FACTOR not in amounts:
        if statement.factor:
            rates = (rate_of(factors.factor(statement.factor)),)
        elif statement.way.per:
            rates = candidates(factors, statement.way.per, statement.region)
    trials = []
    for rate in rates:
        known = dict(amounts)
        if rate is not None:
            known[FACTOR] = Amount(rate.value, rate.value, rate.value, rate.dimension)
        trials.append(_Trial(rate, *rule.evaluate(known)))
    if not trials:
        for name in rule.names:
            if name != FACTOR:
                statement.figure(name)
    return trials


def _chosen(exact: list[_Trial], near: list[_Trial], trials: list[_Trial], stated: Figure | None) -> _Trial:
    """The first factor that fits; else the nearest, so that the residual is the least there is."""
    if exact or near:
        return (exact or near)[0]
    if stated is None:
        return trials[0]
    return min(trials, key=lambda trial: abs(trial.computed.value - stated.value))


def _implied(statement: Statement, stated: Figure | None) -> Amount | None:
    base = statement.by_name.get(statement.way.base)
    if base is None or stated is None or base.low <= 0:
        return None
    low, high = stated.low / base.high, stated.high / base.low
    return Amount(stated.value / base.value, low, high, times(stated.dimension, base.dimension, -1))


def _bound(
    statement: Statement, factors: FactorSet, computed: Amount, implied: Amount | None
) -> tuple[Bound | None, bool]:
    """What bounds the outcome, and whether even the most favourable rounding breaks it."""
    match statement.way.bound:
        case "whole":
            if computed.dimension:
                raise UnitsDisagree(left=_unit(computed.dimension), right="%")
            broken = computed.low > 1 or computed.high < 0
            return Bound(Fraction(1), "", "a part is no more than its whole / 部分不大于整体"), broken
        case "highest":
            known = range_of(factors, statement.way.per)
            if known is None or implied is None:
                return None, False
            bound = Bound(known[1].value, unit_text(known[1].dimension), known[1].source, known[1].id)
            return bound, implied.low > bound.value
        case _:
            return None, False


def _slips(
    statement: Statement, factors: FactorSet, computed: Amount, stated: Figure | None, implied: Amount | None
) -> tuple[tuple[Slip, bool], ...]:
    if stated is None or stated.low <= 0 or computed.low <= 0:
        return ()
    bases = {base for figure in statement.figures for base, _ in figure.dimension or (("", 1),)}
    if statement.way.bound == "highest" and implied is not None:
        known = range_of(factors, statement.way.per)
        return () if known is None else slips(implied.low / known[1].value, implied.high / known[0].value, bases)
    return slips(stated.low / computed.high, stated.high / computed.low, bases)


def _amount(amount: Amount | None) -> dict[str, str] | None:
    if amount is None:
        return None
    low, high = exact_text(amount.low), exact_text(amount.high)
    return {"value": exact_text(amount.value), "low": low, "high": high, "unit": unit_text(amount.dimension)}


def _unit(dimension: tuple[tuple[str, int], ...]) -> str:
    return unit_text(dimension) or "1"
