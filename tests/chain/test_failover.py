"""Several nodes of one network: the next one is asked when a node gives no answer, and never because of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from web3 import Web3
from web3.exceptions import Web3RPCError

from ledger.adapters.chain.agreement import SeveralNodes
from ledger.adapters.chain.errors import NodesDisagree, TransactionRejected
from ledger.adapters.chain.evm_node import EvmNode, NodeOptions
from ledger.adapters.chain.failover import CHECK_SECONDS, REST_SECONDS, Endpoint, FailoverProvider, OneChain
from ledger.ports import ChainReceipt, ChainUnavailable, WrongChain

CHAIN = 4711
TRANSACTION = bytes([7]) * 32
RAW = bytes([1, 2, 3])


def broken(_: str) -> Any:
    raise requests.ConnectionError("refused")


def stalled(_: str) -> Any:
    raise requests.ReadTimeout("stalled")


def not_json(_: str) -> Any:
    raise ValueError("Expecting value")


def no_rpc(_: str) -> Any:
    return ["hello"]


NO_ANSWERS = [broken, stalled, not_json, no_rpc]


@dataclass
class Node:
    """What a node says; ``fault`` answers in its place."""

    chain_id: int = CHAIN
    block: bytes = bytes([9]) * 32
    """Hash of its block 5."""
    tip: int = 8
    refusal: str = ""
    """What it says to a transaction that it does not take."""
    fault: Callable[[str], Any] | None = None
    asked: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def make_request(self, method: str, params: list[Any]) -> Any:
        self.asked.append(method)
        if self.fault:
            return self.fault(method)
        if method == "eth_sendRawTransaction" and self.refusal:
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": self.refusal}}
        return {"jsonrpc": "2.0", "id": 1, "result": self._result(method, params)}

    def _result(self, method: str, params: list[Any]) -> Any:
        match method:
            case "eth_chainId":
                return hex(self.chain_id)
            case "eth_blockNumber":
                return hex(self.tip)
            case "eth_sendRawTransaction":
                self.taken.append(params[0])
                return Web3.to_hex(TRANSACTION)
            case "eth_getBlockByNumber":
                if int(params[0], 16) > self.tip:
                    return None
                return {"number": params[0], "hash": Web3.to_hex(self.block), "timestamp": "0x64"}
            case "eth_getTransactionReceipt":
                return None if self.tip < 5 else self._receipt()
        raise AssertionError(method)

    def _receipt(self) -> dict[str, Any]:
        return {
            "transactionHash": Web3.to_hex(TRANSACTION),
            "blockNumber": "0x5",
            "blockHash": Web3.to_hex(self.block),
            "status": "0x1",
            "gasUsed": "0x10",
            "to": "0x" + "c0" * 20,
            "contractAddress": None,
        }


@dataclass
class Nodes:
    """Some nodes behind one connection, and the time that the connection goes by."""

    nodes: list[Node]
    now: float = 0.0

    def __post_init__(self) -> None:
        chain = OneChain(None)
        self.endpoints = [Endpoint(f"http://{n}", node, chain, lambda: self.now) for n, node in enumerate(self.nodes)]
        options = NodeOptions("several", None, None, confirmations=4, gas_price=0)
        each = [(one, EvmNode(Web3(FailoverProvider([one])), options)) for one in self.endpoints]
        provider = FailoverProvider(self.endpoints)
        self.node = SeveralNodes(Web3(provider), provider, options, each)

    def receipt(self) -> ChainReceipt:
        found = self.node.receipt(TRANSACTION)
        assert found is not None
        return found


@pytest.mark.parametrize("fault", NO_ANSWERS)
def test_the_next_node_is_asked_when_one_gives_no_answer(fault: Callable[[str], Any]) -> None:
    """Whatever is no answer, the next node gives it, and the silent one is left alone for a while."""
    nodes = Nodes([Node(fault=fault), Node(tip=11)])
    assert nodes.node.web3.eth.block_number == 11
    before = len(nodes.nodes[0].asked)
    nodes.now += REST_SECONDS / 2
    assert nodes.node.web3.eth.block_number == 11
    assert len(nodes.nodes[0].asked) == before


def test_an_answer_is_an_answer() -> None:
    """A refusal is what the network says: it is not asked of another node, which might take it."""
    nodes = Nodes([Node(refusal="nonce too high"), Node()])
    with pytest.raises(TransactionRejected):
        nodes.node.broadcast(RAW)
    with pytest.raises(Web3RPCError):
        nodes.node.web3.eth.send_raw_transaction(RAW)
    assert nodes.nodes[1].asked == []


def test_bytes_go_to_every_node() -> None:
    """A node that keeps a transaction to itself, or does not answer, holds nothing up."""
    nodes = Nodes([Node(), Node(fault=broken), Node(refusal="already known"), Node()])
    nodes.node.broadcast(RAW)
    assert [len(node.taken) for node in nodes.nodes] == [1, 0, 0, 1]


def test_no_node_at_all() -> None:
    """When nobody answers the chain is unavailable; when one is back it is asked again, resting or not."""
    nodes = Nodes([Node(fault=broken), Node(fault=stalled)])
    with pytest.raises(ChainUnavailable):
        nodes.node.deep(5)
    nodes.nodes[0].fault = None
    assert nodes.node.deep(5)


def test_a_node_of_another_chain_is_refused() -> None:
    """It is asked for its chain id and nothing else; alone it is an error of its own."""
    nodes = Nodes([Node(), Node(chain_id=1), Node(chain_id=CHAIN)])
    assert nodes.node.final(nodes.receipt())
    nodes.nodes[0].fault = broken
    assert nodes.node.web3.eth.block_number == 8
    assert set(nodes.nodes[1].asked) <= {"eth_chainId"}
    alone = Nodes([Node()])
    alone.node.right_chain()
    alone.nodes[0].chain_id = 1
    alone.now += CHECK_SECONDS
    with pytest.raises(WrongChain):
        alone.node.deep(5)


def test_two_nodes_agree() -> None:
    """Final is what two nodes have in the same block, deep enough; one that is silent or behind does not count."""
    for others, agreed in [
        ([Node()], True),
        ([Node(fault=broken)], False),
        ([Node(tip=4)], False),
        ([Node(tip=7)], False),
        ([Node(fault=stalled), Node(tip=7), Node()], True),
        ([Node(chain_id=1), Node(fault=no_rpc)], False),
    ]:
        nodes = Nodes([Node(), *others])
        assert nodes.node.final(nodes.receipt()) is agreed, others


@pytest.mark.parametrize("liar", [0, 1])
def test_a_lie_is_not_confirmed(liar: int) -> None:
    """Whichever of two nodes lies about the block, nothing is confirmed, and the disagreement is an error."""
    said = [Node(), Node()]
    said[liar].block = bytes([8]) * 32
    nodes = Nodes(said)
    with pytest.raises(NodesDisagree):
        nodes.node.final(nodes.receipt())


def test_one_liar_among_several_does_not_stop_the_others() -> None:
    """Two honest nodes are enough, whatever a third one says."""
    nodes = Nodes([Node(), Node(block=bytes([8]) * 32), Node()])
    assert nodes.node.final(nodes.receipt())


def test_one_node_named_twice_is_one_node(tmp_path: Any) -> None:
    """An address that is given twice cannot agree with itself."""
    from ledger.adapters.chain import open_chain

    twice = open_chain("http://127.0.0.1:1, http://127.0.0.1:1", directory=tmp_path)
    assert not isinstance(twice._node, SeveralNodes)
    assert isinstance(open_chain("http://127.0.0.1:1,http://127.0.0.1:2", directory=tmp_path)._node, SeveralNodes)
