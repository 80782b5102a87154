"""
Any EVM node through web3.py: is it the right chain, what became of a transaction, take this one.

Gas is stated, never estimated, and transactions are legacy ones (EIP-155): every network takes them, and the same
arguments give the same bytes. Nothing is retried here; the services decide what to repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from threading import Lock

import requests
from eth_utils.crypto import keccak
from web3 import Web3
from web3.exceptions import (
    BadResponseFormat,
    BlockNotFound,
    ContractLogicError,
    ProviderConnectionError,
    TransactionNotFound,
    Web3RPCError,
)
from web3.types import TxReceipt

from ledger.adapters.chain.errors import NoSigner, TransactionRejected
from ledger.adapters.chain.reverts import Revert, revert_of
from ledger.ports import AnchorRefused, ChainReceipt, ChainUnavailable, SignedTransaction, Signer, Tip, WrongChain

DONE_BEFORE = (
    "already known",
    "known transaction",
    "already imported",
    "already in the txpool",
    "nonce too low",
    "nonce is too low",
)
"""How geth, Besu, Hardhat, anvil and ethereumjs say that these bytes, or others with this nonce, were taken before."""

UNANSWERED = (OSError, requests.RequestException, ProviderConnectionError, BadResponseFormat, JSONDecodeError)
"""No answer, half an answer, or an answer of something that is no node."""


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """``chain_id`` None: whatever the node says. ``gas_price`` in wei, None: asked of the node."""

    url: str
    chain_id: int | None
    signer: Signer | None
    confirmations: int
    gas_price: int | None


class EvmNode:
    """One node, one account. Safe from any thread: web3.py keeps a session for each."""

    def __init__(self, web3: Web3, options: NodeOptions) -> None:
        self.web3, self._options = web3, options
        self._lock = Lock()
        self._chain_id: int | None = None
        self._gas_price = options.gas_price

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around every question: what keeps the node from answering it is ChainUnavailable, for now."""
        try:
            yield
        except UNANSWERED as error:
            raise ChainUnavailable(url=self._options.url, reason=str(error) or type(error).__name__) from error
        except Web3RPCError as error:
            raise ChainUnavailable(url=self._options.url, reason=_node_words(error)) from error

    # ------------------------------------------------------------ which chain, which account

    @property
    def url(self) -> str:
        """Where the node is, as people know it."""
        return self._options.url

    @property
    def has_signer(self) -> bool:
        """Whether this process can send."""
        return self._options.signer is not None

    @property
    def signer(self) -> Signer:
        """The account. Raises NoSigner when the chain was opened for reading."""
        if self._options.signer is None:
            raise NoSigner
        return self._options.signer

    def chain_id(self) -> int:
        """The id set, else the node's."""
        return self._options.chain_id or self.right_chain()

    def right_chain(self, *, again: bool = False) -> int:
        """The node's chain id, compared with the one set before anything else is asked. Raises WrongChain."""
        if self._chain_id is None or again:
            with self.asking():
                got = self.web3.eth.chain_id
            expected = self._options.chain_id or got
            if got != expected:
                raise WrongChain(expected=expected, got=got)
            self._chain_id = got
        return self._chain_id

    # ------------------------------------------------------------ transactions

    def mined_nonce(self, sender: str) -> int:
        """Transactions of an account in mined blocks."""
        self.right_chain()
        with self.asking():
            return self.web3.eth.get_transaction_count(Web3.to_checksum_address(sender), "latest")

    def sign(self, nonce: int, to: str, data: str, gas: int) -> SignedTransaction:
        """A transaction without value; it creates a contract when ``to`` is empty."""
        raw = self.signer.sign_transaction(
            {
                "chainId": self.chain_id(),
                "nonce": nonce,
                "gasPrice": self._price(),
                "gas": gas,
                "to": to,
                "value": 0,
                "data": data,
            }
        )
        return SignedTransaction(raw=raw, hash=keccak(raw), sender=self.signer.address, nonce=nonce)

    def _price(self) -> int:
        """
        Wei per gas: the setting; else, asked once, twice what the node names, for base fees that rise.

        An account without money pays nothing: on a network with free gas nodes may still name a price.
        """
        with self._lock:
            if self._gas_price is None:
                with self.asking():
                    account = Web3.to_checksum_address(self.signer.address)
                    self._gas_price = 2 * self.web3.eth.gas_price if self.web3.eth.get_balance(account) else 0
            return self._gas_price

    def broadcast(self, raw: bytes) -> None:
        """Hand over signed bytes. No error when they, or their nonce, were taken before."""
        with self.asking():
            try:
                self.web3.eth.send_raw_transaction(raw)
            except ContractLogicError as error:  # nodes that mine at once answer with the revert
                raise AnchorRefused(reason=revert_in(error).text) from error
            except Web3RPCError as error:
                if not any(words in error.message.lower() for words in DONE_BEFORE):
                    raise TransactionRejected(reason=_node_words(error)) from error

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """The receipt of a transaction by hash, None while it is in no canonical block."""
        self.right_chain()
        with self.asking():
            try:
                found = self.web3.eth.get_transaction_receipt(Web3.to_hex(transaction))
            except TransactionNotFound:
                return None
            return self._canonical(found)

    def _canonical(self, found: TxReceipt) -> ChainReceipt | None:
        try:
            block = self.web3.eth.get_block(found["blockNumber"])
        except BlockNotFound:
            return None
        if bytes(block["hash"]) != bytes(found["blockHash"]):
            return None
        return ChainReceipt(
            chain_id=self.right_chain(),
            contract=found["to"] or found["contractAddress"] or "",
            transaction=bytes(found["transactionHash"]),
            block_number=found["blockNumber"],
            block_hash=bytes(found["blockHash"]),
            block_time=block["timestamp"],
            succeeded=found["status"] == 1,
            gas_used=found["gasUsed"],
        )

    def tip(self) -> Tip:
        """The newest block."""
        self.right_chain()
        with self.asking():
            block = self.web3.eth.get_block("latest")
            return Tip(block["number"], block["timestamp"])

    def final(self, receipt: ChainReceipt) -> bool:
        """Whether the block is canonical and ``confirmations`` deep, its own depth being 1."""
        if not self.deep(receipt.block_number):
            return False
        with self.asking():
            try:
                block = self.web3.eth.get_block(receipt.block_number)
            except BlockNotFound:
                return False
            return bytes(block["hash"]) == receipt.block_hash

    def deep(self, number: int) -> bool:
        """Whether the node knows ``confirmations`` blocks from this one on."""
        self.right_chain()
        with self.asking():
            return self.web3.eth.block_number - number + 1 >= self._options.confirmations


def revert_in(error: ContractLogicError) -> Revert:
    """What the contract said, out of web3.py's exception."""
    return revert_of(error.data, error.message or "execution reverted")


def _node_words(error: Web3RPCError) -> str:
    said = (error.rpc_response or {}).get("error")
    return str(said.get("message")) if isinstance(said, dict) else error.message
