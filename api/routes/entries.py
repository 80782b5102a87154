"""Entries of the reader's tenant, and their proofs."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.deps import LedgerDep, ScopeDep
from api.describe import gives
from api.events import event_hash_of
from api.schemas.native import EntryPage, EntryView, EventHashView
from api.wire import instant, reply
from ledger.log.entry import Entry
from ledger.services.prove import prove

router = APIRouter(tags=["entries"])
LONGEST_PAGE = 1_000
Index = Annotated[int, Path(ge=0, le=2**53 - 1)]
After = Annotated[int, Query(ge=-1, le=2**53 - 1, description="The index the last page ended with")]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE)]


class _Record(msgspec.Struct):
    id: str
    kind: str
    occurred_at: msgspec.Raw


class _Body(msgspec.Struct):
    record: msgspec.Raw
    submitter: str


_BODY = msgspec.json.Decoder(_Body)


@router.get("/api/v1/entries", **gives(EntryPage))
def list_entries(scope: ScopeDep, after: After = -1, limit: Limit = 100) -> Response:
    """The tenant's entries in order, by key: ask again with ``after`` = ``next_after``."""
    page = scope.page(after, limit)
    states = scope.states([row.seq for row in page.rows])
    views = [
        entry_view(Entry(row.seq, row.tenant, row.recorded_at, row.salt, row.body), state)
        for row, state in zip(page.rows, states, strict=True)
    ]
    return reply(EntryPage(entries=views, next_after=page.next_after))


@router.get("/api/v1/entries/{index}", **gives(EntryView))
def get_entry(index: Index, scope: ScopeDep) -> Response:
    """One entry."""
    entry = scope.entry(index)
    return reply(entry_view(entry, scope.state(index)))


@router.get("/api/v1/entries/{index}/proof", **gives(None))
def get_proof(
    index: Index,
    scope: ScopeDep,
    ledger: LedgerDep,
    size: Annotated[
        int | None, Query(ge=1, le=2**53 - 1, description="Prove against the checkpoint of this size")
    ] = None,
) -> Response:
    """The proof file: whoever has it checks offline that this record is in the log and unchanged."""
    scope.entry(index)
    proof = prove(ledger.entries, ledger.checkpoints, index, size)
    name = f"entry-{index}.proof.json"
    disposition = f'attachment; filename="{name}"'
    return Response(proof.to_bytes(), media_type="application/json", headers={"Content-Disposition": disposition})


def entry_view(entry: Entry, state: str) -> EntryView:
    """An entry on the wire; the record's bytes go out as they were committed to."""
    body = _BODY.decode(entry.body)
    record: Any = body.record
    head = msgspec.json.decode(body.record, type=_Record)
    return EntryView(
        index=entry.index,
        kind=head.kind,
        id=head.id,
        submitter=body.submitter,
        occurred_at=msgspec.json.decode(head.occurred_at, type=str),
        recorded_at=instant(entry.recorded_at),
        state=state,
        leaf=entry.leaf().hex(),
        event_hash=_event_hash(entry.body),
        record=record,
    )


def _event_hash(body: bytes) -> EventHashView | None:
    found = event_hash_of(body)
    if found is None:
        return None
    said: Any = "none" if found.matches is None else "matches" if found.matches else "does not match"
    return EventHashView(id=found.id, event_id=said)
