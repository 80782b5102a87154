"""Ask a node whether the checkpoint of a proof is anchored as its receipt says."""

from __future__ import annotations

from ledger.log.errors import CannotTell, ProofMalformed, RootMismatch
from ledger.log.sealed import AnyProof
from ledger.ports import Chain, Head


def confirm_on_chain(proof: AnyProof, chain: Chain) -> None:
    """
    Raise unless the contract recorded this very checkpoint, in a final block, where the receipt says.

    Raises ``ProofError``, ``CannotTell`` when the checkpoint is not on that chain yet, and ``ChainError``.
    """
    checkpoint, receipt = proof.checkpoint, proof.receipt
    found = chain.find(Head(checkpoint.size, checkpoint.root))
    if found is None:
        head = chain.head()
        if head.size == checkpoint.size:
            raise RootMismatch(expected=head.root.hex(), got=checkpoint.root.hex())
        raise CannotTell(why=f"the contract has no checkpoint of size {checkpoint.size}")
    if not chain.final(found):
        raise CannotTell(why="the anchoring block is not final yet")
    if receipt is not None:
        said = (receipt.chain_id, receipt.contract, receipt.transaction, receipt.block_number, receipt.block_hash)
        seen = (
            found.chain_id,
            found.contract,
            "0x" + found.transaction.hex(),
            found.block_number,
            "0x" + found.block_hash.hex(),
        )
        if said != seen:
            raise ProofMalformed(why="the chain holds this checkpoint elsewhere than the receipt says")
