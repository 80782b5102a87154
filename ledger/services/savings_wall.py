"""
The wall of savings: plans of a period, what became of each, and the sum of what is booked, by cause.

A saving counts when it is booked and stands: it was computed from recorded legs and rounds, and none of them was
corrected since. That it was recorded does not say that a verifier examined it. Everything else is shown, not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from ledger.errors import ClaimError, LedgerError
from ledger.footprint.amount import exact_text, exact_value
from ledger.planning.errors import PlanNotDriven
from ledger.planning.executed import CAUSES, Cause
from ledger.records.claim import Claim
from ledger.services.book_saving import claims_of
from ledger.services.driven_claims import SavingOnCorrectedData, raise_corrected
from ledger.services.driven_evidence import Evidence, Executing, evidence_of
from ledger.services.executed_plans import Executed, Sides, Standing, bring_up_to_date, executed_by, sides, told
from ledger.services.route_plans import PlanHead, plans_at, plans_of
from ledger.units import GRAM_METRES_PER_TONNE_KM, shown

State = Literal["booked", "corrected", "bookable", "refused", "not_driven"]
STATES: Final[tuple[State, ...]] = ("booked", "corrected", "bookable", "refused", "not_driven")
"""
Booked and counted; booked, on data corrected since; driven and not booked; driven, with a fault; planned, not driven.
"""
MOST_DAYS: Final = 366
MOST_ROWS: Final = 100
PLACES: Final = 9
"""Of kilograms by cause in a sum as it is handed out: micrograms."""


class PeriodTooLong(ClaimError):
    """A wall of more days than are read at once, or of none."""

    code = "claim.period"
    start: str
    end: str
    most: int
    en = "{start} to {end} is no period of 1 to {most} days"
    zh = "{start} 至 {end} 不是 1 至 {most} 天的期间"
    fix_en = "Ask for a year at most, with the first day before the last"
    fix_zh = "请将期间限制在一年以内，且开始不晚于结束"


class Totals(NamedTuple):
    """What is booked and stands: km, t km, m3, kg CO2e avoided; ``parts`` [kg CO2e] sum to ``saved_kg`` exactly."""

    plans: int
    avoided_km: Fraction
    avoided_tonne_km: Fraction
    avoided_m3: Fraction
    baseline_kg: Fraction
    driven_kg: Fraction
    saved_kg: Fraction
    parts: Mapping[Cause, Fraction]

    def to_record(self) -> dict[str, Any]:
        """JSON-able; exact text, but for the parts: those of a year are fractions of more digits than anyone reads."""
        return {
            "plans": self.plans,
            "avoided_km": exact_text(self.avoided_km),
            "avoided_tonne_km": exact_text(self.avoided_tonne_km),
            "avoided_m3": exact_text(self.avoided_m3),
            "baseline_kg": exact_text(self.baseline_kg),
            "driven_kg": exact_text(self.driven_kg),
            "saved_kg": exact_text(self.saved_kg),
            "parts_kg": _displayed(self.parts),
        }


class Row(NamedTuple):
    """
    A plan on the wall.

    ``saved_kg``, ``parts`` [kg CO2e], ``avoided_km``, ``avoided_tonne_km`` and ``avoided_m3`` are as booked, ``None``
    of what is not; ``planned_kg`` is what the plan means to save. ``standard_kg`` is the booked saving's standard
    uncertainty, as text.
    ``orders`` counts the plan's orders by what became of them. ``fault`` says what keeps it from counting.
    """

    plan: str
    day: date
    entry: int
    baseline: str
    state: State
    planned_kg: Fraction
    orders: Mapping[Standing, int]
    claim: str | None = None
    claim_entry: int | None = None
    saved_kg: Fraction | None = None
    parts: Mapping[Cause, Fraction] | None = None
    avoided_km: Fraction | None = None
    avoided_tonne_km: Fraction | None = None
    avoided_m3: Fraction | None = None
    standard_kg: str | None = None
    fault: LedgerError | None = None

    def to_record(self) -> dict[str, Any]:
        """JSON-able; exact text, ``None`` where nothing is booked."""
        return {
            "plan": self.plan,
            "day": self.day.isoformat(),
            "entry": self.entry,
            "baseline": self.baseline,
            "state": self.state,
            "planned_kg": exact_text(self.planned_kg),
            "orders": dict(self.orders),
            "claim": self.claim,
            "claim_entry": self.claim_entry,
            "saved_kg": _text(self.saved_kg),
            "parts_kg": None if self.parts is None else _texts(self.parts),
            "avoided_km": _text(self.avoided_km),
            "avoided_tonne_km": _text(self.avoided_tonne_km),
            "avoided_m3": _text(self.avoided_m3),
            "standard_kg": self.standard_kg,
            "fault": None if self.fault is None else told(self.fault),
        }


class Wall(NamedTuple):
    """A page: rows by day and entry, sums over the whole period, the entry to go on behind (``None`` at the end)."""

    start: date
    end: date
    rows: tuple[Row, ...]
    totals: Totals
    plans: int
    """Plans of the period, booked or not; baselines are not plans."""
    next: int | None

    def to_record(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "plans": self.plans,
            "totals": self.totals.to_record(),
            "rows": [row.to_record() for row in self.rows],
            "next": self.next,
        }


class _Booked(NamedTuple):
    """The claim of a plan, and why it does not count."""

    entry: int
    claim: Claim
    fault: LedgerError | None


def savings_wall(
    ledger: Executing, tenant: str, start: date, end: date, *, after: int | None = None, limit: int = 20
) -> Wall:
    """
    The plans of the days ``start`` to ``end``, both inside, behind the entry ``after``. Raises ``PeriodTooLong``.

    Sums are of all the period's booked claims that stand, whatever page is shown.
    """
    days = (end - start).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise PeriodTooLong(start=start.isoformat(), end=end.isoformat(), most=MOST_DAYS)
    bring_up_to_date(ledger)
    named = [(start + timedelta(days=number)).isoformat() for number in range(days)]
    heads = plans_of(ledger, tenant, named)
    plans = [(at, plan) for at, plan in heads if plan.baseline is not None]
    plans.sort(key=lambda one: (one[1].day, one[0]))
    claims = claims_of(ledger, tenant, [plan.id for _, plan in plans])
    gone = ledger.projections.withdrawn(tenant)
    booked = {plan: _Booked(at, claim, _corrected(claim, gone)) for plan, (at, claim) in claims.items()}
    place = next((number for number, (at, _) in enumerate(plans, 1) if at == after), 0)
    listed = plans[place : place + min(limit, MOST_ROWS)]
    more = len(plans) > place + len(listed)
    return Wall(
        start=start,
        end=end,
        rows=_rows(ledger, tenant, listed, {plan.id: at for at, plan in heads}, booked),
        totals=totals_of(one.claim for one in booked.values() if one.fault is None),
        plans=len(plans),
        next=listed[-1][0] if more and listed else None,
    )


def totals_of(claims: Iterable[Claim]) -> Totals:
    """The sum of booked savings, every digit of it."""
    found = [claim.driven for claim in claims if claim.driven is not None]
    zero = Fraction(0)
    baseline = sum((exact_value(one.baseline_g) for one in found), zero) / 1000
    driven = sum((exact_value(one.driven_g) for one in found), zero) / 1000
    return Totals(
        plans=len(found),
        avoided_km=sum((exact_value(one.avoided_metres) for one in found), zero) / 1000,
        avoided_tonne_km=sum((exact_value(one.avoided_gram_metres) for one in found), zero) / GRAM_METRES_PER_TONNE_KM,
        avoided_m3=sum((exact_value(one.avoided_cm3) for one in found), zero) / 10**6,
        baseline_kg=baseline,
        driven_kg=driven,
        saved_kg=baseline - driven,
        parts={cause: sum((exact_value(getattr(one.parts, cause)) for one in found), zero) / 1000 for cause in CAUSES},
    )


def state_of(found: Executed) -> tuple[State, LedgerError | None]:
    """What became of a plan that is not booked, and what keeps it from being booked."""
    faults = found.verified.faults
    if not faults:
        return "bookable", None
    missed = next((one for one in faults if isinstance(one, PlanNotDriven)), None)
    return ("refused", faults[0]) if missed is None else ("not_driven", missed)


def _rows(
    ledger: Executing,
    tenant: str,
    plans: Sequence[tuple[int, PlanHead]],
    places: Mapping[str, int],
    booked: Mapping[str, _Booked],
) -> tuple[Row, ...]:
    both, lost = _sides_of(ledger, tenant, plans, places)
    evidence = evidence_of(ledger, tenant, (one for found in both.values() for one in (found.plan, found.baseline)))
    found = []
    for at, plan in plans:
        row = Row(plan.id, plan.day, at, plan.baseline or "", "refused", Fraction(0), {}, fault=lost.get(plan.id))
        if plan.id in both:
            row = _with_what_came(row, both[plan.id], evidence)
        if plan.id in booked:
            one = booked[plan.id]
            row = _with_claim(row, one._replace(fault=lost.get(plan.id, one.fault)))
        found.append(row)
    return tuple(found)


def _sides_of(
    ledger: Executing, tenant: str, plans: Sequence[tuple[int, PlanHead]], places: Mapping[str, int]
) -> tuple[dict[str, Sides], dict[str, LedgerError]]:
    """
    Both sides of each plan, and why some have none.

    ``places`` are entries of the period's plans and baselines by id, read together; other baselines are looked for.
    """
    befores = {
        plan.id: places[plan.baseline] for _, plan in plans if plan.baseline is not None and plan.baseline in places
    }
    read = plans_at(ledger, sorted({*(at for at, _ in plans), *befores.values()}))
    both: dict[str, Sides] = {}
    lost: dict[str, LedgerError] = {}
    for at, plan in plans:
        before = befores.get(plan.id)
        if before is not None:
            entry, baseline = read[before]
            both[plan.id] = Sides(at, read[at][1], before, baseline, entry.recorded_at)
            continue
        try:
            both[plan.id] = sides(ledger, tenant, plan.id)
        except ClaimError as fault:  # its baseline was withdrawn
            lost[plan.id] = fault
    return both, lost


def _with_what_came(row: Row, found: Sides, evidence: Evidence) -> Row:
    done = executed_by(found, evidence)
    meant = (done.verified.baseline - done.verified.planned) / 1000
    state, fault = state_of(done)
    return row._replace(state=state, planned_kg=meant, orders=done.counts(), fault=fault)


def _with_claim(row: Row, booked: _Booked) -> Row:
    claim, totals = booked.claim, totals_of([booked.claim])
    return row._replace(
        state="booked" if booked.fault is None else "corrected",
        claim=claim.id,
        claim_entry=booked.entry,
        saved_kg=totals.saved_kg,
        parts=totals.parts,
        avoided_km=totals.avoided_km,
        avoided_tonne_km=totals.avoided_tonne_km,
        avoided_m3=totals.avoided_m3,
        standard_kg=claim.driven.standard_kg if claim.driven else None,
        fault=booked.fault,
    )


def _displayed(parts: Mapping[Cause, Fraction]) -> dict[str, str]:
    """At ``PLACES`` decimals, summing to the displayed sum: what is cut off goes to the largest remainders."""
    scale = 10**PLACES
    down = {cause: part * scale // 1 for cause, part in parts.items()}
    left = (sum(parts.values(), Fraction(0)) * scale + Fraction(1, 2)) // 1 - sum(down.values())
    up = sorted(parts, key=lambda cause: down[cause] - parts[cause] * scale)[:left]
    return {cause: shown(Fraction(whole + (cause in up), scale), PLACES) for cause, whole in down.items()}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)


def _texts(parts: Mapping[Cause, Fraction]) -> dict[str, str]:
    return {cause: exact_text(part) for cause, part in parts.items()}


def _corrected(claim: Claim, gone: Mapping[int, int]) -> SavingOnCorrectedData | None:
    try:
        raise_corrected(claim, gone)
    except SavingOnCorrectedData as fault:
        return fault
    return None
