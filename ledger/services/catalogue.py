"""The green catalogue of a tenant: its products as they stand on a day, read at once, and the history of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol

from ledger.errors import ProgrammeError
from ledger.log.proof import record_of
from ledger.ports.catalogue import CatalogueRows, Sought, Spot, Tallied
from ledger.programme.catalogue import Known, ListingState, Met, Turn, history, in_force, judged
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules
from ledger.records.record import decode_body
from ledger.services.assessments import Assessments
from ledger.services.catalogue_facts import PRODUCT, Facts, day_of, editions_of, end_of, newest, products_of
from ledger.services.certificates import Registering
from ledger.services.corrections import withdrawal_of
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import Reading
from ledger.services.project import catch_up, catch_up_all

PAGE: Final = 50


class CatalogueEntry(NamedTuple):
    """A product put forward as it stands on a day: each condition, and the edition that asks for it."""

    entry: int
    product: CatalogueProduct
    state: ListingState
    edition: CatalogueRules
    met: tuple[Met, ...]


class Asked(NamedTuple):
    """What is sought: a ``category``, ``words`` in name, code or supplier's name (``names`` by id), on a ``day``."""

    category: str = ""
    words: str = ""
    names: Mapping[str, str] = {}
    day: date | None = None


ALL: Final = Asked()


class CataloguePage(NamedTuple):
    """
    A page of what was sought, by the edition in force; ``more`` is the last one's entry, where more follow.

    ``tally`` is of all that a party may see, by category; ``found`` and ``listed`` of what was sought. ``left`` is how
    many products are of a category that the edition does not have.
    """

    rules: tuple[int, CatalogueRules] | None
    entries: list[CatalogueEntry]
    more: int | None
    tally: dict[str, Tallied]
    found: int
    listed: int
    left: int


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


class Paging(Cataloguing, Protocol):
    """What its list needs beside."""

    @property
    def catalogue(self) -> CatalogueRows:
        """Its rows."""
        ...


def catalogue_page(
    ledger: Paging, party: Party, asked: Asked = ALL, after: int | None = None, limit: int = PAGE
) -> CataloguePage:
    """
    At most ``limit`` products that a party may see behind one's entry, as they stand on a day, today without one; by
    category and name. Raises ``ProductAbsent`` where ``after`` is no product.

    A supplier sees what is listed of all, and all of its own.
    """
    catch_up_all(ledger.entries, (ledger.projections, ledger.catalogue))
    tenant, day = party.tenant, asked.day or day_of(ledger.clock.now())
    rules = newest(editions_of(ledger, tenant), day)
    keys = [one.key for one in rules[1].categories] if rules else []
    reader = None if party.sees_all else party.organisation
    every = Sought(day.toordinal(), rules[1].catalogue if rules else "", keys, reader)
    words = asked.words.strip().casefold()
    sought = every._replace(
        categories=[key for key in keys if asked.category in {"", key}],
        words=words,
        called=[name for name, said in asked.names.items() if words and words in said.casefold()],
        otherwise=[name for name in asked.names if words and words in name.casefold()],
    )
    places = ledger.catalogue.page(tenant, sought, _spot(ledger, tenant, after), limit + 1) if rules else []
    tally = ledger.catalogue.tally(tenant, every) if rules else {}
    wanted = ledger.catalogue.tally(tenant, sought) if rules and sought != every else tally
    return CataloguePage(
        rules=rules,
        entries=_judged(ledger, party, day, rules, list(_products(ledger, places[:limit]))),
        more=places[limit - 1] if len(places) > limit else None,
        tally=tally,
        found=sum(one.every for one in wanted.values()),
        listed=sum(one.listed for one in wanted.values()),
        left=ledger.catalogue.left(tenant, every),
    )


def catalogue_of(ledger: Cataloguing, party: Party, suppliers: Sequence[str], day: date) -> list[CatalogueEntry]:
    """
    The products of some suppliers that a party may see as they stand on a day; by category and name.

    A supplier sees what is listed of all, and all of its own. Everything is read once, however many products there are.
    """
    catch_up(ledger.entries, ledger.projections)
    rules = newest(editions_of(ledger, party.tenant), day)
    products = products_of(ledger, ledger.projections.facts_of(party.tenant, PRODUCT, suppliers))
    return _judged(ledger, party, day, rules, products)


def product_seen(ledger: Cataloguing, party: Party, name: str) -> tuple[int, CatalogueProduct]:
    """A product put forward. Raises ``ProductAbsent`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    found = None if entry is None or record_of(entry)["kind"] != PRODUCT else decode_body(entry.body, PRODUCT)
    if entry is None or not isinstance(found, CatalogueProduct):
        raise ProductAbsent(product=name[:200])
    mine = party.sees_all or party.organisation == found.supplier
    if not mine or withdrawal_of(ledger.entries, party.tenant, name, PRODUCT) is not None:
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


def _judged(
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


def _products(ledger: Cataloguing, places: Sequence[int]) -> Iterator[tuple[int, CatalogueProduct]]:
    entries = ledger.entries.gathered(places)
    for at in places:
        found = decode_body(entries[at].body, PRODUCT)
        assert isinstance(found, CatalogueProduct)
        yield at, found


def _spot(ledger: Cataloguing, tenant: str, after: int | None) -> Spot | None:
    """Where a product stands by what its entry says, also when it was withdrawn since."""
    if after is None:
        return None
    entry = ledger.entries.gathered([after]).get(after)
    record = {} if entry is None or entry.tenant != tenant else record_of(entry)
    if record.get("kind") != PRODUCT:
        raise ProductAbsent(product=str(after))
    return Spot(record["category"], record["name"], after)
