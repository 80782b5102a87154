"""
Hold a proof's checkpoint against one that its reader kept, of whatever size.

Two sizes are joined by a consistency proof in the body that C2SP tlog-witness has for ``add-checkpoint``, as
``ledger pin --since`` writes it. What does not join is refused: a reader who keeps a pin asks to be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import ProofError
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.errors import CannotTell, ConsistencyDamaged, NotExtended, PinMismatch, SignatureMismatch
from ledger.log.merkle import is_whole, roots_from_consistency
from ledger.services.witness import Offer


def hold_to_pin(checkpoint: Checkpoint, pinned: Checkpoint, joining: str | None, key: VerifierKey | None) -> None:
    """
    Raise unless one of the two trees is a beginning of the other.

    ``PinMismatch`` for another root at one size, also at the smaller of two: the consistency proof leads to the signed
    root of the larger, so that its beginning is shown. ``ConsistencyDamaged`` for a proof that leads to neither,
    ``NotExtended`` where that cannot be told apart, ``CannotTell`` without one or for one of other sizes,
    ``ProofMalformed`` and ``SignatureMismatch`` for a file that is none or is not signed by ``key``.
    """
    if checkpoint.origin != pinned.origin:
        raise CannotTell(why=f"your checkpoint is of another log, {pinned.origin}")
    small, large = sorted((checkpoint, pinned), key=lambda one: one.size)
    if small.size == large.size:
        if small != large:
            raise PinMismatch(size=small.size)
        return
    if small.size == 0:
        raise CannotTell(why="your checkpoint is of an empty log, which says nothing of any entry")
    if joining is None:
        why = f"the proof ends in size {checkpoint.size}, your checkpoint is of size {pinned.size}"
        raise CannotTell(why=f"{why}: ask for a consistency proof (`ledger pin --since {small.size}`)")
    offer = Offer.parse(joining)
    if key is not None and not offer.note.signed_by(key):
        raise SignatureMismatch(name=key.name)
    joined = offer.note.checkpoint
    if (offer.old, joined.size) != (small.size, large.size):
        raise CannotTell(why=f"the consistency proof joins sizes {offer.old} and {joined.size}")
    if joined != large:
        raise PinMismatch(size=large.size)
    _extends(small, large, offer.path)


def _extends(small: Checkpoint, large: Checkpoint, path: Sequence[bytes]) -> None:
    try:
        old, new = roots_from_consistency(small.size, small.root, large.size, path)
    except ProofError as error:
        raise ConsistencyDamaged(old=small.size, new=large.size) from error
    if new == large.root and old != small.root:
        raise PinMismatch(size=small.size)
    if new != large.root:
        raise (NotExtended if is_whole(small.size) else ConsistencyDamaged)(old=small.size, new=large.size)
