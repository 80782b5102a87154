"""Waits for a transaction to be final: where a person stands by, and the next step needs this one done."""

from __future__ import annotations

import time

from ledger.adapters.chain.errors import TransactionRejected
from ledger.adapters.chain.evm_node import EvmNode
from ledger.ports import ChainReceipt, ChainUnavailable

WAIT_SECONDS = 120


def final_receipt(node: EvmNode, transaction: bytes, what: str) -> ChainReceipt:
    """
    The receipt of a transaction that was sent, once its block is final.

    Raises ChainUnavailable when it is in no final block within WAIT_SECONDS, TransactionRejected when it failed.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while (receipt := node.receipt(transaction)) is None or not node.final(receipt):
        if time.monotonic() > deadline:
            raise ChainUnavailable(url=node.url, reason=f"{what} is in no final block yet")
        time.sleep(0.2)
    if not receipt.succeeded:
        raise TransactionRejected(reason=f"{what} failed after {receipt.gas_used} gas")
    return receipt
