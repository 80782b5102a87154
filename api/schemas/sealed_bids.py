"""Wire shapes of sealed bids: a tender as bidders see it, keys, seals, releases, and what opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ledger.records.pcf_review import Digest
from ledger.records.sealed_bid import Base64, Holder, Key


class NewSealingKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A holder's public X25519 key for this tender, 64 hexadecimal digits."""

    holder: Holder
    public_key: Key


class NewSealedBid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bid sealed on the bidder's side; without ``ciphertext`` and ``ephemeral`` it takes back the one before."""

    scheme: Digest
    commitment: Digest
    ephemeral: Key | None = None
    ciphertext: Base64 | None = None


class NewKeyRelease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The private half of a holder's key, after bids closed."""

    holder: Holder
    private_key: Key


class SealedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed bid in the log. Of others' bids a bidder sees nothing."""

    entry: int
    supplier: str
    recorded_at: datetime
    commitment: Digest
    withdrawn: bool
    counts: bool


class SealingView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A tender that takes sealed bids. ``scheme`` is the digest that a seal names, ``terms`` the scheme it is of.

    ``keys`` by holder; both are needed before a bid can be sealed. ``released`` are the holders who released theirs.
    """

    tender: str
    scheme: Digest
    terms: dict[str, Any]
    closes_at: datetime
    open: bool
    keys: dict[str, str]
    released: list[str]
    bids: list[SealedRow]


class TenderOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A tender with sealed bids, in the list."""

    tender: str
    title_en: str
    title_zh: str
    closes_at: datetime
    open: bool


class OfferList(msgspec.Struct, frozen=True, kw_only=True):
    """Tenders with sealed bids, the one that closes last first; ``next_after`` begins the next page."""

    tenders: list[TenderOffer]
    next_after: str | None


class SealReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that a key, a seal or a release became; its proof is at ``/api/v1/entries/{entry}/proof``."""

    entry: int
    recorded_at: datetime
    fresh: bool


class OpenedView(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed bid after opening: what it holds, or why it cannot be scored."""

    entry: int
    supplier: str
    recorded_at: datetime
    bid: dict[str, Any] | None
    problem: str | None


class OpenedList(msgspec.Struct, frozen=True, kw_only=True):
    """Every bid that counts, in the order of the log."""

    bids: list[OpenedView]
