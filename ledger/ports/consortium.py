"""The organisations behind the witness contract: who anchors, witnesses and pauses, and what they decide together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol, get_args

from ledger.errors import ChainError
from ledger.ports.chain import ChainReceipt

OrganisationRole = Literal["anchor", "witness", "guardian"]
ORGANISATION_ROLES: Final[tuple[OrganisationRole, ...]] = get_args(OrganisationRole)
"""In the order of their bits on chain."""
DecisionKind = Literal[
    "admit",
    "remove",
    "set_roles",
    "set_account",
    "add_anchor",
    "remove_anchor",
    "revoke_key",
    "set_quorum",
    "pause",
    "resume",
]
DECISION_KINDS: Final[tuple[DecisionKind, ...]] = get_args(DecisionKind)
"""In the order of ``IConsortium.Kind``."""
NONE: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a quorum decides. What its kind does not use stays empty: ``IConsortium.Change``."""

    kind: DecisionKind
    organisation: bytes = NONE
    """SHA-256 of the public name."""
    account: str = ""
    roles: tuple[OrganisationRole, ...] = ()
    quorum: int = 0
    pause_quorum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """An organisation of the first hour; without ``anchor`` no account anchors for it, without ``key`` it has none."""

    organisation: bytes
    account: str
    roles: tuple[OrganisationRole, ...]
    anchor: str = ""
    key: bytes = NONE
    from_size: int = 1


class CheckpointKey(NamedTuple):
    """An Ed25519 public key and the sizes it is in force for: from_size <= size < until_size (None: still is)."""

    key: bytes
    from_size: int
    until_size: int | None
    revoked: bool


class Member(NamedTuple):
    """An organisation that was ever admitted. ``present`` False: it was removed."""

    organisation: bytes
    account: str
    number: int
    roles: tuple[OrganisationRole, ...]
    present: bool
    anchors: tuple[str, ...]
    keys: tuple[CheckpointKey, ...]


class Standing(NamedTuple):
    """The organisations as they stand; ``governs`` False: the registry does not take this contract's word."""

    contract: str
    registry: str
    governs: bool
    quorum: int
    pause_quorum: int
    paused: bool
    changed: int
    """The last block with a change."""
    members: tuple[Member, ...]


class OpenDecision(NamedTuple):
    """A decision and who approved it, by number; ``counting`` approvals of ``needed``; ``expires`` in Unix seconds."""

    decision: Decision
    approvals: tuple[int, ...]
    expires: int
    carried: bool
    counting: int
    needed: int


class ConsortiumEvent(NamedTuple):
    """One event of the contract, in a final block."""

    name: str
    values: Mapping[str, object]
    """By the names of ``IConsortium``; bytes and addresses as they come."""
    receipt: ChainReceipt
    position: int
    """Log index in the block."""


class AnchoringPaused(ChainError):
    """The organisations have paused anchoring."""

    code = "chain.paused"
    retryable = True
    consortium: str
    en = "the organisations of {consortium} have paused anchoring"
    zh = "联盟合约 {consortium} 的各组织已暂停上链"
    fix_en = "Capture and checkpoints go on; anchoring resumes by itself once a quorum resumes it"
    fix_zh = "采集与检查点不受影响；达到法定数量的组织恢复后会自动继续上链"


class AnchorAccountRemoved(ChainError):
    """The account that signs does not anchor for any organisation, or its organisation does not anchor."""

    code = "chain.account-removed"
    sender: str
    consortium: str
    en = "{sender} does not anchor for any organisation of {consortium}, or not any more"
    zh = "账户 {sender} 不是（或不再是）联盟合约 {consortium} 中任何组织的上链账户"
    fix_en = "Let the organisations decide on an account (`ledger consortium propose add-anchor`), and sign by it"
    fix_zh = "请由各组织表决上链账户（`ledger consortium propose add-anchor`），并使用该账户签名"


class CheckpointKeyNotInForce(ChainError):
    """The log's key is not the one that its organisation has on record for checkpoints of this size."""

    code = "chain.key-not-in-force"
    size: int
    key: str
    en = "the key {key} is not in force for checkpoints of size {size}: it was rotated, revoked or never registered"
    zh = "密钥 {key} 对大小为 {size} 的检查点无效：已轮换、已吊销或从未登记"
    fix_en = "Register the key that signs from here on (`ledger consortium rotate`); earlier checkpoints stay proved"
    fix_zh = "请登记自该大小起签名的密钥（`ledger consortium rotate`）；此前的检查点仍可证明"


class DecisionRefused(ChainError):
    """The contract refused a proposal, an approval, or an organisation's own act."""

    code = "chain.decision-refused"
    reason: str
    en = "the consortium's contract refused: {reason}"
    zh = "联盟合约拒绝：{reason}"
    fix_en = "See `ledger consortium show` for who decides by which account, and what is open"
    fix_zh = "请用 `ledger consortium show` 查看各组织的账户与待决事项"


class CharterRefused(ChainError):
    """The file that a consortium is to be founded by cannot be used."""

    code = "chain.charter-refused"
    path: str
    why: str
    en = "{path} is no charter: {why}"
    zh = "{path} 不是可用的章程文件：{why}"
    fix_en = "docs/organisations.md has one to begin with"
    fix_zh = "docs/organisations.md 中有可参照的示例"


class ConsortiumAbsent(ChainError):
    """No consortium is set, or there is none at the address."""

    code = "chain.consortium-absent"
    contract: str
    en = "there is no Consortium contract at {contract}"
    zh = "地址 {contract} 上没有 Consortium 合约"
    fix_en = "Found one with `ledger consortium found`, or set CONSORTIUM_ADDRESS"
    fix_zh = "请用 `ledger consortium found` 建立，或设置 CONSORTIUM_ADDRESS"


class AnchorRules(Protocol):
    """Whether this ledger may anchor now."""

    def permit(self, size: int, key: bytes) -> None:
        """
        Raise unless the chain's sender may anchor a checkpoint of ``size`` signed by the Ed25519 key.

        AnchoringPaused, AnchorAccountRemoved, CheckpointKeyNotInForce, ChainUnavailable. An organisation that never
        registered a key is asked for none; a consortium that does not govern the registry refuses nothing.
        """
        ...


class ConsortiumReader(AnchorRules, Protocol):
    """The contract as everybody reads it."""

    @property
    def address(self) -> str:
        """Where the contract is, checksummed."""
        ...

    def standing(self) -> Standing:
        """The organisations now."""
        ...

    def events(self, after: int) -> Sequence[ConsortiumEvent]:
        """Every event in final blocks above ``after``, in order."""
        ...


class Consortium(ConsortiumReader, Protocol):
    """The same, and how the organisation of this process's account decides in it."""

    def decision(self, proposal: bytes) -> OpenDecision:
        """A decision that was put. Raises DecisionRefused for one that never was."""
        ...

    def propose(self, decision: Decision) -> tuple[bytes, ChainReceipt]:
        """Put a decision with one's own approval, or approve the equal one that is open; its id (zero: no effect)."""
        ...

    def approve(self, proposal: bytes) -> ChainReceipt:
        """Approve. Carried at once when enough have."""
        ...

    def withdraw(self, proposal: bytes) -> ChainReceipt:
        """Take the own approval back."""
        ...

    def rotate_key(self, key: bytes, from_size: int) -> ChainReceipt:
        """The own organisation signs from ``from_size`` on by ``key``."""
        ...

    def revoke_key(self) -> ChainReceipt:
        """The own organisation has lost its key."""
        ...

    def move_account(self, account: str) -> ChainReceipt:
        """The own organisation decides by another account."""
        ...

    def drop_anchor(self, account: str) -> ChainReceipt:
        """The own organisation no longer anchors by this account."""
        ...
