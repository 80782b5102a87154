"""The LLRP adapter against the emulator of its library: real LLRP over TCP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from llrpkit.emulator import EmulatedTag, LLRPEmulator

from ledger.adapters.llrp import LlrpReader
from ledger.ports.tag_readers import ReaderUnreachable

TAGS = ("3066C4409047E140075BCD15", "3476451FD40000000000162E")


@pytest.fixture
def emulator() -> Iterator[Any]:
    """A reader with two tags before its antennas, on a free port of 127.0.0.1."""
    loop = asyncio.new_event_loop()
    made = LLRPEmulator(tags=[EmulatedTag(epc=bytes.fromhex(tag)) for tag in TAGS], reads_per_sec=200)
    loop.run_until_complete(made.start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield made
    asyncio.run_coroutine_threadsafe(made.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_reads_come_in_the_ledgers_units(emulator: Any) -> None:
    """Both tags are read, in upper-case hexadecimal, with antenna, a signal in 0.01 dBm and a time in microseconds."""
    batches = list(LlrpReader("127.0.0.1", emulator.port, seconds=1.2).batches())
    reads = [read for batch in batches for read in batch]
    assert {read.tag for read in reads} == set(TAGS)
    assert all(1 <= read.antenna <= 4 for read in reads)
    assert all(-10_000 < (read.rssi_cdbm or 0) < 0 for read in reads)
    assert all(read.at > 1_700_000_000_000_000 for read in reads)


def test_a_reader_that_is_not_there_says_so(emulator: Any) -> None:
    """A closed port is a typed error that may be tried again."""
    port = emulator.port
    gone = LlrpReader("127.0.0.1", 1 if port != 1 else 2)
    with pytest.raises(ReaderUnreachable) as refused:
        list(gone.batches())
    assert refused.value.retryable
