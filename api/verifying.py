"""Who may take which step of an internal verification, and what is shown of one on the wire."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any, Final

import msgspec

from api.parties import party_of
from api.permissions import GRANTS, Permission
from api.schemas.verifications import ItemView, StatementView, StratumView, VerificationView
from ledger.log.canonical import struct_bytes
from ledger.programme.verification import Item, Verification
from ledger.records.internal_verification import VerificationAct
from ledger.services.access import Principal, require
from ledger.services.internal_verification import take_step
from ledger.wiring import Ledger

SIGNS: Final[Permission] = "verifications.sign"
RESTATES: Final[Permission] = "verifications.restate"


def step_taken(ledger: Ledger, principal: Principal, name: str, step: VerificationAct, says: dict[str, Any]) -> None:
    """Take a step, if the principal may; raises what ``require`` and ``take_step`` raise."""
    needed = RESTATES if step == "restated" else SIGNS
    require(principal, needed, GRANTS[needed])
    take_step(ledger, party_of(principal), name, step, **says)


def verification_view(ledger: Ledger, one: Verification, after: int = 0, limit: int = 100) -> VerificationView:
    """A verification as it stands today, UTC; ``limit`` sampled entries behind the first ``after``."""
    day, said, items = ledger.clock.now().astimezone(UTC).date(), one.plan, one.items
    sample, statement = one.sample, one.statement
    return VerificationView(
        plan=said.id,
        entry=one.entry,
        title=said.title,
        kinds=list(said.kinds),
        confidence_pct=said.confidence_pct,
        tolerable_pct=said.tolerable_pct,
        state=one.state,
        checkpoint_size=sample[1].size if sample else None,
        root=sample[1].root if sample else None,
        strata=[
            StratumView(
                kind=each.kind,
                population=each.population,
                drawn=each.drawn,
                checked=each.checked,
                errors=each.errors,
                rate="" if each.rate is None else str(each.rate),
                extrapolated="" if each.extrapolated is None else str(each.extrapolated),
            )
            for each in one.results
        ],
        overdue=sum(each.state(day) == "overdue" for each in items),
        items=[_item(each, day) for each in items[after : after + limit]],
        next_after=after + limit if after + limit < len(items) else None,
        statement=StatementView(entry=statement[0], record=msgspec.Raw(struct_bytes(statement[1])))
        if statement
        else None,
    )


def _item(one: Item, day: date) -> ItemView:
    found = one.finding[1] if one.finding else None
    return ItemView(
        entry=one.entry,
        kind=one.kind,
        state=one.state(day),
        finding_entry=one.finding[0] if one.finding else None,
        severity=found.severity if found else None,
        words=found.words if found else None,
        due=found.due if found else None,
        replaced_by=one.restated[1].replaced_by if one.restated else None,
    )
