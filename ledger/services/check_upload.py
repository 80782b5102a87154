"""
The full check of an uploaded file: its good rows are staged, every bad one is kept with all that is wrong with it.

Batches are written as they are checked, so that the first rows are there at once and a process that takes over goes on
behind the last of them. The file is let go when every row has its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from ledger.errors import LedgerError, StoreError
from ledger.ports.intake import FoldedCell, IntakeJob
from ledger.records.record import KINDS
from ledger.services.capture import Submission
from ledger.services.held_job import HeldJob
from ledger.services.import_file import BATCH, Source, own_vehicles, vehicle_names
from ledger.services.intake_errors import FileEmpty, TooManyFileRows
from ledger.services.sift_rows import Permit, Sifted, Sifter

PREFLIGHT: Final = 200
"""Rows that are checked and shown before all others."""
MOST_ROWS: Final = 500_000
MOST_FOLDED: Final = 20
"""Folded cells that are shown."""
Opener = Callable[[IntakeJob], Source]
"""Opens the file of a job; raises leaves of ``FileError``."""


def check_upload(held: HeldJob, opened: Opener, permit: Permit) -> None:
    """Check what is left of the file of a job in stage ``checking``. Raises ``ClaimLost``, ``StoreError``."""
    try:
        _check(held, opened, permit)
    except StoreError:
        raise
    except LedgerError as error:
        held.let_go("failed", error)
    else:
        held.let_go("checked")
    held.desk.uploads.drop(held.job.id)


def _check(held: HeldJob, opened: Opener, permit: Permit) -> None:
    desk, job = held.desk, held.job
    held.write(lambda old: replace(old, started_at=0))
    source = opened(job)
    job = held.write(
        lambda old: replace(
            old, total=source.total, headings=source.headings, ignored=source.ignored, done_before=old.read
        )
    )
    speaks_for = job.organisation if job.role == "supplier" else ""
    submission = Submission(job.tenant, job.submitter, job.manages, speaks_for)
    sifter = Sifter(desk.entries, submission, job.name, permit)
    for number in range(job.batches):
        sifter.remember(desk.intake.batch(job.id, number))
    vehicles = vehicle_names(desk.factors, own_vehicles(desk.projections, job.tenant))
    rows = islice(source.rows(vehicles), job.read, None)
    while batch := list(islice(rows, BATCH if job.read else PREFLIGHT)):
        if job.read + len(batch) > MOST_ROWS:
            raise TooManyFileRows(limit=MOST_ROWS)
        told = [] if job.read else [one for row in batch for one in row.folded]
        job = _staged(held, len(batch), sifter.sift(batch), told)
    if not job.read:
        raise FileEmpty


def _staged(held: HeldJob, read: int, sifted: Sifted, told: Sequence[FoldedCell]) -> IntakeJob:
    good, bad = len(sifted.good.ids), len(sifted.refused)

    def checked(old: IntakeJob) -> IntakeJob:
        kinds = Counter(old.kinds) + Counter(KINDS[number][0] for number in sifted.good.kinds)
        return replace(
            old,
            read=old.read + read,
            total=max(old.total, old.read + read),
            good=old.good + good,
            known=old.known + len(sifted.known),
            refused=old.refused + bad,
            preflight=old.preflight if old.read else (read, bad),
            folded=old.folded if old.read else tuple(told[:MOST_FOLDED]),
            folded_cells=old.folded_cells if old.read else len(told),
            batches=old.batches + bool(good),
            kinds=dict(kinds),
        )

    batch = (held.job.batches, sifted.good) if good else None
    return held.write(checked, batch, [refused.to_record(placed=False) for refused in sifted.refused])
