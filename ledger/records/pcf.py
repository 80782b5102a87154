"""Product footprints as they are exchanged, that one counts no more, and who may see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.pact.footprint import taken
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_leg import Moment, Name

PcfName = Annotated[str, Meta(pattern=r"^pcf:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""``pcf:`` and the footprint's own id."""


Scope = Literal["all", "product", "classification"]


class Received(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From whom a footprint came: the partner, the version of the protocol, and the hash of what was sent."""

    partner: Name
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    wire: Name


class Pcf(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A footprint of ``supplier`` (an organisation) in the form of PACT 3.0, without its status.

    ``product`` is the product's code in this ledger, where one is known. ``received`` stands in what a partner sent.
    """

    footprint: dict[str, Any]
    id: PcfName
    kind: Literal["pcf"]
    occurred_at: Moment
    product: Name | None = None
    received: Received | None = None
    supplier: Name
    version: Literal[1]


class PcfStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The footprint ``pcf`` is deprecated, for good; ``successor`` is the one that stands instead."""

    id: Name
    kind: Literal["pcf_status"]
    occurred_at: Moment
    pcf: PcfName
    reason: Annotated[str, Meta(min_length=1, max_length=2_000)]
    status: Literal["Deprecated"]
    successor: PcfName | None = None
    supplier: Name
    version: Literal[1]


class PcfGrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The organisation ``grantee`` may see footprints of ``supplier``: all, those of a product, or of a classification.

    ``value`` is the URN of the product or classification. A grant with the same supplier, grantee, scope and value that
    was recorded later stands instead; one that is ``revoked`` gives nothing.
    """

    grantee: Name
    id: Name
    kind: Literal["pcf_grant"]
    occurred_at: Moment
    revoked: bool = False
    scope: Scope
    supplier: Name
    until: Moment | None = None
    value: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    version: Literal[1]


def check_pcf(record: Pcf) -> None:
    """See ``check_named``."""
    check_named(record.id, record.footprint)


def check_named(record_id: str, footprint: dict[str, Any]) -> None:
    """The footprint keeps the rules of its form, is in the one form it is kept in, and is named by its own id."""
    if taken(footprint) != footprint:
        raise contradiction(
            "the footprint holds its status, nulls, ids in upper case, or times that are not in UTC",
            "碳足迹中含有 status、空值、大写的 id 或非 UTC 的时间",
            "/footprint",
        )
    if record_id != f"pcf:{footprint['id']}":
        raise contradiction("the record is not named by the footprint's id", "记录编号须取自碳足迹的 id", "/id")


def check_pcf_grant(record: PcfGrant) -> None:
    """A grant by product or classification names it."""
    if (record.scope == "all") != (record.value is None):
        raise FieldMissing(field="value").at(Place(pointer="/value"))
