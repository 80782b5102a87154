"""Printing labels: what is ordered, who draws and checks it, where files are kept, and the printers at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Literal, NamedTuple, Protocol

from msgspec import Meta, Struct

from ledger.errors import Locale
from ledger.ports.projections import Folding

MOST_LABELS = 20_000
"""Labels of one print job."""
Progress = Callable[[str, int, int], None]
"""What is being done (``drawing``, ``reading``, ``sending``), how many labels are done, of how many."""
Text = Annotated[str, Meta(max_length=400)]


class OrderedLabel(Struct, frozen=True, omit_defaults=True):
    """One label: canonical identity, name, further lines, and what its tag is to hold [hexadecimal]."""

    code: Annotated[str, Meta(min_length=1, max_length=2048)]
    title: Text
    lines: tuple[Text, ...] = ()
    epc: Annotated[str, Meta(max_length=124)] = ""


class LabelOrder(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    Everything that a print depends on, so that it can be drawn again to the same bytes.

    ``offset`` is right and down [1/100 mm]; ``start`` the first place used on the first sheet, from 1.
    """

    labels: tuple[OrderedLabel, ...]
    domain: str
    stock: str
    dpi: int | None = None
    symbology: str = "QR"
    correction: Literal["L", "M", "Q", "H"] | None = None
    start: int = 1
    offset: tuple[int, int] = (0, 0)
    locale: Locale = "zh-CN"
    format: Literal["pdf", "zpl"] = "pdf"
    encode: bool = False
    native: bool = False
    printer: str | None = None


class LabelFault(Struct, frozen=True):
    """A label that did not read back; ``number``, ``page``, ``place`` from 1."""

    kind: Literal["missing", "different", "unexpected"]
    number: int | None
    page: int
    place: int | None
    expected: str
    found: str


class LabelReport(Struct, frozen=True, kw_only=True):
    """What reading the drawn file gave, at ``dpi``: about the file, not about paper."""

    labels: int
    pages: int
    dpi: int
    faults: tuple[LabelFault, ...]

    @property
    def verified(self) -> int:
        """Labels that read back as ordered."""
        return self.labels - len({fault.number for fault in self.faults if fault.number})


class Drawn(NamedTuple):
    """A drawn job: the file for the printer, and how it read back."""

    file: bytes
    report: LabelReport
    dpi: int


class Press(Protocol):
    """Draws labels and reads what it drew. Raises leaves of ``LabelError`` and ``IdentityError`` with the row."""

    def draw(self, order: LabelOrder, progress: Progress | None = None) -> Drawn:
        """The file of an order, every label of it decoded."""
        ...

    def read(self, order: LabelOrder, file: bytes) -> LabelReport:
        """A file read again, label by label; one for a label printer is drawn again and must be the same."""
        ...

    def preview(self, order: LabelOrder) -> bytes:
        """The first page as a PNG."""
        ...

    def cutting(self, order: LabelOrder, number: int) -> bytes:
        """One label of an order as a PNG, drawn as in the job."""
        ...

    def calibration(self, order: LabelOrder) -> bytes:
        """A page to lay over the stock: the edge of every label, crosses and rulers (PDF)."""
        ...

    def formats(self, file: bytes) -> list[bytes]:
        """The single labels of a file for a label printer."""
        ...

    def verdict(self, number: int, expected: str, answer: bytes | None) -> str:
        """What was wrong with a tag that was read back; empty when it holds what it should."""
        ...


class Contents(Protocol):
    """Files under the SHA-256 of their bytes."""

    def keep(self, data: bytes) -> str:
        """Store them, durably; their hash [hexadecimal]."""
        ...

    def read(self, sha256: str) -> bytes:
        """Stored bytes. Raises ``ContentAbsent``, and ``ContentAltered`` when they are not what the hash says."""
        ...


class LabelPrinters(Protocol):
    """The label printers that the settings name; no other is ever spoken to."""

    def names(self) -> Sequence[str]:
        """Their names."""
        ...

    def send(self, printer: str, formats: Iterable[bytes], *, answers: bool) -> Iterator[bytes | None]:
        """
        Send each format; with ``answers`` wait for one line after each, ``None`` when none came in time.

        Yields once per format, after it went out. Raises ``PrinterUnknown``, ``PrinterUnavailable``.
        """
        ...


class JobRow(NamedTuple):
    """A print job in the list."""

    job: str
    seq: int
    printed_at: int
    labels: int
    verified: int
    reprints: int
    voids: int
    stock: str
    format: str


class LabelJobs(Folding, Protocol):
    """The list of print jobs."""

    def jobs(self, tenant: str, before: int | None = None, limit: int = 50) -> list[JobRow]:
        """Jobs of a tenant, newest first, with a first entry below ``before``."""
        ...
