"""Events of PACT as CloudEvents 1.0 in structured JSON: read, checked, made, for version 2 and 3 alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from ledger.pact.errors import PactFieldRefused
from ledger.pact.value import a_moment, instant, uuid

Happening = Literal["published", "created", "fulfilled", "rejected"]
Major = Literal[2, 3]
MEDIA_TYPE: Final = "application/cloudevents+json; charset=UTF-8"
_V2: Final = "org.wbcsd.pathfinder.ProductFootprint"
_V3: Final = "org.wbcsd.pact.ProductFootprint."
TYPES: Final[Mapping[tuple[Major, Happening], str]] = {
    (2, "published"): f"{_V2}.Published.v1",
    (2, "created"): f"{_V2}Request.Created.v1",
    (2, "fulfilled"): f"{_V2}Request.Fulfilled.v1",
    (2, "rejected"): f"{_V2}Request.Rejected.v1",
    (3, "published"): f"{_V3}PublishedEvent.3",
    (3, "created"): f"{_V3}RequestCreatedEvent.3",
    (3, "fulfilled"): f"{_V3}RequestFulfilledEvent.3",
    (3, "rejected"): f"{_V3}RequestRejectedEvent.3",
}
_MEANS: Final = {(major, name): happening for (major, happening), name in TYPES.items()}
LONGEST: Final = 500


class Event(NamedTuple):
    """What happened, by whom it is told, and its data. (source, id) names it for good."""

    happening: Happening
    id: str
    source: str
    data: Mapping[str, Any]


def read_event(major: Major, body: Any) -> Event:
    """The event in a JSON body. Raises ``PactFieldRefused``."""
    if not isinstance(body, Mapping):
        raise _refused("event", "it is not an object", "不是对象")
    if body.get("specversion") != "1.0":
        raise _refused("specversion", "it must be 1.0", "应为 1.0")
    for name in ("type", "id", "source"):
        value = body.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
            raise _refused(name, f"a text of 1 to {LONGEST} characters", f"应为 1 至 {LONGEST} 字的文本")
    if "time" in body and a_moment(body["time"]):
        raise _refused("time", "it is not a time", "不是时间")
    data = body.get("data")
    happening = _MEANS.get((major, body["type"]))
    if happening is None:
        raise _refused(
            "type", f"{body['type']!r} is no event of version {major}", f"{body['type']!r} 不是 {major} 版的事件"
        )
    if not isinstance(data, Mapping):
        raise _refused("data", "it is not an object", "不是对象")
    _CHECKS[happening](major, data)
    return Event(happening, body["id"], body["source"], data)


def made_event(major: Major, happening: Happening, *, id: str, source: str, at: datetime, data: Any) -> dict[str, Any]:  # noqa: A002 - CloudEvents' name
    """An event to send, as JSON data."""
    return {
        "type": TYPES[major, happening],
        "specversion": "1.0",
        "id": id,
        "source": source,
        "time": instant(at),
        "data": data,
    }


def base_of(source: str) -> str:
    """
    The base address that a source names, without its scheme and the events' path. Compare it, never call it.

    Sources are written ``//host/path/3/events``, ``https://host`` and ``https://host/2/events``.
    """
    try:
        parts = urlsplit(source)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    for end in ("/2/events", "/3/events"):
        path = path.removesuffix(end)
    return f"//{parts.netloc.lower()}{path}"


def _published(_: Major, data: Mapping[str, Any]) -> None:
    ids = data.get("pfIds")
    if not isinstance(ids, list) or not 0 < len(ids) <= 1_000 or not all(uuid(one) for one in ids):
        raise _refused("pfIds", "a list of 1 to 1000 UUIDs", "应为含 1 至 1000 个 UUID 的列表")


def _created(major: Major, data: Mapping[str, Any]) -> None:
    if major == 2 and not isinstance(data.get("pf"), Mapping):
        raise _refused("pf", "a part of a footprint", "应为碳足迹片段")


def _answered(_: Major, data: Mapping[str, Any]) -> None:
    if not isinstance(data.get("requestEventId"), str):
        raise _refused("requestEventId", "the id of the request", "应为请求事件的编号")


def _fulfilled(major: Major, data: Mapping[str, Any]) -> None:
    _answered(major, data)
    held = data.get("pfs")
    if not isinstance(held, list) or not 0 < len(held) <= 1_000:
        raise _refused("pfs", "a list of 1 to 1000 footprints", "应为含 1 至 1000 个碳足迹的列表")


def _rejected(major: Major, data: Mapping[str, Any]) -> None:
    _answered(major, data)
    error = data.get("error")
    if not isinstance(error, Mapping) or not isinstance(error.get("code"), str):
        raise _refused("error", "an object with code and message", "应为含 code 与 message 的对象")


_CHECKS: Final = {"published": _published, "created": _created, "fulfilled": _fulfilled, "rejected": _rejected}


def _refused(name: str, why: str, why_zh: str) -> PactFieldRefused:
    return PactFieldRefused(name=name, why=why, why_zh=why_zh)
