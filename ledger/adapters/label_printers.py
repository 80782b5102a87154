"""``ports.LabelPrinters``: raw data over TCP, to the printers that the settings name and to no other."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.errors import StoreError

CONNECT_SECONDS, SEND_SECONDS, ANSWER_SECONDS = 5.0, 30.0, 20.0
"""A printer that is out of paper takes no more data; a tag may need several labels."""
LONGEST_ANSWER = 300


class PrinterUnknown(StoreError):
    """A printer that the settings do not name."""

    code = "store.printer-unknown"
    printer: str
    known: str
    en = "there is no printer {printer!r}; known: {known}"
    zh = "没有打印机 {printer!r}；可用：{known}"
    fix_en = "Choose one of these, or name it in ONECODE_PRINTERS"
    fix_zh = "请选择其中之一，或在 ONECODE_PRINTERS 中登记"


class PrinterUnavailable(StoreError):
    """A printer that does not take what is sent."""

    code = "store.printer-unavailable"
    retryable = True
    printer: str
    why: str
    en = "printer {printer} does not take it: {why}"
    zh = "打印机 {printer} 未接收：{why}"
    fix_en = "Check paper, ribbon and network, then reprint what is missing"
    fix_zh = "请检查纸张、碳带和网络，然后补打缺失的标签"


@dataclass(frozen=True, slots=True)
class RawPrinters:
    """Printers by (name, host, port)."""

    known: tuple[tuple[str, str, int], ...]
    answer_seconds: float = ANSWER_SECONDS

    def names(self) -> Sequence[str]:
        """See ``LabelPrinters.names``."""
        return [name for name, _, _ in self.known]

    def send(self, printer: str, formats: Iterable[bytes], *, answers: bool) -> Iterator[bytes | None]:
        """See ``LabelPrinters.send``. One connection for the whole job."""
        address = next(((host, port) for name, host, port in self.known if name == printer), None)
        if address is None:
            raise PrinterUnknown(printer=printer[:60], known=", ".join(self.names()) or "-")
        try:
            with socket.create_connection(address, CONNECT_SECONDS) as line:
                for each in formats:
                    line.settimeout(SEND_SECONDS)
                    line.sendall(each)
                    yield self._answer(line) if answers else None
        except OSError as error:
            raise PrinterUnavailable(printer=printer, why=str(error) or type(error).__name__) from None

    def _answer(self, line: socket.socket) -> bytes | None:
        """One line, or what came of it within bounds; ``None`` when nothing came in time."""
        line.settimeout(self.answer_seconds)
        found = b""
        try:
            while not found.endswith(b"\n") and len(found) < LONGEST_ANSWER:
                part = line.recv(LONGEST_ANSWER)
                if not part:
                    raise ConnectionError("connection closed")
                found += part
        except TimeoutError:
            return found or None
        return found
