"""Shipments that partners may see: who may, what was offered to them, and what could not be stated, with the reason."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.partner_forms import form_of, one_of, text_of, until_of
from api.pages.shell import page
from api.pages.words import Figure, figure
from api.parties import party_names
from api.permissions import may
from api.scope import Scope
from ledger.services.capture import Submission
from ledger.services.offering import Statement, statements
from ledger.services.organisations import OrganisationAbsent
from ledger.services.shipment_grants import grant_shipments, granted, standing
from ledger.services.shipments import shipments_page

router = APIRouter(include_in_schema=False)
ROWS: Final = 50
Before = Annotated[int | None, Query(ge=1, le=2**53 - 1)]
LOOKED_AT: Final = 50
"""Granted consignments that are tried for what cannot be stated."""


class GrantRow(NamedTuple):
    """A grant in force; ``value`` is a consignment or a route."""

    grantee: str
    name: str
    scope: str
    value: str
    until: datetime | None


class Row(NamedTuple):
    """A footprint that was offered: ``amount`` is t km of a shipment and of a TOC, kg of a HOC."""

    entry: int
    of: str
    name: str
    emitted: Figure
    amount: Figure
    primary: Figure
    at: datetime
    deprecated: bool


class ShipmentsView(NamedTuple):
    """The page; ``gaps`` are consignments that were granted and cannot be stated, each with why and what to do."""

    grants: list[GrantRow]
    organisations: list[tuple[str, str]]
    rows: list[Row]
    older: int | None
    first: bool
    gaps: list[tuple[str, str, str]]
    may_grant: bool


@router.get("/shipments")
def shipments(request: Request, scope: ScopeDep, before: Before = None) -> Response:
    """Grants, what was offered from the newest back, and what of the first granted ones cannot be stated."""
    locale, ledger, tenant = locale_for(request), scope.ledger, scope.tenant
    names = party_names(ledger, tenant)
    found = statements(ledger, tenant, before=before, limit=ROWS + 1)
    shown = found[:ROWS]
    gaps = (
        shipments_page(ledger, tenant, granted(ledger, tenant), limit=LOOKED_AT).derived.gaps if before is None else {}
    )
    view = ShipmentsView(
        grants=[
            GrantRow(one.grantee, names.get(one.grantee, one.grantee), one.scope, one.value or "", one.until)
            for one in reversed(standing(ledger, tenant))
        ],
        organisations=[(one.id, one.name) for one in ledger.organisations.listed(tenant)],
        rows=[_row(one) for one in shown],
        older=shown[-1].entry if len(found) > ROWS else None,
        first=before is None,
        gaps=[(name, error.message(locale), error.fix(locale)) for name, error in sorted(gaps.items())],
        may_grant=may(scope.principal, "partners.manage"),
    )
    return page(request, "shipments.html", view, crumbs=((translator(locale)("nav.shipments"), ""),))


@router.post("/shipments/grants")
async def change_grant(request: Request, scope: ScopeDep) -> Response:
    """Let an organisation see shipments, or no longer: an entry."""
    said = await form_of(request)
    await run_in_threadpool(lambda: _grant(scope, said))
    return RedirectResponse("/shipments#grants", 303)


def _grant(scope: Scope, said: dict[str, str]) -> None:
    reach: Any = one_of(said, "scope", Literal["all", "consignment", "route"])
    value = None if reach == "all" else text_of(said, "value", 200)
    grantee, revoked = text_of(said, "grantee", 200), said.get("revoked") == "yes"
    if revoked:
        held = standing(scope.ledger, scope.tenant, grantee)
        if not any((one.scope, one.value) == (reach, value) for one in held):
            raise ParameterRefused(name="grantee", why=grantee[:100])
    elif scope.ledger.organisations.get(scope.tenant, grantee) is None:
        raise OrganisationAbsent(id=grantee[:100])
    grant_shipments(
        scope.ledger,
        Submission.of(scope.principal),
        grantee=grantee,
        scope=reach,
        value=value,
        until=None if revoked else until_of(said),
        revoked=revoked,
    )


def _row(one: Statement) -> Row:
    carbon = one.record.footprint["pcf"]
    return Row(
        entry=one.entry,
        of=one.record.of,
        name=one.record.name,
        emitted=figure(Fraction(carbon["pcfExcludingBiogenicUptake"])),
        amount=figure(Fraction(carbon["declaredUnitAmount"])),
        primary=figure(Fraction(carbon["primaryDataShare"]), 1),
        at=one.record.occurred_at,
        deprecated=one.deprecated,
    )
