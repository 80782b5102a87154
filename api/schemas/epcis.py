"""EPCIS 2.0 REST shapes (GS1 EPCIS 2.0, section 12; names as in its OpenAPI description)."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from api.schemas.problem import Problem


class EventReceipt(Struct, frozen=True, kw_only=True):
    """An event that is durable in the log. ``recorded_at`` is the log's own time, RFC 3339 UTC."""

    event_id: str = field(name="eventID")
    index: int
    recorded_at: str
    state: Literal["sequenced"] = "sequenced"


class CaptureJob(Struct, frozen=True, kw_only=True, rename="camel"):
    """The outcome of a capture."""

    capture_id: str = field(name="captureID")
    created_at: str
    finished_at: str
    running: bool
    success: bool
    capture_error_behaviour: Literal["rollback", "proceed"]
    errors: list[Problem]


class EventBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The events of a document, not looked at yet."""

    event_list: list[Any]


class Document(Struct, frozen=True, kw_only=True, rename="camel"):
    """An EPCISDocument, its events not looked at yet."""

    type: Literal["EPCISDocument"]
    schema_version: str
    epcis_body: EventBody
    context: Any = field(name="@context", default=None)
    creation_date: str = ""
    id: str = ""
