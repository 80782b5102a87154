"""The green catalogue of a tenant: its products as they stand on a day, read at once, and the history of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from ledger.desk.status import Stated
from ledger.errors import ProgrammeError
from ledger.programme.assessment import Assessed, result_at
from ledger.programme.catalogue import (
    Known,
    ListingState,
    Met,
    StatedFootprint,
    Turn,
    history,
    in_force,
    judged,
)
from ledger.programme.certificates import Held
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules
from ledger.records.record import decode_body
from ledger.services.assessments import Assessments, assessed_of
from ledger.services.certificates import Registering, held_by
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import Reading, StoodFootprint, footprints_of, named, standings
from ledger.services.project import catch_up


class CatalogueEntry(NamedTuple):
    """A product put forward as it stands on a day: each condition, and the edition that asks for it."""

    entry: int
    product: CatalogueProduct
    state: ListingState
    edition: CatalogueRules
    met: tuple[Met, ...]


class CatalogueAt(NamedTuple):
    """The catalogue on a day. ``left`` are products of a category that the edition in force does not have."""

    rules: tuple[int, CatalogueRules] | None
    entries: list[CatalogueEntry]
    left: list[tuple[int, CatalogueProduct]]


class ProductAbsent(ProgrammeError):
    """No such product was put forward, or it is another supplier's."""

    code = "programme.catalogue-product-absent"
    product: str
    en = "there is no product {product} in the catalogue"
    zh = "目录中没有产品 {product}"
    fix_en = "Compare the id with the list"
    fix_zh = "请与列表核对编号"


class Cataloguing(Registering, Assessments, Reading, Protocol):
    """What the catalogue needs of a ledger; ``ledger.wiring.Ledger`` has it."""


def editions_of(ledger: Cataloguing, tenant: str) -> list[tuple[int, CatalogueRules]]:
    """Every edition of rules, in the order of the log."""
    return [(at, one) for at, one in _records(ledger, tenant, "catalogue_rules") if isinstance(one, CatalogueRules)]


def catalogue_at(ledger: Cataloguing, party: Party, day: date | None = None) -> CatalogueAt:
    """
    Every product a party may see as it stands on a day, today without one; by category and name.

    A supplier sees what is listed of all, and all of its own. Everything is read once, however many products there are.
    """
    catch_up(ledger.entries, ledger.projections)
    day = day or _day(ledger.clock.now())
    editions = editions_of(ledger, party.tenant)
    rules = _newest(editions, day)
    found, left = list[CatalogueEntry](), list[tuple[int, CatalogueProduct]]()
    facts = _Facts(ledger, party.tenant, day)
    for at, product in _products(ledger, party.tenant):
        if product.occurred_at > _end(day):
            continue
        met = judged(rules[1], product.category, facts.known(product)) if rules else None
        if rules is None or met is None or product.catalogue != rules[1].catalogue:
            left.append((at, product))
            continue
        state: ListingState = "listed" if all(one.holds for one in met) else "waiting"
        if state == "listed" or party.sees_all or product.supplier == party.organisation:
            found.append(CatalogueEntry(at, product, state, rules[1], met))
    order = {one.key: number for number, one in enumerate(rules[1].categories)} if rules else {}
    found.sort(key=lambda one: (order[one.product.category], one.product.name, one.entry))
    own = [pair for pair in left if party.sees_all or pair[1].supplier == party.organisation]
    return CatalogueAt(rules, found, own)


def product_seen(ledger: Cataloguing, party: Party, name: str) -> tuple[int, CatalogueProduct]:
    """A product put forward. Raises ``ProductAbsent``."""
    catch_up(ledger.entries, ledger.projections)
    found = next((pair for pair in _products(ledger, party.tenant) if pair[1].id == name), None)
    if found is None or not (party.sees_all or party.organisation == found[1].supplier):
        raise ProductAbsent(product=name[:200])
    return found


def history_of(ledger: Cataloguing, party: Party, product: CatalogueProduct) -> tuple[tuple[Met, ...], list[Turn]]:
    """Its conditions today, and how it stood on every day on which anything about it changed, by what is known now."""
    today = _day(ledger.clock.now())
    editions = [one for _, one in editions_of(ledger, party.tenant)]
    held = held_by(ledger, party.tenant, product.supplier, ledger.clock.now())
    footprints = [one for one in footprints_of(ledger, party.tenant, product.supplier) if _same(one, product)]
    assessed = assessed_of(ledger, party.tenant, product.supplier)
    days = {day for day in _moments(editions, held, footprints, assessed, ledger, party.tenant) if day <= today}
    days = {day for day in days if day >= _day(product.occurred_at)} | {_day(product.occurred_at), today}

    def known(day: date) -> Known:
        at = _end(day)
        return _known(held, standings(ledger, party.tenant, footprints, at) if footprints else [], assessed, at)

    edition = in_force(editions, product.catalogue, today)
    met = judged(edition, product.category, known(today)) if edition else None
    return met or (), history(product, editions, days, known)


def _moments(  # noqa: PLR0917 - everything that can change how a product stands
    editions: Sequence[CatalogueRules],
    held: Sequence[Held],
    footprints: Sequence[Stated],
    assessed: Sequence[Assessed],
    ledger: Cataloguing,
    tenant: str,
) -> Iterator[date]:
    """Days on which how a product stands may have changed."""
    yield from (one.valid_from for one in editions)
    for one in held:
        yield from (one.certificate.valid_from, one.certificate.valid_to + timedelta(days=1))
        yield from (_day(change.effective_at) for change in one.changes)
    for stood in standings(ledger, tenant, footprints, ledger.clock.now()) if footprints else ():
        yield from (stood.stated.valid_from, stood.stated.valid_end)
        for _, review in stood.reviews:
            yield _day(review.occurred_at)
            if review.valid_until is not None:
                yield review.valid_until + timedelta(days=1)
    for each in assessed:
        yield from (_day(step.occurred_at) for _, step in each.steps)
        yield each.expires + timedelta(days=1)


class _Facts:
    """What is known of every supplier and product at the end of a day, read once."""

    def __init__(self, ledger: Cataloguing, tenant: str, day: date) -> None:
        self._at = _end(day)
        self._held: dict[str, list[Held]] = {}
        for one in held_by(ledger, tenant, None, self._at):
            self._held.setdefault(one.certificate.supplier, []).append(one)
        self._stood: dict[tuple[str, str], list[StoodFootprint]] = {}
        for stood in standings(ledger, tenant, footprints_of(ledger, tenant), self._at):
            self._stood.setdefault((stood.stated.supplier, named(stood.stated.product)), []).append(stood)
        self._assessed: dict[str, list[Assessed]] = {}
        for each in assessed_of(ledger, tenant, None):
            self._assessed.setdefault(each.assessment.supplier, []).append(each)

    def known(self, product: CatalogueProduct) -> Known:
        """Of one product."""
        stood = self._stood.get((product.supplier, product.product), [])
        return _known(self._held.get(product.supplier, ()), stood, self._assessed.get(product.supplier, ()), self._at)


def _known(held: Sequence[Held], stood: Sequence[StoodFootprint], assessed: Sequence[Assessed], at: datetime) -> Known:
    day = _day(at)
    certificates = [
        (one.certificate.scheme, one.certificate.valid_to) for one in held if one.state(at, day) == "in_force"
    ]
    usable = [
        one for one in stood if one.standing.status not in {"superseded", "expired"} and one.stated.valid_from <= day
    ]
    best = max(usable, key=lambda one: (one.standing.is_verified, one.stated.entry), default=None)
    result = result_at(assessed, at, day)
    points = (result.score.points, result.expires) if result and result.status == "in_force" else None
    return Known(certificates, None if best is None else _footprint(best), points)


def _footprint(one: StoodFootprint) -> StatedFootprint:
    last = one.stated.valid_end - timedelta(days=1)
    review = one.standing.review
    if one.standing.is_verified and review is not None and review.valid_until is not None:
        last = min(last, review.valid_until)
    return StatedFootprint(one.stated.kg_per_unit, one.standing.is_verified, last)


def _products(ledger: Cataloguing, tenant: str) -> list[tuple[int, CatalogueProduct]]:
    found = _records(ledger, tenant, "catalogue_product")
    return [(at, one) for at, one in found if isinstance(one, CatalogueProduct)]


def _records(ledger: Cataloguing, tenant: str, kind: str) -> list[tuple[int, object]]:
    entries = ledger.entries.gathered([fact.seq for fact in ledger.projections.facts(tenant, kind)])
    return [(at, decode_body(entries[at].body, kind)) for at in sorted(entries)]


def _newest(editions: Sequence[tuple[int, CatalogueRules]], day: date) -> tuple[int, CatalogueRules] | None:
    begun = [pair for pair in editions if pair[1].valid_from <= day]
    return max(begun, key=lambda pair: (pair[1].valid_from, pair[0]), default=None)


def _same(one: Stated, product: CatalogueProduct) -> bool:
    return named(one.product) == product.product


def _day(moment: datetime) -> date:
    """The day of a moment, UTC, as certificates and reviews are judged."""
    return moment.astimezone(UTC).date()


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)
