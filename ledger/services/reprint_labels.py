"""Reprint labels of a job, some or all: drawn and read back again, and an entry of its own with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.ports.labels import Progress
from ledger.services.label_desk import LabelDesk, chosen, order_of, print_job, put_down
from ledger.services.print_labels import Printed, act_of, send


def reprint_labels(
    desk: LabelDesk,
    job: str,
    *,
    numbers: Sequence[int] = (),
    reason: str,
    start: int = 1,
    progress: Progress | None = None,
) -> Printed:
    """
    The labels of these numbers (all for none) once more, from place ``start`` of a sheet on.

    The domain and layout are those of the first print. Raises ``PrintJobAbsent``, ``LabelNumberAbsent``,
    ``FieldMissing`` without a reason.
    """
    known = print_job(desk, job)
    first = order_of(desk, known.printed)
    numbers = tuple(sorted(set(numbers)))
    labels = tuple(chosen(job, first, numbers))
    order = msgspec.structs.replace(first, labels=labels, start=start)
    drawn = desk.press.draw(order, progress)
    record = act_of(desk, drawn, order, labels, job=job, act=len(known.acts) + 1, numbers=numbers, reason=reason)
    receipt = put_down(desk, record)
    spoiled = send(desk, job, order, drawn, numbers=numbers or range(1, len(labels) + 1), progress=progress)
    return Printed(job, receipt, drawn.report, spoiled)
