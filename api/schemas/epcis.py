"""EPCIS 2.0 REST shapes (GS1 EPCIS 2.0, section 12; names as in its OpenAPI description)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Raw, Struct, field

from ledger.services.event_query.schedule import Schedule


class EventReceipt(Struct, frozen=True, kw_only=True):
    """An event that is durable in the log. ``recorded_at`` is the log's own time, RFC 3339 UTC."""

    event_id: str = field(name="eventID")
    index: int
    recorded_at: str
    state: Literal["sequenced"] = "sequenced"


class CaptureJobView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A capture job; ``events`` of its document are in the log. ``errors`` are problems, each with its place."""

    capture_id: str = field(name="captureID")
    created_at: str
    finished_at: str | None
    running: bool
    success: bool
    capture_error_behaviour: Literal["rollback", "proceed"]
    events: int
    errors: Raw


class Collection(Struct, frozen=True, kw_only=True):
    """Names, as EPCIS 2.0 lists them."""

    context: str = field(name="@context")
    type: Literal["Collection"] = "Collection"
    member: list[str]


class QueryBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query to be kept: its parameters as JSON, lists as arrays."""

    name: str
    query: Raw


class QueryView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A query under its name."""

    name: str
    query: Any
    created_at: str


class SubscriptionView(Struct, kw_only=True, rename="camel"):
    """A subscription. ``trouble`` is the code of what kept the last report from being taken."""

    subscription_id: str = field(name="subscriptionID")
    dest: str
    schedule: Schedule | None
    stream: bool
    report_if_empty: bool
    created_at: str
    last_notified_at: str | None
    failed_attempts: int
    trouble: str
    suspended: bool


class MadeSubscription(SubscriptionView, kw_only=True, rename="camel"):
    """A subscription just made, with the key that signs its reports; it is not shown again."""

    signature_token: str


class EventBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The events of a document, not looked at yet."""

    event_list: list[Raw]


class Document(Struct, frozen=True, kw_only=True, rename="camel"):
    """An EPCISDocument, its events not looked at yet."""

    type: Literal["EPCISDocument", "EPCISQueryDocument"]
    schema_version: str
    epcis_body: EventBody
    context: Any = field(name="@context", default=None)
    creation_date: str = ""
    id: str = ""
