"""
What must hold after any number of deaths, with no manual step.

Every acknowledged record is in the log once, byte for byte; every entry is in exactly one checkpoint; checkpoints
abut; the chain's head is the log's newest checkpoint; nothing was anchored, or sent, twice; ``check_ledger`` agrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web3 import Web3

from ledger.adapters.chain.artifact import registry
from ledger.adapters.chain.embedded.node import EmbeddedNode
from ledger.adapters.chain.embedded.provider import NodeProvider
from ledger.adapters.chain.embedded.rpc import JsonRpc
from ledger.log.proof import record_of
from ledger.ports import ChainIdentity, Receipt, StoredCheckpoint
from ledger.services.capture import record_bytes
from ledger.services.check_ledger import check_ledger
from ledger.wiring import Ledger
from tests.builders import TENANT
from tests.crash.plan import Plan


@dataclass(frozen=True)
class Claims:
    """What the ledger says of itself, to be held against the chain by a stranger."""

    size: int
    checkpoints: list[StoredCheckpoint]
    chain: ChainIdentity


def examined(ledger: Ledger, plan: Plan, receipts: Mapping[str, Receipt]) -> Iterator[str]:
    """Everything about records, ranges and projections that does not hold."""
    yield from _records(ledger, plan, receipts)
    yield from _ranges(ledger.checkpoints.all(), ledger.entries.size())
    yield from _projected(ledger)
    report = check_ledger(ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain)
    for fault in (*report.faults, *report.unknown):
        yield f"check: {fault}"


def claims(ledger: Ledger) -> Claims:
    """What the ledger says of itself."""
    return Claims(ledger.entries.size(), ledger.checkpoints.all(), ledger.chain.identity())


@contextmanager
def stranger(chain_file: Path) -> Iterator[Web3]:
    """The chain as anybody sees it, read without a line of the ledger's own client."""
    node = EmbeddedNode(chain_file)
    try:
        yield Web3(NodeProvider(JsonRpc(node, "stranger")))
    finally:
        node.close()


def on_chain(claims: Claims, web3: Web3) -> Iterator[str]:
    """Everything that the chain contradicts. The sender's only other transaction deployed the contract."""
    contract: Any = web3.eth.contract(address=Web3.to_checksum_address(claims.chain.contract), abi=registry().abi)
    events = contract.events.CheckpointAnchored().get_logs(from_block=0)
    anchored = [(event["args"]["size"], bytes(event["args"]["root"])) for event in events]
    sizes = [size for size, _ in anchored]
    ours = {stored.checkpoint.size: stored.checkpoint.root for stored in claims.checkpoints}
    for size, root in anchored:
        if ours.get(size) != root:
            yield f"forked: the chain holds size {size} with a root that is not ours"
    if sizes != sorted(set(sizes)) or contract.functions.count().call() != len(sizes):
        yield f"doubled: the chain's sizes are {sizes}"
    head_size, head_root = contract.functions.head().call()
    if head_size != claims.size or bytes(head_root) != ours.get(claims.size):
        yield f"unanchored: the chain's head is {head_size}, the log has {claims.size} entries"
    sent = web3.eth.get_transaction_count(Web3.to_checksum_address(claims.chain.sender)) - 1
    if sent != len(sizes):
        yield f"doubled: {sent} transactions for {len(sizes)} anchored checkpoints"
    for stored in claims.checkpoints:
        if stored.state == "confirmed" and stored.checkpoint.size not in sizes:
            yield f"unanchored: size {stored.checkpoint.size} is called confirmed and is not on the chain"


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


def _projected(ledger: Ledger) -> Iterator[str]:
    folded = ledger.projections.counts(TENANT)
    total = folded["transport_leg"] + folded["epcis_event"]
    if total != ledger.entries.size():
        yield f"projections: {total} records counted, the log has {ledger.entries.size()}"
