"""What pages show of the log: entries, checkpoints, the path between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from api.events import EventHash, event_hash_of
from api.pages.words import at, number
from ledger.log.entry import Entry
from ledger.log.merkle import node_hash
from ledger.log.proof import Proof
from ledger.ports import CheckpointStore, StoredCheckpoint
from ledger.services.corrections import Withdrawal
from ledger.services.witness_standing import WitnessStanding
from ledger.settings import Settings

STATES: Final = ("captured", "sequenced", "checkpointed", "anchored", "confirmed")
_RANK: Final = {name: rank for rank, name in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One of the five states: what to write above it, and whether it is reached."""

    name: str
    count: str
    done: bool


def life_of(state: str) -> list[LifeStep]:
    """The life of one entry."""
    return [LifeStep(name, "✓" if rank <= _RANK[state] else "·", rank <= _RANK[state]) for name, rank in _RANK.items()]


class Block(NamedTuple):
    """Where a checkpoint was anchored."""

    number: int
    hash: str
    at: datetime
    gas_used: int


class CheckpointRow(NamedTuple):
    """A checkpoint in a table."""

    size: int
    previous_size: int
    root: str
    state: str
    created_at: datetime
    transaction: str
    block: Block | None


def checkpoint_row(stored: StoredCheckpoint) -> CheckpointRow:
    """A stored checkpoint for a page."""
    receipt = stored.receipt
    block = None
    if receipt:
        block = Block(
            receipt.block_number, receipt.block_hash.hex(), at(receipt.block_time * 1_000_000), receipt.gas_used
        )
    sent = receipt.transaction if receipt else stored.transaction.hash if stored.transaction else b""
    checkpoint = stored.checkpoint
    return CheckpointRow(
        checkpoint.size,
        stored.previous_size,
        checkpoint.root.hex(),
        stored.state,
        at(stored.created_at),
        sent.hex(),
        block,
    )


class WitnessRow(NamedTuple):
    """A witness: when it cosigned this checkpoint, and what it said when it was asked last."""

    name: str
    key: str
    when: datetime | None
    asked: datetime | None
    trouble: str


class WitnessesView(NamedTuple):
    """How a checkpoint stands with the witnesses of the policy."""

    cosigned: int
    witnesses: int
    least: int
    met: bool
    rows: list[WitnessRow]


def witnesses_view(standing: WitnessStanding, locale: str) -> WitnessesView:
    """For a page; troubles in its language."""
    rows = []
    for one, said in standing.rows:
        why = "" if said is None else said.why_zh if locale == "zh-CN" else said.why
        when = at(one.time * 1_000_000) if one.time is not None else None
        rows.append(WitnessRow(one.witness.name, str(one.witness.key), when, at(said.at) if said else None, why))
    return WitnessesView(standing.cosigned, standing.witnesses, standing.least, standing.met, rows)


class Reached(NamedTuple):
    """How many entries, from the first on, have come this far."""

    entries: int
    checkpointed: int
    anchored: int
    confirmed: int

    def life(self) -> list[LifeStep]:
        """The five states with how many entries reached each. A captured record is sequenced in the same write."""
        counts = (self.entries, *self)
        return [LifeStep(name, number(count), count > 0) for name, count in zip(STATES, counts, strict=True)]


def reached(size: int, checkpoints: CheckpointStore) -> Reached:
    """The log's progress; looks back over the newest checkpoints, a thousand at most, for one that is confirmed."""
    newest = checkpoints.newest(10)
    if newest and newest[-1].previous_size and not any(stored.state == "confirmed" for stored in newest):
        newest = checkpoints.newest(1000)
    most = (max((c.checkpoint.size for c in newest if _RANK[c.state] >= rank), default=0) for rank in (2, 3, 4))
    return Reached(size, *most)


class ChainView(NamedTuple):
    """Which chain vouches; id and contract are dashes until the first checkpoint is in a block."""

    kind: str
    embedded: bool
    chain_id: str
    contract: str


def chain_view(settings: Settings, latest: StoredCheckpoint | None, checkpoints: CheckpointStore) -> ChainView:
    """The chain as settings and receipts name it; the node itself is not asked."""
    embedded = settings.chain_url.startswith("embedded:")
    anchored = latest if latest is None or latest.receipt else checkpoints.covering(0, "anchored")
    receipt = anchored.receipt if anchored else None
    chain_id = receipt.chain_id if receipt else settings.chain_id
    contract = receipt.contract if receipt else settings.contract_address
    return ChainView("embedded" if embedded else "evm", embedded, str(chain_id or "–"), contract or "–")


class Head(msgspec.Struct):
    """What every record has."""

    id: str
    kind: str
    occurred_at: datetime
    corrects: str = ""
    verified_by: str | None = None


class Body(msgspec.Struct):
    """An entry's body, as far as lists need it."""

    record: Head
    submitter: str


BODY: Final = msgspec.json.Decoder(Body)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in a table."""

    index: int
    kind: str
    record_id: str
    submitter: str
    recorded_at: datetime
    state: str


def record_rows(record: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """A record as (field, value) lines, depth first; nothing is left out."""
    if isinstance(record, dict) and record:
        for key, value in record.items():
            yield from record_rows(value, f"{pointer}/{key}" if pointer else key)
    elif isinstance(record, list) and record:
        for position, value in enumerate(record):
            yield from record_rows(value, f"{pointer}/{position}")
    else:
        yield pointer, record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)


class Box(NamedTuple):
    """A hash in the picture."""

    x: int
    y: int
    hash: str
    own: bool


class Step(NamedTuple):
    """One pairing on the way up."""

    side: str
    sibling: str
    node: str
    y: int
    own_x: int
    sibling_x: int
    up_x: int
    up_y: int


@dataclass(frozen=True, slots=True)
class PathView:
    """The path as a picture and a table."""

    steps: tuple[Step, ...]
    boxes: tuple[Box, ...]
    height: int
    root_x: int


_RISE: Final = 72
_LEFT, _MIDDLE, _RIGHT = 170, 320, 470


def path_view(proof: Proof) -> PathView:
    """Every hash from the leaf up; each step knows on which side its sibling stands."""
    index, last = proof.entry.index, proof.checkpoint.size - 1
    node, steps, boxes = proof.entry.leaf(), list[Step](), list[Box]()
    y = 40 + _RISE * len(proof.path)
    x = _MIDDLE
    boxes.append(Box(x, y, node.hex(), own=True))
    for sibling in proof.path:
        while index == last and index % 2 == 0:  # a lone last node is lifted, not paired
            index, last = index // 2, last // 2
        left = index % 2 == 1
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
        index, last = index // 2, last // 2
        sibling_x = x - 180 if left else x + 180
        up_x = min(max((x + sibling_x) // 2, _LEFT), _RIGHT)
        steps.append(Step("left" if left else "right", sibling.hex(), node.hex(), y, x, sibling_x, up_x, y - _RISE))
        boxes.append(Box(sibling_x, y, sibling.hex(), own=False))
        x, y = up_x, y - _RISE
        boxes.append(Box(x, y, node.hex(), own=True))
    return PathView(tuple(steps), tuple(boxes), 40 + _RISE * len(proof.path) + 40, x)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with everything its page shows."""

    index: int
    kind: str
    record_id: str
    submitter: str
    tenant: str
    recorded_at: datetime
    occurred_at: datetime
    verified_by: str | None
    state: str
    life: list[LifeStep]
    leaf: str
    event_hash: EventHash | None
    rows: list[tuple[str, str]]
    raw: str
    checkpoint: CheckpointRow | None
    path: PathView | None
    standing: StandingView
    witnesses: WitnessesView | None


class StandingView(NamedTuple):
    """Whether the entry counts: what withdrew it, what it withdraws, and whether the reader may withdraw it."""

    withdrawn: Withdrawal | None
    instead: int | None
    """The entry that stands instead, when it was named and has come."""
    corrects: int | None
    """The entry that this one withdraws."""
    may_withdraw: bool


def entry_view(
    entry: Entry,
    state: str,
    covering: StoredCheckpoint | None,
    proof: Proof | None,
    standing: StandingView,
    *,
    witnesses: WitnessesView | None,
) -> EntryView:
    """An entry, its record taken apart, and its way to the checkpoint."""
    body = BODY.decode(entry.body)
    record = msgspec.json.decode(entry.body)["record"]
    event_hash = event_hash_of(entry.body)
    return EntryView(
        index=entry.index,
        kind=body.record.kind,
        record_id=body.record.id,
        submitter=body.submitter,
        tenant=entry.tenant,
        recorded_at=at(entry.recorded_at),
        occurred_at=body.record.occurred_at,
        verified_by=body.record.verified_by,
        state=state,
        life=life_of(state),
        leaf=entry.leaf().hex(),
        event_hash=event_hash,
        rows=list(record_rows(record)),
        raw=entry.body.decode(),
        checkpoint=checkpoint_row(covering) if covering else None,
        path=path_view(proof) if proof and proof.path else None,
        standing=standing,
        witnesses=witnesses,
    )
