"""The green catalogue of a tenant: its products as they stand on a day, read at once, and the history of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol

from ledger.errors import ProgrammeError
from ledger.log.proof import record_of
from ledger.ports import Fact
from ledger.programme.catalogue import Known, ListingState, Met, Turn, history, in_force, judged
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules
from ledger.records.record import decode_body
from ledger.services.assessments import Assessments
from ledger.services.catalogue_facts import Facts, day_of, end_of
from ledger.services.certificates import Registering
from ledger.services.corrections import withdrawal_of
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import Reading
from ledger.services.project import catch_up

KIND: Final = "catalogue_product"


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
    facts = ledger.projections.facts(tenant, "catalogue_rules")
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((fact.seq, decode_body(entries[fact.seq].body, "catalogue_rules")) for fact in facts)
    return [(at, one) for at, one in found if isinstance(one, CatalogueRules)]


def catalogue_at(ledger: Cataloguing, party: Party, day: date | None = None) -> CatalogueAt:
    """Every product a party may see as it stands on a day, today without one; by category and name."""
    catch_up(ledger.entries, ledger.projections)
    day = day or day_of(ledger.clock.now())
    rules = newest(editions_of(ledger, party.tenant), day)
    products = products_of(ledger, ledger.projections.facts(party.tenant, KIND))
    keys = {one.key for one in rules[1].categories} if rules else set[str]()
    left = [
        (at, one)
        for at, one in products
        if one.occurred_at <= end_of(day)
        and (party.sees_all or one.supplier == party.organisation)
        and not (rules and one.catalogue == rules[1].catalogue and one.category in keys)
    ]
    return CatalogueAt(rules, judged_on(ledger, party, day, rules, products), left)


def catalogue_of(ledger: Cataloguing, party: Party, suppliers: Sequence[str], day: date) -> list[CatalogueEntry]:
    """
    The products of some suppliers that a party may see as they stand on a day; by category and name.

    A supplier sees what is listed of all, and all of its own. Everything is read once, however many products there are.
    """
    catch_up(ledger.entries, ledger.projections)
    rules = newest(editions_of(ledger, party.tenant), day)
    products = products_of(ledger, ledger.projections.facts_of(party.tenant, KIND, suppliers))
    return judged_on(ledger, party, day, rules, products)


def product_seen(ledger: Cataloguing, party: Party, name: str) -> tuple[int, CatalogueProduct]:
    """A product put forward. Raises ``ProductAbsent`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    found = None if entry is None or record_of(entry)["kind"] != KIND else decode_body(entry.body, KIND)
    if entry is None or not isinstance(found, CatalogueProduct):
        raise ProductAbsent(product=name[:200])
    mine = party.sees_all or party.organisation == found.supplier
    if not mine or withdrawal_of(ledger.entries, party.tenant, name, KIND) is not None:
        raise ProductAbsent(product=name[:200])
    return entry.index, found


def history_of(ledger: Cataloguing, party: Party, product: CatalogueProduct) -> tuple[tuple[Met, ...], list[Turn]]:
    """Its conditions today, and how it stood on every day on which anything about it changed, by what is known now."""
    now = ledger.clock.now()
    today, first = day_of(now), day_of(product.occurred_at)
    editions = [one for _, one in editions_of(ledger, party.tenant)]
    facts = Facts.of(ledger, party.tenant, [product])
    changed = {*facts.moments(product), *(one.valid_from for one in editions)}
    days = {day for day in changed if first <= day <= today} | {first, today}

    def known(day: date) -> Known:
        return facts.known(product, day, now)

    edition = in_force(editions, product.catalogue, today)
    met = judged(edition, product.category, known(today)) if edition else None
    return met or (), history(product, editions, days, known)


def judged_on(
    ledger: Cataloguing,
    party: Party,
    day: date,
    rules: tuple[int, CatalogueRules] | None,
    products: Sequence[tuple[int, CatalogueProduct]],
) -> list[CatalogueEntry]:
    """Those of these products that a party may see, as they stand on a day by an edition; by category and name."""
    if rules is None:
        return []
    found, facts = list[CatalogueEntry](), Facts.of(ledger, party.tenant, [one for _, one in products])
    for at, product in products:
        if product.occurred_at > end_of(day) or product.catalogue != rules[1].catalogue:
            continue
        met = judged(rules[1], product.category, facts.known(product, day))
        if met is None:
            continue
        state: ListingState = "listed" if all(one.holds for one in met) else "waiting"
        if state == "listed" or party.sees_all or product.supplier == party.organisation:
            found.append(CatalogueEntry(at, product, state, rules[1], met))
    order = {one.key: number for number, one in enumerate(rules[1].categories)}
    return sorted(found, key=lambda one: (order[one.product.category], one.product.name, one.entry))


def products_of(ledger: Cataloguing, facts: Sequence[Fact]) -> list[tuple[int, CatalogueProduct]]:
    """The products of these facts with their entries, in the order of the facts."""
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((fact.seq, decode_body(entries[fact.seq].body, KIND)) for fact in facts)
    return [(at, one) for at, one in found if isinstance(one, CatalogueProduct)]


def newest(editions: Sequence[tuple[int, CatalogueRules]], day: date) -> tuple[int, CatalogueRules] | None:
    """The edition in force on a day, with its entry: of those that began, the one that began last."""
    begun = [pair for pair in editions if pair[1].valid_from <= day]
    return max(begun, key=lambda pair: (pair[1].valid_from, pair[0]), default=None)
