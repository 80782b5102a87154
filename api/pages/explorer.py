"""The log for people: overview, entries, checkpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import LedgerDep, PrincipalDep, ScopeDep, locale_for
from api.epcis_resources import resource_list
from api.faults import NoSuchAddress, ParameterRefused
from api.pages.catalogue import translator
from api.pages.consortium_views import OrganisationsView, organisations_view
from api.pages.log_views import (
    BODY,
    ChainView,
    CheckpointRow,
    EntryRow,
    LifeStep,
    Reached,
    StandingView,
    WitnessesView,
    chain_view,
    checkpoint_row,
    entry_view,
    reached,
    witnesses_view,
)
from api.pages.navigation import Place
from api.pages.shell import page
from api.pages.words import at, number
from api.permissions import may
from api.scope import Scope
from ledger.log.entry import Entry
from ledger.ports import LeafRow, StoredCheckpoint
from ledger.records.correction import KEPT
from ledger.services.access import Principal, manages
from ledger.services.capture import Submission
from ledger.services.corrections import withdrawal_of
from ledger.services.coverage import SEQUENCED, best_over
from ledger.services.prove import proof_of, prove
from ledger.services.withdraw import withdraw
from ledger.services.witness_standing import standing_of
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
Index = Annotated[int, Path(ge=0, le=2**53 - 1)]
BlockText = Annotated[str, Query(pattern=r"^[0-9]{0,15}$")]
"""Of a form: empty for now."""
Before = Annotated[int | None, Query(ge=0, le=2**53 - 1)]
ROWS = 50
LONGEST_REASON = 2_000


STEPS = (
    Place("/supplier", "next.supplier", "supplier.start"),
    Place("/scan", "next.scan", "capture"),
    Place("/intake", "next.intake", "work"),
    Place("/products", "next.products", "footprints.read"),
    Place("/tenders", "next.tenders", "tenders.read"),
    Place("/entries", "next.entries", "entries.read"),
    Place("/verify", "next.verify", "public"),
    Place("/checkpoints", "next.checkpoints", "public"),
)
"""Where one begins, by what one may."""
ENTER = Place("/login", "next.enter", "public")


class HomeView(NamedTuple):
    """The overview."""

    steps: list[Place]
    counts: Reached
    life: list[LifeStep]
    holdings: list[tuple[str, int]]
    latest: CheckpointRow | None
    chain: ChainView
    origin: str
    key: str


class EntriesView(NamedTuple):
    """A page of the log, newest first; ``newer`` and ``older`` are where the neighbours begin."""

    rows: list[EntryRow]
    size: int
    newest: bool
    newer: int | None
    older: int | None


class CheckpointsView(NamedTuple):
    """The newest checkpoints."""

    rows: list[CheckpointRow]
    chain: ChainView
    organisations: OrganisationsView | None


class CheckpointView(NamedTuple):
    """One checkpoint."""

    row: CheckpointRow
    origin: str
    note: str
    receipt_note: str
    chain: ChainView
    witnesses: WitnessesView | None
    stamps: list[tuple[str, datetime]]
    """Who stamped it, and when."""


def home_view(ledger: Ledger, principal: Principal) -> HomeView:
    """What the ledger holds; what is in it by kind is shown to its tenant."""
    latest = ledger.checkpoints.latest()
    counts = reached(ledger.entries.size(), ledger.checkpoints)
    holdings = [("entries", counts.entries), ("checkpoints", counts.checkpointed), ("confirmed", counts.confirmed)]
    if principal.tenant:
        projections, tenant = ledger.projections, principal.tenant
        holdings += [
            ("assets", projections.counts(tenant).get("assets", 0)),
            ("products", len(projections.products(tenant))),
            ("routes", len(projections.routes(tenant))),
        ]
    steps = [step for step in STEPS if may(principal, step.needs)]
    return HomeView(
        steps=steps if principal.tenant else [ENTER, *steps],
        counts=counts,
        life=counts.life(),
        holdings=holdings,
        latest=checkpoint_row(latest) if latest else None,
        chain=chain_view(ledger.settings, latest, ledger.checkpoints),
        origin=ledger.settings.origin,
        key=str(ledger.note_key.verifier),
    )


@router.get("/")
def home(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The overview; a client that asks for JSON gets the list of EPCIS resources."""
    return resource_list(request) or page(request, "home.html", home_view(ledger, principal))


@router.get("/live")
def live(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The part of the overview that moves, for polling."""
    return page(request, "live.html", home_view(ledger, principal))


@router.get("/entries")
def entries(
    request: Request, ledger: LedgerDep, scope: ScopeDep, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """The reader's entries, newest first."""
    size = ledger.entries.size()
    stop = min(before or size, size)
    found, older = scope.newest(stop, ROWS)
    rows = _entry_rows(found, list(scope.states([row.seq for row in found])))
    view = EntriesView(
        rows=rows,
        size=size,
        newest=stop == size,
        newer=min(size, stop + ROWS) if stop < size else None,
        older=older or None,
    )
    return page(request, "entries.html", view, crumbs=((translator(locale_for(request))("nav.entries"), ""),))


def _entry_rows(rows: list[LeafRow], states: list[str]) -> list[EntryRow]:
    made = []
    for row, state in zip(rows, states, strict=True):
        body = BODY.decode(row.body)
        made.append(EntryRow(row.seq, body.record.kind, body.record.id, body.submitter, at(row.recorded_at), state))
    return made[::-1]


@router.get("/entries/{index}")
def entry(request: Request, index: Index, ledger: LedgerDep, scope: ScopeDep) -> Response:
    """One entry: its record, its place in the log, its way to a checkpoint."""
    found, shown = scope.entry(index), best_over(ledger.checkpoints, index)
    proof = proof_of(ledger.checkpoints, found, shown) if shown else None
    witnesses = _witnesses(ledger, shown, locale_for(request)) if shown else None
    view = entry_view(
        found, shown.state if shown else SEQUENCED, shown, proof, _standing(scope, found), witnesses=witnesses
    )
    t = translator(locale_for(request))
    crumbs = ((t("nav.entries"), "/entries"), (t("entry.title", index=number(index)), ""))
    return page(request, "entry.html", view, crumbs=crumbs)


@router.post("/entries/{index}/withdraw")
async def withdraw_entry(request: Request, index: Index, ledger: LedgerDep, scope: ScopeDep) -> Response:
    """Withdraw the record of an entry; what was handed in stays, and its page says by which entry it was withdrawn."""
    reason = str((await request.form()).get("reason", "")).strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise ParameterRefused(name="reason", why=f"1 - {LONGEST_REASON}")
    record_id = BODY.decode(scope.entry(index).body).record.id
    submission = Submission.of(scope.principal)
    await run_in_threadpool(withdraw, ledger, submission, record_id, reason)
    return RedirectResponse(f"/entries/{index}", 303)


def _witnesses(ledger: Ledger, stored: StoredCheckpoint, locale: str) -> WitnessesView | None:
    standing = standing_of(ledger.policy, ledger.cosignatures, stored)
    return witnesses_view(standing, locale) if standing else None


def _standing(scope: Scope, found: Entry) -> StandingView:
    body = BODY.decode(found.body)
    entries, kind = scope.ledger.entries, body.record.kind
    gone = withdrawal_of(entries, scope.tenant, body.record.id, kind)
    instead = entries.find(scope.tenant, gone.replaced_by) if gone and gone.replaced_by else None
    target = entries.find(scope.tenant, body.record.corrects) if kind == "correction" else None
    own = manages(scope.principal) or body.submitter == scope.principal.id
    may_withdraw = gone is None and kind not in KEPT and own and may(scope.principal, "correct")
    return StandingView(gone, instead.index if instead else None, target.index if target else None, may_withdraw)


@router.get("/entries/{index}/proof")
def entry_proof(index: Index, ledger: LedgerDep, scope: ScopeDep) -> Response:
    """The proof file of an entry."""
    scope.entry(index)
    data = prove(ledger.entries, ledger.checkpoints, index).to_bytes()
    headers = {"Content-Disposition": f'attachment; filename="entry-{index}.proof.json"'}
    return Response(data, headers=headers, media_type="application/json")


@router.get("/checkpoints")
def checkpoints(
    request: Request, ledger: LedgerDep, principal: PrincipalDep, block: BlockText = "", before: Before = None
) -> Response:
    """The newest checkpoints; to who may read it, the organisations behind the contract, now or after a block."""
    newest = ledger.checkpoints.newest(100)
    chain = chain_view(ledger.settings, newest[0] if newest else None, ledger.checkpoints)
    organisations = None
    if may(principal, "consortium.read"):
        organisations = organisations_view(ledger, principal, int(block) if block else None, before)
    view = CheckpointsView([checkpoint_row(stored) for stored in newest], chain, organisations)
    crumbs = ((translator(locale_for(request))("nav.checkpoints"), ""),)
    return page(request, "checkpoints.html", view, crumbs=crumbs)


@router.get("/checkpoints/{size}")
def checkpoint(request: Request, size: Index, ledger: LedgerDep) -> Response:
    """One checkpoint."""
    stored = ledger.checkpoints.get(size)
    if stored is None:
        raise NoSuchAddress
    chain = chain_view(ledger.settings, stored, ledger.checkpoints)
    view = CheckpointView(
        checkpoint_row(stored),
        stored.checkpoint.origin,
        stored.cosigned_note,
        stored.receipt_note,
        chain,
        _witnesses(ledger, stored, locale_for(request)),
        [(one.authority, at(one.time)) for one in ledger.time_stamps.of(size)],
    )
    t = translator(locale_for(request))
    crumbs = ((t("nav.checkpoints"), "/checkpoints"), (t("checkpoint.title", size=number(size)), ""))
    return page(request, "checkpoint.html", view, crumbs=crumbs)
