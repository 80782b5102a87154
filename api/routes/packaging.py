"""Packaging of products: lists with their verdict, the share that is green, two lists compared, what came back."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.parties import party_of
from api.schemas.packaging import (
    BetweenView,
    CriterionView,
    MonthView,
    PackagedView,
    PackagingListView,
    PeriodView,
    ReturnedView,
    ReturnsView,
    ShareView,
)
from api.wire import reply
from ledger.footprint.amount import exact_text
from ledger.footprint.inventory.inventory import month_text
from ledger.packaging.share import GreenShare
from ledger.services.inventory import period_of
from ledger.services.packaging import Asked, Journey, Stood, between, listed_of, page_of, share_of, trip_of
from ledger.services.packaging_returns import Stated, scans_of, stated_cycles

router = APIRouter(tags=["packaging"])
Id = Annotated[str, Query(min_length=1, max_length=200)]
Amount = Annotated[str, Query(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$")]


@router.get("/api/v1/packaging", **gives(PackagingListView))
def get_packaging(
    ledger: LedgerDep,
    principal: PrincipalDep,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Response:
    """Products with their newest list and each condition; a supplier sees its own."""
    found = page_of(ledger, party_of(principal), q, after, limit)
    return reply(PackagingListView(products=[_packaged(one) for one in found.rows], next_after=found.after or None))


@router.get("/api/v1/packaging/share", **gives(PeriodView))
def get_packaging_share(
    ledger: LedgerDep,
    principal: PrincipalDep,
    first: Annotated[str, Query(max_length=7)],
    last: Annotated[str, Query(max_length=7)],
) -> Response:
    """The share of green packaging from the first month to the last (2026-01), weighed by pieces that moved."""
    found = share_of(ledger, party_of(principal), *period_of(first, last))
    return reply(
        PeriodView(
            first=month_text(found.first),
            last=month_text(found.last),
            rules=found.rules[1].id if found.rules else None,
            counted_by=found.rules[1].counted_by if found.rules else None,
            target_pct=found.rules[1].target_pct if found.rules else None,
            reached=found.share.reaches(found.rules[1]) if found.rules else None,
            share=_share(found.share),
            months=[MonthView(month=month_text(one.month), share=_share(one.share)) for one in found.months],
        )
    )


@router.get("/api/v1/packaging/between", **gives(BetweenView))
def get_packaging_between(  # noqa: PLR0917 - what the address may say
    ledger: LedgerDep,
    principal: PrincipalDep,
    before: Id,
    after: Id,
    pieces: Annotated[int, Query(ge=1, le=10**9)] = 1,
    factor_set: Annotated[str | None, Query(max_length=100)] = None,
    factor: Annotated[str, Query(max_length=200)] = "",
    load_kg: Amount = "1",
    hold_m3: Amount = "1",
    fill: Amount = "1",
    km: Amount = "0",
    by_scans: bool = False,
) -> Response:
    """
    What packaging changed between two lists of one product, by record id, for so many pieces.

    With a ``factor`` [kg CO2e/(t km)], that holds at ``load_kg``, volume is turned into trips of ``km`` of a hold of
    ``hold_m3`` filled to ``fill``. ``by_scans`` counts no more cycles than scans show.
    """
    factors = ledger.factors.factor_set(factor_set) if factor_set else ledger.factors.current()
    journey = Journey(factor, Fraction(load_kg), Fraction(hold_m3), Fraction(fill), Fraction(km))
    trip = trip_of(factors, journey) if factor else None
    scans = scans_of(ledger.lifecycles, principal.tenant) if by_scans else None
    found = between(ledger, party_of(principal), before, after, Asked(pieces, trip, factors.id, scans))
    return reply(
        BetweenView(
            product=found.after.bill.product,
            before=before,
            after=after,
            pieces=pieces,
            by_scans=by_scans,
            moved_kg=exact_text(found.moved_kg),
            used_kg=exact_text(found.used_kg),
            packed_mm3=exact_text(found.volume_mm3),
            making_kg_co2e=_exact(found.mass_kg),
            volume_kg_co2e=_exact(found.volume_kg),
            total_kg_co2e=_exact(found.total_kg),
            factors=[*found.factors, *([factor] if factor else [])],
            factor_set=factors.hash,
        )
    )


@router.get("/api/v1/packaging/returns", **gives(ReturnsView))
def get_packaging_returns(ledger: LedgerDep, principal: PrincipalDep, product: Id) -> Response:
    """What is said to serve several times in a product's newest list, and how often it went out and came back."""
    newest = listed_of(ledger, party_of(principal), product)[-1].bill
    stated = stated_cycles(scans_of(ledger.lifecycles, principal.tenant), newest)
    return reply(ReturnsView(components=[_returned(one) for one in stated]))


def _returned(one: Stated) -> ReturnedView:
    found = one.scanned.returns if one.scanned else None
    return ReturnedView(
        component=one.component.name,
        stated_cycles=one.component.cycles,
        confirmed=one.confirmed,
        returnable=one.component.returnable,
        assets=found.assets if found else 0,
        out=found.out if found else 0,
        back=found.back if found else 0,
        ended=found.ended if found else 0,
        rate=_exact(found.rate) if found else None,
        cycles=_exact(found.cycles) if found else None,
        more=one.scanned is not None and one.scanned.more,
    )


def _packaged(one: Stood) -> PackagedView:
    bill, sums = one.listed.bill, one.measured
    return PackagedView(
        id=bill.id,
        entry=one.listed.entry,
        product=one.listed.product,
        name=bill.name,
        supplier=bill.supplier,
        valid_from=bill.valid_from,
        valid_to=bill.valid_to,
        verified_by=bill.verified_by,
        moved_kg=exact_text(sums.moved_kg),
        used_kg=exact_text(sums.used_kg),
        packed_mm3=exact_text(sums.packed_mm3),
        volume_ratio=_exact(sums.ratio),
        green=one.verdict.green if one.verdict else None,
        conditions=[
            CriterionView(
                kind=met.criterion.kind,
                need=met.criterion.need,
                value=met.criterion.value,
                holds=met.holds,
                found=_exact(met.found),
            )
            for met in (one.verdict.met if one.verdict else ())
        ],
    )


def _share(one: GreenShare) -> ShareView:
    return ShareView(
        weighed_by=one.weighed_by,
        pieces=one.pieces,
        green=one.green,
        unstated=one.unstated,
        kg=exact_text(one.kg),
        green_kg=exact_text(one.green_kg),
        by_count=_exact(one.by_count),
        by_mass=_exact(one.by_mass),
    )


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
