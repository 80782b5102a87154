"""
Ask a node whether the checkpoint of a proof is anchored as its receipt says.

It fails closed: a receipt is signed once its block is final, so a chain that does not hold what a receipt says was
rewritten, or the node lies. Only a checkpoint without a receipt may not have come that far yet.
"""

from __future__ import annotations

from ledger.log.errors import CannotTell, ChainRewritten, ProofMalformed
from ledger.log.proof import AnchorReceipt
from ledger.log.sealed import AnyProof
from ledger.ports import Chain, ChainReceipt, Head


def confirm_on_chain(proof: AnyProof, chain: Chain) -> None:
    """
    Raise unless the contract recorded this very checkpoint, in a final block, where the receipt says.

    Raises ``ChainRewritten``, ``ProofMalformed`` for a receipt of another chain, ``CannotTell`` when there is no
    receipt and the checkpoint is not on that chain yet, and ``ChainError``.
    """
    checkpoint, receipt = proof.checkpoint, proof.receipt
    found = chain.find(Head(checkpoint.size, checkpoint.root))
    if found is None:
        _absent(proof, chain)
    elif receipt is not None and _place(receipt) != _seen(found):
        if _place(receipt)[:2] != _seen(found)[:2]:
            raise ProofMalformed(why="the chain holds this checkpoint elsewhere than the receipt says")
        raise ChainRewritten(
            why=f"it holds size {checkpoint.size} in block {found.block_number}, not where the receipt says",
            why_zh=f"大小 {checkpoint.size} 位于区块 {found.block_number}，与回执不符",
        )
    elif not chain.final(found):
        raise CannotTell(why="the anchoring block is not final yet")


def _absent(proof: AnyProof, chain: Chain) -> None:
    size, head, known = proof.checkpoint.size, chain.head(), chain.identity()
    if head.size == size:
        raise ChainRewritten(why=f"its root at size {size} is another", why_zh=f"其在大小 {size} 处的根不同")
    receipt = proof.receipt
    if receipt is None:
        raise CannotTell(why=f"the contract has no checkpoint of size {size}")
    if _place(receipt)[:2] != (known.chain_id, known.contract.lower()):
        raise CannotTell(why=f"the proof is anchored on chain {receipt.chain_id}, contract {receipt.contract}")
    block = receipt.block_number
    raise ChainRewritten(
        why=f"size {size} was confirmed in block {block}; the contract lacks it, its head is {head.size}",
        why_zh=f"大小 {size} 曾在区块 {block} 确认，而合约中已没有，其最新大小为 {head.size}",
    )


def _place(receipt: AnchorReceipt) -> tuple[int, str, str, int, str]:
    contract = receipt.contract.lower()
    return receipt.chain_id, contract, receipt.transaction, receipt.block_number, receipt.block_hash


def _seen(found: ChainReceipt) -> tuple[int, str, str, int, str]:
    transaction, block = "0x" + found.transaction.hex(), "0x" + found.block_hash.hex()
    return found.chain_id, found.contract.lower(), transaction, found.block_number, block
