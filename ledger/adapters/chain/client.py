"""The witness contract: one client for the embedded chain and for every EVM network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from eth_utils.crypto import keccak
from web3 import Web3
from web3.exceptions import BadFunctionCallOutput, ContractLogicError

from ledger.adapters.chain.artifact import registry
from ledger.adapters.chain.deploying import deploy_registry
from ledger.adapters.chain.deployment import DeploymentFile
from ledger.adapters.chain.evm_node import EvmNode, revert_in
from ledger.adapters.chain.reverts import UNAUTHORIZED, Revert
from ledger.adapters.chain.signers import LEGACY_FIELDS, unsigned_fields
from ledger.ports import (
    EMPTY_HEAD,
    AnchorCall,
    AnchorRefused,
    ChainIdentity,
    ChainReceipt,
    ContractAbsent,
    Head,
    RoleMissing,
    SignedTransaction,
    Tip,
    WrongChain,
)

ANCHOR_ROLE = keccak(text="ANCHOR_ROLE")
ANCHORED_TOPIC = keccak(text="CheckpointAnchored(uint64,bytes32)")

ANCHOR_GAS, HASH_GAS = 120_000, 2_000
"""An anchor takes at most 94,000 and 1,100 for each hash of its proof (tests/contracts/gas.json)."""


class EvmChain:
    """Implements ``ledger.ports.Chain``. Safe from any thread."""

    def __init__(
        self,
        node: EvmNode,
        *,
        kind: str,
        contract: str | None,
        deployments: DeploymentFile,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        """``kind`` as in ChainIdentity; ``contract`` None: the one in ``deployments``."""
        self._node, self._kind, self._deployments, self._close = node, kind, deployments, close
        self._set_contract = Web3.to_checksum_address(contract) if contract else None
        self._registries: dict[str, Any] = {}

    def close(self) -> None:
        """Let connections and files go."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def node(self) -> EvmNode:
        """What this client asks, for those who ask about another contract beside it."""
        return self._node

    # ------------------------------------------------------------ which chain

    def identity(self) -> ChainIdentity:
        """Which chain, contract and account; empty contract or account when there is none yet."""
        return ChainIdentity(
            kind=self._kind,
            chain_id=self._node.chain_id(),
            contract=self._contract() or "",
            sender=self._node.signer.address if self._node.has_signer else "",
            url=self._node.url if self._kind == "evm" else None,
        )

    def check(self) -> None:
        """Raise ChainUnavailable, WrongChain, ContractAbsent, NoSigner or RoleMissing unless anchoring can work."""
        self._node.right_chain(again=True)
        if not self._is_registry(self._contract()):
            raise self._absent()
        sender = self._node.signer.address
        if not self._view("hasRole", ANCHOR_ROLE, sender):
            raise RoleMissing(sender=sender, contract=self._address())

    def deploy(self, admin: str | None = None) -> str:
        """
        Address of this ledger's registry, deployed now unless it is set or on record.

        ``admin`` grants and revokes roles; the signer when not given. The signer gets ANCHOR_ROLE. Raises
        ContractAbsent when the registry on record is not there any more: a lost registry is never replaced in silence.
        """
        chain_id = self._node.right_chain()
        record = self._deployments.read()
        if record and record.chain_id != chain_id:
            raise WrongChain(expected=record.chain_id, got=chain_id)
        known = self._contract()
        if known is None:
            return deploy_registry(self._node, self._deployments, admin)
        if not self._is_registry(known):
            raise self._absent()
        return known

    def _contract(self) -> str | None:
        if self._set_contract:
            return self._set_contract
        record = self._deployments.read()
        return record.contract if record else None

    def _address(self) -> str:
        contract = self._contract()
        if contract is None:
            raise self._absent()
        return contract

    def _absent(self) -> ContractAbsent:
        return ContractAbsent(contract=self._contract() or "-", chain_id=self._node.right_chain())

    def _is_registry(self, address: str | None) -> bool:
        """The very code we ship, not just some code: a look-alike could claim anything."""
        if address is None:
            return False
        with self._node.asking():
            return bytes(self._node.web3.eth.get_code(Web3.to_checksum_address(address))) == registry().runtime

    # ------------------------------------------------------------ reading

    def head(self) -> Head:
        """The contract's head now."""
        size, root = self._view("head")
        return Head(size, bytes(root)) if size else EMPTY_HEAD

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
        address = Web3.to_checksum_address(self._address())
        with self._node.asking():
            logs = self._node.web3.eth.get_logs(
                {"address": address, "fromBlock": number, "toBlock": number, "topics": topics}
            )
        return self.receipt(bytes(logs[0]["transactionHash"])) if logs else None

    def tip(self) -> Tip:
        """The newest block."""
        return self._node.tip()

    def _view(self, name: str, *args: object) -> Any:
        self._node.right_chain()
        contract = self._registry(self._address())
        with self._node.asking():
            try:
                return getattr(contract.functions, name)(*args).call()
            except ContractLogicError as error:
                raise AnchorRefused(reason=revert_in(error).text) from error
            except BadFunctionCallOutput as error:
                raise self._absent() from error

    def _registry(self, address: str) -> Any:
        """web3.py's view of the contract; making one takes longer than most questions to it."""
        if address not in self._registries:
            checked = Web3.to_checksum_address(address)
            self._registries[address] = self._node.web3.eth.contract(address=checked, abi=registry().abi)
        return self._registries[address]

    def next_nonce(self) -> int:
        """Transactions of the sender in mined blocks."""
        return self._node.mined_nonce(self._node.signer.address)

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """The receipt of a transaction by hash, None while it is in no canonical block."""
        return self._node.receipt(transaction)

    def final(self, receipt: ChainReceipt) -> bool:
        """Whether the block is canonical and ``confirmations`` deep, its own depth being 1."""
        return self._node.final(receipt)

    # ------------------------------------------------------------ writing

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        """The transaction for ``call``, signed, not sent."""
        data = self._node.web3.eth.contract(abi=registry().abi).encode_abi(
            "anchor",
            [call.previous.size, call.previous.root, call.next.size, call.next.root, list(call.consistency)],
        )
        return self._node.sign(nonce, self._address(), data, ANCHOR_GAS + HASH_GAS * len(call.consistency))

    def send(self, transaction: SignedTransaction) -> None:
        """
        Hand the bytes to the node, unless the contract would refuse them: a reverted transaction helps nobody.

        Raises AnchorRefused, RoleMissing, TransactionRejected, ChainUnavailable. No error when the bytes are known or
        their nonce is used: the head then tells what became of it.
        """
        if self._node.mined_nonce(transaction.sender) > transaction.nonce:
            return
        self._rehearse(transaction)
        self._node.broadcast(transaction.raw)

    def _rehearse(self, transaction: SignedTransaction) -> None:
        said = dict(zip(LEGACY_FIELDS, unsigned_fields(transaction.raw), strict=True))
        message = {
            "from": Web3.to_checksum_address(transaction.sender),
            "to": Web3.to_checksum_address(said["to"]),
            "data": Web3.to_hex(said["data"]),
            "gas": int.from_bytes(said["gas"], "big"),
        }
        with self._node.asking():
            try:
                self._node.web3.eth.call(message)  # type: ignore[arg-type] # a TxParams, key by key
            except ContractLogicError as error:
                raise self._refused(revert_in(error), transaction.sender) from error

    def _refused(self, revert: Revert, sender: str) -> AnchorRefused | RoleMissing:
        if revert.name == UNAUTHORIZED:
            return RoleMissing(sender=sender, contract=self._address())
        return AnchorRefused(reason=revert.text)
