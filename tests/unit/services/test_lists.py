"""Lists of the desk and the programme page by page: each thing once, a supplier's own alone, the counts of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from ledger.ports.listing import Place
from ledger.records.contract import Contract
from ledger.records.document import Document
from ledger.records.pcf_review import PcfReview
from ledger.records.sealed_bid import SealingKey, key_id
from ledger.services.certificates import certificates_counted, certificates_page
from ledger.services.commitments import pledges_of, pledges_page, signed
from ledger.services.contracts import contracts_page
from ledger.services.organisations import Organisation
from ledger.services.pcf_requests import Party, Wanted, ask, board, board_counted, keep_calendar, take_step
from ledger.services.pcf_reviews import Examined, footprint_seen, queue, review
from ledger.services.project import catch_up, rebuild
from ledger.services.tender_desk import Desk
from ledger.services.tenders import schemes_page, sealed_open, sealed_page
from tests.builders import EPOCH, PRODUCT, TENANT, captured, opened, pcf
from tests.ports.test_listing import became, certificate, pledge, reached
from tests.unit.scoring.tender import full_scheme

HOUSE = Party(TENANT, "house")
OWN = Party(TENANT, "s", "org-a", sees_all=False)
SIZES = (1, 2, 99)


def document(kind: Any, tender: str, content: dict[str, Any], version: int) -> Document:
    """What scoring says of a tender."""
    name = f"{kind}:{tender}:{version}"
    return Document(content=content, id=name, kind=kind, occurred_at=EPOCH, tender=tender, version=1)


def sealing_key(tender: str) -> SealingKey:
    return SealingKey(
        holder="buyer", id=key_id(tender, "buyer"), kind="sealing_key", occurred_at=EPOCH, public_key="ab" * 32,
        tender=tender, version=1,
    )  # fmt: skip


def contract(name: str, supplier: str) -> Contract:
    """A contract, whose sheet nobody asks for."""
    return Contract(
        carbon_value="1", first_month="2026-07", id=name, kind="contract", last_month="2026-07", occurred_at=EPOCH,
        product=PRODUCT, sheet="sheet", supplier=supplier, tender="T", version=1,
    )  # fmt: skip


def walked(page: Callable[[Place | None, int], tuple[list[Any], Place | None]], limit: int) -> list[Any]:
    """A list read to its end."""
    found, place = page(None, limit)
    while place is not None:
        assert len(found) % limit == 0
        more, place = page(place, limit)
        found += more
    return found


def test_requests_are_a_board_in_pages(tmp_path: Path) -> None:
    """The ones due next first, ended ones behind; the calendar closes what it finds there."""
    with opened(tmp_path) as ledger:
        for name in ("org-a", "org-b"):
            ledger.organisations.add(Organisation(name, TENANT, name, "supplier"))
        today = ledger.clock.now().astimezone(UTC).date()
        for days in (30, 3, 20):
            ask(ledger, HOUSE, Wanted(["org-a", "org-b"], [(PRODUCT, "")], today + timedelta(days=days)))
        every = board(ledger, HOUSE)[0]
        assert [(one.due - today).days for one in every] == [3, 3, 20, 20, 30, 30]
        assert board_counted(ledger, HOUSE, today) == (6, 2, 0, 0)
        assert board_counted(ledger, OWN, today + timedelta(days=25)) == (3, 1, 2, 0)
        take_step(ledger, OWN, board(ledger, OWN)[0][0].request.id, "declined", reason="not ours")
        for party, count in ((HOUSE, 6), (OWN, 3)):
            for limit in SIZES:
                found = walked(lambda after, limit, party=party: board(ledger, party, after, limit), limit)
                assert [one.is_open for one in found] == [True] * (count - 1) + [False]
                assert len({one.entry for one in found}) == count
        assert [step.step for _, step in keep_calendar(ledger, [TENANT])] == ["reminded"]
        assert keep_calendar(ledger, [TENANT]) == []


def test_certificates_in_pages_with_counts_of_all(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        today = ledger.clock.now().astimezone(UTC).date()
        ends = [(today + timedelta(days=days)).isoformat() for days in (0, 6, 40, -1, 400)]
        captured(ledger, [certificate(f"c{number}", to) for number, to in enumerate(ends)])
        captured(ledger, [certificate("other", ends[4], supplier="org-b"), became("c4", "revoked", 1)])
        captured(ledger, [became("c1", "confirmed", 1)])
        counted = certificates_counted(ledger, OWN)
        assert (counted.in_force, counted.unconfirmed, counted.within) == (1, 2, {7: 2, 30: 2, 90: 3})
        assert certificates_counted(ledger, HOUSE).unconfirmed == 3
        for limit in SIZES:
            live = walked(lambda after, limit: certificates_page(ledger, OWN, after, limit), limit)
            assert [one.certificate.id for one in live] == ["c0", "c1", "c2"]
            over = walked(lambda after, limit: certificates_page(ledger, OWN, after, limit, live=False), limit)
            assert [one.certificate.id for one in over] == ["c3", "c4"]


def test_pledges_in_pages_are_all_of_them(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        captured(
            ledger, [pledge("g1"), pledge("g2", "carbon"), pledge("g3", supplier="org-b"), reached("g1", 2026, "5")]
        )
        every = {one.entry: one for one in pledges_of(ledger, TENANT, ["org-a", "org-b"])}
        for limit in SIZES:
            found = walked(lambda after, limit: pledges_page(ledger, HOUSE, after, limit), limit)
            assert [one.pledge.id for one in found] == ["g2", "g1", "g3"]
            assert all(every[one.entry] == one for one in found)
        told = {one.commitment: (one.signatories, one.pledges, one.states["reached"]) for one in signed(ledger, HOUSE)}
        assert (told["carbon"], told["energy"], told["logistics"]) == ((1, 1, 0), (2, 2, 1), (0, 0, 0))


def test_tenders_are_listed_by_name_by_their_newest_version(tmp_path: Path) -> None:
    """Also where an older version is entered last; what has no scheme is no tender here."""
    with opened(tmp_path) as ledger:
        made = [full_scheme(id=name, version=number) for name in "CAéB" for number in (2, 1)]
        captured(ledger, [document("scheme", one.id, one.to_record(), one.version) for one in made])
        captured(ledger, [document("bid", "D", {}, 1)])
        catch_up(ledger.entries, ledger.projections)
        desk = Desk.of(ledger, TENANT, "procurement")
        for limit in SIZES:
            found, after = schemes_page(desk, limit=limit)
            while after is not None:
                more, after = schemes_page(desk, after, limit)
                found += more
            assert [(entry, one.id, one.version) for entry, one in found] == [
                (2, "A", 2), (6, "B", 2), (0, "C", 2), (4, "é", 2),
            ]  # fmt: skip


def test_sealed_tenders_are_listed_by_their_closing(tmp_path: Path) -> None:
    """What closes last first; by the newest version; who holds keys also sees what is open and has none yet."""
    with opened(tmp_path) as ledger:
        now = ledger.clock.now()
        days = {"over": -9, "late": -1, "soon": 1, "far": 40, "bare": 20, "was": -5}
        made = [full_scheme(id=name, closes_at=now + timedelta(days=count)) for name, count in days.items()]
        captured(ledger, [document("scheme", one.id, one.to_record(), 1) for one in made])
        captured(ledger, [sealing_key(name) for name in ("over", "late", "soon", "far")])
        moved = full_scheme(id="soon", version=2, closes_at=now + timedelta(days=60))
        captured(ledger, [document("scheme", "soon", moved.to_record(), 2), document("scheme", "no scheme", {}, 1)])
        desk = Desk.of(ledger, TENANT, "procurement")
        assert sorted(sealed_open(desk)) == ["far", "soon"]
        for limit in (1, 2, 3, 4, 5, 99):
            for holds, names in (
                (False, ["soon", "far", "late", "over"]),
                (True, ["soon", "far", "bare", "late", "over"]),
            ):
                found = walked(lambda after, limit, holds=holds: sealed_page(desk, after, limit, unsealed=holds), limit)
                assert found == names
        rebuild(ledger.entries, ledger.listing)
        assert sealed_page(desk)[0] == ["soon", "far", "late", "over"]


def test_contracts_are_listed_from_the_newest_back(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        captured(ledger, [contract(name, f"org-{of}") for name, of in zip("abcde", "ababa", strict=True)])
        for party, names in ((HOUSE, "edcba"), (OWN, "eca")):
            for limit in SIZES:
                found, before = contracts_page(ledger, party, limit=limit)
                while before is not None:
                    more, before = contracts_page(ledger, party, before, limit)
                    found += more
                assert [one.id for _, one in found] == list(names)


def test_the_queue_of_a_verifier_is_what_has_no_good_review_yet(tmp_path: Path) -> None:
    """Never its own; what was returned waits again, what is verified does not."""
    verifier = Party(TENANT, "v", "auditors", verifies=True)
    with opened(tmp_path) as ledger:
        ahead = {"valid_to": (ledger.clock.now() + timedelta(days=90)).date().isoformat()}
        names = [f"p{number}" for number in range(5)]
        captured(ledger, [pcf(name, **ahead) for name in names])
        captured(ledger, [pcf("own", supplier="auditors", **ahead), pcf("over", valid_to="2026-01-02")])
        for limit in SIZES:
            found = walked(lambda after, limit: queue(ledger, verifier, after, limit), limit)
            assert [one.stated.id for one in found] == names

        def states(name: str, verdict: Any) -> PcfReview:
            said = Examined(
                "Provider", "cradle to gate", "limited", "5", verdict, reasons="" if verdict == "verified" else "why"
            )
            return review(ledger, verifier, name, said)[0]

        states("p1", "verified")
        states("p3", "returned")
        assert [one.stated.id for one in queue(ledger, verifier)[0]] == ["p0", "p2", "p3", "p4"]
        assert footprint_seen(ledger, verifier, "p1").standing.status == "verified"
