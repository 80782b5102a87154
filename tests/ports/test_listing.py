"""One suite for ``ports.Listing`` on SQLite and PostgreSQL: rows follow every step, in pages, however entries come."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.listing import SqlListing
from ledger.ports import Receipt
from ledger.ports.listing import ENDED, EVER, NEVER, Among, Listed, Listing, Place
from ledger.programme.example_assessment import example
from ledger.records.assessment import assessment_id
from ledger.records.record import Record, decode
from ledger.services.project import catch_up, rebuild
from tests.builders import EPOCH, TENANT, correction, leg, pcf
from tests.rig import Rig

DAY = "2026-06-01T08:00:00+00:00"
SCHEME = example(EPOCH)
Q = next(iter(SCHEME.questions))


def said(**fields: Any) -> Record:
    return decode(msgspec.json.encode({"occurred_at": DAY, "version": 1} | fields), fields["kind"])


def asked(name: str, due: str = "2026-07-01", supplier: str = "org-a") -> Record:
    return said(kind="pcf_request", id=name, due=due, product="urn:x:1", round="round", supplier=supplier)


def step(request: str, step: str, by: str = "supplier", supplier: str = "org-a", **fields: Any) -> Record:
    return said(
        kind="pcf_answer", id=f"{request}:{step}", request=request, step=step, by=by, supplier=supplier, **fields
    )


def certificate(name: str, to: str = "2027-01-31", scheme: str = "ISO 14001", supplier: str = "org-a") -> Record:
    return said(
        kind="supplier_certificate", id=name, supplier=supplier, scheme=scheme, number=name, issuer="Body",
        scope="all", valid_from="2025-01-01", valid_to=to,
    )  # fmt: skip


def became(name: str, status: str, number: int, supplier: str = "org-a") -> Record:
    return said(
        kind="certificate_status", id=f"{name}:{number}", certificate=name, supplier=supplier, by="house",
        status=status, effective_at="2026-05-01T00:00:00+00:00", reason="so",
    )  # fmt: skip


def pledge(name: str, commitment: str = "energy", supplier: str = "org-a") -> Record:
    return said(
        kind="pledge", id=name, supplier=supplier, commitment=commitment, indicator="kWh per piece", unit="kWh",
        base_year=2024, base_value="10", target_year=2028, target_value="6",
    )  # fmt: skip


def reached(of: str, year: int, value: str, supplier: str = "org-a") -> Record:
    return said(
        kind="pledge_value",
        id=f"{of}:{year}",
        pledge=of,
        supplier=supplier,
        year=year,
        value=value,
        unit="kWh",
        source="meter",
    )


def assessment(supplier: str = "org-a", start: str = "2025-01-01") -> Record:
    name = assessment_id(supplier, SCHEME.id, date.fromisoformat(start))
    return said(
        kind="assessment", id=name, supplier=supplier, scheme=SCHEME.id, period_start=start, period_end="2025-12-31",
        due="2026-03-31",
    )  # fmt: skip


def took(of: str, number: int, step: str, by: str = "house", **fields: Any) -> Record:
    name = f"step:{number}:{of}"
    return said(kind="assessment_step", id=name, assessment=of, supplier="org-a", step=step, by=by, **fields)


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


@pytest.fixture
def listing(rig: Rig) -> SqlListing:
    return SqlListing(rig.database)


def capture(rig: Rig, *records: Record) -> None:
    outcomes = rig.capture(records)
    assert all(isinstance(one, Receipt) for one in outcomes), outcomes
    catch_up(rig.entries, SqlListing(rig.database))


def rows(listing: Listing, kind: str, **among: Any) -> list[Listed]:
    return listing.page(TENANT, Among(kind, **among))[0]


def test_a_request_stands_by_its_day_and_ends_behind_the_others(rig: Rig, listing: SqlListing) -> None:
    """An extension moves it, another who acts sees it, and what ended last comes first among the ended."""
    assert isinstance(listing, Listing)
    capture(rig, asked("r1"), asked("r2", "2026-06-20"), asked("r3", supplier="org-b"), leg())
    assert [one.seq for one in rows(listing, "pcf_request")] == [1, 0, 2]
    capture(
        rig,
        step("r2", "extension_asked", due="2026-08-01", reason="holiday"),
        step("r3", "delegated", organisation="org-a", supplier="org-b"),
    )
    wanted = date(2026, 8, 1).toordinal()
    assert [one.late for one in rows(listing, "pcf_request", of="org-a")] == [wanted, NEVER, NEVER]
    assert [one.seq for one in rows(listing, "pcf_request", of="org-b")] == [2]
    capture(rig, step("r2", "extension_granted", by="house", due="2026-08-01"))
    assert [(one.seq, one.at, one.late) for one in rows(listing, "pcf_request")][-1] == (1, wanted, NEVER)
    capture(rig, step("r1", "declined", reason="no"), step("r3", "declined", reason="no", supplier="org-b"))
    assert [(one.seq, one.state) for one in rows(listing, "pcf_request")] == [
        (1, "open"), (2, "declined"), (0, "declined"),
    ]  # fmt: skip
    assert listing.count(TENANT, Among("pcf_request", at=(0, ENDED - 1))) == 1


def test_certificates_count_until_they_are_over_in_any_way(rig: Rig, listing: SqlListing) -> None:
    """By their own last day, their scheme's, or the day before they were revoked; a withdrawn one is gone."""
    capture(
        rig, became("c3", "confirmed", 1), certificate("c1"), certificate("c2", scheme="OHSAS 18001"),
        certificate("c3"), certificate("c4"),
    )  # fmt: skip
    capture(rig, became("c1", "revoked", 1), correction("c4"))
    found = {
        one.seq: (one.state, date.fromordinal(one.at).isoformat()) for one in rows(listing, "supplier_certificate")
    }
    assert found == {1: ("revoked", "2026-04-30"), 2: ("recorded", "2021-09-30"), 3: ("in_force", "2027-01-31")}
    capture(rig, became("c3", "suspended", 2))
    assert rows(listing, "supplier_certificate", states=("suspended",))[0].seq == 3


def test_footprints_wait_until_a_statement_verifies_them(rig: Rig, listing: SqlListing) -> None:
    capture(rig, pcf("p1"), pcf("p2"))
    assert [(one.seq, one.state, one.at) for one in rows(listing, "product_footprint")] == [
        (0, "open", 0),
        (1, "open", 1),
    ]
    capture(rig, correction("p1"))
    assert [one.seq for one in rows(listing, "product_footprint")] == [1]


def test_an_assessment_is_late_scored_and_its_actions_wait(rig: Rig, listing: SqlListing) -> None:
    """Also when its edition comes behind it; actions are rows of their own while they are not closed."""
    one = assessment()
    capture(rig, one)
    assert rows(listing, "assessment") == []
    capture(rig, SCHEME)
    due = date(2026, 3, 31).toordinal()
    assert [(row.state, row.late) for row in rows(listing, "assessment")] == [("open", due)]
    marks = [{"points": 50, "question": name, "reason": "seen"} for name in SCHEME.questions]
    answers = [{"points": 50, "question": name} for name in SCHEME.questions]
    capture(rig, took(one.id, 1, "answered", by="org-a", answers=answers))
    capture(rig, took(one.id, 2, "scored", marks=marks, judged=f"step:1:{one.id}"))
    assert [(row.state, row.late) for row in rows(listing, "assessment")] == [("scored", NEVER)]
    asked = took(one.id, 3, "action_asked", action="action-1", question=Q, due="2026-05-01", words="mend it")
    capture(rig, asked)
    day = date(2026, 5, 1).toordinal()
    assert [row.late for row in rows(listing, "assessment")] == [day]
    assert [(row.seq, row.at) for row in rows(listing, "assessment_step")] == [(4, day)]
    for span, count in (((day, EVER[1]), 1), ((day + 1, EVER[1]), 0), ((EVER[0], day), 1), ((EVER[0], day - 1), 0)):
        assert listing.count(TENANT, Among("assessment", late=span, ends=(day, EVER[1]))) == count
    capture(rig, correction(one.id))
    assert rows(listing, "assessment") == rows(listing, "assessment_step") == []


def test_pledges_are_told_by_commitment_and_state(rig: Rig, listing: SqlListing) -> None:
    capture(rig, pledge("g1"), pledge("g2"), pledge("g3", "carbon", "org-b"), reached("g1", 2025, "5"))
    assert listing.tally(TENANT, Among("pledge")) == {(0, "no_value"): 1, (1, "reached"): 1, (1, "no_value"): 1}
    assert listing.suppliers(TENANT, Among("pledge")) == 2
    assert listing.suppliers(TENANT, Among("pledge", at=(1, 1))) == 1
    capture(rig, correction("g1:2025"))
    assert listing.tally(TENANT, Among("pledge", "org-a")) == {(1, "no_value"): 2}
    assert listing.count("other", Among("pledge")) == 0


@pytest.mark.parametrize("descending", [False, True])
def test_pages_are_the_list_in_any_size(rig: Rig, listing: SqlListing, descending: bool) -> None:
    days = ("2026-07-01", "2026-06-20", "2026-07-01", "2026-09-01", "2026-06-20")
    capture(rig, *(asked(f"r{number}", due) for number, due in enumerate(days)))
    among = Among("pcf_request", "org-a")
    every, none = listing.page(TENANT, among, descending=descending)
    assert none is None
    assert every == sorted(every, key=lambda one: one.place, reverse=descending)
    for limit in (1, 2, 3, 5):
        found, place = listing.page(TENANT, among, limit=limit, descending=descending)
        while place is not None:
            more, place = listing.page(TENANT, among, Place.parse(place.text), limit, descending=descending)
            assert more
            found += more
        assert found == every


ALL = [
    asked("r1"), step("r1", "extension_asked", due="2026-08-01", reason="x"), step("r1", "declined", reason="no"),
    certificate("c1"), became("c1", "confirmed", 1), became("c1", "revoked", 2), pcf("p1"), pcf("p2"),
    pledge("g1"), reached("g1", 2025, "9"), reached("g1", 2026, "5"), SCHEME, assessment(),
    took(assessment().id, 1, "answered", by="org-a", answers=[{"points": 1, "question": Q}]), leg(),
]  # fmt: skip
GONE = [correction(name) for name in ("p1", "g1:2026", "c1")]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(order=st.permutations(ALL), sizes=st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_however_entries_come_a_rebuild_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[Record], sizes: list[int]
) -> None:
    """In any order, folded in any runs."""
    rig = Rig(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('any') / 'ledger.db'}")))
    listing = SqlListing(rig.database)
    left, turn = [*order, *GONE], 0
    while left:
        count = sizes[turn % len(sizes)]
        rig.capture(left[:count])
        left, turn = left[count:], turn + 1
        if turn % 2:
            catch_up(rig.entries, listing)
    catch_up(rig.entries, listing)
    kinds = ("assessment", "assessment_step", "pcf_request", "pledge", "product_footprint", "supplier_certificate")
    before = [rows(listing, kind) for kind in kinds]
    assert [len(one) for one in before] == [1, 0, 1, 1, 1, 0]
    rebuild(rig.entries, listing)
    assert [rows(listing, kind) for kind in kinds] == before
