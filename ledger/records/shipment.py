"""
Who a shipment is shown to, and the transport activity data that a carrier sent.

Both are statements: a grant of the house that holds the data, and what was received, kept as it came.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_leg import Moment, Name

Scope = Literal["all", "consignment", "route"]


def activity_id(partner: str, activity: str) -> str:
    """The id of the record of a partner's activity, the same however often it is sent."""
    return f"tad:{partner}:{activity}"


class ShipmentGrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The organisation ``grantee`` may see the shipments of a ``consignment`` or of a ``route`` (``value``), or all.

    The latest of one grantee, scope and value counts; ``revoked`` ends it, and so does ``until``.
    """

    grantee: Name
    id: Name
    kind: Literal["shipment_grant"]
    occurred_at: Moment
    revoked: bool = False
    scope: Scope
    until: Moment | None = None
    value: Name | None = None
    version: Literal[1]


class TransportActivity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    Transport activity data (TAD, iLEAP 1.0.0) of a ``partner``, every field as it was sent.

    ``occurred_at`` is the departure. That it was received says nothing about whether it is true.
    """

    activity: dict[str, Any]
    id: Name
    kind: Literal["transport_activity"]
    occurred_at: Moment
    partner: Name
    version: Literal[1]


def check_grant(record: ShipmentGrant) -> None:
    """A grant of everything names nothing; any other names what it is of."""
    if record.scope != "all" and record.value is None:
        raise FieldMissing(field="value").at(Place(pointer="/value"))
    if record.scope == "all" and record.value is not None:
        raise contradiction("a grant of everything names no part of it", "授权全部时不得再写明其中一部分", "/value")


def check_activity(record: TransportActivity) -> None:
    """The id follows from the partner and the activity; amounts are text or whole numbers, never binary fractions."""
    if record.id != activity_id(record.partner, str(record.activity.get("activityId", ""))):
        raise contradiction("the id repeats the partner and activityId", "编号须由合作方与 activityId 组成", "/id")
    _check_numbers(record.activity, "/activity")


def _check_numbers(value: object, at: str) -> None:
    match value:
        case float():
            raise contradiction("a number with decimals is written as text", "带小数的数字须写为文本", at)
        case dict():
            for name, item in value.items():
                _check_numbers(item, f"{at}/{name}")
        case list():
            for number, item in enumerate(value):
                _check_numbers(item, f"{at}/{number}")
