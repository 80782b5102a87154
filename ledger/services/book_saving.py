"""Booking: the saving of a driven plan becomes a claim, once; no leg, round or plan counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from itertools import count
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import ClaimError
from ledger.log.errors import RecordConflict
from ledger.ports import Clock, Random, Receipt
from ledger.records.claim import Claim, StatedFigure
from ledger.records.record import decode, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.driven_evidence import Executing
from ledger.services.executed_plans import Executed, bring_up_to_date
from ledger.services.plan_savings import Asked, Books, Saved, basis_of, saved_by
from ledger.services.route_plans import plans_of
from ledger.services.withdraw import withdraw
from ledger.units import GRAM_METRES_PER_TONNE_KM, shown

MOST_BOOKINGS: Final = 20
"""A plan is booked again only after its claim was withdrawn, and so often at most."""
PLACES: Final = 6
"""Of printed kilograms; the basis has every digit."""


class Booking(Books, Protocol):
    """What booking needs of a ledger beside what looking needs; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """When it is claimed."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class SavingBooked(ClaimError):
    """A second booking of one plan, or of what another plan counts already."""

    code = "claim.saving-booked"
    plan: str
    claim: str
    en = "the saving of {plan} is booked already, by the claim {claim}"
    zh = "计划 {plan} 的减排已由声明 {claim} 入账"
    fix_en = "Nothing is left to do; if an entry was corrected since, withdraw that claim and book again"
    fix_zh = "无需再次入账；如其后有记录更正，请撤回该声明后重新入账"


class Booked(NamedTuple):
    """A claim with its receipt, and what it says."""

    claim: Claim
    receipt: Receipt
    saved: Saved


def book(ledger: Booking, submission: Submission, asked: Asked) -> Booked:
    """Book what a plan saved. Raises the first fault that stands in the way, ``SavingBooked``, what reading raises."""
    bring_up_to_date(ledger)
    tenant = submission.tenant
    saved = saved_by(ledger, tenant, asked)
    if saved.faults:
        raise saved.faults[0]
    number = _next_number(ledger, tenant, asked.plan)
    _counted_once(ledger, tenant, saved.executed)
    record = _claim(saved, asked, claim_id(asked.plan, number), ledger.clock.now())
    try:
        receipt = capture_one(ledger, submission, record)
    except RecordConflict:  # somebody else booked it meanwhile
        raise SavingBooked(plan=asked.plan, claim=record.id) from None
    bring_up_to_date(ledger)
    try:  # whose claim of the same legs came in between, by the order of the log
        _counted_once(ledger, tenant, saved.executed, before=receipt.seq)
    except SavingBooked as fault:
        withdraw(ledger, submission, record.id, f"booked at the same moment by {fault.claim} / 同时已由其入账")
        raise
    return Booked(record, receipt, saved)


def claim_id(plan: str, number: int) -> str:
    """The id of a plan's claim; ``number`` counts from 1, and a new one follows a withdrawn one."""
    return f"saving:{plan}:{number}"


def claims_of(ledger: Executing, tenant: str, plans: Sequence[str]) -> dict[str, tuple[int, Claim]]:
    """The claims of plans that stand, by plan: entry and record."""
    names = [claim_id(plan, number) for plan in plans for number in range(1, MOST_BOOKINGS + 1)]
    facts = ledger.projections.facts_of(tenant, "claim", names)
    found: dict[str, tuple[int, Claim]] = {}
    for index, entry in ledger.entries.gathered([fact.seq for fact in facts]).items():
        record = decode_body(entry.body, "claim")
        if isinstance(record, Claim) and record.driven is not None and record.executed is not None:
            found[record.executed] = (index, record)
    return found


def _claim(saved: Saved, asked: Asked, name: str, at: datetime) -> Claim:
    found, verified = saved.executed, saved.executed.verified
    kilograms = {
        "baseline": verified.baseline,
        "driven": verified.driven,
        "avoided": verified.difference,
        **{str(cause): part for cause, part in verified.parts.items()},
    }
    figures = [StatedFigure(amount=shown(g / 1000, PLACES), name=name, unit="kg") for name, g in kilograms.items()]
    activity = Fraction(verified.avoided_gram_metres, GRAM_METRES_PER_TONNE_KM)
    figures.append(StatedFigure(amount=shown(activity, PLACES), name="activity", unit="t km"))
    figures.append(StatedFigure(amount=shown(Fraction(verified.avoided_metres, 1000), 3), name="km", unit="km"))
    if asked.packaging is not None:
        volume = Fraction(verified.avoided_cm3, 10**6)
        figures.append(StatedFigure(amount=shown(volume, PLACES), exact=True, name="volume", unit="m3"))
    less, day = shown(verified.difference / 1000, 2), found.plan.day
    record = Claim(
        baseline=found.baseline.id,
        counts=(found.baseline.id, found.plan.id, *(one.id for _, one in found.rounds))[:200],
        driven=basis_of(saved, asked),
        executed=found.plan.id,
        factor_set=saved.factors.id,
        figures=tuple(figures),
        id=name,
        kind="claim",
        occurred_at=at,
        period_end=day,
        period_start=day,
        rule="driven",
        source=f"route plan {found.plan.id}"[:200],
        version=1,
        words=f"{day}: by recorded legs and rounds {less} kg CO2e less than the frozen baseline; no verifier has "
        f"examined it / 按已记录的运输段与行程，比冻结的基准少排放 {less} kg CO2e；尚未经第三方核查",
    )
    return _read_again(record)


def _read_again(record: Claim) -> Claim:
    """The record by the way in: what is too long or out of form is refused."""
    again = decode(msgspec.json.encode(record), "claim")
    assert isinstance(again, Claim)
    return again


def _next_number(ledger: Executing, tenant: str, plan: str) -> int:
    for number in count(1):
        name = claim_id(plan, number)
        if ledger.entries.find(tenant, name) is None:
            return number
        if number == MOST_BOOKINGS or withdrawal_of(ledger.entries, tenant, name, "claim") is None:
            raise SavingBooked(plan=plan, claim=name)
    raise AssertionError("count ended")


def _counted_once(ledger: Executing, tenant: str, found: Executed, before: int | None = None) -> None:
    """No leg or round counts for two plans, of entries below ``before``. Raises ``SavingBooked``."""
    others = [
        plan.id for _, plan in plans_of(ledger, tenant, [found.plan.day.isoformat()]) if plan.baseline is not None
    ]
    own = set(found.entries[2:])
    for at, claim in claims_of(ledger, tenant, others).values():
        if (
            (before is None or at < before)
            and claim.driven is not None
            and not own.isdisjoint(claim.driven.entries[2:])
        ):
            raise SavingBooked(plan=found.plan.id, claim=claim.id)
