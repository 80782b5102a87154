"""Packaging of products: the share that is green beside its target, the products, and one of them before and after."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import Translate, translator
from api.pages.editions import publish
from api.pages.packaging_views import (
    Cause,
    Change,
    ComponentRow,
    ConditionRow,
    Package,
    PackageRow,
    ReturnRow,
    ShareBar,
    causes,
    changes,
    components,
    conditions,
    package_row,
    packages,
    percent,
    returned,
    share_bars,
)
from api.pages.shell import page
from api.pages.words import Figure, figure, number
from api.parties import party_names, party_of
from api.permissions import may
from api.scope import Scope
from ledger.footprint.inventory.inventory import month_text
from ledger.packaging.example import example_packaging_rules
from ledger.services.inventory import period_of
from ledger.services.packaging import (
    Asked,
    Journey,
    Listed,
    PeriodShare,
    changed,
    editions_of,
    listed_of,
    newest_months,
    packed_on,
    page_of,
    share_of,
    shipped_with,
    stood,
    today,
    trip_of,
    valid_on,
)
from ledger.services.packaging_returns import Scans, scans_of, stated_cycles

router = APIRouter(include_in_schema=False)
PAGE: Final = 50
_FEW: Final = 10
"""Products without a list that are named."""
Text = Annotated[str, Query(max_length=300)]
Month = Annotated[str, Query(max_length=7)]
Amount = Annotated[str, Query(pattern=r"^([0-9]{1,9}(\.[0-9]{1,6})?)?$")]


class MonthRow(NamedTuple):
    """A month of the period."""

    month: str
    bar: ShareBar
    pieces: str


class PackagingView(NamedTuple):
    """The share of a period, and a page of products."""

    first: str
    last: str
    basis: str
    edition: int
    rules_entry: int
    target: str
    counted_by: str
    reached: bool
    weighed_by: str
    pieces: int
    unstated: int
    bars: list[ShareBar]
    months: list[MonthRow]
    unlisted: list[tuple[str, str]]
    unlisted_more: int
    rows: list[PackageRow]
    q: str
    after: str
    next: str
    may_state: bool
    may_rule: bool


class ListRow(NamedTuple):
    """A list of the product."""

    id: str
    period: str
    entry: int
    amounts: str
    source: str
    verified_by: str


class ComparedView(NamedTuple):
    """Two lists beside each other, for so many pieces."""

    before: str
    after: str
    pieces: int
    shipped: int
    changes: list[Change]
    causes: list[Cause]
    unconfirmed: bool
    journey: Journey | None
    factors: list[str]
    factor_set: str


class ProductView(NamedTuple):
    """One product."""

    name: str
    product: str
    supplier: str
    green: bool | None
    edition: int
    moved: Figure
    used: Figure
    volume: Figure
    empty: str
    reusable: str
    pictures: list[Package]
    compared: ComparedView | None
    components: list[ComponentRow]
    conditions: list[ConditionRow]
    returns: list[ReturnRow]
    lists: list[ListRow]
    said: dict[str, str]
    may_state: bool


@router.get("/packaging")
def packaging(  # noqa: PLR0917 - what the address may say
    request: Request, scope: ScopeDep, first: Month = "", last: Month = "", q: Text = "", after: Text = ""
) -> Response:
    """The share of a year up to the newest month, or of the months asked for; a supplier sees its own products."""
    t, party = translator(locale_for(request)), party_of(scope.principal)
    period = period_of(first, last) if first and last else newest_months(scope.ledger, scope.tenant)
    found, listed = share_of(scope.ledger, party, *period), page_of(scope.ledger, party, q, after, PAGE)
    names, rules = party_names(scope.ledger, scope.tenant), found.rules[1] if found.rules else None
    unlisted = [(one.product, number(one.pieces)) for one in found.products if one.stood is None]
    view = PackagingView(
        first=month_text(found.first),
        last=month_text(found.last),
        basis=rules.basis if rules else "",
        edition=rules.edition if rules else 0,
        rules_entry=found.rules[0] if found.rules else 0,
        target=rules.target_pct if rules else "",
        counted_by=rules.counted_by if rules else "pieces",
        reached=rules is not None and found.share.reaches(rules),
        weighed_by=found.share.weighed_by,
        pieces=found.share.pieces,
        unstated=found.share.unstated,
        bars=share_bars(found.share, rules, t),
        months=_months(found, t),
        unlisted=unlisted[:_FEW],
        unlisted_more=max(0, len(unlisted) - _FEW),
        rows=[
            package_row(one, names.get(one.listed.bill.supplier, one.listed.bill.supplier), t) for one in listed.rows
        ],
        q=q,
        after=after,
        next=listed.after,
        may_state=may(scope.principal, "packaging.write"),
        may_rule=may(scope.principal, "packaging.rule"),
    )
    return page(request, "packaging.html", view, crumbs=((t("nav.packaging"), ""),))


def _months(found: PeriodShare, t: Translate) -> list[MonthRow]:
    rules = found.rules[1] if found.rules else None
    by_mass = rules is not None and rules.counted_by == "mass"
    return [
        MonthRow(month_text(one.month), share_bars(one.share, rules, t)[by_mass], number(one.share.pieces))
        for one in found.months
    ]


@router.post("/packaging/example")
async def publish_example(scope: ScopeDep) -> Response:
    """Publish the example of rules as it is shipped; again, it is there already."""
    await run_in_threadpool(publish, scope, example_packaging_rules())
    return RedirectResponse("/packaging", 303)


@router.get("/packaging/of/{product_id:path}")
def product(  # noqa: PLR0917 - what the address may say
    request: Request,
    product_id: str,
    scope: ScopeDep,
    before: Text = "",
    after: Text = "",
    pieces: Annotated[int, Query(ge=0, le=10**9)] = 0,
    factor: Annotated[str, Query(max_length=200)] = "",
    load_kg: Amount = "",
    hold_m3: Amount = "",
    fill: Amount = "",
    km: Amount = "",
) -> Response:
    """A product's list today, the one before beside it, and what is reusable in it."""
    locale, party = locale_for(request), party_of(scope.principal)
    t, ledger = translator(locale), scope.ledger
    lists = listed_of(ledger, party, product_id)
    day = today(ledger)
    now = valid_on(lists, day) or lists[-1]
    new = next((one for one in lists if one.bill.id == after), now)
    old = next((one for one in lists if one.bill.id == before), _before(lists, new))
    journey = None
    if factor:
        journey = Journey(factor, *(Fraction(text or "1") for text in (load_kg, hold_m3, fill, km)))
    standing = stood(now, [one for _, one in editions_of(ledger, scope.tenant)], day)
    sums, names = standing.measured, party_names(ledger, scope.tenant)
    scans = scans_of(ledger.lifecycles, scope.tenant)
    shown = (
        [(t("packaging.after"), new)] if old is None else [(t("packaging.before"), old), (t("packaging.after"), new)]
    )
    view = ProductView(
        name=now.bill.name,
        product=now.product,
        supplier=names.get(now.bill.supplier, now.bill.supplier),
        green=standing.verdict.green if standing.verdict else None,
        edition=standing.verdict.rules.edition if standing.verdict else 0,
        moved=figure(sums.moved_kg),
        used=figure(sums.used_kg),
        volume=figure(sums.packed_mm3 / 10**6),
        empty=percent(sums.empty, 0),
        reusable=percent(sums.reusable_kg / sums.moved_kg, 0),
        pictures=packages([(f"{title} {_period(one)}", one) for title, one in shown], t),
        compared=_compared(scope, t, lists, old, new, pieces, journey, scans) if old else None,
        components=components(packed_on(ledger, now), t, locale),
        conditions=conditions(standing, t),
        returns=returned(stated_cycles(scans, now.bill)),
        lists=[_list_row(one, t) for one in reversed(lists)],
        said={"load_kg": load_kg, "hold_m3": hold_m3, "fill": fill, "km": km},
        may_state=may(scope.principal, "packaging.write"),
    )
    crumbs = ((t("nav.packaging"), "/packaging"), (now.bill.name, ""))
    return page(request, "packaging-product.html", view, crumbs=crumbs)


def _before(lists: Sequence[Listed], new: Listed) -> Listed | None:
    """The list that began last before another."""
    earlier = [one for one in lists if one.bill.valid_from < new.bill.valid_from]
    return max(earlier, key=lambda one: (one.bill.valid_from, one.entry), default=None)


def _compared(  # noqa: PLR0917 - two of a product's lists, for how many pieces, on which way, and what scans show
    scope: Scope,
    t: Translate,
    lists: Sequence[Listed],
    old: Listed,
    new: Listed,
    pieces: int,
    journey: Journey | None,
    shown: Scans,
) -> ComparedView:
    ledger, factors = scope.ledger, scope.ledger.factors.current()
    trip = trip_of(factors, journey) if journey else None
    shipped = shipped_with(ledger, scope.tenant, lists, new)
    asked = Asked(pieces or shipped or 1, trip, factors.id)
    stated, scans = (changed(ledger, old, new, one) for one in (asked, asked._replace(scans=shown)))
    return ComparedView(
        before=old.bill.id,
        after=new.bill.id,
        pieces=stated.pieces,
        shipped=shipped,
        changes=changes(stated, t),
        causes=causes(stated, scans, t),
        unconfirmed=stated.used_kg != scans.used_kg,
        journey=journey,
        factors=[*stated.factors, *([journey.factor] if journey else [])],
        factor_set=factors.id,
    )


def _period(one: Listed) -> str:
    return f"{one.bill.valid_from} – {one.bill.valid_to}"


def _list_row(one: Listed, t: Translate) -> ListRow:
    bill = one.bill
    return ListRow(
        bill.id, _period(one), one.entry, t(f"packaging.amounts.{bill.amounts}"), bill.source, bill.verified_by or ""
    )
