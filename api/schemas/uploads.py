"""Shapes of uploads and evidence. Moments are RFC 3339 UTC; hashes are lower-case hex; sizes are bytes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class NewUpload(Struct, frozen=True, kw_only=True):
    """A file that is to be sent; ``sha256`` is compared with what arrives, and lets a cut upload go on."""

    name: Annotated[str, Meta(min_length=1, max_length=500)]
    size: Annotated[int, Meta(ge=1, le=10**12)]
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-fA-F]{64})?\Z")] = ""


class RuleBroken(Struct, frozen=True, kw_only=True):
    """What is wrong: the rule, the reason and what to do in the reader's language."""

    column: str | None = None
    value: str = ""
    rule: str
    reason: str
    fix: str


class FoldedView(Struct, frozen=True, kw_only=True):
    """A cell in full-width forms, and what it was read as."""

    row: int
    column: str
    before: str
    after: str


class UploadView(Struct, frozen=True, kw_only=True):
    """
    A file on its way, as the server has it. Send parts of ``part_size`` from ``received`` on.

    ``read`` = ``good`` + refused at the check; ``known`` of the good rows are entries already. ``preflight_read`` and
    ``preflight_refused`` tell of the first rows. ``rate`` is rows a second, ``seconds_left`` of the present stage.
    ``folded`` are the first cells of those rows that were read from full-width forms, ``folded_cells`` counts them.
    ``stalled`` says that no process works on it. After submission, ``fresh`` rows were added, ``already`` were there.
    ``state`` says how far its last entry has come.
    """

    id: str
    name: str
    size: int
    sha256: str
    created_at: str
    active_at: str
    stage: Literal[
        "uploading", "checking", "checked", "submitting", "submitted", "withdrawing", "withdrawn", "failed",
        "cancelled", "discarded",
    ]  # fmt: skip
    waiting: bool
    stalled: bool
    received: int
    part_size: int
    fault: RuleBroken | None
    earlier: str | None
    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    kinds: dict[str, int]
    total: int
    read: int
    good: int
    known: int
    refused: int
    preflight_read: int
    preflight_refused: int
    folded: list[FoldedView]
    folded_cells: int
    rate: int | None
    seconds_left: int | None
    done: int
    fresh: int
    already: int
    conflicts: int
    first_entry: int | None
    last_entry: int | None
    state: str | None
    withdrawn: int
    kept: int


class UploadList(Struct, frozen=True, kw_only=True):
    """Uploads, newest first; ask again with ``before`` = ``next_before`` until it is null."""

    uploads: list[UploadView]
    next_before: str | None


class RefusedRow(Struct, frozen=True, kw_only=True):
    """A row that is not taken, with its cells as they were and everything that is wrong with it."""

    sheet: str | None
    row: int | None
    cells: list[str]
    faults: list[RuleBroken]


class RefusedPage(Struct, frozen=True, kw_only=True):
    """Refused rows in the file's order; ask again with ``after`` = ``next_after`` until it is null."""

    total: int
    rows: list[RefusedRow]
    next_after: int | None


class ReceiptRow(Struct, frozen=True, kw_only=True):
    """What a row became: its entry; ``repeated`` when it was one before. Null for a row refused at submission."""

    row: int
    id: str
    entry: int | None
    repeated: bool


class ReceiptPage(Struct, frozen=True, kw_only=True):
    """Rows that were submitted, a batch at a time; ask again with ``batch`` = ``next_batch`` until it is null."""

    rows: list[ReceiptRow]
    next_batch: int | None


class EvidenceView(Struct, frozen=True, kw_only=True):
    """A file of evidence and the entry that says it was handed in. What it proves, a reader has to judge."""

    id: str
    entry: int
    repeated: bool
    about: str
    name: str
    media_type: str
    bytes: int
    sha256: str
    supplier: str | None
