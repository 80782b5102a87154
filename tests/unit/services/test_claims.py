"""Claims as records, on both databases: the verdict comes from what was recorded, and from nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from ledger.errors import LedgerError
from ledger.ports import Receipt
from ledger.records.claim import Claim, TransportPlan
from ledger.records.record import decode
from ledger.services.capture import Submission
from ledger.services.claims import (
    Checked,
    ClaimAbsent,
    check_claim,
    claim_named,
    counted_twice,
    newest_claims,
    record_claims,
)
from ledger.services.project import catch_up
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import TENANT

LORRY = "DEFRA25-27_303_3102_14_1"


def claim(name: str = "claim:1", rule: str = "electricity", **changes: Any) -> Claim:
    """A claim that 57万 kWh saved 325 t."""
    figures = [
        {"amount": "57万", "name": "energy", "unit": "度"},
        {"amount": "325", "name": "avoided", "unit": "吨"},
    ]
    fields = {
        "figures": figures,
        "id": name,
        "kind": "claim",
        "occurred_at": "2024-03-21T00:00:00+08:00",
        "rule": rule,
        "source": "report 2023",
        "version": 1,
        "words": "全年发电 57 万度，减少二氧化碳排放 325 吨",
    }
    record = decode(json.dumps(fields | changes).encode())
    assert isinstance(record, Claim)
    return record


def plan(ledger: Ledger, name: str, starts_in: float = 3600, **changes: Any) -> TransportPlan:
    """A plan of one lane that begins in some seconds."""
    now = ledger.clock.now().replace(microsecond=0)
    lane = {
        "distance_km": "600",
        "fill": "0.6",
        "goods_kg": "80000",
        "name": "溧水-武汉",
        "packaging_kg": "10000",
        "packed_m3": "400",
        "vehicle": {
            "factor": LORRY,
            "factor_load_kg": "500",
            "hold_m3": "90",
            "name": "van",
            "payload_kg": "18000",
        },
    }
    fields = {
        "id": name,
        "kind": "transport_plan",
        "lanes": [lane | changes],
        "occurred_at": now.isoformat(),
        "period_end": (now + timedelta(days=30)).isoformat(),
        "period_start": (now + timedelta(seconds=starts_in)).isoformat(),
        "version": 1,
    }
    record = decode(json.dumps(fields).encode())
    assert isinstance(record, TransportPlan)
    return record


def recorded(ledger: Ledger, *records: Claim | TransportPlan, tenant: str = TENANT) -> None:
    """All of them are entries now, and folded."""
    outcomes = record_claims(ledger, tenant, "tester", records)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes
    catch_up(ledger.entries, ledger.projections)


def test_the_verdict_is_recomputed_from_the_entry(ledger: Ledger) -> None:
    """What is stored is the claim; asked for, it is checked with the set that was pinned when it was recorded."""
    recorded(ledger, claim(), claim("claim:2", figures=[{"amount": "57万", "name": "energy", "unit": "度"}]))
    found = claim_named(ledger, TENANT, "claim:1")
    assert found.finding is not None
    assert found.finding.verdict == "reproduced"
    assert found.record.factor_set == ledger.factors.current().id
    listed, total = newest_claims(ledger, TENANT, 10)
    assert total == 2
    assert [each.record.id for each in listed] == ["claim:2", "claim:1"]
    assert b"reproduced" not in ledger.entries.entry(0).body
    (again,) = record_claims(ledger, TENANT, "tester", [claim()])
    assert isinstance(again, Receipt)
    assert not again.fresh


def test_another_figure_under_the_same_id_is_a_conflict(ledger: Ledger) -> None:
    """A printed figure is not made to fit afterwards."""
    recorded(ledger, claim())
    (outcome,) = record_claims(ledger, TENANT, "tester", [claim(rule="evidence")])
    assert isinstance(outcome, LedgerError)


def test_tenants_do_not_see_each_other(ledger: Ledger) -> None:
    """Another tenant's claims are absent, and its plans cannot be compared with."""
    recorded(ledger, plan(ledger, "plan:a"), plan(ledger, "plan:b"), claim())
    assert newest_claims(ledger, "other", 10) == ([], 0)
    with pytest.raises(ClaimAbsent):
        claim_named(ledger, "other", "claim:1")
    with pytest.raises(ClaimAbsent):
        claim_named(ledger, TENANT, "plan:a")
    foreign = check_claim(ledger, "other", _saving("plan:a", "plan:b"))
    assert foreign.fault is not None
    assert foreign.fault.code == "claim.plan-absent"


def _saving(baseline: str, executed: str, amount: str = "1.36", **changes: Any) -> Claim:
    figures = [{"amount": amount, "name": "avoided", "unit": "吨"}]
    return claim("claim:s", "saving", baseline=baseline, executed=executed, figures=figures, **changes)


def test_a_saving_by_cause(ledger: Ledger) -> None:
    """Baseline less executed, from recorded plans, with the factor named: the parts sum to it."""
    ahead = plan(ledger, "plan:a")
    recorded(ledger, ahead, _after(ledger, ahead, distance_km="540", fill="0.75"))
    found = check_claim(ledger, TENANT, _saving("plan:a", "plan:b"))
    assert found.saving is not None
    assert found.plans == (0, 1)
    per_km = Fraction(ledger.factors.current().factor(LORRY).wtw) / 2
    trips = Fraction(90_000, 18_000)
    assert found.saving.baseline == trips / Fraction("0.6") * 600 * per_km
    assert found.saving.total == sum(found.saving.parts.values())
    assert found.saving.parts["distance"] > 0
    assert found.saving.lanes[0].factors == (LORRY,)
    assert found.finding is not None
    assert found.finding.verdict in {"reproduced", "not_reproducible"}
    more = check_claim(ledger, TENANT, _saving("plan:a", "plan:b", amount="1000万"))
    assert more.finding is not None
    assert more.finding.verdict == "impossible"


def _after(ledger: Ledger, before: TransportPlan, **changes: Any) -> TransportPlan:
    import msgspec

    lane = msgspec.structs.replace(before.lanes[0], **changes)
    return msgspec.structs.replace(before, id="plan:b", lanes=(lane,))


def test_a_baseline_chosen_afterwards_proves_nothing(ledger: Ledger) -> None:
    """The baseline must be in the log before the change begins."""
    late = plan(ledger, "plan:a", starts_in=-60)
    recorded(ledger, late, _after(ledger, late, fill="0.75"))
    found = check_claim(ledger, TENANT, _saving("plan:a", "plan:b"))
    assert found.finding is None
    assert found.fault is not None
    assert found.fault.code == "claim.baseline-late"


def test_one_meter_under_two_claims(ledger: Ledger) -> None:
    """Also where a claim's own figures cannot be read."""
    odd = [{"amount": "viele", "name": "energy", "unit": "度"}]
    recorded(ledger, claim(counts=["meter:1"]), claim("claim:2", counts=["meter:1"], figures=odd))
    listed, _ = newest_claims(ledger, TENANT, 10)
    (pair,) = counted_twice([each.record for each in listed])
    assert (pair.first, pair.second, pair.certainty) == ("claim:1", "claim:2", "certain")
    assert _fault(listed, "claim:2") == "claim.figure"


def _fault(listed: list[Checked], name: str) -> str:
    (found,) = (each for each in listed if each.record.id == name)
    assert found.fault is not None
    return found.fault.code


def test_a_withdrawn_claim_says_so(ledger: Ledger) -> None:
    """It leaves the list; asked for by name it says by which entry it was withdrawn, and gives no verdict."""
    record_claims(ledger, TENANT, "owner", [claim()])
    withdraw(ledger, Submission(TENANT, "owner"), "claim:1", "counted twice")
    catch_up(ledger.entries, ledger.projections)
    assert newest_claims(ledger, TENANT, 10) == ([], 0)
    found = claim_named(ledger, TENANT, "claim:1")
    assert (found.finding, found.fault.code if found.fault else None) == (None, "claim.withdrawn")
