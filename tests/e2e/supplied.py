"""What a supplier's own account has in the sample: a footprint with its switches, a draft, a letter to its person."""

from __future__ import annotations

from typing import Final

from ledger.records.pcf_share import VERIFIERS
from ledger.services.capture import Submission
from ledger.services.drafts import keep
from ledger.services.gate import Gate
from ledger.services.keys import issue_key
from ledger.services.pcf import publish
from ledger.services.pcf_requests import keep_calendar
from ledger.services.pcf_sight import turn
from ledger.services.people import accept, invite
from ledger.services.reminders import plan
from ledger.wiring import Ledger
from tests.pact.partner import footprint

OWN: Final = f"pcf:{footprint(701)['id']}"
"""The supplier's own footprint."""
DRAFT: Final = str(footprint(702)["id"])


def supply(ledger: Ledger, supplier: str) -> str:
    """All of it; the key of the supplier's account."""
    tenant, parts = ledger.settings.tenant, {"clock": ledger.clock, "random": ledger.random}
    terms = {"tenant": tenant, "name": "陈工 Chen", "role": "supplier", "organisation": supplier}
    own, key = issue_key(ledger.principals, **parts, days=30, **terms)  # type: ignore[arg-type]
    publish(ledger, Submission.of(own), footprint(701, productNameCompany="10kV 环网柜（安和）"), supplier=supplier)
    turn(ledger, Submission.of(own), OWN, "organisation:hafen", "whole")
    turn(ledger, Submission.of(own), OWN, VERIFIERS, "total")
    keep(ledger, (tenant, own.id), DRAFT, {"productNameCompany": "铜排 TMY 100×10", "supplier": supplier})
    person = {"tenant": tenant, "email": "wang@anhe.example", "name": "王芳", "role": "supplier"}
    _, secret = invite(ledger, **person, organisation=supplier)
    accept(ledger, Gate(ledger.principals, ledger.clock), secret, "四匹灰马站在湖边吃青草呢")
    keep_calendar(ledger, [tenant])
    plan(ledger, tenant)
    for letter in ledger.letters.listed(tenant, 1):
        ledger.letters.moved(letter._replace(state="refused", attempts=1, trouble="550 5.1.1 no such mailbox"))
    return key
