"""A bid as it was sealed: price, footprint, certificates, and the marks recorded for it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from ledger.records.supplier_certificate import CertificateStep
from ledger.scoring.bid_errors import BidAmountWrong, BidderUnnamed, FootprintContradicts
from ledger.scoring.form import Instant, Value, from_form, to_form
from ledger.scoring.own_records import Bonus, Judgement, Listing, Lot, SecondLife
from ledger.scoring.rational import plain

Doubt = Literal["not-recorded", "of-another", "not-reviewed", "another-figure", "not-shown"]
"""No such record; another supplier's; no review in force at closing; another figure or unit; not shown."""
FootprintStatus = Literal["verified", "unverified", "missing", "expired"]


class Certificate(Value, frozen=True, kw_only=True):
    """A certificate handed in with the bid; valid on ``valid_from`` and on ``valid_to``, both days included."""

    scheme: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date
    revoked_on: date | None = None


class RegistryChange(Value, frozen=True, kw_only=True):
    """What became of a certificate from when on, by the log's entry ``entry``."""

    entry: int
    status: CertificateStep
    effective_at: Instant


class RegistryCertificate(Value, frozen=True, kw_only=True):
    """A certificate as the registry had it when bids closed: its entry, and all that was said of it until then."""

    entry: int
    scheme: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date
    changes: tuple[RegistryChange, ...] = ()


class PriceLine(Value, frozen=True, kw_only=True):
    """One line of a price: ``quantity`` x ``unit_price`` = ``amount`` [currency of the scheme]."""

    item: str
    quantity: Fraction
    unit_price: Fraction
    amount: Fraction


class Footprint(Value, frozen=True, kw_only=True):
    """
    The product footprint a bidder declares.

    ``value`` in kg CO2e per ``declared_unit``, above zero: removals and offsets are stated elsewhere and never
    lower it. ``verified`` means checked by the named ``verifier`` and needs the last day of validity; whoever builds a
    bid sets it from the verification statement in the log, not from the bidder's word.
    ``primary_data_share`` in percent, 0 to 100.
    """

    status: FootprintStatus
    value: Fraction | None = None
    declared_unit: str = ""
    boundary: str = ""
    category_rule: str | UnsetType = UNSET
    """Product category rule or standard, with its edition, that it was worked out by; absent where none is stated."""
    verifier: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    received_at: Instant | None = None
    """When it came in, where that was later than the bid itself."""
    primary_data_share: Fraction | None = None
    evidence: str = ""
    """Log entry or hash of the footprint record."""
    doubt: Doubt | UnsetType = UNSET
    """What stands against its being verified, found by who scores; never stated by a bid."""

    def __post_init__(self) -> None:
        if (self.value is None) != (self.status == "missing"):
            raise _contradiction(self.status, "needs a value, and only 'missing' has none", "必须且只有缺失时才无数值")
        if self.status == "verified" and not (self.verifier and self.valid_to):
            raise _contradiction(
                self.status, "needs a verifier and the last day of validity", "须写明核查机构与有效期止"
            )


NO_FOOTPRINT = Footprint(status="missing")


class Bid(Value, frozen=True, kw_only=True):
    """
    One bidder's offer.

    ``price`` in the scheme's currency, for the whole quantity, above zero. ``quality`` holds test results and marks
    recorded for this bid, by the name criteria read. ``signature`` names the signature that was checked, ``seal`` the
    log entry or hash of the sealed bid; neither is checked again here.
    """

    bidder: str
    price: Fraction
    sealed_at: Instant
    lines: tuple[PriceLine, ...] = ()
    quality: dict[str, Fraction] = msgspec.field(default_factory=dict)
    footprint: Footprint = NO_FOOTPRINT
    certificates: tuple[Certificate, ...] = ()
    pledges: tuple[str, ...] = ()
    signature: str | None = None
    seal: str = ""
    assets: tuple[str, ...] | UnsetType = UNSET
    """Codes of the very pieces that are offered, where they are second-hand; the bidder states them."""
    catalogue: tuple[Listing, ...] | UnsetType = UNSET
    bonuses: tuple[Bonus, ...] | UnsetType = UNSET
    second_lives: tuple[SecondLife, ...] | UnsetType = UNSET
    assessed: tuple[Judgement, ...] | UnsetType = UNSET
    lot: Lot | UnsetType = UNSET
    """These five as our own log has them; set by who scores where the scheme asks, never by the bid."""
    registry: tuple[RegistryCertificate, ...] | UnsetType = UNSET
    """Certificates of the bidder in the log; set by who scores, never by the bid. Absent where no gate asks for any."""

    def __post_init__(self) -> None:
        if not self.bidder.strip():
            raise BidderUnnamed
        if self.price <= 0:
            raise self._wrong("price", self.price, "an amount above zero", "大于零的金额")
        value, share = self.footprint.value, self.footprint.primary_data_share
        if value is not None and value <= 0:
            raise self._wrong("footprint", value, "kg CO2e above zero, without offsets", "大于零的 kg CO2e，不含抵消量")
        if share is not None and not 0 <= share <= 100:
            raise self._wrong("primary_data_share", share, "a percentage from 0 to 100", "0 至 100 的百分比")

    def to_record(self) -> dict[str, Any]:
        """The JSON-able form that is recorded; ``from_record`` reads it back to an equal bid."""
        record: dict[str, Any] = to_form(self)
        return record

    @classmethod
    def from_record(cls, record: object) -> Bid:
        """The bid a record describes. Raises ``FormUnreadable`` with its place, or a ``BidFault``."""
        return from_form(record, cls)

    def _wrong(self, field: str, value: Fraction, wanted: str, wanted_zh: str) -> BidAmountWrong:
        return BidAmountWrong(bidder=self.bidder, field=field, value=plain(value), wanted=wanted, wanted_zh=wanted_zh)


class Ruling(Value, frozen=True, kw_only=True):
    """The panel's decision on a bidder's written explanation of an abnormally low price or footprint."""

    bidder: str
    subject: Literal["price", "footprint"]
    accepted: bool
    reason: str
    decided_by: str


def _contradiction(status: str, problem: str, problem_zh: str) -> FootprintContradicts:
    return FootprintContradicts(status=status, problem=problem, problem_zh=problem_zh)
