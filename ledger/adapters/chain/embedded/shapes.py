"""Blocks, transactions and receipts as JSON-RPC shows them."""

from __future__ import annotations

from typing import Any

from eth._utils.address import generate_contract_address
from eth.abc import BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI
from eth_utils.address import to_checksum_address
from eth_utils.conversions import to_hex

from ledger.adapters.chain.embedded.node import CHAIN_ID


def header_json(header: BlockHeaderAPI) -> dict[str, Any]:
    """A block without its transactions."""
    return {
        "number": hex(header.block_number),
        "hash": to_hex(header.hash),
        "parentHash": to_hex(header.parent_hash),
        "nonce": to_hex(header.nonce),
        "sha3Uncles": to_hex(header.uncles_hash),
        "logsBloom": to_hex(header.bloom.to_bytes(256, "big")),
        "transactionsRoot": to_hex(header.transaction_root),
        "stateRoot": to_hex(header.state_root),
        "receiptsRoot": to_hex(header.receipt_root),
        "miner": to_checksum_address(header.coinbase),
        "difficulty": hex(header.difficulty),
        "totalDifficulty": "0x0",
        "extraData": to_hex(header.extra_data),
        "mixHash": to_hex(header.mix_hash),
        "gasLimit": hex(header.gas_limit),
        "gasUsed": hex(header.gas_used),
        "timestamp": hex(header.timestamp),
        "baseFeePerGas": hex(header.base_fee_per_gas or 0),
    }


def _place(header: BlockHeaderAPI) -> dict[str, str]:
    """Each block holds one transaction, at index 0."""
    return {"blockHash": to_hex(header.hash), "blockNumber": hex(header.block_number), "transactionIndex": "0x0"}


def transaction_json(header: BlockHeaderAPI, transaction: SignedTransactionAPI) -> dict[str, Any]:
    """A mined transaction, legacy or typed."""
    typed = getattr(transaction, "type_id", None) or 0
    priced: dict[str, Any] = {"gasPrice": hex(transaction.max_fee_per_gas), "v": hex(getattr(transaction, "v", 0))}
    if typed:
        priced |= {
            "maxFeePerGas": hex(transaction.max_fee_per_gas),
            "maxPriorityFeePerGas": hex(transaction.max_priority_fee_per_gas),
            "accessList": [],
            "v": hex(transaction.y_parity),
            "yParity": hex(transaction.y_parity),
        }
    return (
        _place(header)
        | priced
        | {
            "type": hex(typed),
            "chainId": hex(CHAIN_ID),
            "hash": to_hex(transaction.hash),
            "nonce": hex(transaction.nonce),
            "from": to_checksum_address(transaction.sender),
            "to": to_checksum_address(transaction.to) if transaction.to else None,
            "value": hex(transaction.value),
            "gas": hex(transaction.gas),
            "input": to_hex(transaction.data),
            "r": hex(transaction.r),
            "s": hex(transaction.s),
        }
    )


def receipt_json(header: BlockHeaderAPI, transaction: SignedTransactionAPI, receipt: ReceiptAPI) -> dict[str, Any]:
    """What became of a transaction, with its logs."""
    created = generate_contract_address(transaction.sender, transaction.nonce)
    place = _place(header) | {"transactionHash": to_hex(transaction.hash)}
    return place | {
        "type": hex(getattr(transaction, "type_id", None) or 0),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(transaction.to) if transaction.to else None,
        "contractAddress": None if transaction.to else to_checksum_address(created),
        "cumulativeGasUsed": hex(receipt.gas_used),
        "gasUsed": hex(receipt.gas_used),
        "effectiveGasPrice": "0x0",
        "status": "0x1" if receipt.state_root == b"\x01" else "0x0",
        "logsBloom": to_hex(receipt.bloom.to_bytes(256, "big")),
        "logs": [
            place
            | {
                "address": to_checksum_address(log.address),
                "topics": [to_hex(topic.to_bytes(32, "big")) for topic in log.topics],
                "data": to_hex(log.data),
                "logIndex": hex(index),
                "removed": False,
            }
            for index, log in enumerate(receipt.logs)
        ],
    }
