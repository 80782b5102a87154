"""Many records of any kind in one request: NDJSON, read as it comes, or a JSON array of at most 5 MB."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LocaleDep, PrincipalDep, RuntimeDep
from api.describe import gives
from api.faults import BodyTooLarge, BodyUnreadable, MediaTypeRefused
from api.hand_in import permit
from api.origin import request_id_of
from api.problem import problem_of
from api.schemas.native import RecordsOutcome, RowOutcome
from api.shell import BODY_LIMIT
from api.wire import media_type, reply, require_shallow
from ledger.errors import LedgerError, Place
from ledger.log.entry import MAX_BODY
from ledger.ports import Receipt
from ledger.records.errors import RecordTooLarge, RecordUnreadable
from ledger.records.record import microseconds
from ledger.services.access import Principal
from ledger.services.capture import Outcome, Submission
from ledger.services.ingest import Handed, prepare
from ledger.wiring import Ledger

router = APIRouter(tags=["records"])
NDJSON: Final = "application/x-ndjson"
JSON: Final = "application/json"
AT_ONCE: Final = 1_000
_RECORDS = {"type": "array", "items": {"type": "object"}, "description": "Records; in NDJSON, one a line"}
_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])


@router.post("/api/v1/records", **gives(RecordsOutcome, takes=_RECORDS, takes_type=(NDJSON, JSON)))
async def post_records(request: Request, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """
    Record many records. Each is on its own: good ones are durable when the answer comes, bad ones come back.

    The batch may be sent again whole: what is recorded already stays one entry.
    """
    rows: list[RowOutcome] = []
    async for lines in _batches(request):
        outcomes = await run_in_threadpool(_capture, runtime.ledger, principal, lines, len(rows) + 1)
        for outcome in outcomes:
            row = len(rows) + 1
            if isinstance(outcome, Receipt):
                rows.append(RowOutcome(row=row, index=outcome.seq, state="sequenced", repeated=not outcome.fresh))
            else:
                rows.append(RowOutcome(row=row, problem=problem_of(outcome, locale, request_id_of(request))))
    recorded = sum(row.index is not None and not row.repeated for row in rows)
    repeated = sum(row.repeated for row in rows)
    refused = len(rows) - recorded - repeated
    return reply(RecordsOutcome(recorded=recorded, repeated=repeated, refused=refused, rows=rows))


async def _batches(request: Request) -> AsyncIterator[list[bytes]]:
    """The records' bytes, a thousand at a time."""
    kind = media_type(request)
    if kind == JSON:
        records = _array(await request.body())
        for start in range(0, len(records), AT_ONCE):
            yield records[start : start + AT_ONCE]
        return
    if kind not in {NDJSON, "application/jsonl"}:
        raise MediaTypeRefused(got=kind[:100], wanted=f"{NDJSON}, {JSON}")
    lines: list[bytes] = []
    rest = b""
    async for chunk in request.stream():
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > MAX_BODY:
            raise RecordTooLarge(size=len(rest), limit=MAX_BODY)
        lines += whole
        while len(lines) >= AT_ONCE:
            yield lines[:AT_ONCE]
            del lines[:AT_ONCE]
    lines.append(rest)
    while lines and not lines[-1].strip():
        lines.pop()
    if lines:
        yield lines


def _array(data: bytes) -> list[bytes]:
    if len(data) > BODY_LIMIT:
        raise BodyTooLarge(limit=BODY_LIMIT)
    require_shallow(data)
    try:
        return [bytes(raw) for raw in _ARRAY.decode(data)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BodyUnreadable(why=str(error)[:300]) from None


def _capture(ledger: Ledger, principal: Principal, lines: list[bytes], first: int) -> list[Outcome]:
    """One outcome per line, in order; ``first`` is the row of the first."""
    found: dict[int, Outcome] = {}
    for number, line in enumerate(lines, 1):
        try:
            require_shallow(line)
        except LedgerError as error:
            found[number] = error
    shallow = [b"" if number in found else line for number, line in enumerate(lines, 1)]
    submission = Submission.of(principal)
    handed = Handed(_Lines(b"\n".join(shallow)), submission, partial(permit, principal=principal))
    prepared = prepare(ledger, handed).settled(ledger.entries)
    found |= {fault.line: fault.error for fault in prepared.faults}
    if prepared.drafts is not None:
        appended = ledger.entries.append(prepared.drafts, microseconds(ledger.clock.now()))
        found.update(zip(prepared.lines, appended.outcomes(), strict=True))
    return [
        _placed(found[number] if number in found else RecordUnreadable(why="an empty line"), first + number - 1)
        for number in range(1, len(lines) + 1)
    ]


@dataclass(frozen=True, slots=True)
class _Lines:
    """A batch as ``ingest`` reads it."""

    data: bytes

    def read(self) -> bytes:
        return self.data


def _placed(outcome: Outcome, row: int) -> Outcome:
    """The outcome, a refusal with its row in the request."""
    return outcome.at(Place(row=row)) if isinstance(outcome, LedgerError) else outcome
