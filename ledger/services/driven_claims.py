"""A booked saving looked at again: computed from its entries as they stand now, and whether any was corrected since."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.claims.check import Bound, Finding
from ledger.claims.formula import Amount
from ledger.claims.recorded import KG, statement_of
from ledger.claims.saving import LaneSaving, Saving
from ledger.errors import ClaimError
from ledger.footprint.factor import FactorSet
from ledger.records.claim import Claim
from ledger.services.executed_plans import bring_up_to_date
from ledger.services.plan_savings import Asked, Books, basis_of, saved_by
from ledger.units import GRAM_METRES_PER_TONNE_KM


class SavingOnCorrectedData(ClaimError):
    """A booked saving of which an entry was withdrawn since."""

    code = "claim.corrected-data"
    claim: str
    entries: str
    by: str
    en = "the saving {claim} stands on corrected data: entries {entries} were withdrawn by {by}; it no longer counts"
    zh = "减排声明 {claim} 所依据的条目 {entries} 已被条目 {by} 撤回，不再计入"
    fix_en = "Withdraw the claim and book the plan again"
    fix_zh = "请撤回该声明并重新为该计划入账"


def checked_driven(
    ledger: Books, tenant: str, record: Claim, factors: FactorSet
) -> tuple[Finding, Saving, tuple[int, int]]:
    """
    The verdict on a booked saving: computed again from its entries, it is the same to the last digit, or it is not.

    Raises ``SavingOnCorrectedData``, and the first fault that would stand in the way of booking it now.
    """
    basis = record.driven
    assert basis is not None
    bring_up_to_date(ledger)
    raise_corrected(record, ledger.projections.withdrawn(tenant))
    saved = saved_by(ledger, tenant, asked_of(record), factors.id)
    if saved.faults:
        raise saved.faults[0]
    verified, found = saved.executed.verified, saved.executed
    statement = statement_of(record)
    total = verified.difference / 1000
    stated = statement.by_name.get("avoided")
    same = basis == basis_of(saved, asked_of(record)) and record.baseline == found.baseline.id
    rounded = stated is not None and stated.dimension == KG and stated.rounds_from(total)
    finding = Finding(
        statement=statement,
        verdict="reproduced" if same and rounded else "not_reproducible",
        factor_set=saved.factors.id,
        computed=Amount(total, total, total, KG),
        stated=stated,
        bound=Bound(
            verified.baseline / 1000, "kg", f"the baseline's own emissions ({found.baseline.id}) / 基准方案自身的排放"
        ),
    )
    factor = basis.packaging.factor if basis.packaging else None
    lane = LaneSaving(
        lane=found.plan.id,
        baseline=verified.baseline / 1000,
        executed=verified.driven / 1000,
        parts={cause: part / 1000 for cause, part in verified.parts.items()},
        factors=(factor,) if factor else (),
    )
    moved = Fraction(verified.avoided_gram_metres, GRAM_METRES_PER_TONNE_KM)
    return finding, Saving((lane,), moved), (found.baseline_entry, found.plan_entry)


def raise_corrected(record: Claim, gone: Mapping[int, int]) -> None:
    """Raise ``SavingOnCorrectedData`` when an entry that a booked saving rests on is among those withdrawn."""
    assert record.driven is not None
    lost = [at for at in record.driven.entries if at in gone]
    if lost:
        by = sorted({gone[at] for at in lost})
        raise SavingOnCorrectedData(claim=record.id, entries=_numbers(lost), by=_numbers(by))


def asked_of(record: Claim) -> Asked:
    """What was asked when a claim was booked."""
    assert record.driven is not None
    assert record.executed is not None
    return Asked(record.executed, record.driven.doubt, record.driven.packaging)


def _numbers(entries: list[int]) -> str:
    return ", ".join(map(str, entries[:5])) + (" …" if len(entries) > 5 else "")
