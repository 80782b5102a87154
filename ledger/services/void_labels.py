"""Declare labels of a job void: spoiled, misprinted, or with a tag that does not hold what it should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.ports import Receipt
from ledger.records.label_print import LabelPrint
from ledger.services.label_desk import LabelDesk, LabelVoid, chosen, codes_of, order_of, print_job, put_down, record_id


class Voided(NamedTuple):
    """Labels that are void now, and whether their tags were written: then something is left to do."""

    receipt: Receipt
    numbers: tuple[int, ...]
    encoded: bool


def void_labels(desk: LabelDesk, job: str, *, numbers: Sequence[int] = (), reason: str) -> Voided:
    """
    These labels (all for none) are not to be used; the entry says why.

    The tag of an encoded label still answers: destroy it, or write it anew. When its commissioning was captured, that
    event is to be declared wrong (EPCIS errorDeclaration); this is not done here, because a label is not the thing.
    Raises ``PrintJobAbsent``, ``LabelNumberAbsent``, ``LabelVoid``, ``FieldMissing`` without a reason.
    """
    known = print_job(desk, job)
    order = order_of(desk, known.printed)
    numbers = tuple(sorted(set(numbers)))
    labels = chosen(job, order, numbers)
    if known.void.issuperset(numbers or range(1, len(order.labels) + 1)):
        raise LabelVoid(job=job, numbers=", ".join(map(str, sorted(numbers or known.void)[:20])))
    codes, digest = codes_of(labels)
    printed = known.printed
    record = LabelPrint(
        act=len(known.acts) + 1,
        action="void",
        codes=codes,
        codes_sha256=digest,
        count=len(labels),
        dpi=printed.dpi,
        encoded=printed.encoded,
        format=printed.format,
        id=record_id(job, len(known.acts) + 1),
        job=job,
        kind="label_print",
        numbers=numbers,
        occurred_at=desk.clock.now(),
        order_sha256=printed.order_sha256,
        printer=printed.printer,
        reason=reason,
        stock=printed.stock,
        version=1,
    )
    return Voided(put_down(desk, record), numbers, printed.encoded)
