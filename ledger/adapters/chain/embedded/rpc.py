"""
Ethereum's JSON-RPC over the embedded node (execution-apis specification): what wallets, web3.py and our client ask.

Answers are plain JSON, quantities and data in hex, the same in process and over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth.abc import BlockHeaderAPI
from eth.exceptions import Revert
from eth_bloom.bloom import BloomFilter
from eth_utils.conversions import to_bytes, to_hex
from eth_utils.exceptions import ValidationError

from ledger.adapters.chain.embedded.node import CHAIN_ID, MAX_GAS, EmbeddedNode, Message, Refused
from ledger.adapters.chain.embedded.shapes import header_json, receipt_json, transaction_json
from ledger.adapters.sqlite import sqlite_module

MAX_LOG_BLOCKS = 2_000
"""Blocks that one eth_getLogs may span; a wider question is answered with an error, not with a stall."""

BAD_PARAMETERS = (ValidationError, ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What handlers and py-evm trip over when parameters are not what the method asks for."""

FAILURES = (*BAD_PARAMETERS, RecursionError, sqlite_module().Error, OSError)

Params = list[Any]


class JsonRpc:
    """Dispatches requests to the node, one at a time."""

    def __init__(self, node: EmbeddedNode, version: str) -> None:
        self._node = node
        self.version = version

    def answer(self, method: str, params: Params) -> dict[str, Any]:
        """``{"result": ...}`` or ``{"error": {...}}``; never raises for what a caller can send."""
        handler = METHODS.get(method)
        if handler is None:
            return _error(-32601, f"the method {method} does not exist or is not available")
        with self._node.lock:
            if self._node.closed:
                return _error(-32000, "the node is shut down")
            try:
                return {"result": handler(self, params)}
            except Refused as error:
                return _error(error.code, error.message, error.data)
            except FAILURES as error:
                return _failed(error)

    # ------------------------------------------------------------ about the node

    def client_version(self, _: Params) -> str:
        return self.version

    # ------------------------------------------------------------ blocks

    def block_number(self, _: Params) -> str:
        return hex(self._node.latest().block_number)

    def _header(self, tag: Any) -> BlockHeaderAPI | None:
        if isinstance(tag, dict):  # EIP-1898
            tag = tag.get("blockHash") or tag.get("blockNumber")
        if tag in ("latest", "pending", "safe", "finalized", None):
            return self._node.latest()
        if tag == "earliest":
            return self._node.header(0)
        data = str(tag)
        if len(data) == 66:
            return self._node.header_by_hash(to_bytes(hexstr=data))
        return self._node.header(int(data, 16))

    def _known(self, tag: Any) -> BlockHeaderAPI:
        header = self._header(tag)
        if header is None:
            raise Refused(-32000, "header not found")
        return header

    def get_block(self, params: Params) -> dict[str, Any] | None:
        header = self._header(params[0])
        if header is None:
            return None
        block = self._node.block(header)
        full = len(params) > 1 and bool(params[1])
        return header_json(header) | {
            "uncles": [],
            "transactions": [
                transaction_json(header, transaction) if full else to_hex(transaction.hash)
                for transaction in block.transactions
            ],
        }

    # ------------------------------------------------------------ transactions

    def get_transaction(self, params: Params) -> dict[str, Any] | None:
        found = self._node.transaction(to_bytes(hexstr=params[0]))
        return transaction_json(found[0], found[1]) if found else None

    def get_receipt(self, params: Params) -> dict[str, Any] | None:
        found = self._node.transaction(to_bytes(hexstr=params[0]))
        return receipt_json(*found) if found else None

    def send_raw(self, params: Params) -> str:
        return to_hex(self._node.submit(to_bytes(hexstr=params[0])))

    # ------------------------------------------------------------ accounts

    def get_balance(self, params: Params) -> str:
        return hex(self._state(params, 1).get_balance(to_bytes(hexstr=params[0])))

    def get_nonce(self, params: Params) -> str:
        return hex(self._state(params, 1).get_nonce(to_bytes(hexstr=params[0])))

    def get_code(self, params: Params) -> str:
        return to_hex(self._state(params, 1).get_code(to_bytes(hexstr=params[0])))

    def get_storage(self, params: Params) -> str:
        value = self._state(params, 2).get_storage(to_bytes(hexstr=params[0]), int(params[1], 16))
        return to_hex(value.to_bytes(32, "big"))

    def _state(self, params: Params, tag: int) -> Any:
        return self._node.state(self._tagged(params, tag))

    def _tagged(self, params: Params, index: int) -> BlockHeaderAPI:
        return self._known(params[index] if len(params) > index else "latest")

    # ------------------------------------------------------------ execution

    def call(self, params: Params) -> str:
        return to_hex(self._execute(params))

    def estimate_gas(self, params: Params) -> str:
        self._execute(params)
        return hex(self._node.estimate(*_message(params[0], self._tagged(params, 1))))

    def _execute(self, params: Params) -> bytes:
        computation = self._node.call(*_message(params[0], self._tagged(params, 1)))
        if computation.is_error and isinstance(computation.error, Revert):
            raise Refused(3, "execution reverted", to_hex(computation.output))
        if computation.is_error:
            raise Refused(-32015, f"execution failed: {computation.error}")
        return bytes(computation.output)

    # ------------------------------------------------------------ logs

    def get_logs(self, params: Params) -> list[dict[str, Any]]:
        wanted = params[0]
        if "blockHash" in wanted:
            headers = [self._known(wanted["blockHash"])]
        else:
            first = self._known(wanted.get("fromBlock", "latest")).block_number
            last = (self._header(wanted.get("toBlock", "latest")) or self._node.latest()).block_number
            if last - first >= MAX_LOG_BLOCKS:
                raise Refused(-32005, f"at most {MAX_LOG_BLOCKS} blocks in one eth_getLogs")
            headers = [self._known(hex(number)) for number in range(first, last + 1)]
        addresses = _choices(wanted.get("address"))
        topics = [_choices(topic) for topic in wanted.get("topics", [])]
        return [log for header in headers for log in self._logs(header, addresses, topics)]

    def _logs(self, header: BlockHeaderAPI, addresses: list[str], topics: list[list[str]]) -> list[dict[str, Any]]:
        bloom = BloomFilter(header.bloom)
        for choices in [addresses, *topics]:
            if choices and not any(to_bytes(hexstr=choice) in bloom for choice in choices):
                return []
        logs: list[dict[str, Any]] = []
        for transaction in self._node.block(header).transactions:
            found = self._node.transaction(transaction.hash)
            logs += receipt_json(*found)["logs"] if found else []
        return [log for log in logs if _matches(log, addresses, topics)]


def _message(fields: dict[str, str], header: BlockHeaderAPI) -> tuple[BlockHeaderAPI, Message]:
    return header, Message(
        sender=to_bytes(hexstr=fields.get("from") or "0x" + "00" * 20),
        to=to_bytes(hexstr=fields.get("to") or "0x"),
        data=to_bytes(hexstr=fields.get("input") or fields.get("data") or "0x"),
        value=int(fields.get("value") or "0x0", 16),
        gas=int(fields.get("gas") or hex(MAX_GAS), 16),
    )


def _choices(value: Any) -> list[str]:
    return [text.lower() for text in ([value] if isinstance(value, str) else value or [])]


def _matches(log: dict[str, Any], addresses: list[str], topics: list[list[str]]) -> bool:
    if addresses and log["address"].lower() not in addresses:
        return False
    if len(topics) > len(log["topics"]):
        return False
    return all(not choices or topic in choices for choices, topic in zip(topics, log["topics"], strict=False))


def _failed(error: Exception) -> dict[str, Any]:
    if isinstance(error, RecursionError):
        return _error(-32015, "execution failed: calls nest too deep")
    if isinstance(error, BAD_PARAMETERS):
        return _error(-32602, f"invalid params: {error}")
    return _error(-32603, f"the chain file does not take it: {error}")


def _error(code: int, message: str, data: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message} | ({"data": data} if data is not None else {})}


def _always(value: Any) -> Callable[[JsonRpc, Params], Any]:
    return lambda _rpc, _params: value


METHODS: dict[str, Callable[[JsonRpc, Params], Any]] = {
    "web3_clientVersion": JsonRpc.client_version,
    "net_version": _always(str(CHAIN_ID)),
    "net_listening": _always(value=True),
    "net_peerCount": _always("0x0"),
    "eth_chainId": _always(hex(CHAIN_ID)),
    "eth_syncing": _always(value=False),
    "eth_accounts": _always([]),
    "eth_gasPrice": _always("0x0"),
    "eth_maxPriorityFeePerGas": _always("0x0"),
    "eth_blockNumber": JsonRpc.block_number,
    "eth_getBlockByNumber": JsonRpc.get_block,
    "eth_getBlockByHash": JsonRpc.get_block,
    "eth_getTransactionByHash": JsonRpc.get_transaction,
    "eth_getTransactionReceipt": JsonRpc.get_receipt,
    "eth_sendRawTransaction": JsonRpc.send_raw,
    "eth_getBalance": JsonRpc.get_balance,
    "eth_getTransactionCount": JsonRpc.get_nonce,
    "eth_getCode": JsonRpc.get_code,
    "eth_getStorageAt": JsonRpc.get_storage,
    "eth_call": JsonRpc.call,
    "eth_estimateGas": JsonRpc.estimate_gas,
    "eth_getLogs": JsonRpc.get_logs,
}
