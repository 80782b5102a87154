"""
What the organisations behind the witness contract decided, approved or changed, as one event of their contract says it.

The chain is the source; the entry says where to look: transaction, block and place in it. Nothing of it is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name

ConsortiumAct = Literal[
    "account_set",
    "anchor_added",
    "anchor_removed",
    "approval_withdrawn",
    "approved",
    "carried",
    "key_ended",
    "key_registered",
    "organisation_admitted",
    "organisation_removed",
    "paused",
    "proposed",
    "quorum_set",
    "resumed",
    "roles_set",
]
Account = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{40}$")]
Whole = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Small = Annotated[int, Meta(ge=0, le=255)]
Size = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,19})$")]
"""A size of the log in decimal digits: contracts count to 2^64, which JSON numbers do not hold."""


class ConsortiumChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``act`` at log index ``position`` of ``transaction`` in ``block``, whose time is ``occurred_at``.

    ``organisation`` is SHA-256 of the name of whom it is about, ``by`` of who proposed or approved. ``checkpoint_key``
    (Ed25519) is in force for ``from_size`` <= size < ``until_size``. ``decision`` is what was proposed.
    """

    account: Account | None = None
    act: ConsortiumAct
    block: Whole
    block_hash: Digest
    by: Digest | None = None
    chain: Whole
    checkpoint_key: Digest | None = None
    contract: Account
    decision: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")] | None = None
    expires: Moment | None = None
    from_size: Size | None = None
    id: Name
    kind: Literal["consortium_change"]
    number: Small | None = None
    occurred_at: Moment
    organisation: Digest | None = None
    pause_quorum: Small | None = None
    position: Whole
    proposal: Digest | None = None
    quorum: Small | None = None
    revoked: bool | None = None
    roles: tuple[Literal["anchor", "witness", "guardian"], ...] | None = None
    transaction: Digest
    until_size: Size | None = None
    version: Literal[1]


_FIELDS: Final[Mapping[ConsortiumAct, frozenset[str]]] = {
    "account_set": frozenset({"account", "organisation"}),
    "anchor_added": frozenset({"account", "organisation"}),
    "anchor_removed": frozenset({"account", "organisation"}),
    "approval_withdrawn": frozenset({"by", "proposal"}),
    "approved": frozenset({"by", "proposal"}),
    "carried": frozenset({"proposal"}),
    "key_ended": frozenset({"checkpoint_key", "organisation", "revoked", "until_size"}),
    "key_registered": frozenset({"checkpoint_key", "from_size", "organisation"}),
    "organisation_admitted": frozenset({"account", "number", "organisation", "roles"}),
    "organisation_removed": frozenset({"organisation"}),
    "paused": frozenset(),
    "proposed": frozenset({"by", "decision", "expires", "proposal"}),
    "quorum_set": frozenset({"pause_quorum", "quorum"}),
    "resumed": frozenset(),
    "roles_set": frozenset({"organisation", "roles"}),
}
"""What each act states; a proposal may state every field of its decision beside."""
_DECIDED: Final = frozenset({"account", "organisation", "pause_quorum", "quorum", "roles"})
_STATED: Final = frozenset().union(*_FIELDS.values(), _DECIDED)


def check_change(record: ConsortiumChange) -> None:
    """Raise ``FieldContradicts`` when it states more or less than its act has, or has not the id of its place."""
    stated = {name for name in _STATED if getattr(record, name) is not None}
    needed = _FIELDS[record.act]
    allowed = needed | _DECIDED if record.act == "proposed" else needed
    if not needed <= stated <= allowed:
        odd = min(stated - allowed or needed - stated)
        raise contradiction(f"{odd} does not go with {record.act}", f"{odd} 与 {record.act} 不符", f"/{odd}")
    if record.id != change_id(record.chain, record.block, record.block_hash, record.position):
        raise contradiction("the id follows from chain, block and position", "编号须由链、区块与位置得出", "/id")


def change_id(chain: int, block: int, block_hash: str, position: int) -> str:
    """The id of the record of one event: the same event gives the same entry, whoever records it."""
    return f"consortium:{chain}:{block}:{block_hash[:16]}:{position}"
