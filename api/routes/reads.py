"""Where fixed RFID readers send what they read: one read, an array of them, or one a line."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.faults import BodyTooLarge, BodyUnreadable
from api.schemas.scans import ReadsOutcome
from api.wire import reply, require_shallow
from ledger.errors import Place
from ledger.reads.errors import ReaderUnknown, ReadUnfit
from ledger.reads.read import TagRead
from ledger.reads.shapes import read_of
from ledger.services.take_reads import take_reads

router = APIRouter(tags=["scans"])
MOST: Final = 10_000
"""Reads of one request."""
_READS: Final[dict[str, Any]] = {
    "description": "Impinj R700 or Zebra IoT Connector events, or {tag, at, antenna, rssi_cdbm}; one, an array, NDJSON",
}
_TYPES: Final = ("application/json", "application/x-ndjson")


@router.post("/reads", **gives(ReadsOutcome, takes=_READS, takes_type=_TYPES))
async def post_reads(
    request: Request,
    ledger: LedgerDep,
    principal: PrincipalDep,
    reader: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """
    Take reads in; durable when the answer comes, and nothing moves when they are sent again.

    The reader is told by its key, or named by ``reader``. Reads become events by its configuration, not one by one.
    """
    store, tenant = ledger.reads, principal.tenant
    found = store.reader(tenant, reader) if reader else store.of_key(tenant, principal.id)
    if found is None:
        raise ReaderUnknown(reader=reader or principal.id)
    reads, other = _read(await request.body())
    counts = await run_in_threadpool(take_reads, ledger.read_desk, found, reads, principal.id)
    return reply(ReadsOutcome(reader=found.id, other=other, **counts))


def _read(data: bytes) -> tuple[list[TagRead], int]:
    """The reads of a body, and how many objects in it were none."""
    values = _values(data)
    if len(values) > MOST:
        raise BodyTooLarge(limit=MOST)
    reads: list[TagRead] = []
    for position, value in enumerate(values):
        try:
            found = read_of(value)
        except ReadUnfit as error:
            raise error.at(Place(pointer=f"/{position}")) from None
        if found is not None:
            reads.append(found)
    return reads, len(values) - len(reads)


def _values(data: bytes) -> list[Any]:
    require_shallow(data)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lines(data)
    return value if isinstance(value, list) else [value]


def _lines(data: bytes) -> list[Any]:
    """A stream's lines; readers send empty ones to keep the connection."""
    try:
        found = [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyUnreadable(why=str(error)[:200]) from None
    return [one for value in found for one in (value if isinstance(value, list) else [value])]
