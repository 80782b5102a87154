"""Contracts: what the winners of tenders promised, and how it was kept."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.contracting import contract_made
from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import Figure, figure, segment
from api.paging import Before
from api.parties import party_names, party_of
from api.permissions import may
from api.schemas.contracts import NewContract
from ledger.records.contract import Contract
from ledger.scoring.bid import FootprintStatus
from ledger.scoring.promise import Judged
from ledger.services.contracts import Award, Held, Lives, awards, contract_seen, contracts_page, held

router = APIRouter(include_in_schema=False)
_WIDTH: Final = 1000


class ContractRow(NamedTuple):
    """A contract in the list."""

    contract: Contract
    supplier: str


class ContractsView(NamedTuple):
    """A page of the list, with the next one's address, and the awards that a contract can be made from."""

    rows: list[ContractRow]
    next: str
    awards: list[Award]
    may_write: bool


class MonthRow(NamedTuple):
    """A month: what arrived, and the footprint of it; ``width`` of the picture's bar in thousandths."""

    month: str
    units: Figure
    status: FootprintStatus
    scored: Figure
    working: str
    footprint: str
    entry: int | None
    width: int


class ContractPage(NamedTuple):
    """One contract; ``ranked_again`` is empty for a supplier, who does not learn who else bid."""

    contract: Contract
    entry: int
    sheet_entry: int
    supplier: str
    currency: str
    unit: str
    promised: Figure
    promised_width: int
    measured: Figure | None
    measured_width: int
    kept: bool | None
    delivery: Figure | None
    came: Figure
    units: Figure
    quantity: Figure
    shortfall: Figure | None
    value_promised: Figure | None
    value_achieved: Figure | None
    owed: Figure | None
    months: list[MonthRow]
    lives: Lives
    ranked_again: tuple[str, ...]
    still_first: bool


@router.get("/contracts")
def contracts(request: Request, scope: ScopeDep, before: Before = None) -> Response:
    """All of the house, or the reader's organisation's own; the newest first, page by page."""
    found, older = contracts_page(scope.ledger, party_of(scope.principal), before)
    names = party_names(scope.ledger, scope.tenant)
    may_write = may(scope.principal, "contracts.write")
    view = ContractsView(
        rows=[ContractRow(one, names.get(one.supplier, one.supplier)) for _, one in found],
        next="" if older is None else f"/contracts?before={older}",
        awards=awards(scope.ledger, scope.tenant) if may_write else [],
        may_write=may_write,
    )
    return page(request, "contracts.html", view, crumbs=((translator(locale_for(request))("nav.contracts"), ""),))


@router.post("/contracts")
async def make(request: Request, scope: ScopeDep) -> Response:
    """Record the contract that followed an award."""
    form = {key: str(value).strip() for key, value in (await request.form()).items()}
    form = {key: value for key, value in form.items() if key in NewContract.__struct_fields__}
    terms = form | {"counts_delivery": form.get("counts_delivery") == "yes"}
    try:
        wanted = msgspec.convert(terms, NewContract)
    except msgspec.ValidationError as error:
        raise ParameterRefused(name="contract", why=str(error)[:200]) from None
    name = await run_in_threadpool(contract_made, scope.ledger, scope.principal, wanted)
    return RedirectResponse(f"/contracts/{segment(name)}", 303)


@router.get("/contracts/{contract_id:path}")
def contract(request: Request, contract_id: str, scope: ScopeDep) -> Response:
    """One contract: the promise, what arrived month by month, what is owed."""
    party = party_of(scope.principal)
    one = held(scope.ledger, scope.tenant, *contract_seen(scope.ledger, party, contract_id))
    names = party_names(scope.ledger, scope.tenant)
    view = _view(one, names.get(one.contract.supplier, one.contract.supplier), whole=party.sees_all)
    crumbs = ((translator(locale_for(request))("nav.contracts"), "/contracts"), (one.contract.tender, ""))
    return page(request, "contract.html", view, crumbs=crumbs)


def _view(one: Held, supplier: str, *, whole: bool) -> ContractPage:
    found, scheme = one.kept, one.sheet.scheme
    most = max([found.promised, found.measured or Fraction(0), *(each.scored.scored for each in found.judged)])
    return ContractPage(
        contract=one.contract,
        entry=one.entry,
        sheet_entry=one.sheet_entry,
        supplier=supplier,
        currency=scheme.currency,
        unit=scheme.declared_unit,
        promised=figure(found.promised),
        promised_width=_width(found.promised, most),
        measured=_figure(found.measured),
        measured_width=_width(found.measured or Fraction(0), most),
        kept=None if found.measured is None else found.measured <= found.promised,
        delivery=_figure(found.delivery),
        came=figure(found.came, 0),
        units=figure(found.units, 0),
        quantity=figure(scheme.quantity, 0),
        shortfall=_figure(found.shortfall),
        value_promised=_figure(found.value_promised),
        value_achieved=_figure(found.value_achieved),
        owed=_figure(found.owed),
        months=[_month(each, most) for each in found.judged],
        lives=one.lives,
        ranked_again=found.ranked_again if whole else (),
        still_first=found.ranked_again[:1] == (one.sheet.winner,),
    )


def _month(judged: Judged, most: Fraction) -> MonthRow:
    came, scored = judged.arrived, judged.scored
    return MonthRow(
        month=f"{came.month // 12}-{came.month % 12 + 1:02d}",
        units=figure(came.units, 0),
        status=scored.status,
        scored=figure(scored.scored),
        working=scored.working,
        footprint=came.footprint.evidence,
        entry=came.entry,
        width=_width(scored.scored, most),
    )


def _figure(value: Fraction | None) -> Figure | None:
    return None if value is None else figure(value)


def _width(value: Fraction, most: Fraction) -> int:
    return round(value / most * _WIDTH)
