"""A tender of the sample that takes sealed bids: two keys, one bid, closing far away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Final, NamedTuple

import pytest
from msgspec import json

from ledger.records.sealed_bid import HOLDERS
from ledger.scoring.sealing import public_key, seal
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, hand_in, publish_key, release_key, sealing_of
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme
from ledger.wiring import Ledger
from tests.unit.scoring.tender import CLOSES, criterion, full_scheme, scheme

SEALED: Final = "T-2099-环网柜"
JUDGED: Final = "T-2026-评委"


class Closing(NamedTuple):
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at


def sealed_tender(ledger: Ledger) -> None:
    """Published, keyed by a buyer and an auditor, bid for by a supplier."""

    def desk(submitter: str) -> Desk:
        return _desk(ledger, submitter)

    closes = CLOSES.replace(year=2099)
    publish_scheme(desk("采购部"), full_scheme(id=SEALED, closes_at=closes, quantity=Fraction(400)))
    for name in ("buyer", "auditor"):
        publish_key(desk(name), SEALED, name, public_key(sha256(name.encode()).digest()).hex())
    purpose = sealing_of(desk("anhe"), SEALED).purpose("anhe")
    made = seal(json.encode({"price": "1"}), purpose, bytes(32), sha256(b"own").digest())
    hand_in(desk("anhe"), SEALED, "anhe", Handed(purpose.scheme, made.commitment.hex(), made))


def judged_tender(ledger: Ledger) -> None:
    """Closed and opened, its panel's marks not yet given, so that no price is displayed."""

    def desk(submitter: str, hours: int = -1) -> Desk:
        return _desk(ledger, submitter)._replace(clock=Closing(CLOSES + timedelta(hours=hours)))

    bounds = {"best": Fraction(100), "worst": Fraction(0)}
    design = {"title_zh": "设计方案", "title_en": "Design", "unit": "0-100", "parameters": bounds}
    rules = scheme(
        criterion("price", "60", "lowest-price", unit="CNY", title_zh="报价", title_en="Price"),
        criterion("design", "40", "absolute-linear", "higher", **design),
        id=JUDGED,
        panel=("design",),
        title_zh="智能换流阀设计采购",
        title_en="Converter valves",
    )
    publish_scheme(desk("采购部"), rules)
    secrets = {name: sha256(name.encode()).digest() for name in HOLDERS}
    for name, secret in secrets.items():
        publish_key(desk(name), JUDGED, name, public_key(secret).hex())
    for number, name in enumerate(("Anhe 安和", "Boyuan 博远")):
        purpose = sealing_of(desk(name), JUDGED).purpose(name)
        body = {"price": str(900_000 + 70_000 * number), "pledges": ["integrity"]}
        made = seal(json.encode(body), purpose, *(sha256(f"{name}{part}".encode()).digest() for part in range(2)))
        hand_in(desk(name), JUDGED, name, Handed(purpose.scheme, made.commitment.hex(), made))
    for name, secret in secrets.items():
        release_key(desk(name, 1), JUDGED, name, secret.hex())


@contextmanager
def closed_at(moment: datetime) -> Iterator[None]:
    """Every desk's clock stands at a moment, whatever the day on which the tests run."""

    def of(ledger: Ledger, tenant: str, submitter: str) -> Desk:
        desk = made(ledger, tenant, submitter)
        return desk._replace(clock=Closing(moment))

    made = Desk.of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "of", of)
        yield


def _desk(ledger: Ledger, submitter: str) -> Desk:
    catch_up(ledger.entries, ledger.projections)
    return Desk.of(ledger, ledger.settings.tenant, submitter)
