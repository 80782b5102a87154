"""
Nodes that must agree: what one node says is final is confirmed only when a second says the same.

A node may lie, lag or be on the lesser side of a partition. It can keep an anchor from being confirmed; it cannot make
one confirmed that is not in the canonical chain of another node too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from web3 import Web3

from ledger.adapters.chain.errors import NodesDisagree
from ledger.adapters.chain.evm_node import EvmNode, NodeOptions
from ledger.adapters.chain.failover import Endpoint, FailoverProvider
from ledger.errors import ChainError
from ledger.ports import ChainReceipt, ChainUnavailable, WrongChain

AGREEING = 2


class SeveralNodes(EvmNode):
    """``web3`` asks whichever node answers, by ``provider``; ``each`` is every node by itself, with its endpoint."""

    def __init__(
        self, web3: Web3, provider: FailoverProvider, options: NodeOptions, each: Sequence[tuple[Endpoint, EvmNode]]
    ) -> None:
        super().__init__(web3, options)
        self._provider, self._each = provider, list(each)

    def broadcast(self, raw: bytes) -> None:
        """Hand over signed bytes, to every node that answers: one that keeps them to itself holds nothing up."""
        super().broadcast(raw)
        taker = self._provider.last
        for endpoint, node in self._answering():
            if endpoint is not taker:
                with suppress(ChainError):
                    node.broadcast(raw)

    def final(self, receipt: ChainReceipt) -> bool:
        """
        Whether two nodes have this very receipt in a canonical block that is deep enough.

        False while a second one does not answer or is behind. Raises ``NodesDisagree`` when it tells otherwise.
        """
        if not super().final(receipt):
            return False
        agreeing, contradicting = 0, ""
        for _, node in self._answering():
            opinion = _opinion(node, receipt)
            if opinion is False:
                contradicting = node.url
            agreeing += opinion is True
            if agreeing == AGREEING:
                return True
        if contradicting:
            raise NodesDisagree(url=contradicting, block=receipt.block_number)
        return False

    def _answering(self) -> Iterator[tuple[Endpoint, EvmNode]]:
        """Nodes that answered lately first; none that gave no answer a moment ago."""
        for endpoint, node in sorted(self._each, key=lambda one: one[0].failures):
            if not endpoint.resting:
                yield endpoint, node


def _opinion(node: EvmNode, receipt: ChainReceipt) -> bool | None:
    """Whether a node says the same of a receipt; ``None`` when it does not know yet, or does not answer."""
    try:
        if node.final(receipt) and node.receipt(receipt.transaction) == receipt:
            return True
        return False if node.deep(receipt.block_number) else None
    except (ChainUnavailable, WrongChain):
        return None
