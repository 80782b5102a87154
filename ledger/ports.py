"""
What the services need from outside, as Protocols: stores, chain, signer, clock, randomness.

Adapters under ``ledger.adapters`` meet these; tests run one suite per port against every adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from ledger.errors import ChainError, StoreError
from ledger.footprint.activity import ActivityCube
from ledger.log.checkpoint import Checkpoint
from ledger.log.entry import Entry
from ledger.log.errors import RecordConflict

# ---------------------------------------------------------------- clock, randomness


class Clock(Protocol):
    """Wall time, UTC."""

    def now(self) -> datetime:
        """The present, timezone-aware, UTC."""
        ...


class Random(Protocol):
    """Unpredictable bytes: salts, keys."""

    def token(self, size: int) -> bytes:
        """``size`` fresh random bytes."""
        ...


# ---------------------------------------------------------------- chain


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


# ---------------------------------------------------------------- store


class StoreUnavailable(StoreError):
    """The database did not take the write. Nothing was half written."""

    code = "store.unavailable"
    retryable = True
    reason: str
    en = "the database did not take it: {reason}"
    zh = "数据库未能写入：{reason}"
    fix_en = "Nothing was stored in part. Free disk space or restart the database, then send it again"
    fix_zh = "没有写入任何不完整数据。请释放磁盘空间或重启数据库后重新提交"


class LeaseLost(StoreError):
    """Another worker took over; what this one was about to write was not written."""

    code = "store.lease-lost"
    name: str
    en = "the lease {name} was taken over by another worker"
    zh = "租约 {name} 已被另一工作进程接管"
    fix_en = "Nothing to do: the other worker goes on"
    fix_zh = "无需处理：另一工作进程会继续"


class Draft(NamedTuple):
    """A record ready to become an entry: all that can be computed before its place in the log is known."""

    tenant: str
    kind: int
    """Position in ``records.record.KINDS``."""
    record_id: str
    occurred_at: int
    """Microseconds since the Unix epoch."""
    body: bytes
    salt: bytes
    committed: bytes
    """``log.entry.commitment(salt, body)``."""


@dataclass(frozen=True, slots=True)
class DraftColumns:
    """Many drafts, field by field, one item per draft: the shape that processes and databases hand on fastest."""

    tenants: Sequence[str]
    kinds: Sequence[int]
    record_ids: Sequence[str]
    occurred_at: Sequence[int]
    bodies: Sequence[bytes]
    salts: Sequence[bytes]
    committed: Sequence[bytes]
    keys: Sequence[int] | None = None
    """``log.entry.record_key(tenant, record_id)``, where it was computed already."""

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> DraftColumns:
        """The columns of rows; at least one."""
        return cls(*zip(*drafts, strict=True))

    @classmethod
    def joined(cls, parts: Sequence[DraftColumns]) -> DraftColumns:
        """One batch of several, in order. Keys stay when every part has them."""
        tenants, kinds, ids, at, bodies, salts, committed = (
            list(chain.from_iterable(column)) for column in zip(*(part.columns() for part in parts), strict=True)
        )
        known = [part.keys for part in parts if part.keys is not None]
        keys = list(chain.from_iterable(known)) if len(known) == len(parts) else None
        return cls(tenants, kinds, ids, at, bodies, salts, committed, keys)

    def rows(self) -> Iterator[Draft]:
        """Row by row."""
        return map(Draft, *self.columns())

    def columns(self) -> tuple[Sequence[Any], ...]:
        """The fields of a draft, in its order."""
        return (
            self.tenants,
            self.kinds,
            self.record_ids,
            self.occurred_at,
            self.bodies,
            self.salts,
            self.committed,
        )


class Receipt(NamedTuple):
    """What a submitter gets for a record."""

    seq: int
    recorded_at: int
    fresh: bool
    """False when the same record was an entry already."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Outcome of one append of ``count`` drafts."""

    first: int
    """Index of the first fresh entry."""
    count: int
    recorded_at: int
    others: Mapping[int, Receipt | RecordConflict] = field(default_factory=dict)
    """By position in the batch: what was an entry already, or conflicts with one."""

    @property
    def fresh(self) -> int:
        """How many entries this append added."""
        return self.count - len(self.others)

    def outcomes(self) -> Iterator[Receipt | RecordConflict]:
        """One outcome per draft, in order."""
        index = self.first
        for position in range(self.count):
            other = self.others.get(position)
            if other is not None:
                yield other
            else:
                yield Receipt(index, self.recorded_at, fresh=True)
                index += 1


State = Literal["checkpointed", "anchored", "confirmed"]


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint of this log and how far it has come."""

    previous_size: int
    checkpoint: Checkpoint
    note: str
    created_at: int
    state: State
    transaction: SignedTransaction | None
    receipt: ChainReceipt | None
    receipt_note: str


class LeafRow(NamedTuple):
    """A stored entry beside its stored leaf, as the checker and the projections read it."""

    seq: int
    tenant: str
    """Empty when the number that is stored names no tenant."""
    kind: int
    occurred_at: int
    recorded_at: int
    salt: bytes
    leaf: bytes
    body: bytes
    key: int
    """Under which the store finds the record id: ``log.entry.record_key``."""


class EntryStore(Protocol):
    """The entries. Append is durable when it returns; nothing is ever updated or deleted."""

    def append(self, drafts: Sequence[Draft] | DraftColumns, now: int) -> Appended:
        """
        Sequence the drafts, all in one transaction.

        The same record id with the same record is the same entry; with another record it is a conflict, and only
        that draft is left out. ``now`` is microseconds; an entry's recorded time never falls below the last one's.
        """
        ...

    def size(self) -> int:
        """How many entries there are."""
        ...

    def entry(self, index: int) -> Entry:
        """One entry. Raises ``EntryAbsent``."""
        ...

    def find(self, tenant: str, record_id: str) -> Entry | None:
        """The entry of a record id within a tenant."""
        ...

    def rows(self, start: int, stop: int) -> Iterator[list[LeafRow]]:
        """Entries in ``[start, stop)`` in batches, in order, in bounded memory."""
        ...


class CheckpointStore(Protocol):
    """Checkpoints, the tree's tiles, and what was sent to the chain."""

    def latest(self) -> StoredCheckpoint | None:
        """The checkpoint of the greatest size."""
        ...

    def get(self, size: int) -> StoredCheckpoint | None:
        """The checkpoint of this very size."""
        ...

    def covering(self, index: int, state: State | None = None) -> StoredCheckpoint | None:
        """The smallest checkpoint over an entry, at least in ``state``."""
        ...

    def all(self, after: int = 0, limit: int = 1000) -> list[StoredCheckpoint]:
        """Checkpoints of size > ``after``, in order."""
        ...

    def in_flight(self, size: int) -> list[StoredCheckpoint]:
        """Checkpoints above ``size`` for which a transaction was signed, in order."""
        ...

    def newest(self, limit: int) -> list[StoredCheckpoint]:
        """The latest checkpoints, newest first."""
        ...

    def add(self, previous: int, checkpoint: Checkpoint, note: str, now: int, tiles: Mapping[TileId, bytes]) -> bool:
        """Store a checkpoint with the tiles that grew, in one transaction; False when ``previous`` has a successor."""
        ...

    def tiles(self, ids: Sequence[TileId]) -> dict[TileId, bytes]:
        """Stored tiles by id; absent ones are left out."""
        ...

    def note_sent(self, lease: Lease, size: int, transaction: SignedTransaction) -> None:
        """Persist the signed bytes before they are sent. Raises ``LeaseLost``."""
        ...

    def advance(self, lease: Lease, size: int, state: State, receipt: ChainReceipt | None, note: str) -> None:
        """Move a checkpoint, and all before it, on or (when the chain reorganised) back. Raises ``LeaseLost``."""
        ...


class TileId(NamedTuple):
    """A tile of 256 hashes: its level (in steps of eight) and its number (C2SP tlog-tiles)."""

    level: int
    number: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one kind of work for a while. ``fence`` grows with every holder."""

    name: str
    holder: str
    fence: int


class LeaseStore(Protocol):
    """Who does the work that only one may do."""

    def acquire(self, name: str, holder: str, seconds: int) -> Lease | None:
        """Take or renew a lease; ``None`` while someone else holds it."""
        ...

    def release(self, lease: Lease) -> None:
        """Give it up early."""
        ...


class AssetState(NamedTuple):
    """A thing as its latest event leaves it."""

    id: str
    tenant: str
    product: str
    first_seq: int
    last_seq: int
    last_at: int
    step: str
    disposition: str
    place: str


class Fact(NamedTuple):
    """Where a record stands that is read whole: declared footprint, energy, scheme, bid, score sheet."""

    seq: int
    tenant: str
    kind: str
    subject: str
    """Product, site, or tender."""
    occurred_at: int


class Summed(Protocol):
    """What a run of entries adds to the projections; computed anywhere, added in order."""

    first: int
    stop: int


class Projections(Protocol):
    """Tables computed from entries; thrown away and rebuilt at will."""

    def watermark(self) -> int:
        """How many entries are folded in."""
        ...

    def fold(self, rows: Sequence[LeafRow]) -> None:
        """Fold the next entries in, in one transaction with the watermark; repeats change nothing, gaps are refused."""
        ...

    def summed(self, batches: Iterable[Sequence[LeafRow]], first: int) -> Summed:
        """What entries from ``first`` on add, in a form that processes can hand on. Touches no database."""
        ...

    def add(self, summed: Summed) -> bool:
        """Add the next run of entries with the watermark, in one transaction; False when another worker did it."""
        ...

    def reset(self) -> None:
        """Forget everything computed."""
        ...

    def asset(self, identity: str) -> AssetState | None:
        """The state of a thing by its canonical identity."""
        ...

    def assets(self, tenant: str, after: str = "", limit: int = 100) -> list[AssetState]:
        """Things of a tenant, by identity."""
        ...

    def asset_entries(self, identity: str, limit: int = 1000) -> list[int]:
        """Indexes of the entries that name a thing, in order."""
        ...

    def cube(self, tenant: str, *, product: str | None = None, route: str | None = None) -> ActivityCube:
        """
        Activity of a tenant, of one product, or of one route, ready for ``footprint.calculate``.

        Hub cells and energy are always all of the tenant's, because a hub's energy is shared over its whole throughput.
        """
        ...

    def units(self, tenant: str) -> dict[str, int]:
        """
        Pieces of each product that a per-piece figure divides by.

        Pieces out of the hub with the greatest throughput; of a product that passed no hub, pieces on its busiest
        route. A piece that rides several legs is so counted once. One, of a product that is declared and never moved.
        """
        ...

    def routes(self, tenant: str) -> list[str]:
        """Routes with activity, by name."""
        ...

    def products(self, tenant: str) -> list[str]:
        """Products with activity or a declared footprint, by name."""
        ...

    def facts(self, tenant: str, kind: str, subject: str | None = None) -> list[Fact]:
        """Facts of a kind, oldest first."""
        ...

    def counts(self, tenant: str) -> dict[str, int]:
        """Folded entries by kind, and ``assets``."""
        ...


# ---------------------------------------------------------------- processes


class Workplace(Protocol):
    """What a task may use in the process that it runs in."""

    @property
    def entries(self) -> EntryStore:
        """The entries, for reading."""
        ...

    @property
    def projections(self) -> Projections:
        """The projections, for summing."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


Item = TypeVar("Item")
Result = TypeVar("Result")
Task = Callable[[Workplace, Item], Result]
"""A function of a module, so that a process can be told its name; item and result are values that can be sent."""


class Workers(Protocol):
    """Processes beside this one, for work on many entries. One process, this one, is as good."""

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """One result per item, in their order, a few computed ahead. Raises what the task raises."""
        ...
