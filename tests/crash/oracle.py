"""
What must hold after any number of deaths, with no manual step.

Every acknowledged record is in the log once, byte for byte; every entry is in exactly one checkpoint; checkpoints
abut; the chain's head is the log's newest checkpoint; nothing was anchored, or sent, twice; ``check_ledger`` agrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from web3 import Web3

from ledger.adapters.chain.artifact import registry
from ledger.adapters.chain.client import ANCHORED_TOPIC
from ledger.log.proof import record_of
from ledger.ports import Receipt, StoredCheckpoint
from ledger.services.capture import record_bytes
from ledger.services.check_ledger import check_ledger
from ledger.wiring import Ledger
from tests.builders import TENANT
from tests.crash.plan import Plan


def examined(ledger: Ledger, plan: Plan, receipts: Mapping[str, Receipt]) -> Iterator[str]:
    """Everything that does not hold."""
    yield from _records(ledger, plan, receipts)
    checkpoints = ledger.checkpoints.all()
    yield from _ranges(checkpoints, ledger.entries.size())
    yield from _on_chain(ledger, checkpoints)
    yield from _projected(ledger)
    report = check_ledger(ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain)
    for fault in (*report.faults, *report.unknown):
        yield f"check: {fault}"


def _records(ledger: Ledger, plan: Plan, receipts: Mapping[str, Receipt]) -> Iterator[str]:
    stored = [row for rows in ledger.entries.rows(0, ledger.entries.size()) for row in rows]
    ids = Counter(record_of(ledger.entries.entry(row.seq))["id"] for row in stored)
    yield from (f"doubled: record {name} is in the log {times} times" for name, times in ids.items() if times > 1)
    for record in (record for batch in plan.batches for record in batch):
        receipt = receipts.get(record.id)
        if receipt is None:
            yield f"lost: record {record.id} was never acknowledged"
        elif receipt.seq >= len(stored):
            yield f"lost: record {record.id}, acknowledged as entry {receipt.seq}, is not in the log"
        elif b'{"record":' + record_bytes(record) + b"," not in stored[receipt.seq].body:
            yield f"lost: entry {receipt.seq} is not the record {record.id} that was acknowledged as it"
        elif receipt.recorded_at not in {0, stored[receipt.seq].recorded_at}:
            yield f"changed: the recorded time of entry {receipt.seq}"
    planned = {record.id for batch in plan.batches for record in batch}
    yield from (f"invented: record {name} was never handed in" for name in ids.keys() - planned)


def _ranges(checkpoints: list[StoredCheckpoint], size: int) -> Iterator[str]:
    end = 0
    for stored in checkpoints:
        if stored.previous_size != end:
            yield f"ranges: a checkpoint begins at {stored.previous_size}, the one before it ends at {end}"
        end = stored.checkpoint.size
    if end != size:
        yield f"ranges: checkpoints end at {end}, the log has {size} entries"
    if checkpoints and checkpoints[-1].state != "confirmed":
        yield f"unanchored: the newest checkpoint is {checkpoints[-1].state}"


def _on_chain(ledger: Ledger, checkpoints: list[StoredCheckpoint]) -> Iterator[str]:
    ours = {stored.checkpoint.size: stored.checkpoint.root for stored in checkpoints}
    anchored = anchored_sizes(ledger)
    for size, root in anchored:
        if ours.get(size) != root:
            yield f"forked: the chain holds size {size} with a root that is not ours"
    sizes = [size for size, _ in anchored]
    if sizes != sorted(set(sizes)):
        yield f"doubled: the chain's sizes are {sizes}"
    head = ledger.chain.head()
    if (head.size, head.root) != (sizes[-1], ours.get(sizes[-1])) or head.size != ledger.entries.size():
        yield f"unanchored: the chain's head is {head.size}, the log has {ledger.entries.size()} entries"
    sent = ledger.chain.next_nonce() - 1
    if sent != len(anchored):
        yield f"doubled: {sent} transactions for {len(anchored)} anchored checkpoints"
    for stored in checkpoints:
        if stored.state == "confirmed" and stored.checkpoint.size not in sizes:
            yield f"unanchored: size {stored.checkpoint.size} is called confirmed and is not on the chain"


def anchored_sizes(ledger: Ledger) -> list[tuple[int, bytes]]:
    """(size, root) of every ``CheckpointAnchored`` event, in order; their number is what the contract counts."""
    chain: Any = ledger.chain.opened
    web3, address = chain._web3, chain.identity().contract
    logs = web3.eth.get_logs({"address": address, "fromBlock": 0, "topics": [Web3.to_hex(ANCHORED_TOPIC)]})
    events = [(int.from_bytes(log["topics"][1]), bytes(log["topics"][2])) for log in logs]
    count = web3.eth.contract(address=address, abi=registry().abi).functions.count().call()
    if count != len(events):
        raise AssertionError(f"the contract counts {count} checkpoints, {len(events)} events say so")
    return events


def _projected(ledger: Ledger) -> Iterator[str]:
    folded = ledger.projections.counts(TENANT)
    total = folded["transport_leg"] + folded["epcis_event"]
    if total != ledger.entries.size():
        yield f"projections: {total} records counted, the log has {ledger.entries.size()}"
