"""
Anchor checkpoints: sign, persist, send, look, confirm.

Steps, each safe to repeat after a crash at any point:

1. One worker holds the lease; its fence guards every write.
2. The contract's head says what is anchored, in every round, also when there is nothing to send: a database older
   than its chain, or a chain older than its database, is found when the work begins. Checkpoints that the head has
   passed are done; no transaction is ever sent for them.
3. A checkpoint above the head gets one signed transaction, stored before it is sent.
4. On any doubt the head is read again. The same bytes are sent again only while the head is still the predecessor
   and their nonce is still free.
5. ``confirmed`` only when the receipt's block is final.

The chain's head may pass over checkpoints: the newest is anchored directly, and the ones between are covered by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import ChainError
from ledger.log.checkpoint import NoteKey
from ledger.log.proof import AnchorReceipt
from ledger.ports import (
    AnchorCall,
    Chain,
    ChainReceipt,
    CheckpointStore,
    Head,
    Lease,
    LeaseStore,
    SignedTransaction,
    State,
    StoredCheckpoint,
)
from ledger.ports.consortium import AnchorRules
from ledger.services.close_checkpoint import tree_of

LEASE = "anchor"
LEASE_SECONDS = 20


class HeadUnknown(ChainError):
    """The chain holds a checkpoint that this log never made."""

    code = "chain.head-unknown"
    size: int
    root: str
    en = "the contract's head (size {size}, root {root}) is not a checkpoint of this log"
    zh = "合约上的最新检查点（大小 {size}，根 {root}）不属于本账本"
    fix_en = "The database is older than the chain, or the chain belongs to another log. Restore the newest backup"
    fix_zh = "数据库早于链上状态，或该链属于其他账本。请恢复最新备份"


class ChainRolledBack(ChainError):
    """The chain no longer holds a checkpoint that was final on it."""

    code = "chain.rolled-back"
    size: int
    head: int
    en = "size {size} was confirmed on chain; the contract's head is now size {head}"
    zh = "大小 {size} 的检查点曾在链上确认，而合约上的最新检查点大小现为 {head}"
    fix_en = (
        "If the node is still catching up, this passes by itself. Else the chain was rolled back or replaced: "
        "nothing is anchored until it is back; keep its data and call the auditor"
    )
    fix_zh = "若节点仍在同步，稍后会自行恢复；否则该链已被回滚或替换：恢复之前不会再上链，请保留链数据并通知审计方"


@dataclass(frozen=True, slots=True)
class Anchorer:
    """One worker's hands: the stores, the chain, and the key that signs receipts."""

    checkpoints: CheckpointStore
    leases: LeaseStore
    chain: Chain
    note_key: NoteKey
    holder: str
    rules: AnchorRules | None = None
    """The organisations that may have paused anchoring; ``None`` where nobody but the registry decides."""


def anchor(worker: Anchorer) -> StoredCheckpoint | None:
    """
    One step of the protocol; returns the newest checkpoint whose state moved, ``None`` when none did.

    Raises ``ChainError`` (``ChainUnavailable`` and ``AnchoringPaused`` are worth trying again) and ``LeaseLost``.
    """
    lease = worker.leases.acquire(LEASE, worker.holder, LEASE_SECONDS)
    if lease is None:
        return None
    head = _known_head(worker)
    newest = worker.checkpoints.latest()
    if newest is None or newest.state == "confirmed":
        return None
    _fall_back(worker, lease, head)
    confirmed = _settle_passed(worker, lease, head)
    if head.size == newest.checkpoint.size:
        return _settle(worker, lease, newest) or confirmed
    _settle_head(worker, lease, head)
    if worker.rules is not None:
        worker.rules.permit(newest.checkpoint.size, worker.note_key.verifier.public)
    chosen = _transaction(worker, lease, head, newest)
    if chosen is None:
        return confirmed
    target, transaction = chosen
    worker.chain.send(transaction)
    if worker.chain.head().size == target.checkpoint.size:
        return _settle(worker, lease, target) or confirmed
    return confirmed


def step_down(worker: Anchorer) -> None:
    """Give the lease up, if this worker holds it, so that the next one need not wait for it to run out."""
    lease = worker.leases.acquire(LEASE, worker.holder, LEASE_SECONDS)
    if lease is not None:
        worker.leases.release(lease)


def _known_head(worker: Anchorer) -> Head:
    """The contract's head, which must be nothing yet or a checkpoint of ours, and not before a confirmed one."""
    head = worker.chain.head()
    ours = worker.checkpoints.get(head.size)
    if head.size and (ours is None or ours.checkpoint.root != head.root):
        raise HeadUnknown(size=head.size, root=head.root.hex())
    lost = worker.checkpoints.covering(head.size, "confirmed")
    if lost is not None:
        raise ChainRolledBack(size=lost.checkpoint.size, head=head.size)
    return head


def _fall_back(worker: Anchorer, lease: Lease, head: Head) -> None:
    """What was anchored above the head went away with its block in a reorganisation."""
    while (gone := worker.checkpoints.covering(head.size, "anchored")) is not None:
        worker.checkpoints.advance(lease, gone.checkpoint.size, "checkpointed", None, "")


def _transaction(
    worker: Anchorer, lease: Lease, head: Head, newest: StoredCheckpoint
) -> tuple[StoredCheckpoint, SignedTransaction] | None:
    """
    What to send: stored bytes that can still take effect, else a new transaction for the newest, stored first.

    ``None`` when the head moved while the nonce was read: the two must be of one moment, or a transaction that has
    just been mined would be made again under the next nonce.
    """
    nonce = worker.chain.next_nonce()
    if worker.chain.head() != head:
        return None
    for sent in worker.checkpoints.in_flight(head.size):
        stored = sent.transaction
        # Signing is deterministic: the same bytes come out exactly when they were made for this very head.
        if stored and stored.nonce == nonce and worker.chain.sign(_call(worker, head, sent), nonce).raw == stored.raw:
            return sent, stored
    signed = worker.chain.sign(_call(worker, head, newest), nonce)
    worker.checkpoints.note_sent(lease, newest.checkpoint.size, signed)
    return newest, signed


def _call(worker: Anchorer, head: Head, newest: StoredCheckpoint) -> AnchorCall:
    proof = tree_of(worker.checkpoints, newest.checkpoint.size).consistency_proof(head.size)
    return AnchorCall(head, Head(newest.checkpoint.size, newest.checkpoint.root), tuple(proof))


def _settle_head(worker: Anchorer, lease: Lease, head: Head) -> None:
    """A checkpoint that became the head before we heard of it gets its receipt."""
    stored = worker.checkpoints.get(head.size) if head.size else None
    if stored is not None and stored.state != "confirmed":
        _settle(worker, lease, stored)


def _settle_passed(worker: Anchorer, lease: Lease, head: Head) -> StoredCheckpoint | None:
    """
    Confirm, in order, what the head has passed and what is final by now; the last of these.

    Under a steady stream of entries the head moves with every block, and is itself never old enough.
    """
    last = None
    for stored in worker.checkpoints.anchored():
        if stored.checkpoint.size >= head.size:
            break
        settled = _settle(worker, lease, stored)
        if settled is None or settled.state != "confirmed":
            break
        last = settled
    return last


def _settle(worker: Anchorer, lease: Lease, stored: StoredCheckpoint) -> StoredCheckpoint | None:
    """Note where the chain recorded a checkpoint that it holds; ``confirmed`` when that is final."""
    checkpoint = stored.checkpoint
    receipt = worker.chain.find(Head(checkpoint.size, checkpoint.root))
    if receipt is None:
        return None  # it was the head a moment ago: the next round sees what became of it
    state: State = "confirmed" if worker.chain.final(receipt) else "anchored"
    if state == stored.state and receipt == stored.receipt:
        return None
    note = worker.note_key.sign(anchor_receipt(stored, receipt).text) if state == "confirmed" else ""
    worker.checkpoints.advance(lease, checkpoint.size, state, receipt, note)
    return worker.checkpoints.get(checkpoint.size)


def anchor_receipt(stored: StoredCheckpoint, receipt: ChainReceipt) -> AnchorReceipt:
    """The statement that goes into proofs."""
    return AnchorReceipt(
        stored.checkpoint,
        receipt.chain_id,
        receipt.contract,
        "0x" + receipt.transaction.hex(),
        receipt.block_number,
        "0x" + receipt.block_hash.hex(),
        receipt.block_time,
    )
