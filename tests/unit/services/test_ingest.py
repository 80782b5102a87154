"""Taking in files of records: what is kept, what comes back, in which order, with one process and with several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.files import spans as cutting
from ledger.adapters.files.spans import Lines, Span, spans
from ledger.adapters.workers import Here, Processes, processes
from ledger.errors import Place
from ledger.identity.errors import CheckDigitMismatch
from ledger.log.errors import RecordConflict
from ledger.ports import Workers
from ledger.records.errors import KindUnknown, RecordUnreadable
from ledger.records.record import Record
from ledger.services.capture import Submission, record_bytes
from ledger.services.examine import settle_stored
from ledger.services.ingest import Handed, IngestReport, append, ingest, prepare
from ledger.services.worker import run_once
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, captured, leg, legs, opened, scan


def here(ledger: Ledger) -> Here:
    return Here(ledger.entries, ledger.projections, ledger.clock, ledger.random)


def line(record: Record) -> bytes:
    return record_bytes(record) + b"\n"


def handed(workers: Workers, *blocks: bytes) -> IngestReport:
    return ingest(workers, tenant=TENANT, submitter="tester", blocks=list(map(Lines, blocks)))


@pytest.fixture
def pool(ledger: Ledger) -> Iterator[Processes]:
    """Two processes on the ledger's database."""
    with processes(ledger.settings.database_url, 2) as workers:
        yield workers


def test_entries_are_those_that_capture_makes(ledger: Ledger) -> None:
    """A record has the same bytes in the log however it was handed in."""
    records = [*legs(3), scan(), scan("urn:uuid:scan-2", action="ADD", ilmd={"cbvmda:b": 1, "cbvmda:a": "0.10"})]
    handed(here(ledger), b"".join(map(line, records)))
    taken = captured(ledger, records)
    assert [(receipt.seq, receipt.fresh) for receipt in taken] == [(index, False) for index in range(5)]


def test_bad_lines_come_back_with_their_place(ledger: Ledger) -> None:
    """Good lines are kept; each bad one is named by its line in the file and the rule that it breaks."""
    bad = line(leg("leg-9", product=PRODUCT)).replace(b"09506000134352", b"09506000134353")
    first = line(leg("leg-1")) + b"\n" + b"{not json\n" + line(leg("leg-2"))
    second = b"  \r\n" + bad + line(leg("leg-1", mass_g=1)) + line(leg("leg-3")).strip()
    report = handed(here(ledger), first, second)
    assert (report.read, report.fresh, report.already, report.refused_count) == (6, 3, 0, 3)
    assert [type(error) for error in report.refused] == [RecordUnreadable, CheckDigitMismatch, RecordConflict]
    assert [error.place.row for error in report.refused if error.place] == [3, 6, 7]
    assert ledger.entries.size() == 3


def test_the_same_file_again_adds_nothing(ledger: Ledger) -> None:
    """An ingest that was cut off is finished by handing the file in again."""
    lines = list(map(line, legs(40)))
    handed(here(ledger), b"".join(lines[:25]))
    report = handed(here(ledger), b"".join(lines[:20]), b"".join(lines[20:]))
    assert (report.read, report.fresh, report.already) == (40, 15, 25)
    assert ledger.entries.size() == 40


def test_a_line_twice_in_one_block(ledger: Ledger) -> None:
    """The second copy within a transaction is the same entry; another record under its id is refused."""
    report = handed(here(ledger), line(leg("a")) * 2 + line(leg("a", mass_g=7)))
    assert (report.fresh, report.already, report.refused_count) == (1, 1, 1)


def test_processes_keep_the_order_of_the_file(ledger: Ledger, pool: Processes) -> None:
    """Blocks are prepared side by side and enter the log in the file's order."""
    names = [record.id for record in legs(600)]
    blocks = [b"".join(map(line, legs(50, start))) for start in range(0, 600, 50)]
    report = handed(pool, *blocks)
    assert (report.read, report.fresh) == (600, 600)
    found = [msgspec.json.decode(row.body)["record"]["id"] for rows in ledger.entries.rows(0, 600) for row in rows]
    assert found == names


def test_nothing_is_finished_after_a_step_that_failed(ledger: Ledger, pool: Processes, tmp_path: Path) -> None:
    """An error of one block arrives from its process, later blocks are not appended, and the pool works on."""
    whole, missing = [Lines(line(record)) for record in legs(20)], Span(tmp_path / "missing", 0, 10)
    with pytest.raises(FileNotFoundError):
        ingest(pool, tenant=TENANT, submitter="tester", blocks=[*whole[:5], missing, *whole[5:]])
    assert ledger.entries.size() == 5
    report = ingest(pool, tenant=TENANT, submitter="tester", blocks=whole)
    assert (report.read, ledger.entries.size()) == (20, 20)


def test_faults_arrive_whole(pool: Processes) -> None:
    """What is wrong with a line says in this process what it said in the one that found it."""
    report = handed(pool, line(leg("a")), line(leg("a", mass_g=2)), b"{}\n")
    assert [type(error) for error in report.refused] == [RecordConflict, KindUnknown]
    assert report.refused[0].values() == {"record_id": "a", "index": 0}
    assert report.refused[1].message("zh-CN") == KindUnknown(kind="").at(Place(row=3)).message("zh-CN")


def test_who_stops_listening_stops_the_work(ledger: Ledger, pool: Processes) -> None:
    """Results that nobody takes any more keep no turn from the next run."""
    submission = Submission(TENANT, "tester")
    some = [Handed(Lines(line(record)), submission) for record in legs(20)]
    results = pool.run_in_turn(prepare, append, iter(some))
    assert next(results).fresh == 1
    results.close()  # type: ignore[attr-defined]
    assert sum(taken.fresh + taken.already for taken in pool.run_in_turn(prepare, append, some)) == 20
    assert ledger.entries.size() == 20


@pytest.mark.parametrize("ahead", ["nothing", "projected", "checkpointed"])
def test_one_read_gives_what_two_give(ledger: Ledger, tmp_path: Path, pool: Processes, ahead: str) -> None:
    """Checkpoint and projections after a bulk load are those of the everyday work, wherever either of them was."""
    records = [*legs(30), *(scan(f"urn:uuid:scan-{n}") for n in range(10))]
    captured(ledger, records[:15])
    if ahead == "projected":
        ledger.projections.fold([row for rows in ledger.entries.rows(0, 9) for row in rows])
    if ahead == "checkpointed":
        run_once(ledger.worker())
        ledger.projections.reset()
    captured(ledger, records[15:])
    assert settle_stored(ledger.worker(), pool) == 40
    newest = ledger.checkpoints.latest()
    assert newest is not None
    assert (newest.checkpoint.size, ledger.projections.watermark()) == (40, 40)
    with opened(tmp_path / "other") as other:
        captured(other, records)
        run_once(other.worker())
        assert other.projections.cube(TENANT) == ledger.projections.cube(TENANT)
        assert other.projections.counts(TENANT) == ledger.projections.counts(TENANT)
        assert other.projections.assets(TENANT) == ledger.projections.assets(TENANT)
    assert settle_stored(ledger.worker(), pool) == 0


@given(
    lines=st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"")), max_size=60),
    size=st.integers(1, 90),
)
def test_spans_are_the_file(lines: list[bytes], size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Spans together are the file, byte for byte, and each but the last ends a line."""
    path = tmp_path_factory.mktemp("spans") / "file"
    path.write_bytes(b"\n".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "SMALLEST", size)
        pieces = [span.read() for span in spans(path)]
    assert b"".join(pieces) == path.read_bytes()
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    assert all(pieces)
