"""Sealed bids as people and programs ask for them: the desk in a principal's name, and what it may see of a tender."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from datetime import UTC, datetime, timedelta
from typing import Final

from api.faults import ParameterRefused
from api.parties import party_of
from api.schemas.sealed_bids import NewSealedBid, SealedRow, SealingView, SealReceipt
from ledger.ports import Receipt
from ledger.records.sealed_bid import Holder
from ledger.scoring.sealing import Sealed
from ledger.scoring.sealing_errors import SealingKeyRefused
from ledger.services.access import Principal
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, Sealing, sealing_of
from ledger.services.tender_desk import Desk, TenderAbsent
from ledger.wiring import Ledger

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def desk_of(ledger: Ledger, principal: Principal) -> Desk:
    """The desk in a principal's name, everything recorded so far folded."""
    catch_up(ledger.entries, ledger.projections)
    return Desk.of(ledger, principal.tenant, principal.id)


def bidder_of(principal: Principal) -> str:
    """The organisation that a principal bids for."""
    return party_of(principal).organisation


def sealing_seen(desk: Desk, principal: Principal, tender: str) -> SealingView:
    """A sealed tender as a principal sees it. Raises ``TenderAbsent``, for a supplier also where none is sealed."""
    state, party = sealing_of(desk, tender), party_of(principal)
    if not state.is_sealed and not party.sees_all:
        raise TenderAbsent(tender=tender)
    return SealingView(
        tender=tender,
        scheme=state.scheme.digest(),
        terms=state.scheme.to_record(),
        closes_at=state.scheme.closes_at,
        open=is_open(desk, state),
        keys={str(holder): key for holder, key in state.keys.items()},
        released=[str(holder) for holder in state.released],
        bids=[
            SealedRow(
                entry=row.entry,
                supplier=row.bid.supplier,
                recorded_at=row.recorded_at,
                commitment=row.bid.commitment,
                withdrawn=row.bid.withdrawn,
                counts=not row.replaced and not row.bid.withdrawn,
            )
            for row in state.rows
            if party.sees_all or row.bid.supplier == party.organisation
        ],
    )


def is_open(desk: Desk, state: Sealing) -> bool:
    """Whether a bid can be sealed now."""
    return state.missing is None and desk.clock.now() <= state.scheme.closes_at


def handed(said: NewSealedBid) -> Handed:
    """What a bidder sent. Raises ``ParameterRefused`` for text that is no base64, or half a seal."""
    if (said.ephemeral is None) != (said.ciphertext is None):
        raise ParameterRefused(name="ciphertext", why="ephemeral, ciphertext")
    if said.ephemeral is None or said.ciphertext is None:
        return Handed(said.scheme, said.commitment, None)
    try:
        data = b64decode(said.ciphertext, validate=True)
    except Base64Error as error:
        raise ParameterRefused(name="ciphertext", why=str(error)) from None
    return Handed(said.scheme, said.commitment, Sealed(bytes.fromhex(said.ephemeral), data, b""))


def check_holder(principal: Principal, tender: str, holder: Holder) -> None:
    """Raise ``SealingKeyRefused`` unless this principal is of the side whose key it is."""
    if (principal.role == "auditor") != (holder == "auditor"):
        raise SealingKeyRefused(
            tender=tender,
            why="an auditor holds the auditor's key, and the buyer's is the house's",
            why_zh="审计方密钥由审计人员持有，采购方密钥由采购方持有",
        )


def receipt_of(receipt: Receipt) -> SealReceipt:
    """What a submitter gets."""
    at = _EPOCH + timedelta(microseconds=receipt.recorded_at)
    return SealReceipt(entry=receipt.seq, recorded_at=at, fresh=receipt.fresh)
