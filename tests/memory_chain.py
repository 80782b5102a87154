"""
The witness contract on a chain that a test commands: it mines when told, reorganises, lags, lies and goes away.

The rules are those of CheckpointRegistry: compare-and-set on the head, sizes only grow, the consistency proof is
checked, an equal repeat of the head is a no-op, anything else reverts and still uses up its nonce.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.log.errors import ProofError
from ledger.log.merkle import verify_consistency
from ledger.ports import (
    EMPTY_HEAD,
    AnchorCall,
    AnchorRefused,
    ChainIdentity,
    ChainReceipt,
    ChainUnavailable,
    Head,
    SignedTransaction,
    Tip,
)

CHAIN_ID = 4242
CONTRACT = "0x" + "c0" * 20
SENDER = "0x" + "5e" * 20


@dataclass(frozen=True)
class Block:
    """What was mined together, on which parent."""

    number: int
    hash: bytes
    transactions: tuple[SignedTransaction, ...]


@dataclass
class State:
    """The contract and the sender's account after some blocks."""

    nonce: int = 0
    anchored: list[tuple[Head, Block, SignedTransaction]] = field(default_factory=list)
    reverted: int = 0
    repeated: int = 0

    @property
    def head(self) -> Head:
        return self.anchored[-1][0] if self.anchored else EMPTY_HEAD


@dataclass
class MemoryChain:
    """``ports.Chain``. ``mines`` False leaves transactions pending until ``mine``."""

    confirmations: int = 1
    mines: bool = True
    down: bool = False
    lag: int = 0
    """How many blocks the node that answers is behind."""
    lose_replies: int = 0
    """So many sends arrive and are answered by a time-out."""
    lose_sends: int = 0
    """So many sends never arrive and are answered by a time-out."""
    blocks: list[Block] = field(default_factory=list)
    pending: list[SignedTransaction] = field(default_factory=list)
    received: list[SignedTransaction] = field(default_factory=list)
    """Every transaction that arrived, each as often as it did."""
    forks: int = 0

    # ------------------------------------------------------------ what a test does

    def mine(self, blocks: int = 1) -> None:
        """New blocks; what is pending goes into the first."""
        for _ in range(blocks):
            parent = self.blocks[-1].hash if self.blocks else b""
            number = len(self.blocks) + 1
            text = parent + b"".join(t.hash for t in self.pending) + f"{number} {self.forks}".encode()
            self.blocks.append(Block(number, sha256(text).digest(), tuple(self.pending)))
            self.pending = []

    def reorganise(self, depth: int, *, keep: bool = True) -> None:
        """Drop the last blocks; their transactions are pending again, or forgotten."""
        gone = self.blocks[len(self.blocks) - depth :] if depth else []
        del self.blocks[len(self.blocks) - len(gone) :]
        self.forks += 1
        if keep:
            back = [transaction for block in gone for transaction in block.transactions]
            known = {t.hash for t in back}
            self.pending = back + [t for t in self.pending if t.hash not in known]

    def state(self, lag: int = 0) -> State:
        """Everything that is true after all blocks but the last ``lag``."""
        state = State()
        for block in self.blocks[: len(self.blocks) - lag]:
            for transaction in block.transactions:
                if transaction.nonce == state.nonce:
                    state.nonce += 1
                    self._apply(state, block, transaction)
        return state

    def _apply(self, state: State, block: Block, transaction: SignedTransaction) -> None:
        call = _call(transaction.raw)
        if call.next == state.head:
            state.repeated += 1
        elif self._why_not(state, call):
            state.reverted += 1
        else:
            state.anchored.append((call.next, block, transaction))

    def _why_not(self, state: State, call: AnchorCall) -> str:
        if call.next == state.head:
            return ""
        if call.previous != state.head:
            return f"CheckpointRegistryHeadMoved({state.head.size})"
        if call.next.size <= state.head.size:
            return "CheckpointRegistryNotGrowing"
        try:
            if state.head.size:
                verify_consistency(
                    call.previous.size, call.previous.root, call.next.size, call.next.root, call.consistency
                )
        except ProofError:
            return "CheckpointRegistryInconsistent"
        return ""

    # ------------------------------------------------------------ ports.Chain

    def _answer(self) -> State:
        if self.down:
            raise ChainUnavailable(url="memory", reason="down")
        return self.state(min(self.lag, len(self.blocks)))

    def identity(self) -> ChainIdentity:
        return ChainIdentity("evm", CHAIN_ID, CONTRACT, SENDER, "memory")

    def check(self) -> None:
        self._answer()

    def head(self) -> Head:
        return self._answer().head

    def next_nonce(self) -> int:
        return self._answer().nonce

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        raw = json.dumps([_text(call.previous), _text(call.next), [h.hex() for h in call.consistency], nonce]).encode()
        return SignedTransaction(raw, sha256(raw).digest(), SENDER, nonce)

    def send(self, transaction: SignedTransaction) -> None:
        state = self._answer()
        if self.lose_sends:
            self.lose_sends -= 1
            raise ChainUnavailable(url="memory", reason="timed out")
        if state.nonce > transaction.nonce:
            return
        refusal = self._why_not(state, _call(transaction.raw))
        if refusal:
            raise AnchorRefused(reason=refusal)
        self.received.append(transaction)
        if all(transaction.nonce != other.nonce for other in self.pending):
            self.pending.append(transaction)
        if self.mines:
            self.mine()
        if self.lose_replies:
            self.lose_replies -= 1
            raise ChainUnavailable(url="memory", reason="timed out")

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        for _, block, sent in self._answer().anchored:
            if sent.hash == transaction:
                return _receipt(block, sent)
        return None

    def final(self, receipt: ChainReceipt) -> bool:
        self._answer()
        seen = self.blocks[: len(self.blocks) - min(self.lag, len(self.blocks))]
        if len(seen) - receipt.block_number + 1 < self.confirmations:
            return False
        return seen[receipt.block_number - 1].hash == receipt.block_hash

    def find(self, head: Head) -> ChainReceipt | None:
        for anchored, block, sent in self._answer().anchored:
            if anchored == head:
                return _receipt(block, sent)
        return None

    def tip(self) -> Tip:
        self._answer()
        number = len(self.blocks) - min(self.lag, len(self.blocks))
        return Tip(number, 1_800_000_000 + number)


def _receipt(block: Block, sent: SignedTransaction) -> ChainReceipt:
    time = 1_800_000_000 + block.number
    return ChainReceipt(CHAIN_ID, CONTRACT, sent.hash, block.number, block.hash, time, succeeded=True, gas_used=90_000)


def _text(head: Head) -> list[object]:
    return [head.size, head.root.hex()]


def _call(raw: bytes) -> AnchorCall:
    previous, following, proof, _ = json.loads(raw)
    heads = [Head(size, bytes.fromhex(root)) for size, root in (previous, following)]
    return AnchorCall(heads[0], heads[1], tuple(bytes.fromhex(node) for node in proof))
