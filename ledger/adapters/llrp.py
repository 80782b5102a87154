"""
Readers that speak LLRP (EPCglobal/GS1 Low Level Reader Protocol 1.0.1), through llrpkit.

The library is young: it is an extra (``pip install onecode-ledger[llrp]``), pinned, and imported here alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from typing import Any, Final

from ledger.adapters.clock import SystemClock
from ledger.ports.tag_readers import LlrpAbsent, ReaderUnreachable
from ledger.reads.read import TagRead
from ledger.records.record import microseconds

PORT: Final = 5084
PAUSE: Final = 0.5
"""Seconds for which reads are gathered before they are handed on."""
MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class LlrpReader:
    """``ports.tag_readers.TagReader`` over LLRP."""

    host: str
    port: int = PORT
    antennas: tuple[int, ...] = ()
    seconds: float | None = None
    """For how long to read; until closed without it."""

    def batches(self) -> Generator[list[TagRead], None, None]:
        """See ``TagReader.batches``."""
        try:
            import llrpkit
        except ImportError:
            raise LlrpAbsent from None
        loop = asyncio.new_event_loop()
        stream = self._read(llrpkit.Reader(self.host, self.port))
        try:
            while True:
                try:
                    yield loop.run_until_complete(anext(stream))
                except StopAsyncIteration:
                    return
                except (llrpkit.LLRPError, OSError, TimeoutError) as error:
                    raise ReaderUnreachable(address=f"{self.host}:{self.port}", reason=str(error)) from error
        finally:
            loop.run_until_complete(stream.aclose())
            loop.close()

    async def _read(self, reader: Any) -> AsyncGenerator[list[TagRead], None]:
        loop = asyncio.get_running_loop()
        end = None if self.seconds is None else loop.time() + self.seconds
        held: list[TagRead] = []
        async with reader:
            wanted = {"antennas": self.antennas} if self.antennas else {}
            reports = reader.inventory(**wanted).__aiter__()
            coming = asyncio.ensure_future(anext(reports))
            try:
                due = loop.time() + PAUSE
                while end is None or loop.time() < end:
                    done, _ = await asyncio.wait({coming}, timeout=max(0.0, due - loop.time()))
                    if done:
                        held.append(_of(coming.result()))
                        coming = asyncio.ensure_future(anext(reports))
                    if held and (loop.time() >= due or len(held) >= MOST):
                        yield held
                        held = []
                    if loop.time() >= due:
                        due = loop.time() + PAUSE
                if held:
                    yield held
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)


def _of(report: Any) -> TagRead:
    """A report in our units; a reader without a clock of its own has none to give, then it is now."""
    at = report.last_seen_us or report.first_seen_us or microseconds(SystemClock().now())
    rssi = None if report.rssi_dbm is None else round(report.rssi_dbm * 100)
    return TagRead(report.epc_hex.upper(), at, report.antenna or 0, rssi)
