"""What vouches for one checkpoint: its place after the one before it, its signed note, its signed anchor receipt."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.errors import LedgerError, ProofError
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.errors import CheckpointContradicts
from ledger.log.proof import AnchorReceipt
from ledger.ports import StoredCheckpoint
from ledger.services.anchor import anchor_receipt


def check_checkpoint(stored: StoredCheckpoint, end: int, key: VerifierKey) -> Iterator[LedgerError]:
    """Everything that does not hold about a checkpoint, given where the one before it ends."""
    size = stored.checkpoint.size
    if stored.previous_size != end:
        why = f"it says that it begins at {stored.previous_size}, the checkpoint before it ends at {end}"
        yield CheckpointContradicts(size=size, why=why)
    try:
        note = _verified(stored.note, key)
        if Checkpoint.parse(note.text) != stored.checkpoint:
            yield CheckpointContradicts(size=size, why="origin, size or root is not what its note says")
        why = _receipt_fault(stored, key)
        if why:
            yield CheckpointContradicts(size=size, why=why)
    except ProofError as fault:
        yield fault


def _verified(text: str, key: VerifierKey) -> Note:
    note = Note.parse(text)
    key.verify(note)
    return note


def _receipt_fault(stored: StoredCheckpoint, key: VerifierKey) -> str:
    """Why state and receipt contradict each other; empty when they do not."""
    if stored.state == "confirmed":
        if stored.receipt is None or not stored.receipt_note:
            return "it is called confirmed and has no receipt"
        said = AnchorReceipt.parse(_verified(stored.receipt_note, key).text)
        return (
            "" if said == anchor_receipt(stored, stored.receipt) else "its receipt is not what the receipt's note says"
        )
    if stored.state == "anchored":
        return "" if stored.receipt and not stored.receipt_note else "it is called anchored, its receipt says otherwise"
    if stored.state == "checkpointed":
        return "it has a receipt and is not called anchored" if stored.receipt or stored.receipt_note else ""
    return f"there is no state {stored.state!r}"
