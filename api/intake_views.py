"""Intake jobs as they are shown, by the API and by pages alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from starlette.responses import Response

from api.downloads import MEDIA, download
from api.faults import NoSuchAddress
from api.schemas.uploads import FoldedView, ReceiptPage, ReceiptRow, RefusedPage, RefusedRow, RuleBroken, UploadView
from api.wire import instant
from ledger.adapters.files.refused_file import REASON_HEADINGS, error_csv, error_xlsx
from ledger.errors import Locale
from ledger.ports import Receipt
from ledger.ports.intake import OPEN, IntakeJob, Refused
from ledger.records.evidence_file import EvidenceFile
from ledger.services.access import Principal, manages
from ledger.services.capture import Submission
from ledger.services.coverage import states
from ledger.services.evidence_files import Upload, attach
from ledger.services.intake import PART, SILENT, Sender, now, upload_of
from ledger.wiring import Ledger

_STEP: Final = 1_000
_SECOND: Final = 1_000_000


def sender_of(principal: Principal) -> Sender:
    """A principal as one who uploads."""
    scope = tuple(sorted(principal.scope))
    return Sender(principal.tenant, principal.organisation, principal.id, principal.role, scope, manages(principal))


def upload_for(ledger: Ledger, principal: Principal, upload_id: str) -> IntakeJob:
    """The job as this principal may see it. Raises ``IntakeAbsent``."""
    return upload_of(ledger, principal.tenant, principal.organisation, upload_id)


def upload_view(ledger: Ledger, job: IntakeJob, locale: Locale) -> UploadView:
    """A job as it is now."""
    at = now(ledger)
    rate, left = _pace(job)
    last = job.last_entry if job.last_entry >= 0 else None
    return UploadView(
        id=job.id,
        name=job.name,
        size=job.size,
        sha256=job.sha256 or job.announced,
        created_at=instant(job.created_at),
        active_at=instant(job.beat_at),
        stage=job.stage,
        waiting=job.waiting,
        stalled=job.stage in OPEN and at - job.beat_at > SILENT and not ledger.intake.busy(at),
        received=job.received,
        part_size=PART,
        fault=RuleBroken(rule=job.fault.rule, reason=job.fault.reason[locale], fix=job.fault.fix[locale])
        if job.fault
        else None,
        earlier=job.earlier or None,
        headings=job.headings,
        ignored=tuple(one for one in job.ignored if one not in REASON_HEADINGS),
        kinds=dict(job.kinds),
        total=job.total,
        read=job.read,
        good=job.good,
        known=job.known,
        refused=job.refused,
        preflight_read=job.preflight[0],
        preflight_refused=job.preflight[1],
        folded=[FoldedView(row=one.row, column=one.column, before=one.before, after=one.after) for one in job.folded],
        folded_cells=job.folded_cells,
        rate=rate,
        seconds_left=left,
        done=job.done,
        fresh=job.fresh,
        already=job.already,
        conflicts=job.conflicts,
        first_entry=job.first_entry if job.first_entry >= 0 else None,
        last_entry=last,
        state=next(states(ledger.checkpoints, [last])) if last is not None else None,
        withdrawn=job.withdrawn,
        kept=job.kept,
    )


def _pace(job: IntakeJob) -> tuple[int | None, int | None]:
    """Rows a second, and seconds until the present stage is done, as far as either is known."""
    done, total = (job.read, job.total) if job.stage == "checking" else (job.done, job.good)
    rows, spent = done - job.done_before, job.beat_at - job.started_at
    if job.stage not in OPEN or not job.started_at or rows <= 0 or spent <= 0:
        return None, None
    return rows * _SECOND // spent, max(total - done, 0) * spent // (rows * _SECOND)


def refused_page(ledger: Ledger, job: IntakeJob, after: int, limit: int, locale: Locale) -> RefusedPage:
    """Refused rows behind the first ``after``."""
    found = ledger.intake.refused(job.id, after, limit + 1)
    rows = [_row(one, locale) for one in found[:limit]]
    return RefusedPage(total=job.refused, rows=rows, next_after=after + limit if len(found) > limit else None)


def all_refused(ledger: Ledger, job: IntakeJob) -> Iterator[Refused]:
    """Every refused row."""
    after = 0
    while rows := ledger.intake.refused(job.id, after, _STEP):
        yield from rows
        after += len(rows)


def _row(told: Refused, locale: Locale) -> RefusedRow:
    faults = [
        RuleBroken(
            column=one["column"],
            value=one["value"],
            rule=one["rule"],
            reason=one["reason"][locale],
            fix=one["fix"][locale],
        )
        for one in told["faults"]
    ]
    return RefusedRow(sheet=told["sheet"], row=told["row"], cells=list(told["cells"]), faults=faults)


def error_file(ledger: Ledger, job: IntakeJob, form: str) -> Response:
    """The file of a job's refused rows."""
    write = error_csv if form == "csv" else error_xlsx
    return download(write(job.headings, all_refused(ledger, job)), MEDIA[form], f"{job.name}-errors.{form}")


def receipt_page(ledger: Ledger, job: IntakeJob, number: int) -> ReceiptPage:
    """One batch of a receipt. Raises ``NoSuchAddress`` beyond the last that was submitted."""
    if number >= job.sent:
        raise NoSuchAddress
    done = ledger.intake.batch(job.id, number)
    rows = [
        ReceiptRow(row=row, id=name, entry=seq if seq >= 0 else None, repeated=seq >= 0 and not fresh)
        for row, name, seq, fresh in zip(done.rows, done.ids, done.seqs, done.fresh, strict=True)
    ]
    return ReceiptPage(rows=rows, next_batch=number + 1 if number + 1 < job.sent else None)


def attached(ledger: Ledger, principal: Principal, upload: Upload) -> tuple[EvidenceFile, Receipt]:
    """Keep a file in the name of a principal and of its organisation."""
    return attach(ledger, Submission.of(principal), principal.organisation, upload)
