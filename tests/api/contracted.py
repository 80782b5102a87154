"""A tender that was won, and the contract that followed it, straight through the services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ledger.records.contract import Contract
from ledger.records.document import Document
from ledger.scoring.award import score
from ledger.scoring.scheme import digest
from ledger.services.capture import Submission, capture
from ledger.services.contracts import record_contract
from ledger.services.project import catch_up
from ledger.wiring import Ledger
from tests.builders import PRODUCT
from tests.unit.scoring.tender import full_bid, full_scheme

MONTH = "2026-07"
"""The month after ``full_scheme`` closes."""


def sheet_entered(ledger: Ledger, tenant: str, name: str, bidder: str, **scheme: Any) -> str:
    """The record id of a score sheet of a tender of this name that the bidder won with a verified footprint of 80."""
    sheet = score(full_scheme(id=name, **scheme), [full_bid(bidder, "1000000", "80", "95")])
    assert sheet.winner == bidder
    record = sheet.to_record()
    document = Document(
        content=record,
        id=f"sheet:{name}:{digest(record)}",
        kind="score_sheet",
        occurred_at=datetime(2026, 6, 30, 12, tzinfo=UTC),
        tender=name,
        version=1,
    )
    capture(ledger.entries, ledger.clock, ledger.random, tenant=tenant, submitter="procurement", records=[document])
    catch_up(ledger.entries, ledger.projections)
    return document.id


def contracted(ledger: Ledger, tenant: str, word: str) -> str:
    """The id of a contract with the bidder of this name."""
    contract = Contract(
        carbon_value="1",
        first_month=MONTH,
        id=f"contract-{word}",
        kind="contract",
        last_month=MONTH,
        occurred_at=datetime(2026, 7, 1, tzinfo=UTC),
        product=PRODUCT,
        sheet=sheet_entered(ledger, tenant, f"award-{word}", word),
        supplier=word,
        tender=f"award-{word}",
        version=1,
    )
    record_contract(ledger, Submission(tenant, "procurement"), contract)
    return contract.id
