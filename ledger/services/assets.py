"""What a person asks of assets: the figures by category."""

from __future__ import annotations

from ledger.lifecycle.anomaly import Coordinates, geo, site
from ledger.lifecycle.category import NO_PRODUCT, MasterData, Product
from ledger.lifecycle.kpi import AGE_LIMITS, DAY, Figures, by_category
from ledger.lifecycle.stage import ENDED, IN_USE
from ledger.ports import AssetFilter, Lifecycles, Places, Tally


def figures(lifecycles: Lifecycles, master: MasterData, tenant: str, now: int) -> dict[str, Figures]:
    """Figures by category, in the order of the table; the empty category last, for assets of none."""
    limits = tuple(now - days * DAY for days in AGE_LIMITS)
    products = master.products()
    found = by_category(
        (tally.category or product.category, _figures(tally, product))
        for tally in lifecycles.tallies(tenant, limits)
        for product in (products.get(tally.product, NO_PRODUCT),)
    )
    known = [code for code in master.categories() if code in found]
    others = sorted(code for code in found if code and code not in known)
    return {code: found[code] for code in (*known, *others, *([""] if "" in found else []))}


def _figures(tally: Tally, product: Product) -> Figures:
    """Sums of a cell; what no event states of mass and value is taken from the product list."""
    mass, value = product.mass_g, product.value_fen
    off, on = tally.dismantled - tally.dismantled_weighed, tally.reused - tally.reused_weighed
    sums = Figures(
        assets=tally.things,
        tagged=tally.tagged,
        in_use=tally.things if tally.stage in IN_USE else 0,
        in_stock=tally.things if tally.bucket >= 0 else 0,
        ended=tally.things if tally.stage in ENDED else 0,
        dismantled=tally.dismantled,
        reused=tally.reused,
        dismantled_weighed=tally.dismantled if mass else tally.dismantled_weighed,
        dismantled_g=tally.dismantled_g + off * mass,
        reused_g=tally.reused_g + on * mass,
    )
    if tally.bucket >= 0:
        valued = tally.things if value else tally.valued
        sums.ages[tally.bucket] = (tally.things, valued, tally.value_fen + (tally.things - tally.valued) * value)
    return sums


def wanted(
    master: MasterData, category: str = "", stage: str = "", place: str = "", kind: str = "asset"
) -> AssetFilter:
    """The filter, with the products whose category comes from the list."""
    of = tuple(name for name, product in master.products().items() if category and product.category == category)
    return AssetFilter(category, of, stage, place, kind)


def positions(places: Places) -> Coordinates:
    """Where a place is, for the check of speeds: from a ``geo:`` URI, else from the operator's places."""

    def position(place: str) -> tuple[float, float] | None:
        written = geo(place)
        if written is not None:
            return written
        known = places.place(place) or places.place(site(place))
        return None if known is None else (float(known.latitude), float(known.longitude))

    return position
