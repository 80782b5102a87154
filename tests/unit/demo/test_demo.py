"""The demonstration: the same everywhere, its files say what its records say, and the story holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.files import open_file
from ledger.demo import lives, tender
from ledger.demo.bills import bills
from ledger.demo.catalogue import PRODUCTS, sscc
from ledger.demo.files import DemoFiles, write_demo_data, write_records
from ledger.demo.month import first_records, records
from ledger.demo.places import DESTINATIONS
from ledger.demo.story import tell
from ledger.identity import parse
from ledger.records.record import Record
from ledger.scoring.award import score
from ledger.scoring.bid import Bid
from ledger.services.capture import check_identities, record_bytes
from ledger.services.import_file import vehicle_names
from tests.builders import opened

VEHICLES = vehicle_names(FactorTables())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """The files, written once."""
    return write_demo_data(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def month() -> list[Record]:
    """The records, made once."""
    return list(records())


def test_the_same_seed_gives_the_same_records(month: list[Record]) -> None:
    """Digit for digit; another seed another month; ids never meet."""
    assert list(records()) == month
    assert list(records(seed=2)) != month
    assert len({record.id for record in month}) == len(month)
    assert 6_000 <= len(month) <= 10_000


def test_the_month_is_the_one_that_was_published(month: list[Record]) -> None:
    """A change of the story changes this digest, on purpose and on every machine alike."""
    digest = hashlib.sha256(b"".join(record_bytes(record) for record in month)).hexdigest()
    assert digest == "27f9c19bf1ff388ca56a571ad6dd27a9456b9ba6a8283c2cd932948ad7d618fe"


def test_every_code_in_it_can_be_read(month: list[Record]) -> None:
    """Check digits of products, pieces, pallets and places."""
    for record in month:
        check_identities(record)
    for city, _ in DESTINATIONS:
        assert parse(city.gln).key.urn.startswith("urn:epc:id:sgln")
    assert parse(sscc(PRODUCTS[0].supplier.prefix, 7)).element_string().startswith("(00)1952114")


def test_what_leaves_came_in_before(month: list[Record]) -> None:
    """Piece for piece, and every piece that is installed was made, received and shipped earlier."""
    moved: dict[str, Counter[str]] = {"in": Counter(), "out": Counter()}
    seen: dict[str, list[tuple[Any, str]]] = {}
    for record in month:
        if record.kind == "transport_leg" and record.destination == "溧水":
            moved["in"][record.product] += record.quantity
        elif record.kind == "transport_leg" and record.origin == "溧水":
            moved["out"][record.product] += record.quantity
        elif record.kind == "epcis_event":
            for epc in record.event.epc_list or ():
                seen.setdefault(epc, []).append((record.occurred_at, record.event.biz_step or ""))
    assert moved["in"] == moved["out"]
    steps = {tuple(step for _, step in sorted(events)) for epc, events in seen.items() if "/00/" not in epc}
    made = ("commissioning", "receiving", "shipping")
    assert steps == {made, (*made, "installing")}


def test_the_files_say_exactly_what_the_records_say(files: DemoFiles, month: list[Record]) -> None:
    """Every file read back through the importer gives the generated records; only the two bad rows are refused."""
    found: dict[str, Record] = {}
    refused = []
    for path in files.tables:
        for row in open_file(path).rows(VEHICLES):
            if isinstance(row.outcome, tuple):
                refused.append((path.name, row.row, [fault.error.code for fault in row.outcome]))
            else:
                found[row.outcome.id] = row.outcome
    assert found == {record.id: record for record in (*month, *bills())}
    assert refused == [
        ("6-qiantang.xlsx", 4, ["record.amount"]),
        ("6-qiantang.xlsx", 6, ["record.missing", "cell.day"]),
    ]


def test_what_the_company_says_of_itself(files: DemoFiles) -> None:
    """Every row of its files is a record; two of its targets give a warning, which the story makes tasks of."""
    outcomes = [row.outcome for path in files.company for row in open_file(path).rows(VEHICLES)]
    assert not [one for one in outcomes if isinstance(one, tuple)]
    kinds = Counter(one.kind for one in outcomes if not isinstance(one, tuple))
    assert kinds == {
        "inventory_boundary": 1,
        "target": 3,
        "target_actual": 16,
        "scenario": 1,
        "ets_quarter": 3,
        "energy_measure": 3,
    }


def test_the_bids_of_the_workbook_are_the_bids_of_the_tender(files: DemoFiles) -> None:
    """Prices, marks, footprints and certificates survive the workbook."""
    outcomes = [row.outcome for row in open_file(files.bids).rows(VEHICLES)]
    assert [Bid.from_record(found.content) for found in outcomes] == list(tender.bids())  # type: ignore[union-attr]


def test_gates_and_data_quality_decide_the_award() -> None:
    """The cheapest fails the gate; the lower unverified footprint loses to the verified one, and would have won."""
    sheet = score(tender.scheme(), tender.bids())
    assert sheet.winner == tender.WUMEN.zh
    assert list(sheet.excluded) == [tender.SUIYUN.zh]
    points = {total.bidder: total.points for total in sheet.totals}
    carbon = {c.bidder: c.points for c in sheet.cells if c.criterion == "carbon"}
    as_declared = tender.CRITERIA[3].weight * (15 - tender.bids()[1].footprint.value) / 10  # type: ignore[operator]
    unadjusted = points[tender.QIANTANG.zh] - carbon[tender.QIANTANG.zh] + as_declared
    assert points[tender.WUMEN.zh] > points[tender.QIANTANG.zh]
    assert unadjusted > points[tender.WUMEN.zh]


def test_a_benchmark_gets_as_many_records_as_it_asks_for(tmp_path: Path) -> None:
    """Line by line, and readable as such."""
    path = tmp_path / "records.ndjson"
    assert write_records(path, first_records(20_000)) == 20_000
    assert sum(not isinstance(row.outcome, tuple) for row in open_file(path).rows(VEHICLES)) == 20_000


class _Listener:
    """Hears the story and keeps the result."""

    locale = "zh-CN"

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.result: dict[str, Any] = {}

    def say(self, en: str, zh: str) -> None:
        self.lines.append((en, zh))

    def data(self, value: Any) -> None:
        self.result = value

    def progress(self, _en: str, _zh: str) -> Any:
        from contextlib import nullcontext

        return nullcontext(lambda _done, _total: None)


def test_the_story_holds_and_telling_it_again_adds_nothing(tmp_path: Path) -> None:
    """Everything recorded, anchored and confirmed; the forged proof refused; the second telling changes no digit."""
    with opened(tmp_path / "home") as ledger:
        first, second = _Listener(), _Listener()
        assert tell(ledger, first) == 0  # type: ignore[arg-type]
        size = ledger.entries.size()
        assert tell(ledger, second) == 0  # type: ignore[arg-type]
        assert ledger.entries.size() == size
    result = first.result
    assert result["anchored"]["state"] == "confirmed"
    assert result["anchored"]["size"] == result["entries"] == size
    # Besides the files' records: scheme, rules of packaging, sheet, contract, two tasks, eight reviews.
    assert (result["records"], result["refused"], result["checkpoints"]) == (size - 14, 2, 3)
    assert (result["proof"]["verdict"], result["proof"]["tampered_verdict"]) == (0, 1)
    assert result["winner"] == tender.WUMEN.zh
    assert [row["place"] for row in result["ranking"]] == ["1", "2"]
    assert len(result["routes"]) == len(DESTINATIONS) + 8
    assert len(result["products"]) == len(PRODUCTS)
    assert {code: (told["stage"], told["anomalies"]) for code, told in result["lives"].items()} == {
        lives.ONU: ("installed", ["cloned-tag"]),
        lives.DRUM: ("transformed", []),
        lives.PIECE: ("installed", []),
        lives.REMAINDER: ("stored", []),
    }
    assert sum("任务交" in zh for _, zh in first.lines) == 2
    onu = result["lives"][lives.ONU]
    assert (onu["voided"], onu["aliases"], onu["dismantled"], onu["reused"]) == (1, [lives.ONU_GIAI], 1, 1)
    masses = {code: told["mass_g"] for code, told in result["lives"].items()}
    assert masses[lives.PIECE] + masses[lives.REMAINDER] == masses[lives.DRUM] == 225_000
    assert (result["kpis"]["reuse_by_count"], result["kpis"]["dismantled"]) == ("1/1", 2)
    for name in ("routes", "products", "ranking", "anchored", "lives", "kpis"):
        assert second.result[name] == result[name]
    for name in ("proof", "forged_proof", "labels", "refused"):
        assert Path(result["files"][name]).stat().st_size > 100
    assert all(en and zh for en, zh in first.lines)
