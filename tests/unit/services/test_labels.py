"""Print, reprint, void: entries that last, files kept under their hash, printers that misbehave."""

from __future__ import annotations

import dataclasses
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.adapters.contents import ContentAbsent, ContentAltered, FolderContents
from ledger.adapters.label_printers import PrinterUnavailable, PrinterUnknown, RawPrinters
from ledger.errors import LedgerError
from ledger.ports.labels import LabelOrder, OrderedLabel
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.record import decode, decoder
from ledger.services.label_desk import (
    LabelDesk,
    LabelNumberAbsent,
    LabelVoid,
    PrintJobAbsent,
    order_of,
    print_job,
    report_of,
)
from ledger.services.print_labels import OrderSize, print_labels
from ledger.services.project import catch_up, rebuild
from ledger.services.reprint_labels import reprint_labels
from ledger.services.void_labels import void_labels
from ledger.wiring import Ledger
from tests.printer import FakePrinter

GIAI_96 = "3476451FD4000000000016"


def desk_of(ledger: Ledger, tenant: str = "demo", printer: FakePrinter | None = None) -> LabelDesk:
    known = (("dock", "127.0.0.1", printer.port),) if printer else ()
    printers = RawPrinters(known, answer_seconds=0.3)
    return LabelDesk(
        ledger.entries, ledger.contents, ledger.press, printers, ledger.clock, ledger.random, tenant, "tester"
    )


def order(count: int = 3, **changes: object) -> LabelOrder:
    labels = tuple(
        OrderedLabel(f"https://id.gs1.org/8004/9521141{5678 + i}", "光网络终端", ("站点：深圳",), f"{GIAI_96}{i:02X}")
        for i in range(count)
    )
    fields = {"labels": labels, "domain": "id.example.com.cn", "stock": "ROLL-60x40"}
    return LabelOrder(**(fields | changes))


def test_print_reprint_and_void_are_entries_that_tell_the_job(ledger: Ledger) -> None:
    """Each act is an entry; file and report lie under the hash the entry holds; the void set follows the acts."""
    desk = desk_of(ledger)
    printed = print_labels(desk, order(4))
    void_labels(desk, printed.job, numbers=[2, 3], reason="smudged")
    assert print_job(desk, printed.job).void == {2, 3}
    reprint_labels(desk, printed.job, numbers=[3], reason="smudged")
    job = print_job(desk, printed.job)
    assert [(act.record.action, act.record.count) for act in job.acts] == [("print", 4), ("void", 2), ("reprint", 1)]
    assert job.void == {2}
    first = job.printed
    assert first.verified == 4
    assert first.codes_sha256 == sha256("".join(f"{code}\n" for code in first.codes).encode()).hexdigest()
    file = ledger.contents.read(first.file_sha256 or "")
    assert file.startswith(b"%PDF")
    assert sha256(file).hexdigest() == first.file_sha256
    report = report_of(desk, first)
    assert report
    assert (report.labels, report.faults) == (4, ())
    assert job.acts[2].record.codes == ("https://id.gs1.org/8004/95211415680",)
    catch_up(ledger.entries, ledger.label_jobs)
    (row,) = ledger.label_jobs.jobs("demo")
    assert (row.job, row.labels, row.verified, row.reprints, row.voids) == (printed.job, 4, 4, 1, 1)
    rebuild(ledger.entries, ledger.label_jobs)
    assert ledger.label_jobs.jobs("demo") == [row]
    assert ledger.label_jobs.jobs("demo", before=row.seq) == []


def test_the_same_order_draws_to_the_same_bytes_and_is_kept_once(ledger: Ledger, tmp_path: Path) -> None:
    """What was printed can be drawn again and compared with the hash in the entry."""
    desk = desk_of(ledger)
    first, second = (print_labels(desk, order(2)) for _ in range(2))
    one, two = (print_job(desk, each.job).printed for each in (first, second))
    assert one.file_sha256 == two.file_sha256
    assert ledger.press.draw(order_of(desk, one)).file == ledger.contents.read(one.file_sha256 or "")


def test_refusals(ledger: Ledger) -> None:
    """Nothing is recorded of a job that cannot be drawn, has no labels, or lacks a reason."""
    desk, before = desk_of(ledger), ledger.entries.size()
    with pytest.raises(OrderSize):
        print_labels(desk, order(0))
    with pytest.raises(LedgerError, match="row 1"):
        print_labels(desk, order(labels=(OrderedLabel("https://id.gs1.org/8004/95211415678", "𠮷"),)))
    with pytest.raises(PrintJobAbsent):
        void_labels(desk, "none", reason="x")
    assert ledger.entries.size() == before
    printed = print_labels(desk, order(2))
    for numbers in ([3], [0]):
        with pytest.raises(LabelNumberAbsent):
            void_labels(desk, printed.job, numbers=numbers, reason="x")
    for act in (void_labels, reprint_labels):
        with pytest.raises(FieldMissing):
            act(desk, printed.job, reason="")
    void_labels(desk, printed.job, reason="all wrong")
    with pytest.raises(LabelVoid):
        void_labels(desk, printed.job, numbers=[1], reason="again")


def test_a_job_is_absent_for_another_tenant(ledger: Ledger) -> None:
    """Neither its story nor its place in the list is shown elsewhere."""
    printed = print_labels(desk_of(ledger), order(1))
    with pytest.raises(PrintJobAbsent):
        print_job(desk_of(ledger, "other"), printed.job)
    catch_up(ledger.entries, ledger.label_jobs)
    assert ledger.label_jobs.jobs("other") == []


def test_a_print_record_must_hold_together(ledger: Ledger) -> None:
    """A void with a file, a print without one, and a second print are contradictions."""
    desk = desk_of(ledger)
    record = print_job(desk, print_labels(desk, order(1)).job).printed
    import msgspec

    assert decode(msgspec.json.encode(record), "label_print") == record
    for changes in ({"file_sha256": None}, {"action": "void", "act": 2}, {"act": 2}):
        with pytest.raises((FieldContradicts, FieldMissing)):
            decode(msgspec.json.encode(msgspec.structs.replace(record, **changes)), "label_print")
    assert decoder("label_print")


def test_tags_are_written_read_back_and_a_mismatch_voids_the_label(ledger: Ledger) -> None:
    """The second tag reads otherwise, the third is empty: both labels are void, with why, and the first is good."""
    lines = iter([None, b"EPC[3476451FD4000000000016FF]\r\n", b"EPC[]\r\n"])
    printer = FakePrinter(answer=lambda epc: next(lines) or b"EPC[" + epc + b"]\r\n")
    with printer.running():
        desk = desk_of(ledger, printer=printer)
        printed = print_labels(desk, order(3, format="zpl", encode=True, printer="dock"))
    assert printed.spoiled == (
        (2, "tag reads / 读到 3476451FD4000000000016FF"),
        (3, "tag was not read back / 未读到电子标签"),
    )
    job = print_job(desk, printed.job)
    assert job.void == {2, 3}
    assert [act.record.reason for act in job.acts[1:]] == [why for _, why in printed.spoiled]
    assert len(printer.formats) == 3
    assert GIAI_96.encode() + b"01" in printer.formats[1]


def test_a_printer_that_hangs_up_leaves_the_rest_void(ledger: Ledger) -> None:
    """After two labels the line is cut: the first two count, the others can be reprinted."""
    printer = FakePrinter(most=2)
    with printer.running():
        desk = desk_of(ledger, printer=printer)
        printed = print_labels(desk, order(4, format="zpl", encode=True, printer="dock"))
        assert print_job(desk, printed.job).void == {3, 4}
        assert {why for _, why in printed.spoiled} != {""}
        printer.most = 100
        again = reprint_labels(desk, printed.job, numbers=[3, 4], reason="printer stopped")
    assert again.spoiled == ()
    assert print_job(desk, printed.job).void == frozenset()


def test_a_silent_printer_is_waited_for_within_bounds(ledger: Ledger) -> None:
    """No answer in time is a tag not read back, not a hang."""
    printer = FakePrinter(answer=lambda _: None)
    with printer.running():
        printed = print_labels(desk_of(ledger, printer=printer), order(1, format="zpl", encode=True, printer="dock"))
    assert printed.spoiled == ((1, "tag was not read back / 未读到电子标签"),)


def test_only_named_printers_are_spoken_to() -> None:
    """A name out of the settings is refused before any connection; a closed port is unavailable."""
    with pytest.raises(PrinterUnknown):
        list(RawPrinters(()).send("10.0.0.1", [b"^XA^XZ"], answers=False))
    printer = FakePrinter()
    with printer.running():
        port = printer.port
    with pytest.raises(PrinterUnavailable):
        list(RawPrinters((("dock", "127.0.0.1", port),)).send("dock", [b"^XA^XZ"], answers=False))


def test_kept_files_are_what_their_hash_says(tmp_path: Path) -> None:
    """A changed or lost file is refused, not handed out."""
    contents = FolderContents(tmp_path)
    digest = contents.keep(b"sheet")
    assert contents.keep(b"sheet") == digest
    assert contents.read(digest) == b"sheet"
    path = tmp_path / digest[:2] / digest
    path.write_bytes(b"other")
    with pytest.raises(ContentAltered):
        contents.read(digest)
    path.unlink()
    with pytest.raises(ContentAbsent):
        contents.read(digest)


def test_printers_come_from_the_settings() -> None:
    """Names with host and port; the port of raw data when none is said; nonsense is refused."""
    from ledger.settings import SettingRefused, Settings

    env = {"ONECODE_PRINTERS": "dock=10.1.2.3, desk=printer.example.cn:6101"}
    assert Settings.from_env(env).printers == (("dock", "10.1.2.3", 9100), ("desk", "printer.example.cn", 6101))
    for wrong in ("10.1.2.3", "a=b:99999", "a=b,a=c", "a=http://b"):
        with pytest.raises(SettingRefused):
            Settings.from_env({"ONECODE_PRINTERS": wrong})
    assert dataclasses.replace(Settings(), printers=()).printers == ()
