"""Read the kept file of a print job again: is it what the entry says, and does every label still decode?"""

from __future__ import annotations

from typing import NamedTuple

from ledger.log.errors import EntryAbsent
from ledger.ports.labels import LabelReport
from ledger.services.label_desk import LabelDesk, order_of, print_job, report_of


class Reread(NamedTuple):
    """How the file reads now, and whether that is what was recorded."""

    report: LabelReport
    as_recorded: bool


def verify_labels(desk: LabelDesk, job: str, act: int = 1) -> Reread:
    """
    The file of an act, its hash checked against the entry's, decoded again and compared with the recorded report.

    Raises ``PrintJobAbsent``, ``EntryAbsent`` for an act without a file, ``ContentAltered``, ``ContentAbsent``.
    """
    acts = print_job(desk, job).acts
    record = acts[act - 1].record if 1 <= act <= len(acts) else None
    if record is None or record.file_sha256 is None:
        raise EntryAbsent(entry=f"{job}/{act}")
    report = desk.press.read(order_of(desk, record), desk.contents.read(record.file_sha256))
    return Reread(report, report == report_of(desk, record))
