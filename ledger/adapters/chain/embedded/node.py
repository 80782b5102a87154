"""
The node: takes signed transactions, makes one block of each, answers from the blocks.

Gas is free. The base fee starts at 0, and a base fee of 0 only rises (EIP-1559) when a block uses more than half of its
gas limit; ``MAX_GAS`` keeps every transaction, and so every block, below that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from eth.abc import BlockAPI, BlockHeaderAPI, ComputationAPI, ReceiptAPI, SignedTransactionAPI
from eth.chains.base import MiningChain
from eth.consensus.applier import ConsensusApplier
from eth.consensus.noproof import NoProofConsensus
from eth.db.schema import SchemaV1
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.vm.forks.paris import ParisVM
from eth.vm.spoof import SpoofTransaction
from eth_typing import Address, BlockNumber, Hash32
from eth_utils.exceptions import ValidationError

from ledger.adapters.chain.embedded.store import SqliteKeyValue
from ledger.adapters.chain.errors import ChainFileUnreadable

CHAIN_ID = 0x4F6E6543
"""Chain id of every embedded chain, ours alone and fixed: 1,332,634,947, ASCII ``OneC``. Not a public network."""

GAS_LIMIT = 30_000_000
MAX_GAS = 12_000_000
GENESIS_TIME = 1_735_689_600
"""2025-01-01T00:00:00Z. All embedded chains share one genesis, like their chain id."""


class LocalChain(MiningChain):
    """Paris rules without proof of work or stake: this node alone makes blocks."""

    chain_id = CHAIN_ID
    vm_configuration = ConsensusApplier(NoProofConsensus).amend_vm_configuration(((BlockNumber(0), ParisVM),))

    def create_header_from_parent(self, parent_header: BlockHeaderAPI, **fields: Any) -> BlockHeaderAPI:
        """A child with the same gas limit."""
        return super().create_header_from_parent(parent_header, **(fields | {"gas_limit": parent_header.gas_limit}))


@dataclass(frozen=True, slots=True)
class Message:
    """What a call executes: a transaction that nobody signed. Without ``to`` it creates a contract."""

    sender: bytes
    to: bytes
    data: bytes
    value: int
    gas: int


class Refused(Exception):
    """A JSON-RPC error as Ethereum nodes word it: code, message, and the revert data if any."""

    def __init__(self, code: int, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def system_clock() -> int:
    """Seconds since the Unix epoch."""
    return int(time.time())


class EmbeddedNode:
    """One chain in one file. Every method takes the lock, so any thread may call."""

    def __init__(self, path: Path, clock: Callable[[], int] = system_clock) -> None:
        """Open the chain in ``path``, or begin one there. Raises ChainFileInUse, ChainFileUnreadable."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._clock = path, clock
        self._lock = RLock()
        self._closed = False
        self._store = SqliteKeyValue(path)
        try:
            self._chain = self._load()
        except BaseException:
            self._store.close()
            raise

    def _load(self) -> LocalChain:
        if not self._store.exists(SchemaV1.make_canonical_head_hash_lookup_key()):
            with self._store.transaction():
                LocalChain.from_genesis(self._store, _genesis())
        chain = LocalChain(self._store)
        if chain.get_canonical_block_header_by_number(BlockNumber(0)).timestamp != GENESIS_TIME:
            raise ChainFileUnreadable(path=str(self._path), reason="its first block is not the one of this chain")
        return chain

    def close(self) -> None:
        """Let the file go; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._store.close()

    @property
    def lock(self) -> RLock:
        """Held around every use of the chain."""
        return self._lock

    @property
    def closed(self) -> bool:
        """Whether the file was let go."""
        return self._closed

    # ------------------------------------------------------------ reading

    def latest(self) -> BlockHeaderAPI:
        """Header of the last block."""
        return self._chain.get_canonical_head()

    def header(self, number: int) -> BlockHeaderAPI | None:
        """Header of block ``number``, None beyond the end."""
        if number > self.latest().block_number:
            return None
        return self._chain.get_canonical_block_header_by_number(BlockNumber(number))

    def header_by_hash(self, block_hash: bytes) -> BlockHeaderAPI | None:
        """Header of the block with this hash. There are no forks: every known block is canonical."""
        try:
            return self._chain.get_block_header_by_hash(Hash32(block_hash))
        except HeaderNotFound:
            return None

    def block(self, header: BlockHeaderAPI) -> BlockAPI:
        """The whole block of a header."""
        return self._chain.get_block_by_header(header)

    def transaction(self, transaction: bytes) -> tuple[BlockHeaderAPI, SignedTransactionAPI, ReceiptAPI] | None:
        """Where a transaction is, by the index that py-evm keeps: no search through blocks."""
        hash32 = Hash32(transaction)
        try:
            number, _ = self._chain.get_canonical_transaction_index(hash32)
        except TransactionNotFound:
            return None
        header = self._chain.get_canonical_block_header_by_number(number)
        return header, self._chain.get_canonical_transaction(hash32), self._chain.get_transaction_receipt(hash32)

    def state(self, header: BlockHeaderAPI) -> Any:
        """Accounts and storage as they were after a block."""
        return self._chain.get_vm(header).state

    # ------------------------------------------------------------ executing

    def call(self, header: BlockHeaderAPI, message: Message) -> ComputationAPI:
        """Execute on the state after a block, and keep nothing."""
        with self._chain.get_vm(header).in_costless_state() as state:
            return state.costless_execute_transaction(self._spoof(header, message, min(message.gas, MAX_GAS)))

    def estimate(self, header: BlockHeaderAPI, message: Message) -> int:
        """Least gas with which a message succeeds; the caller has seen that it does succeed."""
        return self._chain.estimate_gas(self._spoof(header, message, MAX_GAS), header)

    def _spoof(self, header: BlockHeaderAPI, message: Message, gas: int) -> Any:
        sender = Address(message.sender)
        unsigned = self._chain.get_vm(header).create_unsigned_transaction(
            nonce=self.state(header).get_nonce(sender),
            gas_price=0,
            gas=gas,
            to=Address(message.to),
            value=message.value,
            data=message.data,
        )
        return SpoofTransaction(unsigned, from_=sender)

    # ------------------------------------------------------------ writing

    def submit(self, raw: bytes) -> bytes:
        """
        Make a block of one signed transaction; its hash once the block is on disk.

        Raises Refused in the words other nodes use: already known, nonce too low, nonce too high.
        """
        with self._lock:
            transaction = self._decoded(raw)
            self._admit(transaction)
            try:
                with self._store.transaction():
                    self._mine(transaction)
            except ValidationError as error:
                raise Refused(-32000, str(error)) from error
            finally:
                self._chain = LocalChain(self._store)
            return bytes(transaction.hash)

    def _decoded(self, raw: bytes) -> SignedTransactionAPI:
        try:
            transaction = self._chain.get_vm().get_transaction_builder().decode(raw)
            transaction.validate()
            transaction.check_signature_validity()
        except Exception as error:  # the decoder raises whatever its parts raise
            raise Refused(-32602, f"not a signed transaction: {error}") from error
        if transaction.chain_id != CHAIN_ID:
            raise Refused(-32000, f"invalid sender: the transaction is for chain {transaction.chain_id}")
        return transaction

    def _admit(self, transaction: SignedTransactionAPI) -> None:
        if self.transaction(transaction.hash):
            raise Refused(-32000, "already known")
        expected = self.state(self.latest()).get_nonce(transaction.sender)
        if transaction.nonce < expected:
            raise Refused(-32000, f"nonce too low: next nonce {expected}, tx nonce {transaction.nonce}")
        if transaction.nonce > expected:
            raise Refused(-32000, f"nonce too high: next nonce {expected}, tx nonce {transaction.nonce}")
        if transaction.gas > MAX_GAS:
            raise Refused(-32000, f"exceeds block gas limit: {transaction.gas} > {MAX_GAS}")

    def _mine(self, transaction: SignedTransactionAPI) -> None:
        parent = self.latest()
        # Blocks made within one second run ahead of the clock by as much: times must differ (EIP-3675, YP 4.3.4).
        self._chain.set_header_timestamp(max(self._clock(), parent.timestamp + 1))
        self._chain.apply_transaction(transaction)
        self._chain.mine_block()


def _genesis() -> dict[str, Any]:
    return {"difficulty": 0, "gas_limit": GAS_LIMIT, "timestamp": GENESIS_TIME, "base_fee_per_gas": 0}
