"""
Sealed bids of a tender: keys published, bids sealed until it closes, keys released, every bid opened and accounted for.

Nothing of a bid can be read before both holders released their keys, which is refused before closing and would be seen:
it is an entry. What was opened is computed each time from the sealed entries and the released keys, so that no opened
bid can be slipped in.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from ledger.errors import LedgerError
from ledger.log.entry import Entry
from ledger.ports import Receipt
from ledger.records.record import Record, decode_body
from ledger.records.sealed_bid import HOLDERS, Holder, KeyRelease, SealedBid, SealingKey, key_id, release_id
from ledger.scoring.bid import Bid
from ledger.scoring.errors import FormUnreadable
from ledger.scoring.scheme import Scheme
from ledger.scoring.sealing import Purpose, Sealed, opened, public_key
from ledger.scoring.sealing_errors import SealBroken, SealingKeyRefused, SealingKeysMissing, SealRefused
from ledger.services.capture import Submission, capture_one
from ledger.services.tender_desk import Desk, TenderClosed, TenderOpen, scheme_of

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES: Final = {"buyer": ("buyer", "采购方"), "auditor": ("auditor", "审计方")}
FIELDS: Final = ("price", "lines", "quality", "footprint", "certificates", "pledges", "assets")
"""What a sealed body states; who, when and by which entry is taken from the log."""


class Row(NamedTuple):
    """A sealed bid: its entry, when it was recorded, and whether a later one of its bidder's counts instead."""

    entry: int
    recorded_at: datetime
    bid: SealedBid
    submitter: str
    replaced: bool


class Sealing(NamedTuple):
    """A tender's sealing as it stands. ``keys`` and ``released`` are hexadecimal, by holder."""

    scheme: Scheme
    keys: dict[Holder, str]
    key_entries: dict[Holder, int]
    released: dict[Holder, str]
    rows: tuple[Row, ...]

    @property
    def is_sealed(self) -> bool:
        """Whether bids of this tender are sealed."""
        return bool(self.keys)

    @property
    def missing(self) -> Holder | None:
        """A holder who has not published a key."""
        return next((holder for holder in HOLDERS if holder not in self.keys), None)

    @property
    def counted(self) -> tuple[Row, ...]:
        """The last bid of each bidder, unless it was withdrawn, in the order of the log."""
        return tuple(row for row in self.rows if not row.replaced and not row.bid.withdrawn)

    def purpose(self, supplier: str) -> Purpose:
        """What a supplier's bid is sealed for. Raises ``SealingKeysMissing``."""
        if self.missing is not None:
            en, zh = _NAMES[self.missing]
            raise SealingKeysMissing(tender=self.scheme.id, missing=en, missing_zh=zh)
        buyer, auditor = (bytes.fromhex(self.keys[holder]) for holder in HOLDERS)
        return Purpose(self.scheme.id, self.scheme.digest(), supplier, buyer, auditor)


class Handed(NamedTuple):
    """What a bidder sends: the digest of the scheme it read, the commitment, and the seal; none takes it back."""

    scheme: str
    commitment: str
    sealed: Sealed | None


class Opened(NamedTuple):
    """A sealed bid after opening: the bid it holds, or why it holds none that can be scored."""

    row: Row
    bid: Bid | None
    error: LedgerError | None


def sealing_of(desk: Desk, tender: str) -> Sealing:
    """How a tender's sealing stands. Raises ``TenderAbsent``."""
    scheme = scheme_of(desk, tender)
    keys, key_entries, released = dict[Holder, str](), dict[Holder, int](), dict[Holder, str]()
    for entry, record in _read(desk, "sealing_key", tender):
        if isinstance(record, SealingKey):
            keys[record.holder], key_entries[record.holder] = record.public_key, entry.index
    for _, record in _read(desk, "key_release", tender):
        if isinstance(record, KeyRelease):
            released[record.holder] = record.private_key
    bids = [(entry, record) for entry, record in _read(desk, "sealed_bid", tender) if isinstance(record, SealedBid)]
    last = {record.supplier: entry.index for entry, record in bids}
    rows = tuple(
        Row(at.index, moment_at(at.recorded_at), record, submitter_of(at), last[record.supplier] != at.index)
        for at, record in bids
    )
    return Sealing(scheme, keys, key_entries, released, rows)


def publish_key(desk: Desk, tender: str, holder: Holder, public: str) -> Receipt:
    """
    Publish a holder's key. Raises ``SealingKeyRefused`` after closing, once there is one, or when one account would
    hold both, and ``TenderAbsent``.
    """
    state = sealing_of(desk, tender)
    if desk.clock.now() > state.scheme.closes_at:
        raise SealingKeyRefused(tender=tender, why="bids have closed", why_zh="已截标")
    if state.keys.get(holder, public) != public:
        raise SealingKeyRefused(tender=tender, why="another one is published", why_zh="已发布另一密钥")
    others = [one for one in state.key_entries if one != holder]
    if any(submitter_of(desk.entries.entry(state.key_entries[one])) == desk.submitter for one in others):
        raise SealingKeyRefused(
            tender=tender, why="one account does not hold both keys", why_zh="同一账户不得持有两把密钥"
        )
    record = SealingKey(
        holder=holder,
        id=key_id(tender, holder),
        kind="sealing_key",
        occurred_at=_moment(desk, key_id(tender, holder), "sealing_key"),
        public_key=public,
        tender=tender,
        version=1,
    )
    return _captured(desk, record)


def hand_in(desk: Desk, tender: str, supplier: str, handed: Handed) -> Receipt:
    """
    Record a sealed bid of a supplier's, or that it takes back what it handed in.

    Raises ``TenderClosed``, ``SealingKeysMissing``, ``SealRefused`` for another bidder's seal again or another scheme.
    """
    state = sealing_of(desk, tender)
    if desk.clock.now() > state.scheme.closes_at:
        raise TenderClosed(tender=tender, closed_at=state.scheme.closes_at.isoformat())
    purpose = state.purpose(supplier)
    sealed, commitment = handed.sealed, handed.commitment
    if handed.scheme != purpose.scheme:
        raise SealRefused(tender=tender, why="the scheme is another one", why_zh="评分方案不一致")
    for row in state.rows:
        copied = row.bid.commitment == commitment or (
            sealed is not None and row.bid.ephemeral == sealed.ephemeral.hex()
        )
        if copied and not row.bid.withdrawn and row.bid.supplier != supplier:
            raise SealRefused(tender=tender, why="it was handed in before by another", why_zh="内容与他人已提交的相同")
    name = f"sealed-bid:{tender}:{supplier}:{commitment[:16]}" + (":withdrawn" if sealed is None else "")
    record = SealedBid(
        ciphertext=None if sealed is None else b64encode(sealed.ciphertext).decode(),
        commitment=commitment,
        ephemeral=None if sealed is None else sealed.ephemeral.hex(),
        id=name,
        kind="sealed_bid",
        occurred_at=_moment(desk, name, "sealed_bid"),
        scheme=handed.scheme,
        supplier=supplier,
        tender=tender,
        version=1,
        withdrawn=sealed is None,
    )
    return _captured(desk, record)


def release_key(desk: Desk, tender: str, holder: Holder, private: str) -> Receipt:
    """Release a holder's key, once bids closed. Raises ``TenderOpen``, ``SealingKeyRefused`` for another key."""
    state = sealing_of(desk, tender)
    if desk.clock.now() <= state.scheme.closes_at:
        raise TenderOpen(tender=tender, closes_at=state.scheme.closes_at.isoformat())
    if public_key(bytes.fromhex(private)).hex() != state.keys.get(holder):
        why, why_zh = "it is not the private half of the published one", "与已发布的公钥不匹配"
        raise SealingKeyRefused(tender=tender, why=why, why_zh=why_zh)
    record = KeyRelease(
        holder=holder,
        id=release_id(tender, holder),
        kind="key_release",
        occurred_at=_moment(desk, release_id(tender, holder), "key_release"),
        private_key=private,
        tender=tender,
        version=1,
    )
    return _captured(desk, record)


def opened_bids(desk: Desk, state: Sealing) -> list[Opened]:
    """
    Every bid that counts, opened. Raises ``SealingKeysMissing`` while a key is not released.

    One that does not open, or holds no bid, is there with the reason; what an outsider with the entries and the two
    keys finds is the same.
    """
    for holder in HOLDERS:
        if holder not in state.released:
            en, zh = _NAMES[holder]
            raise SealingKeysMissing(tender=state.scheme.id, missing=en, missing_zh=zh)
    names = {one.id: one.name for one in desk.organisations.listed(desk.tenant)}
    return [_opened(state, row, names.get(row.bid.supplier, row.bid.supplier)) for row in state.counted]


def bid_of(body: bytes, bidder: str, row: Row) -> Bid:
    """The bid a body states. Raises ``FormUnreadable``, and what is wrong with the bid."""
    try:
        stated = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise FormUnreadable(kind="Bid", reason=str(error)) from None
    if not isinstance(stated, dict) or not stated.keys() <= set(FIELDS):
        raise FormUnreadable(kind="Bid", reason=f"it states other fields than {', '.join(FIELDS)}")
    told = {
        "bidder": bidder,
        "seal": row.bid.commitment,
        "sealed_at": row.recorded_at.isoformat(),
        "signature": row.submitter,
    }
    return Bid.from_record(stated | told)


def _opened(state: Sealing, row: Row, bidder: str) -> Opened:
    buyer, auditor = (bytes.fromhex(state.released[holder]) for holder in HOLDERS)
    bid = row.bid
    try:
        data = b64decode(bid.ciphertext or "", validate=True)
        sealed = Sealed(bytes.fromhex(bid.ephemeral or ""), data, bytes.fromhex(bid.commitment))
        body = opened(sealed, state.purpose(bid.supplier), buyer, auditor)
        return Opened(row, bid_of(body, bidder, row), None)
    except Base64Error:
        return Opened(row, None, SealBroken(why="it is not base64", why_zh="不是 base64"))
    except LedgerError as error:
        return Opened(row, None, error)


def _read(desk: Desk, kind: str, tender: str) -> list[tuple[Entry, Record]]:
    entries = desk.entries.gathered([fact.seq for fact in desk.projections.facts(desk.tenant, kind, tender)])
    return [(entries[at], decode_body(entries[at].body, kind)) for at in sorted(entries)]


def submitter_of(entry: Entry) -> str:
    """Who handed an entry in."""
    return str(msgspec.json.decode(entry.body)["submitter"])


def moment_at(microseconds: int) -> datetime:
    """The moment of a stored time."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _moment(desk: Desk, record_id: str, kind: str) -> datetime:
    """Of what is an entry already, the moment it states: the same again is the same record."""
    known = desk.entries.find(desk.tenant, record_id)
    return decode_body(known.body, kind).occurred_at if known else desk.clock.now()


def _captured(desk: Desk, record: Record) -> Receipt:
    return capture_one(desk, Submission(desk.tenant, desk.submitter), record)
