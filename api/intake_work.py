"""Takes up intake jobs one after the other: checks uploads, submits them, takes submissions back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from api.hand_in import permit
from ledger.adapters.files import open_file
from ledger.errors import LedgerError, StoreError
from ledger.ports.intake import IntakeJob
from ledger.records.record import Record
from ledger.services.access import FOREVER, ROLES, Principal
from ledger.services.capture import check_supplier
from ledger.services.check_upload import check_upload
from ledger.services.held_job import CLAIM, ClaimLost, HeldJob
from ledger.services.import_file import Source
from ledger.services.intake import now
from ledger.services.intake_errors import IntakeFailed
from ledger.services.sift_rows import Permit
from ledger.services.submit_upload import submit_upload, withdraw_upload
from ledger.wiring import Ledger

_LOG: Final = logging.getLogger("onecode.intake")


def work(ledger: Ledger, stopped: Callable[[], bool], patience: int = CLAIM) -> bool:
    """Take up the oldest job that waits, or whose process fell silent; whether there was one."""
    at = now(ledger)
    job = None if stopped() else ledger.intake.claim(ledger.random.token(8).hex(), at, at + patience)
    if job is None:
        return False
    held = HeldJob(ledger, job, stopped, patience)
    try:
        _work(ledger, held)
    except ClaimLost:
        _LOG.info("upload %s is no longer this process's", job.id)
    except StoreError:
        raise  # the claim runs out, and the job goes on then
    except Exception as error:  # noqa: BLE001 - logged, and told to who waits for the file
        _LOG.exception("upload %s failed", job.id)
        held.let_go("failed", error if isinstance(error, LedgerError) else IntakeFailed())
    return True


def _work(ledger: Ledger, held: HeldJob) -> None:
    job = held.job
    if job.stage == "checking":
        check_upload(held, lambda job: _opened(ledger, job), _permit(job))
    elif job.stage == "submitting":
        submit_upload(held)
    else:
        withdraw_upload(held)


def _opened(ledger: Ledger, job: IntakeJob) -> Source:
    return open_file(ledger.uploads.path(job.id), name=job.name)


def _permit(job: IntakeJob) -> Permit:
    """What the sender of a job may hand in, by the role it had when it uploaded."""
    role = next(role for role in ROLES if role == job.role)
    principal = Principal(job.submitter, job.tenant, "", role, 0, FOREVER, organisation=job.organisation)
    sender = replace(principal, scope=frozenset(job.scope))

    def permitted(record: Record) -> None:
        permit(record, sender)
        check_supplier(record, job.organisation)

    return permitted
