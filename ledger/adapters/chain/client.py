"""
The witness contract seen through web3.py: one client for the embedded chain and for every EVM network.

Gas is stated, never estimated, and transactions are legacy ones (EIP-155): every network takes them, and the same
arguments give the same bytes. Nothing is retried here; the services decide what to repeat.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from json import JSONDecodeError
from threading import Lock
from typing import Any, Self

import requests
from eth_utils.crypto import keccak
from web3 import Web3
from web3.exceptions import (
    BadFunctionCallOutput,
    BadResponseFormat,
    BlockNotFound,
    ContractLogicError,
    ProviderConnectionError,
    TransactionNotFound,
    Web3RPCError,
)
from web3.types import TxReceipt

from ledger.adapters.chain.artifact import registry
from ledger.adapters.chain.deployment import Deployment, DeploymentFile
from ledger.adapters.chain.errors import NoSigner, TransactionRejected
from ledger.adapters.chain.reverts import UNAUTHORIZED, Revert, revert_of
from ledger.adapters.chain.signers import LEGACY_FIELDS, unsigned_fields
from ledger.ports import (
    EMPTY_HEAD,
    AnchorCall,
    AnchorRefused,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    ContractAbsent,
    Head,
    RoleMissing,
    SignedTransaction,
    Signer,
    WrongChain,
)

NO_ACCOUNT = "0x" + "00" * 20
ANCHOR_ROLE = keccak(text="ANCHOR_ROLE")
ANCHORED_TOPIC = keccak(text="CheckpointAnchored(uint64,bytes32)")

DEPLOY_GAS = 1_200_000
"""A deployment takes 804,145 (tests/contracts/gas.json)."""
ANCHOR_GAS, HASH_GAS = 120_000, 2_000
"""An anchor takes at most 94,000 and 1,100 for each hash of its proof (tests/contracts/gas.json)."""
DEPLOY_WAIT_SECONDS = 120

DONE_BEFORE = ("already known", "known transaction", "already imported", "nonce too low", "nonce is too low")
"""How geth, Besu, Hardhat, anvil and ethereumjs say that these bytes, or others with this nonce, were taken before."""

UNANSWERED = (OSError, requests.RequestException, ProviderConnectionError, BadResponseFormat, JSONDecodeError)


@dataclass(frozen=True, slots=True)
class ChainOptions:
    """What tells one chain from another. ``contract`` None: the one in ``deployments``."""

    kind: str
    url: str
    chain_id: int | None
    contract: str | None
    signer: Signer | None
    confirmations: int
    gas_price: int | None
    deployments: DeploymentFile


class EvmChain:
    """Implements ``ledger.ports.Chain``. Safe from any thread: web3.py keeps a session for each."""

    def __init__(self, web3: Web3, options: ChainOptions, close: Callable[[], None] = lambda: None) -> None:
        self._web3, self._options, self._close = web3, options, close
        self._lock = Lock()
        self._chain_id: int | None = None
        self._gas_price = options.gas_price
        self._codec = web3.eth.contract(abi=registry().abi, bytecode=registry().bytecode)

    def close(self) -> None:
        """Let connections and files go."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ which chain

    def identity(self) -> ChainIdentity:
        """Which chain, contract and account; empty contract or account when there is none yet."""
        return ChainIdentity(
            kind=self._options.kind,
            chain_id=self._options.chain_id or self._right_chain(),
            contract=self._contract() or "",
            sender=self._options.signer.address if self._options.signer else "",
            url=self._options.url if self._options.kind == "evm" else None,
        )

    def check(self) -> None:
        """Raise ChainUnavailable, WrongChain, ContractAbsent, NoSigner or RoleMissing unless anchoring can work."""
        self._chain_id = None
        self._right_chain()
        with self._asking():
            if not self._is_registry(self._contract()):
                raise self._absent()
        sender = self._signer().address
        if not self._view("hasRole", ANCHOR_ROLE, sender):
            raise RoleMissing(sender=sender, contract=self._address())

    def _right_chain(self) -> int:
        """The node's chain id, compared with the expected one before anything else is asked."""
        if self._chain_id is None:
            with self._asking():
                got = self._web3.eth.chain_id
            expected = self._options.chain_id or got
            if got != expected:
                raise WrongChain(expected=expected, got=got)
            self._chain_id = got
        return self._chain_id

    def _contract(self) -> str | None:
        if self._options.contract:
            return Web3.to_checksum_address(self._options.contract)
        record = self._options.deployments.read()
        return record.contract if record else None

    def _address(self) -> str:
        contract = self._contract()
        if contract is None:
            raise self._absent()
        return contract

    def _absent(self) -> ContractAbsent:
        return ContractAbsent(contract=self._contract() or "-", chain_id=self._right_chain())

    def _is_registry(self, address: str | None) -> bool:
        """The very code we ship, not just some code: a look-alike could claim anything."""
        return (
            address is not None
            and bytes(self._web3.eth.get_code(Web3.to_checksum_address(address))) == registry().runtime
        )

    def _signer(self) -> Signer:
        if self._options.signer is None:
            raise NoSigner
        return self._options.signer

    # ------------------------------------------------------------ reading

    def head(self) -> Head:
        """The contract's head now."""
        size, root = self._view("head")
        return Head(size, bytes(root)) if size else EMPTY_HEAD

    def next_nonce(self) -> int:
        """Transactions of the sender in mined blocks."""
        return self._mined_nonce(self._signer().address)

    def _mined_nonce(self, sender: str) -> int:
        self._right_chain()
        with self._asking():
            return self._web3.eth.get_transaction_count(Web3.to_checksum_address(sender), "latest")

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """The receipt of a transaction by hash, None while it is in no canonical block."""
        self._right_chain()
        with self._asking():
            found = self._found(transaction)
            return self._canonical(found) if found else None

    def _found(self, transaction: bytes) -> TxReceipt | None:
        try:
            return self._web3.eth.get_transaction_receipt(Web3.to_hex(transaction))
        except TransactionNotFound:
            return None

    def _canonical(self, found: TxReceipt) -> ChainReceipt | None:
        try:
            block = self._web3.eth.get_block(found["blockNumber"])
        except BlockNotFound:
            return None
        if bytes(block["hash"]) != bytes(found["blockHash"]):
            return None
        return ChainReceipt(
            chain_id=self._right_chain(),
            contract=found["to"] or found["contractAddress"] or "",
            transaction=bytes(found["transactionHash"]),
            block_number=found["blockNumber"],
            block_hash=bytes(found["blockHash"]),
            block_time=block["timestamp"],
            succeeded=found["status"] == 1,
            gas_used=found["gasUsed"],
        )

    def final(self, receipt: ChainReceipt) -> bool:
        """Whether the block is canonical and ``confirmations`` deep, its own depth being 1."""
        self._right_chain()
        with self._asking():
            latest = self._web3.eth.block_number
            if latest - receipt.block_number + 1 < self._options.confirmations:
                return False
            try:
                block = self._web3.eth.get_block(receipt.block_number)
            except BlockNotFound:
                return False
            return bytes(block["hash"]) == receipt.block_hash

    def find(self, head: Head) -> ChainReceipt | None:
        """Where the contract recorded exactly this checkpoint: its own note of the block, then that block's logs."""
        if head.size == 0:
            return None
        try:
            root, _, number, _ = self._view("checkpointOfSize", head.size)
        except AnchorRefused:
            return None
        if bytes(root) != head.root:
            return None
        topics = [Web3.to_hex(ANCHORED_TOPIC), Web3.to_hex(head.size.to_bytes(32, "big")), Web3.to_hex(head.root)]
        with self._asking():
            address = Web3.to_checksum_address(self._address())
            logs = self._web3.eth.get_logs(
                {"address": address, "fromBlock": number, "toBlock": number, "topics": topics}
            )
        return self.receipt(bytes(logs[0]["transactionHash"])) if logs else None

    def _view(self, name: str, *args: object) -> Any:
        self._right_chain()
        contract = self._web3.eth.contract(address=Web3.to_checksum_address(self._address()), abi=registry().abi)
        with self._asking():
            try:
                return getattr(contract.functions, name)(*args).call()
            except ContractLogicError as error:
                raise AnchorRefused(reason=_revert(error).text) from error
            except BadFunctionCallOutput as error:
                raise self._absent() from error

    # ------------------------------------------------------------ writing

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        """The transaction for ``call``, signed, not sent."""
        data = self._codec.encode_abi(
            "anchor",
            [call.previous.size, call.previous.root, call.next.size, call.next.root, list(call.consistency)],
        )
        return self._signed(nonce, self._address(), data, ANCHOR_GAS + HASH_GAS * len(call.consistency))

    def _signed(self, nonce: int, to: str, data: str, gas: int) -> SignedTransaction:
        signer = self._signer()
        raw = signer.sign_transaction(
            {
                "chainId": self._options.chain_id or self._right_chain(),
                "nonce": nonce,
                "gasPrice": self._price(),
                "gas": gas,
                "to": to,
                "value": 0,
                "data": data,
            }
        )
        return SignedTransaction(raw=raw, hash=keccak(raw), sender=signer.address, nonce=nonce)

    def _price(self) -> int:
        """
        Wei per gas: the setting; else, asked once, twice what the node names, for base fees that rise.

        An account without money pays nothing: on a network with free gas nodes may still name a price.
        """
        with self._lock:
            if self._gas_price is None:
                with self._asking():
                    account = Web3.to_checksum_address(self._signer().address)
                    self._gas_price = 2 * self._web3.eth.gas_price if self._web3.eth.get_balance(account) else 0
            return self._gas_price

    def send(self, transaction: SignedTransaction) -> None:
        """
        Hand the bytes to the node, unless the contract would refuse them: a reverted transaction helps nobody.

        Raises AnchorRefused, RoleMissing, TransactionRejected, ChainUnavailable. No error when the bytes are known or
        their nonce is used: the head then tells what became of it.
        """
        if self._mined_nonce(transaction.sender) > transaction.nonce:
            return
        self._rehearse(transaction)
        self._broadcast(transaction.raw)

    def _rehearse(self, transaction: SignedTransaction) -> None:
        said = dict(zip(LEGACY_FIELDS, unsigned_fields(transaction.raw), strict=True))
        message = {
            "from": Web3.to_checksum_address(transaction.sender),
            "to": Web3.to_checksum_address(said["to"].hex()) if said["to"] else "",
            "data": Web3.to_hex(said["data"]),
            "gas": int.from_bytes(said["gas"], "big"),
        }
        with self._asking():
            try:
                self._web3.eth.call(message)  # type: ignore[arg-type] # a TxParams, key by key
            except ContractLogicError as error:
                raise self._refused(_revert(error), transaction.sender) from error

    def _refused(self, revert: Revert, sender: str) -> AnchorRefused | RoleMissing:
        if revert.name == UNAUTHORIZED:
            return RoleMissing(sender=sender, contract=self._contract() or "-")
        return AnchorRefused(reason=revert.text)

    def _broadcast(self, raw: bytes) -> None:
        with self._asking():
            try:
                self._web3.eth.send_raw_transaction(raw)
            except ContractLogicError as error:  # nodes that mine at once answer with the revert
                raise AnchorRefused(reason=_revert(error).text) from error
            except Web3RPCError as error:
                if not any(words in error.message.lower() for words in DONE_BEFORE):
                    raise TransactionRejected(reason=_node_words(error)) from error

    # ------------------------------------------------------------ deploying

    def deploy(self, admin: str | None = None) -> str:
        """
        Address of this ledger's registry, deployed now unless it is on record.

        ``admin`` grants and revokes roles; the signer when not given. The signer gets ANCHOR_ROLE. Raises
        ContractAbsent when the registry on record is not there any more: a lost registry is never replaced in silence.
        """
        chain_id = self._right_chain()
        record = self._options.deployments.read()
        if record and record.chain_id != chain_id:
            raise WrongChain(expected=record.chain_id, got=chain_id)
        known = self._contract()
        if known:
            with self._asking():
                if not self._is_registry(known):
                    raise self._absent()
            return known
        return self._finish(record if record and self._open(record) else self._begin(admin))

    def _open(self, record: Deployment) -> bool:
        """Whether a signed deployment can still take effect, or has."""
        from eth_account import Account

        raw = bytes.fromhex(record.raw)
        nonce = int.from_bytes(unsigned_fields(raw)[0], "big")
        sender = str(Account.recover_transaction(raw))
        return self.receipt(bytes.fromhex(record.transaction)) is not None or self._mined_nonce(sender) <= nonce

    def _begin(self, admin: str | None) -> Deployment:
        sender = self._signer().address
        arguments = [Web3.to_checksum_address(admin or sender), sender]
        data = self._codec.constructor(*arguments).data_in_transaction
        signed = self._signed(self.next_nonce(), "", data, DEPLOY_GAS)
        record = Deployment(self._right_chain(), sender, signed.hash.hex(), signed.raw.hex())
        self._options.deployments.write(record)
        return record

    def _finish(self, record: Deployment) -> str:
        transaction = bytes.fromhex(record.transaction)
        if self.receipt(transaction) is None:
            self._broadcast(bytes.fromhex(record.raw))
        deadline = time.monotonic() + DEPLOY_WAIT_SECONDS
        while (receipt := self.receipt(transaction)) is None or not self.final(receipt):
            if time.monotonic() > deadline:
                raise ChainUnavailable(url=self._options.url, reason="the deployment is in no final block yet")
            time.sleep(0.2)
        if not receipt.succeeded:
            raise TransactionRejected(reason=f"the deployment failed after {receipt.gas_used} gas")
        contract = Web3.to_checksum_address(receipt.contract)
        self._options.deployments.write(
            Deployment(record.chain_id, record.deployer, record.transaction, record.raw, contract)
        )
        return contract

    # ------------------------------------------------------------ errors

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """No answer, half an answer or an answer that makes no sense: the chain is unavailable, for now."""
        try:
            yield
        except (
            OSError,
            requests.RequestException,
            ProviderConnectionError,
            BadResponseFormat,
            JSONDecodeError,
        ) as error:
            raise ChainUnavailable(url=self._options.url, reason=str(error) or type(error).__name__) from error
        except Web3RPCError as error:
            raise ChainUnavailable(url=self._options.url, reason=_node_words(error)) from error


def _revert(error: ContractLogicError) -> Revert:
    return revert_of(error.data, error.message or "execution reverted")


def _node_words(error: Web3RPCError) -> str:
    said = (error.rpc_response or {}).get("error")
    return str(said.get("message")) if isinstance(said, dict) else error.message
