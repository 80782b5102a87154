"""
A print job of labels, as it goes on: the print, each reprint and each void is a record of its own.

The labels' order, the file and its verification are kept beside the ledger under their SHA-256, which the record holds.
A print says that a file was drawn and read back; it does not say that the thing exists or that its tag is in use
(commissioning is an event of its own), nor what became of the paper.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_leg import Moment, Name

MOST_INLINE = 200
"""Codes written into the record itself; of a larger job the hash of the list stands for them."""
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Code = Annotated[str, Meta(min_length=1, max_length=2048)]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]
Action = Literal["print", "reprint", "void"]


class LabelPrint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The ``act``-th thing done with print job ``job``, from 1: its print, then reprints and voids.

    ``codes_sha256`` is the hash of the labels' identities in order, one a line, each with a line feed; ``numbers`` are
    their places in the job (all, when absent). ``dpi`` is dots to the inch. ``verified`` of ``count`` labels read back
    from the drawn file. ``order_sha256``, ``file_sha256`` and ``report_sha256`` name what is kept beside the ledger.
    """

    act: Number
    action: Action
    codes: Annotated[tuple[Code, ...], Meta(max_length=MOST_INLINE)] = ()
    codes_sha256: Sha256
    count: Number
    dpi: Number
    encoded: bool = False
    """Whether each label's tag was to be written too."""
    file_sha256: Sha256 | None = None
    format: Literal["pdf", "zpl"]
    id: Name
    job: Name
    kind: Literal["label_print"]
    numbers: Annotated[tuple[Number, ...], Meta(max_length=50_000)] = ()
    occurred_at: Moment
    order_sha256: Sha256
    printer: Name | None = None
    reason: Name | None = None
    report_sha256: Sha256 | None = None
    stock: Name
    verified: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    version: Literal[1]


def check_print(record: LabelPrint) -> None:
    """A print and a reprint have a file that was read back; a reprint and a void have a reason."""
    drawn = None not in (record.file_sha256, record.report_sha256, record.verified)
    if drawn == (record.action == "void"):
        raise contradiction(
            "a print names its file and report, a void has none", "打印须写明其文件与报告，作废则不写", "/file_sha256"
        )
    if (record.action == "print") != (record.act == 1):
        raise contradiction("a job begins with its print, and has one", "打印任务以打印开始，且只有一次打印", "/act")
    if record.action != "print" and not record.reason:
        raise FieldMissing(field="reason").at(Place(pointer="/reason"))
