"""A commitment to a document that stays with its holder: the log holds one hash of it (``ledger.log.fields``)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.transport_leg import Moment, Name


class FieldCommitment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``supplier`` holds a document about ``product`` whose fields have the Merkle root ``root`` over ``size`` leaves.

    ``about`` says in the holder's words what the document is; ``of`` is the id of the record whose figure it stands
    behind, when there is one. The record shows when the document was fixed, and not that what it says is true.
    """

    about: Name
    id: Name
    kind: Literal["field_commitment"]
    occurred_at: Moment
    of: Name | None = None
    product: Name | None = None
    root: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=1, le=16_384)]
    supplier: Name
    version: Literal[1]
