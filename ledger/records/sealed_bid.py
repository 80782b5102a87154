"""Sealed bids in the log: the two keys they are sealed to, the bids, and the keys' private halves after closing."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name

Holder = Literal["auditor", "buyer"]
HOLDERS: Final[tuple[Holder, ...]] = ("buyer", "auditor")
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}$", min_length=4, max_length=360_000)]


class SealingKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public X25519 key of one ``holder``, made for this ``tender`` alone, hexadecimal."""

    holder: Holder
    id: Name
    kind: Literal["sealing_key"]
    occurred_at: Moment
    public_key: Key
    tender: Name
    version: Literal[1]


class SealedBid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A bid of ``supplier``'s for ``tender``, sealed to both keys for the ``scheme`` of this digest.

    How it is sealed, ``ledger.scoring.sealing`` says.

    The last one before closing counts. ``withdrawn`` takes back what came before and holds nothing itself.
    """

    ciphertext: Base64 | None = None
    commitment: Digest
    ephemeral: Key | None = None
    id: Name
    kind: Literal["sealed_bid"]
    occurred_at: Moment
    scheme: Digest
    supplier: Name
    tender: Name
    version: Literal[1]
    withdrawn: bool = False


class KeyRelease(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The private half of a holder's key, after bids closed: whoever reads both opens every bid of the tender."""

    holder: Holder
    id: Name
    kind: Literal["key_release"]
    occurred_at: Moment
    private_key: Key
    tender: Name
    version: Literal[1]


def key_id(tender: str, holder: Holder) -> str:
    """The id of a tender's key: one of each holder."""
    return f"sealing-key:{tender}:{holder}"


def release_id(tender: str, holder: Holder) -> str:
    """The id of its release."""
    return f"key-release:{tender}:{holder}"


def check_sealing_key(record: SealingKey) -> None:
    """A tender has one key of a holder."""
    if record.id != key_id(record.tender, record.holder):
        raise contradiction("the id is not that of tender and holder", "编号须由招标与持有方组成", "/id")


def check_release(record: KeyRelease) -> None:
    """And each is released once."""
    if record.id != release_id(record.tender, record.holder):
        raise contradiction("the id is not that of tender and holder", "编号须由招标与持有方组成", "/id")


def check_sealed_bid(record: SealedBid) -> None:
    """It holds a sealed body, or says that there is none any more."""
    for name in ("ciphertext", "ephemeral"):
        stated = getattr(record, name) is not None
        if stated and record.withdrawn:
            raise contradiction("what is withdrawn holds nothing", "撤回的投标不含内容", f"/{name}")
        if not stated and not record.withdrawn:
            raise FieldMissing(field=name).at(Place(pointer=f"/{name}"))
