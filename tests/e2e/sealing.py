"""A tender of the sample that takes sealed bids: two keys, one bid, closing far away."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from typing import Final

from msgspec import json

from ledger.scoring.sealing import public_key, seal
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, hand_in, publish_key, sealing_of
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme
from ledger.wiring import Ledger
from tests.unit.scoring.tender import CLOSES, full_scheme

SEALED: Final = "T-2099-环网柜"


def sealed_tender(ledger: Ledger) -> None:
    """Published, keyed by a buyer and an auditor, bid for by a supplier."""

    def desk(submitter: str) -> Desk:
        catch_up(ledger.entries, ledger.projections)
        return Desk.of(ledger, ledger.settings.tenant, submitter)

    closes = CLOSES.replace(year=2099)
    publish_scheme(desk("采购部"), full_scheme(id=SEALED, closes_at=closes, quantity=Fraction(400)))
    for name in ("buyer", "auditor"):
        publish_key(desk(name), SEALED, name, public_key(sha256(name.encode()).digest()).hex())
    purpose = sealing_of(desk("anhe"), SEALED).purpose("anhe")
    made = seal(json.encode({"price": "1"}), purpose, bytes(32), sha256(b"own").digest())
    hand_in(desk("anhe"), SEALED, "anhe", Handed(purpose.scheme, made.commitment.hex(), made))
