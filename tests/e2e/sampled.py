"""The sample's internal verification: drawn by the checkpoint over the plan, some entries judged, one of them wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.internal_verification import Planned, draw, plan, take_step, verification
from ledger.services.pcf_requests import Party
from ledger.wiring import Ledger

VERIFIED: Final = "verification:1"


def sample(ledger: Ledger) -> None:
    """A plan of two kinds, its draw, three findings."""
    auditor = Party(ledger.settings.tenant, "审核员 auditor", verifies=True)
    plan(ledger, auditor, Planned("2026 年内部碳核查 internal check", ("hub_operation", "transport_leg"), 90, 30))
    close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
    draw(ledger, auditor, VERIFIED)
    due = ledger.clock.now().date() + timedelta(days=30)
    for number, item in enumerate(verification(ledger, auditor, VERIFIED).items[:3]):
        if number == 1:
            words = "里程与运单不符 distance differs from the waybill"
            take_step(
                ledger, auditor, VERIFIED, "found_error", entry=item.entry, severity="major", due=due, words=words
            )
        else:
            take_step(ledger, auditor, VERIFIED, "found_in_order", entry=item.entry)
