"""
Packaging of a tenant's products: lists by product, the share that is green in a period, and one list beside another.

Everything is computed from entries when it is asked for: lists (``packaging_bill``), the house's rules
(``packaging_rules``) and the pieces that legs and hub operations moved. A list that is withdrawn is gone from every
figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import FootprintError, IdentityError
from ledger.footprint.activity import day_of, month_of, month_start
from ledger.footprint.errors import BoundaryMismatch
from ledger.footprint.factor import FactorSet
from ledger.identity import canonical
from ledger.packaging.criteria import Verdict, in_force, judged
from ledger.packaging.effect import Between, Packed, packed
from ledger.packaging.measure import Measured, measured
from ledger.packaging.share import Counted, GreenShare, WeighedBy, green_share
from ledger.planning.cartons.effect import Trip
from ledger.ports import Clock, Lifecycles
from ledger.records.packaging import PackagingBill, PackagingRules
from ledger.records.record import decode_body, microseconds
from ledger.services.corrections import withdrawal_of
from ledger.services.inventory import Inventories, records_of
from ledger.services.packaging_returns import Scans, shown_by_scans
from ledger.services.pcf_requests import Party

MOST_LOOKED_AT: Final = 2_000
"""Products that one page of the list looks through."""
_CHUNK: Final = 200
_MM3: Final = 10**9
"""In a cubic metre."""


class Packaging(Inventories, Protocol):
    """What packaging needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """Which day it is."""
        ...

    @property
    def lifecycles(self) -> Lifecycles:
        """Lives of returnable assets."""
        ...


class PackagingAbsent(FootprintError):
    """No such list or product, or it is another supplier's."""

    code = "packaging.absent"
    name: str
    en = "there is no packaging of {name}"
    zh = "没有 {name} 的包装清单"
    fix_en = "Compare the code with the list of packaging"
    fix_zh = "请与包装列表核对编码"


class PackagingUnlike(FootprintError):
    """Two lists that are of different products."""

    code = "packaging.unlike"
    before: str
    after: str
    en = "one list packs {before}, the other {after}"
    zh = "两份清单包装的产品不同：{before} 与 {after}"
    fix_en = "Compare two lists of one product"
    fix_zh = "请比较同一产品的两份清单"


class Listed(NamedTuple):
    """A list in the log."""

    entry: int
    bill: PackagingBill

    @property
    def product(self) -> str:
        """The canonical identity."""
        return canonical(self.bill.product)


class Stood(NamedTuple):
    """A product's list as it stood on a day, with its sums and the verdict of the rules then in force, if any were."""

    listed: Listed
    measured: Measured
    verdict: Verdict | None


class ListPage(NamedTuple):
    """Products with how their newest valid list stands today; ``after`` begins the next page, empty at the end."""

    rows: list[Stood]
    after: str


class MonthShare(NamedTuple):
    """A month (year x 12 + month - 1) of a period."""

    month: int
    share: GreenShare


class Shipped(NamedTuple):
    """Pieces of a product in a period, and how it was packed where that is stated: the last month's list."""

    product: str
    pieces: int
    stood: Stood | None


class PeriodShare(NamedTuple):
    """A period: the share, its months that had shipments, its products by pieces, and the rules at its end."""

    first: int
    last: int
    share: GreenShare
    months: list[MonthShare]
    products: list[Shipped]
    rules: tuple[int, PackagingRules] | None


def editions_of(ledger: Packaging, tenant: str) -> list[tuple[int, PackagingRules]]:
    """Every edition of the house's rules, in the order of the log."""
    return records_of(ledger, tenant, "packaging_rules")


def listed_of(ledger: Packaging, party: Party, product: str) -> list[Listed]:
    """The lists of a product that a party may see, oldest entry first. Raises ``PackagingAbsent`` without one."""
    name = _name(product)
    found = _seen(party, _lists(ledger, party.tenant, [name]).get(name, ()))
    if not found:
        raise PackagingAbsent(name=product[:200])
    return found


def page_of(ledger: Packaging, party: Party, said: str = "", after: str = "", limit: int = 50) -> ListPage:
    """
    Products by code, those after ``after``, with ``said`` in their code, name or supplier.

    Reads the lists of the page alone; a search looks through ``MOST_LOOKED_AT`` products at most and may be short.
    """
    day, rules = today(ledger), [one for _, one in editions_of(ledger, party.tenant)]
    facts = ledger.projections.facts(party.tenant, "packaging_bill")
    names = sorted({fact.subject for fact in facts if fact.subject > after})
    wanted, rows = said.strip().casefold(), list[Stood]()
    for start in range(0, min(len(names), MOST_LOOKED_AT), _CHUNK):
        chunk = names[start : start + _CHUNK]
        lists = _lists(ledger, party.tenant, chunk)
        for name in chunk:
            own = _seen(party, lists.get(name, ()))
            if not own:
                continue
            newest = valid_on(own, day) or own[-1]
            told = f"{name}\n{newest.bill.name}\n{newest.bill.supplier}".casefold()
            if wanted not in told:
                continue
            if len(rows) == limit:
                return ListPage(rows, rows[-1].listed.product)
            rows.append(stood(newest, rules, day))
    looked = names[:MOST_LOOKED_AT]
    return ListPage(rows, looked[-1] if len(looked) < len(names) else "")


def share_of(ledger: Packaging, party: Party, first: int, last: int) -> PeriodShare:
    """
    The share of green packaging in these months, weighed by the pieces that moved in them.

    Where nothing of what a party may see moved, every product with a list valid at the period's end counts once. A
    supplier sees its own products, and cannot be told of pieces without a list: nobody knows whose they are.
    """
    editions = editions_of(ledger, party.tenant)
    rules = [one for _, one in editions]
    end = date.fromisoformat(day_of(month_start(last + 1) - 1))
    pieces = ledger.periods.months(party.tenant, first, last).pieces
    lists = _lists(ledger, party.tenant, sorted({one.product for one in pieces}))
    by_month: dict[int, list[Counted]] = defaultdict(list)
    shipped: dict[str, Shipped] = {}
    known: dict[tuple[int, str], Stood] = {}
    for one in sorted(pieces, key=lambda each: each.month):
        day = date.fromisoformat(day_of(one.last_at))
        held = valid_on(_seen(party, lists.get(one.product, ())), day)
        if held is None and not party.sees_all:
            continue
        how = None
        if held is not None:
            edition = in_force(rules, day)
            at = held.entry, edition.id if edition else ""
            how = known[at] = known.get(at) or _judged(held, edition)
        by_month[one.month].append(_counted(one.product, one.units, how))
        before = shipped.get(one.product)
        shipped[one.product] = Shipped(one.product, one.units + (before.pieces if before else 0), how)
    weighed_by: WeighedBy = "shipments" if shipped else "products"
    if not shipped:
        all_stood = _all_stood(ledger, party, rules, end)
        shipped = {one.listed.product: Shipped(one.listed.product, 1, one) for one in all_stood}
        counted = [_counted(one.product, 1, one.stood) for one in shipped.values()]
    else:
        counted = [one for held in by_month.values() for one in held]
    valid = in_force(rules, end)
    return PeriodShare(
        first=first,
        last=last,
        share=green_share(counted, weighed_by),
        months=[MonthShare(month, green_share(held, "shipments")) for month, held in sorted(by_month.items())],
        products=sorted(shipped.values(), key=lambda one: (-one.pieces, one.product)),
        rules=next(((at, one) for at, one in reversed(editions) if one is valid), None),
    )


def shipped_with(ledger: Packaging, tenant: str, lists: Sequence[Listed], listed: Listed) -> int:
    """
    Pieces of a product that moved in the months in which this one of its ``lists`` held; each counted once.

    Which list holds in a month is decided on the last day a piece moved in it, as for the share.
    """
    first, last = (_month(day) for day in (listed.bill.valid_from, listed.bill.valid_to))
    span = ledger.periods.span(tenant)
    if span is None or first > span[1]:
        return 0
    moved = ledger.periods.months(tenant, max(first, span[0]), min(last, span[1])).pieces
    own = (one for one in moved if one.product == listed.product)
    return sum(one.units for one in own if valid_on(lists, date.fromisoformat(day_of(one.last_at))) == listed)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


class Asked(NamedTuple):
    """
    For how many pieces, on which way, by which factors (``None``: the newest set).

    With ``scans`` what serves several times counts for no more cycles than these show, not for those that are stated.
    """

    pieces: int = 1
    trip: Trip | None = None
    factor_set: str | None = None
    scans: Scans | None = None


ONE_PIECE: Final = Asked()


def between(ledger: Packaging, party: Party, before: str, after: str, asked: Asked = ONE_PIECE) -> Between:
    """
    What packaging changed between two lists of one product, by their record ids, each computed from its entry.

    ``pieces`` are those that were executed with the second list. Causes stand apart: ``mass_kg`` of making, and with
    a ``trip`` ``volume_kg``; ``moved_kg`` and ``volume_mm3`` are what a transport plan takes. Both lists are computed
    with one pinned factor set, on the second list's first day. Raises ``PackagingAbsent``, ``PackagingUnlike``.
    """
    old, new = (_by_id(ledger, party, name) for name in (before, after))
    return changed(ledger, old, new, asked)


def changed(ledger: Packaging, old: Listed, new: Listed, asked: Asked = ONE_PIECE) -> Between:
    """The same of two lists that were read. Raises ``PackagingUnlike``."""
    if old.product != new.product:
        raise PackagingUnlike(before=old.product, after=new.product)
    factors = ledger.factors.factor_set(asked.factor_set) if asked.factor_set else ledger.factors.current()
    bills = [one.bill for one in (old, new)]
    if asked.scans is not None:
        bills = [shown_by_scans(asked.scans, one) for one in bills]
    first, second = (packed(one, factors, new.bill.valid_from) for one in bills)
    return Between(first, second, asked.pieces, asked.trip)


def packed_on(ledger: Packaging, listed: Listed) -> Packed:
    """A list with the making of its components, at the newest factors of its first day."""
    return packed(listed.bill, ledger.factors.current(), listed.bill.valid_from)


class Journey(NamedTuple):
    """Where volume goes: a factor's id [kg CO2e/(t km)], the load [kg] it holds at, hold [m3], fill 0 to 1, km."""

    factor: str
    load_kg: Fraction
    hold_m3: Fraction
    fill: Fraction
    km: Fraction


def trip_of(factors: FactorSet, journey: Journey) -> Trip:
    """
    A trip of a vehicle: emissions per km are the factor times the load at which it holds.

    Raises ``NoEmissionFactor``; ``BoundaryMismatch`` for a factor per something else.
    """
    factor = factors.factor(journey.factor)
    if factor.per != "t km":
        raise BoundaryMismatch(factor=factor.id, expected="kg CO2e/t km", got=factor.unit)
    grams = Fraction(factor.wtw) * journey.load_kg * journey.km  # kg/(t km) x kg x km = g
    return Trip(int(journey.hold_m3 * _MM3), journey.fill, grams)


def stood(listed: Listed, rules: Iterable[PackagingRules], day: date) -> Stood:
    """A list by the edition that holds on a day."""
    return _judged(listed, in_force(rules, day))


def valid_on(lists: Sequence[Listed], day: date) -> Listed | None:
    """The list that holds on a day; of several the one entered last."""
    return next((one for one in reversed(lists) if one.bill.valid_from <= day <= one.bill.valid_to), None)


def today(ledger: Packaging) -> date:
    """The day in China."""
    return date.fromisoformat(day_of(microseconds(ledger.clock.now())))


def newest_months(ledger: Packaging, tenant: str, count: int = 12) -> tuple[int, int]:
    """The months up to the last with activity, or up to this one."""
    span = ledger.periods.span(tenant)
    last = span[1] if span else month_of(microseconds(ledger.clock.now().astimezone(UTC)))
    return last - count + 1, last


def _all_stood(ledger: Packaging, party: Party, rules: Sequence[PackagingRules], day: date) -> list[Stood]:
    names = sorted({fact.subject for fact in ledger.projections.facts(party.tenant, "packaging_bill")})
    held = (valid_on(_seen(party, own), day) for own in _lists(ledger, party.tenant, names).values())
    return [stood(one, rules, day) for one in held if one is not None]


def _judged(listed: Listed, edition: PackagingRules | None) -> Stood:
    sums = measured(listed.bill)
    return Stood(listed, sums, judged(edition, sums) if edition else None)


def _counted(product: str, pieces: int, how: Stood | None) -> Counted:
    if how is None:
        return Counted(product, pieces, None, None)
    return Counted(product, pieces, how.measured.moved_kg, how.verdict.green if how.verdict else None)


def _lists(ledger: Packaging, tenant: str, products: Sequence[str]) -> Mapping[str, list[Listed]]:
    """The lists of some products, oldest entry first."""
    found: dict[str, list[Listed]] = defaultdict(list)
    facts = ledger.projections.facts_of(tenant, "packaging_bill", products) if products else []
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    for fact in sorted(facts):
        record = decode_body(entries[fact.seq].body, "packaging_bill")
        assert isinstance(record, PackagingBill)
        found[fact.subject].append(Listed(fact.seq, record))
    return found


def _seen(party: Party, lists: Iterable[Listed]) -> list[Listed]:
    return [one for one in lists if party.sees_all or one.bill.supplier == party.organisation]


def _by_id(ledger: Packaging, party: Party, name: str) -> Listed:
    """A standing list by its record id."""
    entry = ledger.entries.find(party.tenant, name)
    if entry is not None and withdrawal_of(ledger.entries, party.tenant, name, "packaging_bill") is None:
        with suppress(msgspec.ValidationError):  # a record of another kind
            record = decode_body(entry.body, "packaging_bill")
            assert isinstance(record, PackagingBill)
            for one in _seen(party, [Listed(entry.index, record)]):
                return one
    raise PackagingAbsent(name=name[:200])


def _name(product: str) -> str:
    try:
        return canonical(product)
    except IdentityError:
        return product
