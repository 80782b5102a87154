"""One suite for ``ports.CatalogueRows``: on every day the rows say what reading all that is recorded says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ledger.adapters.sql.catalogue_tables import CATALOGUE_LISTED
from ledger.desk.reading import stated
from ledger.ports import Receipt
from ledger.ports.catalogue import CatalogueRows, Sought
from ledger.programme.catalogue import judged
from ledger.records.green_catalogue import rules_id
from ledger.records.record import Record
from ledger.services.capture import capture
from ledger.services.catalogue import Asked, CatalogueEntry, ProductAbsent, catalogue_of, catalogue_page
from ledger.services.catalogue_facts import PRODUCT as PRODUCT_KIND
from ledger.services.catalogue_facts import Facts, editions_of, end_of, newest, products_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up, catch_up_all, rebuild
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, correction, opened, pcf
from tests.ports.test_listing import SCHEME, Q, assessment, became, certificate, said, took

START = date(2026, 1, 1)
HOUSE = Party(TENANT, "house")
OTHER = "https://id.gs1.org/01/09506000140445"
SUPPLIERS = ("org-a", "org-b")


def at(day: int) -> str:
    """A moment on one of the days of the world."""
    return (datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=day)).isoformat()


def on(day: int) -> str:
    return (START + timedelta(days=day)).isoformat()


def product(name: str, day: int = 0, **changes: Any) -> Record:
    fields = {"catalogue": "green", "category": "cable", "name": name, "product": PRODUCT, "supplier": "org-a"}
    return said(kind="catalogue_product", id=name, occurred_at=at(day), **(fields | changes))


def rules(edition: int, day: int, *asked: tuple[str, str], categories: tuple[str, ...] = ("power", "cable")) -> Record:
    return said(
        kind="catalogue_rules", id=rules_id("green", edition), catalogue="green", edition=edition, basis="basis",
        name_zh="目录", name_en="Catalogue", valid_from=on(day), occurred_at=at(0),
        categories=[{"key": key, "zh": key, "en": key} for key in categories],
        rules=[{"kind": kind, "value": value} if value else {"kind": kind} for kind, value in asked],
    )  # fmt: skip


def dated(record: Record, day: int, **changes: Any) -> Record:
    """The same, stated on a day."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return type(record)(**(fields | {"occurred_at": datetime.fromisoformat(at(day))} | changes))


def reviewed(of: Record, day: int, until: int, number: int = 1) -> Record:
    record = msgspec.to_builtins(of)
    one = stated(0, record)
    return said(
        kind="pcf_review", id=f"review:{number}:{of.id}", level="limited", materiality_pct="5", pcf=of.id,
        provider="P", scope="all", sha256=one.sha256, stated_kg_co2e=record["pcf_kg_co2e"], supplier=record["supplier"],
        valid_until=on(until), verdict="verified", verifier="auditor", occurred_at=at(day),
    )  # fmt: skip


def lasting(name: str, day: int, start: int, end: int, **changes: Any) -> Record:
    valid = {"valid_from": START + timedelta(days=start), "valid_to": START + timedelta(days=end)}
    return dated(certificate(name, **changes), day, **valid)


def changed(of: str, status: str, number: int, day: int, effective: int, **changes: Any) -> Record:
    when = datetime.fromisoformat(at(effective))
    return dated(became(of, status, number, **changes), day, effective_at=when)


def paged(ledger: Ledger, party: Party, asked: Asked, limit: int) -> list[CatalogueEntry]:
    found, after = list[CatalogueEntry](), None
    while True:
        page = catalogue_page(ledger, party, asked, after, limit)
        assert len(page.entries) == limit or page.more is None
        found += page.entries
        if (after := page.more) is None:
            assert (page.found, page.listed) == (len(found), sum(one.state == "listed" for one in found))
            return found


def same(ledger: Ledger, days: Iterable[int], limit: int = 2) -> int:
    """Compare pages with what is read of all suppliers, for the house and one; how much was listed."""
    listed = 0
    for day in days:
        for party in (HOUSE, Party(TENANT, "s", "org-b", sees_all=False)):
            when = START + timedelta(days=day)
            wanted = catalogue_of(ledger, party, SUPPLIERS, when)
            assert paged(ledger, party, Asked(day=when), limit) == wanted, (day, party)
            listed += sum(one.state == "listed" for one in wanted)
    return listed


def rows_same(ledger: Ledger) -> int:
    """Compare the rows with every product judged on every day; how much was listed."""
    catch_up_all(ledger.entries, (ledger.projections, ledger.catalogue))
    known = products_of(ledger, ledger.projections.facts(TENANT, PRODUCT_KIND))
    facts, editions, total = Facts.of(ledger, TENANT, [one for _, one in known]), editions_of(ledger, TENANT), 0
    for day in (START + timedelta(days=number) for number in range(-1, 65)):
        edition = newest(editions, day)
        keys = [one.key for one in edition[1].categories] if edition else []
        begun = [(at, one) for at, one in known if one.occurred_at <= end_of(day)]
        inside = [(at, one) for at, one in begun if (one.catalogue, one.category) in {("green", key) for key in keys}]
        inside.sort(key=lambda pair: (keys.index(pair[1].category), pair[1].name, pair[0]))
        holding = {
            at
            for at, one in inside
            if edition and all(m.holds for m in judged(edition[1], one.category, facts.known(one, day)) or ())
        }
        for reader in (None, "org-b"):
            sought = Sought(day.toordinal(), "green", keys, reader)
            seen = [(at, one) for at, one in inside if reader in {None, one.supplier} or at in holding]
            assert ledger.catalogue.page(TENANT, sought) == [at for at, _ in seen], day
            counts = ledger.catalogue.tally(TENANT, sought)
            for key in keys:
                of = [at for at, one in seen if one.category == key]
                assert counts.get(key, (0, 0)) == (len(of), sum(at in holding for at in of)), day
            left = [one for pair in begun if pair not in inside for one in pair[1:] if reader in {None, one.supplier}]
            assert ledger.catalogue.left(TENANT, sought) == len(left)
        total += len(holding)
    return total


FOOTPRINT = pcf("p1", supplier="org-a", valid_from=on(0), valid_to=on(40))
WORLD = [
    rules(1, 0, ("certificate", "ISO 14001")),
    rules(2, 20, ("certificate", "ISO 14001"), ("footprint", "")),
    rules(3, 35, ("footprint_most", "500"), categories=("cable", "power")),
    product("b"), product("a", 3), product("c", 5, supplier="org-b", product=OTHER, category="power"),
    product("d", 1, category="gone"), product("e", 2, catalogue="other"),
    lasting("c1", 2, 1, 30), changed("c1", "confirmed", 1, 4, 3), changed("c1", "suspended", 2, 12, 10),
    changed("c1", "reinstated", 3, 15, 14), lasting("c2", 6, 8, 50, supplier="org-b"),
    changed("c2", "confirmed", 1, 9, 9, supplier="org-b"), changed("c2", "revoked", 2, 25, 24, supplier="org-b"),
    FOOTPRINT, reviewed(FOOTPRINT, 18, 28),
    pcf("p2", supplier="org-b", product=OTHER, valid_from=on(22), valid_to=on(60)),
]  # fmt: skip
GONE = [dated(correction("b"), 30), dated(correction("c2"), 32)]


@settings(max_examples=2, deadline=None, derandomize=True)
@given(order=st.permutations(WORLD), sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5), gone=st.booleans())
def test_rows_say_what_all_that_is_recorded_says(
    tmp_path_factory: pytest.TempPathFactory, order: list[Record], sizes: list[int], gone: bool
) -> None:
    """However entries come, folded in any runs, on every day; built again they are the same."""
    with opened(tmp_path_factory.mktemp("any")) as ledger:
        left, turn = [*order, *(GONE if gone else [])], 0
        while left:
            count = sizes[turn % len(sizes)]
            taken(ledger, left[:count])
            left, turn = left[count:], turn + 1
            if turn % 2:
                catch_up(ledger.entries, ledger.catalogue)
        assert rows_same(ledger) > 20
        before = spans(ledger)
        rebuild(ledger.entries, ledger.catalogue)
        assert spans(ledger) == before


def spans(ledger: Ledger) -> list[Any]:
    with ledger.database.reading() as connection:
        return sorted(map(tuple, connection.execute(select(CATALOGUE_LISTED))))


def taken(ledger: Ledger, records: list[Record]) -> None:
    outcomes = capture(ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="tester", records=records)
    assert all(isinstance(one, Receipt) for one in outcomes), outcomes


def test_an_assessment_counts_until_an_action_is_overdue(ledger: Ledger) -> None:
    """On both databases; points asked for are those of the result in force."""
    assert isinstance(ledger.catalogue, CatalogueRows)
    one = assessment()
    marks = [{"points": 80, "question": name, "reason": "seen"} for name in SCHEME.questions]
    answers = [{"points": 80, "question": name} for name in SCHEME.questions]
    taken(ledger, [rules(1, 0, ("assessment", "60")), product("a"), dated(SCHEME, 0), dated(one, 1)])
    taken(
        ledger,
        [
            dated(took(one.id, 1, "answered", by="org-a", answers=answers), 4),
            dated(took(one.id, 2, "scored", marks=marks, judged=f"step:1:{one.id}"), 6),
            dated(took(one.id, 3, "action_asked", action="action-1", question=Q, due=on(9), words="mend it"), 7),
        ],
    )
    assert same(ledger, (5, 6, 9, 10), 1) == 2 * 2, "from day 6 to 9, to both"
    taken(ledger, [dated(correction(one.id), 8)])
    assert same(ledger, (7, 9)) == 0


def test_words_are_found_in_name_code_and_what_a_supplier_is_called(ledger: Ledger) -> None:
    """On both databases, whatever the case; a page begins behind a product that was withdrawn since, too."""
    taken(
        ledger, [rules(1, 0), product("ÉCLAIR 50%"), product("x_y"), product("Z", supplier="org-b", category="power")]
    )
    names = {"org-a": "Müller & Söhne", "org-b": "ORG-A 的朋友"}

    def sought(words: str, category: str = "") -> list[str]:
        page = catalogue_page(ledger, HOUSE, Asked(category, words, names, START))
        assert page.found == page.listed == len(page.entries)
        return [one.product.name for one in page.entries]

    assert sought("") == ["Z", "x_y", "ÉCLAIR 50%"]
    assert sought("", "cable") == ["x_y", "ÉCLAIR 50%"]
    assert (sought("éclair"), sought("0%"), sought("X_"), sought("%_")) == (["ÉCLAIR 50%"], ["ÉCLAIR 50%"], ["x_y"], [])
    assert (sought("MÜLLER", "power"), sought("org-a"), sought("org-b")) == ([], ["Z"], [])
    first = catalogue_page(ledger, HOUSE, Asked(day=START), limit=2)
    taken(ledger, [dated(correction("x_y"), 1)])
    assert [one.product.name for one in catalogue_page(ledger, HOUSE, Asked(day=START), first.more).entries] == [
        "ÉCLAIR 50%"
    ]
    for wrong in (0, 10**6):
        with pytest.raises(ProductAbsent):
            catalogue_page(ledger, HOUSE, Asked(day=START), wrong)
