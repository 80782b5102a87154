"""The green catalogue: what is in it and why, what is missing where, and the history of each product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.downloads import Form, tables_file
from api.pages.catalogue import Translate, translator
from api.pages.editions import publish
from api.pages.shell import page
from api.pages.words import moment
from api.parties import party_names, party_of
from api.permissions import may
from api.scope import Scope
from api.wire import reply
from ledger.adapters.files.written_table import WrittenTable
from ledger.errors import Locale
from ledger.ports.catalogue import Tallied
from ledger.programme.catalogue import ListingState
from ledger.programme.example_catalogue import example_rules
from ledger.records.green_catalogue import EntryRule
from ledger.services.catalogue import Asked, CatalogueEntry, CataloguePage, catalogue_page, history_of, product_seen

router = APIRouter(include_in_schema=False)
PAGE: Final = 50
AT_ONCE: Final = 200
"""Products read at once for a file."""
Text = Annotated[str, Query(max_length=100)]
After = Annotated[int | None, Query(ge=0, le=2**53)]
As = Annotated[Form | None, Query(alias="as")]


class Tile(NamedTuple):
    """A category: products listed, and put forward in all."""

    key: str
    name: str
    listed: int
    all: int


class ProductRow(NamedTuple):
    """A product in the list."""

    id: str
    name: str
    supplier: str
    category: str
    state: ListingState
    missing: list[str]
    until: str


class CatalogueView(NamedTuple):
    """A page of the list. ``next`` is the address of the following one; empty at the end."""

    title: str
    basis: str
    edition: int
    rules_entry: int
    tiles: list[Tile]
    rows: list[ProductRow]
    listed: int
    found: int
    category: str
    q: str
    next: str
    left: int
    may_nominate: bool
    may_publish: bool


class Condition(NamedTuple):
    """A condition of one product today."""

    text: str
    holds: bool
    what: str
    until: str


class TurnRow(NamedTuple):
    """From a day on."""

    day: str
    state: ListingState
    edition: int
    missing: list[str]


class ProductPage(NamedTuple):
    """One product."""

    name: str
    product: str
    supplier: str
    entry: int
    stated: str
    state: ListingState
    conditions: list[Condition]
    turns: list[TurnRow]


@router.get("/catalogue")
def catalogue(  # noqa: PLR0917 - what the address may say
    request: Request, scope: ScopeDep, category: Text = "", q: Text = "", after: After = None, form: As = None
) -> Response:
    """Products by category, page by page, or all of them as a file; a supplier sees what is listed and its own."""
    locale = locale_for(request)
    t, names = translator(locale), party_names(scope.ledger, scope.tenant)
    asked = Asked(category, q, names)
    if form is not None:
        rows = [_row(one, names, t, locale) for one in _every(scope, asked)]
        if form == "json":
            return reply([row._asdict() for row in rows])
        return tables_file([_table(rows, t)], form, t("nav.catalogue"))
    found = catalogue_page(scope.ledger, party_of(scope.principal), asked, after, PAGE)
    rules, said = found.rules[1] if found.rules else None, {"q": q, "category": category, "after": found.more}
    view = CatalogueView(
        title=_worded(rules.name_zh, rules.name_en, locale) if rules else "",
        basis=rules.basis if rules else "",
        edition=rules.edition if rules else 0,
        rules_entry=found.rules[0] if found.rules else 0,
        tiles=_tiles(found, locale),
        rows=[_row(one, names, t, locale) for one in found.entries],
        listed=found.listed,
        found=found.found,
        category=category,
        q=q,
        next="" if found.more is None else f"/catalogue?{urlencode(said)}",
        left=found.left,
        may_nominate=may(scope.principal, "catalogue.nominate"),
        may_publish=may(scope.principal, "catalogue.write"),
    )
    return page(request, "catalogue.html", view, crumbs=((t("nav.catalogue"), ""),))


def _every(scope: Scope, asked: Asked) -> Iterator[CatalogueEntry]:
    """All that was asked for, read page by page."""
    after: int | None = None
    while True:
        found = catalogue_page(scope.ledger, party_of(scope.principal), asked, after, AT_ONCE)
        yield from found.entries
        if (after := found.more) is None:
            return


@router.post("/catalogue/example")
async def publish_example(scope: ScopeDep) -> Response:
    """Publish the example of nine categories as it is shipped; again, it is there already."""
    await run_in_threadpool(publish, scope, example_rules())
    return RedirectResponse("/catalogue", 303)


@router.get("/catalogue/{product_id:path}")
def product(request: Request, product_id: str, scope: ScopeDep) -> Response:
    """One product: its conditions today, and how it stood since it was put forward."""
    locale, party = locale_for(request), party_of(scope.principal)
    t = translator(locale)
    entry, one = product_seen(scope.ledger, party, product_id)
    met, turns = history_of(scope.ledger, party, one)
    names = party_names(scope.ledger, scope.tenant)
    view = ProductPage(
        name=one.name,
        product=one.product,
        supplier=names.get(one.supplier, one.supplier),
        entry=entry,
        stated=moment(one.occurred_at),
        state=turns[-1].state if turns else "waiting",
        conditions=[Condition(_asked(m.rule, t), m.holds, m.what, str(m.until or "–")) for m in met],
        turns=[
            TurnRow(turn.day.isoformat(), turn.state, turn.edition, [_asked(rule, t) for rule in turn.failed])
            for turn in reversed(turns)
        ],
    )
    crumbs = ((t("nav.catalogue"), "/catalogue"), (one.name, ""))
    return page(request, "catalogue-product.html", view, crumbs=crumbs)


def _row(one: CatalogueEntry, names: Mapping[str, str], t: Translate, locale: Locale) -> ProductRow:
    category = next(each for each in one.edition.categories if each.key == one.product.category)
    untils = [m.until for m in one.met if m.until is not None]
    return ProductRow(
        id=one.product.id,
        name=one.product.name,
        supplier=names.get(one.product.supplier, one.product.supplier),
        category=_worded(category.zh, category.en, locale),
        state=one.state,
        missing=[_asked(m.rule, t) for m in one.met if not m.holds],
        until=min(untils).isoformat() if untils and one.state == "listed" else "–",
    )


def _tiles(found: CataloguePage, locale: Locale) -> list[Tile]:
    if found.rules is None:
        return []
    none = Tallied(0, 0)
    return [
        Tile(one.key, _worded(one.zh, one.en, locale), *reversed(found.tally.get(one.key, none)))
        for one in found.rules[1].categories
    ]


def _table(rows: list[ProductRow], t: Translate) -> WrittenTable:
    heads = ("name", "supplier", "category", "state", "missing", "until")
    return WrittenTable(
        t("nav.catalogue"),
        [t(f"catalogue.{head}") for head in heads],
        [(r.name, r.supplier, r.category, t(f"catalogue.is.{r.state}"), "\n".join(r.missing), r.until) for r in rows],
    )


def _asked(rule: EntryRule, t: Translate) -> str:
    return t(f"catalogue.rule.{rule.kind}", value=rule.value)


def _worded(zh: str, en: str, locale: Locale) -> str:
    return zh if locale == "zh-CN" else en
