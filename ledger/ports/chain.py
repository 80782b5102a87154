"""The witness contract on some chain, and the key that signs for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ledger.errors import ChainError


@dataclass(frozen=True, slots=True)
class Head:
    """A size of the log and the root of its first ``size`` entries. ``size`` 0 goes with 32 zero bytes on chain."""

    size: int
    root: bytes


EMPTY_HEAD = Head(0, bytes(32))


@dataclass(frozen=True, slots=True)
class AnchorCall:
    """One call of ``CheckpointRegistry.anchor``: the head it replaces, the head it sets, and why they agree."""

    previous: Head
    next: Head
    consistency: tuple[bytes, ...]
    """RFC 6962 consistency proof from ``previous.size`` to ``next.size``; empty from size 0."""


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction that can be sent any number of times and takes effect at most once."""

    raw: bytes
    hash: bytes
    sender: str
    nonce: int


@dataclass(frozen=True, slots=True)
class ChainReceipt:
    """Where an anchoring transaction sits on the chain."""

    chain_id: int
    contract: str
    transaction: bytes
    block_number: int
    block_hash: bytes
    block_time: int
    """Seconds since the Unix epoch, as the block states it."""
    succeeded: bool
    gas_used: int


@dataclass(frozen=True, slots=True)
class ChainIdentity:
    """Which chain this is, for people and for proofs."""

    kind: str
    """``embedded`` (a single local node) or ``evm`` (a network reached by URL)."""
    chain_id: int
    contract: str
    sender: str
    url: str | None


class Tip(NamedTuple):
    """The newest block of a chain: its number, and the seconds since the Unix epoch that it states."""

    number: int
    time: int


class ChainUnavailable(ChainError):
    """The node did not answer. Trying again may help."""

    code = "chain.unavailable"
    retryable = True
    url: str
    reason: str
    en = "the chain at {url} does not answer: {reason}"
    zh = "区块链节点 {url} 无响应：{reason}"
    fix_en = "Capture goes on; anchoring resumes by itself once the node is back. Check CHAIN_URL and the network"
    fix_zh = "采集不受影响；节点恢复后会自动继续上链。请检查 CHAIN_URL 与网络"


class WrongChain(ChainError):
    """The node answers for another chain than the ledger was set up with."""

    code = "chain.wrong-id"
    expected: int
    got: int
    en = "the node answers for chain {got}; this ledger is anchored on chain {expected}"
    zh = "节点的链编号为 {got}，本账本锚定在链 {expected}"
    fix_en = "Point CHAIN_URL at the right network, or set CHAIN_ID if the ledger is new"
    fix_zh = "请将 CHAIN_URL 指向正确的网络；若为新账本，请设置 CHAIN_ID"


class ContractAbsent(ChainError):
    """There is no CheckpointRegistry code at the address."""

    code = "chain.contract-absent"
    contract: str
    chain_id: int
    en = "no CheckpointRegistry at {contract} on chain {chain_id}"
    zh = "链 {chain_id} 的地址 {contract} 上没有 CheckpointRegistry 合约"
    fix_en = "Run `ledger deploy`, or set CONTRACT_ADDRESS to the deployed registry"
    fix_zh = "请运行 `ledger deploy`，或将 CONTRACT_ADDRESS 设为已部署的合约地址"


class RoleMissing(ChainError):
    """The signer may not anchor on this contract."""

    code = "chain.role-missing"
    sender: str
    contract: str
    en = "{sender} does not hold ANCHOR_ROLE on {contract}"
    zh = "账户 {sender} 在合约 {contract} 上没有 ANCHOR_ROLE 权限"
    fix_en = "Let the registry's admin grant ANCHOR_ROLE to this account"
    fix_zh = "请由合约管理员授予该账户 ANCHOR_ROLE"


class AnchorRefused(ChainError):
    """The contract reverted: the head moved, or the proof does not hold."""

    code = "chain.anchor-refused"
    reason: str
    en = "the contract refused the checkpoint: {reason}"
    zh = "合约拒绝了该检查点：{reason}"
    fix_en = "Run `ledger check`; if the log and the chain disagree, stop and call the auditor"
    fix_zh = "请运行 `ledger check`；若账本与链不一致，请停止操作并通知审计方"


class Signer(Protocol):
    """Holds one chain key, or reaches the one who does."""

    @property
    def address(self) -> str:
        """Checksummed address of the account."""
        ...

    def sign_transaction(self, fields: dict[str, object]) -> bytes:
        """Raw signed bytes of a legacy or EIP-1559 transaction given as web3 fields."""
        ...


class Chain(Protocol):
    """The witness contract on some EVM chain, seen by its one sender. Safe to call from any thread."""

    def identity(self) -> ChainIdentity:
        """Which chain, contract and account this is."""
        ...

    def check(self) -> None:
        """Raise unless node, chain id, contract code and the signer's role are as they must be."""
        ...

    def head(self) -> Head:
        """The contract's head now. ``EMPTY_HEAD`` before the first checkpoint."""
        ...

    def next_nonce(self) -> int:
        """Transactions of the sender in mined blocks; the nonce of the next one."""
        ...

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        """The transaction for ``call``, signed, not sent. The same arguments give the same bytes."""
        ...

    def send(self, transaction: SignedTransaction) -> None:
        """Hand the bytes to the node. Already known, or its nonce already used: no error, look at the head."""
        ...

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """The receipt of a transaction by hash, ``None`` while it is not in a canonical block."""
        ...

    def final(self, receipt: ChainReceipt) -> bool:
        """Whether the receipt's block is canonical still and as deep as this chain's finality asks."""
        ...

    def find(self, head: Head) -> ChainReceipt | None:
        """Where the contract recorded exactly this checkpoint, ``None`` when it did not."""
        ...

    def tip(self) -> Tip:
        """The newest block that the node knows."""
        ...
