"""The anchoring protocol against a chain that loses, delays, reorganises, lags, lies and goes away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import StoreError
from ledger.ports import AnchorRefused, ChainUnavailable, LeaseLost, SignedTransaction
from ledger.services.anchor import LEASE, LEASE_SECONDS, ChainRolledBack, HeadUnknown, anchor
from ledger.services.worker import Worker, run_once, settle
from tests.memory_chain import MemoryChain
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def rounds(rig: Rig, count: int = 3, holder: str = "one") -> None:
    for _ in range(count):
        rig.round(holder)


# ---------------------------------------------------------------- the plain way


def test_a_checkpoint_is_anchored_once(rig: Rig) -> None:
    """Captured, checkpointed, sent, confirmed; further rounds send nothing."""
    rig.take(5)
    rounds(rig)
    rig.holds()
    assert len(rig.chain.received) == 1
    assert rig.states() == [(5, "confirmed")]


def test_nothing_is_sent_for_an_empty_log(rig: Rig) -> None:
    """Without entries there is no checkpoint and no transaction."""
    rounds(rig)
    assert rig.states() == []
    assert rig.chain.received == []


def test_confirmed_only_at_the_depth_asked_for(rig: Rig) -> None:
    """A checkpoint is anchored while its block is shallow, confirmed at the depth, and not one block before."""
    rig.chain.confirmations = 4
    rig.take(2)
    seen = []
    for _ in range(6):
        rounds(rig, 2)
        seen.append(rig.newest().state)
        rig.chain.mine()
    assert seen == ["anchored", "anchored", "anchored", "confirmed", "confirmed", "confirmed"]
    rig.holds()


def test_confirmed_while_the_head_moves_on(rig: Rig) -> None:
    """Entries come with every block, so the head is never deep: what it has passed is confirmed all the same."""
    rig.chain.confirmations = 4
    for _ in range(10):
        rig.take(1)
        rig.round()
    states = [state for _, state in rig.states()]
    assert states[:6] == ["confirmed"] * 6
    assert states[-1] == "anchored"
    for _ in range(4):
        rig.chain.mine()
        rig.round()
    rig.holds()


def test_the_newest_checkpoint_is_anchored_directly(rig: Rig) -> None:
    """Checkpoints that piled up are passed over: one transaction proves that the newest extends the head."""
    rig.take(3)
    rounds(rig)
    for _ in range(4):
        rig.close(3)
    rounds(rig)
    rig.holds()
    assert len(rig.chain.received) == 2
    assert [state for _, state in rig.states()] == ["confirmed", *["checkpointed"] * 3, "confirmed"]
    covering = rig.checkpoints.covering(4, "confirmed")
    assert covering is not None
    assert covering.checkpoint.size == 15


# ---------------------------------------------------------------- ambiguous answers


def test_a_lost_reply(rig: Rig) -> None:
    """The transaction arrived, the answer did not: the head is read again and nothing is sent again."""
    rig.take(2)
    rig.chain.lose_replies = 1
    assert isinstance(rig.round().trouble, ChainUnavailable)
    rounds(rig)
    rig.holds()
    assert len(rig.chain.received) == 1


def test_a_lost_reply_and_more_entries(rig: Rig) -> None:
    """The checkpoint that was anchored unheard gets its receipt too, when the next one is under way already."""
    rig.take(2)
    rig.chain.lose_replies = 1
    rig.round()
    rig.take(2)
    rounds(rig)
    rig.holds()
    assert rig.states() == [(2, "confirmed"), (4, "confirmed")]


def test_a_lost_request(rig: Rig) -> None:
    """The transaction never arrived: the very same bytes are sent again."""
    rig.take(2)
    rig.chain.lose_sends = 3
    troubles = [rig.round().trouble for _ in range(3)]
    assert all(isinstance(trouble, ChainUnavailable) for trouble in troubles)
    stored = rig.newest().transaction
    rounds(rig)
    rig.holds()
    assert rig.chain.received == [stored]


def test_a_request_said_lost_that_arrives_late(rig: Rig) -> None:
    """It is pending though the node said it failed: the same bytes may be sent again, and it is mined once."""
    rig.take(2)
    rig.chain.mines, rig.chain.lose_replies = False, 1
    rounds(rig, 3)
    assert len(set(rig.chain.received)) == 1
    rig.chain.mine()
    rounds(rig)
    rig.holds()


def test_a_transaction_that_stays_pending(rig: Rig) -> None:
    """While it is pending, later checkpoints wait: no second transaction is made until its nonce is used."""
    rig.chain.mines = False
    rig.take(2)
    rounds(rig)
    for _ in range(5):
        rig.take(1)
        rounds(rig)
    assert len(set(rig.chain.received)) == 1
    rig.chain.mine()
    rig.chain.mines = True
    rounds(rig, 4)
    rig.holds()
    assert len(set(rig.chain.received)) == 2


def test_a_block_between_two_questions(rig: Rig) -> None:
    """When the transaction is mined after the head was read and before the nonce was, no other is made."""
    rig.chain.mines = False
    rig.take(2)
    rounds(rig)

    def hook(place: str) -> None:
        if place == "chain.next_nonce:before":
            rig.chain.mine()

    run_once(rig.worker(hook=hook))
    rounds(rig, 4)
    rig.chain.mine()
    rounds(rig, 4)
    rig.holds()
    assert len(set(rig.chain.received)) == 1


@pytest.mark.parametrize("lag", [1, 2, 5])
def test_a_node_that_lags(rig: Rig, lag: int) -> None:
    """Answers from an older block lead to no second transaction, and to no wrong state once the node is level."""
    rig.chain.mine(6)
    rig.take(2)
    rig.chain.lag = lag
    for _ in range(4):
        rig.round()
    rig.chain.mine(lag)
    rig.chain.lag = 0
    rounds(rig, 4)
    rig.holds()
    assert len(set(rig.chain.received)) == 1


def test_bytes_made_for_another_head_are_not_sent(rig: Rig) -> None:
    """A stored transaction whose head has moved on is replaced by one for the head as it is."""
    rig.take(2)
    rig.chain.lose_sends = 1
    rig.round()
    stale = rig.newest().transaction
    lease = rig.leases.acquire(LEASE, "one", 20)
    assert stale is not None
    assert lease is not None
    other = SignedTransaction(stale.raw + b" ", stale.hash, stale.sender, stale.nonce)
    rig.checkpoints.note_sent(lease, 2, other)
    rounds(rig)
    rig.holds()
    assert rig.chain.received == [stale]


def test_a_refusal_is_trouble_not_an_end(rig: Rig) -> None:
    """When the contract refuses, the round reports it, and the work goes on once it no longer does."""
    rig.take(2)
    rig.round()

    def refuse(transaction: SignedTransaction) -> None:
        raise AnchorRefused(reason="AccessControlUnauthorizedAccount")

    send = rig.chain.send
    rig.chain.send = refuse  # type: ignore[method-assign]
    rig.take(2)
    assert isinstance(rig.round().trouble, AnchorRefused)
    rig.chain.send = send  # type: ignore[method-assign]
    rounds(rig)
    rig.holds()


# ---------------------------------------------------------------- the chain is away


def test_capture_goes_on_without_the_chain(rig: Rig) -> None:
    """With the chain down entries are taken, folded and checkpointed; when it is back one transaction anchors all."""
    rig.take(1)
    rounds(rig)
    rig.chain.down = True
    for _ in range(20):
        rig.take(7)
        done = rig.round()
        assert isinstance(done.trouble, ChainUnavailable)
        assert done.closed is not None
    assert rig.projections.watermark() == 141
    assert rig.check().verdict == 2
    rig.chain.down = False
    rounds(rig, 2)
    rig.holds()
    assert len(rig.chain.received) == 2


@pytest.mark.parametrize("call", ["head", "next_nonce", "send", "find", "final", "sign"])
def test_the_chain_fails_at_any_call(rig: Rig, call: str) -> None:
    """Whichever call finds no chain, the round reports it, and later rounds bring the checkpoint home, once."""
    rig.take(3)
    failures = 2

    def hook(place: str) -> None:
        nonlocal failures
        if failures and place == f"chain.{call}:before":
            failures -= 1
            raise ChainUnavailable(url="memory", reason=call)

    worker = rig.worker(hook=hook)
    troubles = [run_once(worker).trouble for _ in range(6)]
    assert sum(isinstance(trouble, ChainUnavailable) for trouble in troubles) == 2
    rig.holds()


def test_a_projection_that_cannot_go_on_does_not_stop_the_anchoring(rig: Rig) -> None:
    """What keeps entries from being folded is raised, after checkpoint and anchor are done."""
    rig.take(3)

    def hook(place: str) -> None:
        if place == "projections.fold:before":
            raise StoreError

    for _ in range(2):
        with pytest.raises(StoreError):
            run_once(rig.worker(hook=hook))
    rig.holds()


# ---------------------------------------------------------------- reorganisations


@pytest.mark.parametrize("keep", [True, False], ids=["pending again", "forgotten"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_a_reorganisation_above_the_final_block(rig: Rig, depth: int, keep: bool) -> None:
    """Blocks that were not final go away: the state falls back, and the same root comes back, once."""
    rig.chain.confirmations = 6
    rig.take(3)
    rounds(rig)
    rig.chain.mine(depth - 1)
    rounds(rig)
    assert rig.newest().state == "anchored"
    rig.chain.reorganise(depth, keep=keep)
    rig.chain.mines = False
    rig.round()
    assert rig.newest().state == "checkpointed"
    assert rig.newest().receipt is None
    rig.chain.mines = True
    rig.chain.mine()
    rounds(rig)
    rig.chain.mine(6)
    rounds(rig)
    rig.holds()
    assert len(set(rig.chain.received)) == 1


def test_a_reorganisation_below_the_final_block(rig: Rig) -> None:
    """A chain that forgets what was final on it is an alarm: nothing more is sent, and the check fails closed."""
    rig.take(3)
    rounds(rig)
    before = list(rig.chain.received)
    rig.chain.reorganise(1, keep=False)
    trouble = rig.round().trouble
    assert isinstance(trouble, ChainRolledBack)
    assert trouble.values() == {"size": 3, "head": 0}
    rig.take(2)
    assert isinstance(rig.round().trouble, ChainRolledBack)
    assert rig.chain.received == before
    assert rig.check().verdict == 1


# ---------------------------------------------------------------- rollback, mix-ups


@pytest.mark.parametrize("idle", [True, False], ids=["before anything new", "after new entries"])
def test_a_database_older_than_its_chain(rig: Rig, sqlite_url: str, tmp_path: Path, idle: bool) -> None:
    """A restored old copy is found in the first round and by the check, and sends nothing."""
    rig.take(3)
    rounds(rig)
    rig.database.engine.dispose()
    old = tmp_path / "old.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), old)
    rig.take(4)
    rounds(rig)
    sent = len(rig.chain.received)
    restored = Rig(Database(open_engine(f"sqlite:///{old}")), rig.chain, taken=3)
    if not idle:
        restored.take(4)
    trouble = restored.round().trouble
    assert isinstance(trouble, HeadUnknown)
    assert trouble.size == 7
    assert restored.check().verdict == 1
    assert len(rig.chain.received) == sent
    restored.database.engine.dispose()


def test_an_empty_database_on_a_used_chain(rig: Rig, tmp_path: Path) -> None:
    """A new log does not take over the contract of another."""
    rig.take(3)
    rounds(rig)
    other = Rig(Database(open_engine(f"sqlite:///{tmp_path / 'other.db'}")), rig.chain)
    assert isinstance(other.round().trouble, HeadUnknown)
    other.take(3)
    assert isinstance(other.round().trouble, HeadUnknown)
    assert other.check().verdict == 1
    other.database.engine.dispose()


def test_a_chain_older_than_its_database(rig: Rig) -> None:
    """A chain restored from an older copy is found in the first round and by the check."""
    rig.take(3)
    rounds(rig)
    rig.take(3)
    rounds(rig)
    rig.chain.blocks = rig.chain.blocks[:1]
    assert isinstance(rig.round().trouble, ChainRolledBack)
    assert rig.check().verdict == 1


# ---------------------------------------------------------------- several workers


def test_one_worker_at_a_time(rig: Rig) -> None:
    """While one holds the lease the other anchors nothing; after it ran out the other takes over."""
    rig.take(2)
    rig.chain.lose_sends = 1
    rig.round("one")
    assert rig.round("two").moved is None
    assert rig.chain.received == []
    rig.clock.forward(LEASE_SECONDS + 1)
    moved = rig.round("two").moved
    assert moved is not None
    assert moved.state == "confirmed"
    rig.holds()


CALLS = 34
"""A round that anchors makes fewer calls than this; a hook beyond the last is a plain round."""


@pytest.mark.parametrize("call", range(CALLS))
def test_a_worker_pauses_and_another_takes_over(rig: Rig, call: int) -> None:
    """Paused before or after any one call, a worker that wakes after a takeover writes nothing and doubles nothing."""
    rig.take(3)
    rig.round("one")
    rig.take(3)
    passed = 0
    after: list[object] = []

    def hook(place: str) -> None:
        nonlocal passed
        if place.startswith(("chain", "leases", "checkpoints")):
            passed += 1
            if passed == call:
                rig.clock.forward(LEASE_SECONDS + 1)
                rig.take(1)
                rounds(rig, 3, "two")
                rig.holds()
                after.append((rig.states(), rig.newest(), len(rig.chain.received)))

    run_once(rig.worker("one", hook))
    rig.holds()
    if after:
        assert (rig.states(), rig.newest(), len(rig.chain.received)) == after[0]
    rig.clock.forward(LEASE_SECONDS + 1)
    rounds(rig)
    rig.holds()


@pytest.mark.parametrize("call", range(CALLS))
def test_a_slow_chain_and_a_takeover(rig: Rig, call: int) -> None:
    """The same with transactions that stay pending: each is made once, whoever sends it."""
    rig.chain.mines = False
    rig.take(3)
    passed = 0

    def hook(place: str) -> None:
        nonlocal passed
        if place.startswith(("chain", "leases", "checkpoints")):
            passed += 1
            if passed == call:
                rig.clock.forward(LEASE_SECONDS + 1)
                rounds(rig, 2, "two")

    run_once(rig.worker("one", hook))
    rounds(rig, 2, "two")
    rig.chain.mine()
    rig.clock.forward(LEASE_SECONDS + 1)
    rounds(rig, 3, "three")
    rig.holds()
    assert len(set(rig.chain.received)) == 1


def test_a_worker_that_lost_its_lease_says_so(rig: Rig) -> None:
    """The step itself raises LeaseLost; a round takes that for the other worker's turn."""
    rig.close(3)

    def hook(place: str) -> None:
        if place == "checkpoints.note_sent:before":
            rig.clock.forward(LEASE_SECONDS + 1)
            assert rig.leases.acquire(LEASE, "two", 20) is not None

    with pytest.raises(LeaseLost):
        anchor(rig.worker("one", hook).anchorer)
    assert rig.chain.received == []
    assert rig.newest().transaction is None


# ---------------------------------------------------------------- settling


def test_settling_gives_the_lease_up(rig: Rig) -> None:
    """After it settled, the next worker need not wait for the lease to run out."""
    rig.take(2)
    newest = settle(rig.worker("one"), pause=rig.clock.forward)
    assert newest is not None
    assert newest.state == "confirmed"
    assert rig.leases.acquire(LEASE, "two", 20) is not None


def test_settling_waits_for_a_worker_that_died(rig: Rig) -> None:
    """While a dead worker's lease runs it waits, then takes over."""
    rig.take(2)
    rig.leases.acquire(LEASE, "dead", LEASE_SECONDS)
    began = rig.clock.moment
    newest = settle(rig.worker("one"), pause=rig.clock.forward)
    assert newest is not None
    assert newest.state == "confirmed"
    assert LEASE_SECONDS <= (rig.clock.moment - began).total_seconds() < LEASE_SECONDS + 5
    rig.holds()


def test_settling_ends_though_more_comes_in(rig: Rig) -> None:
    """Entries that come in meanwhile do not keep it: it is done when what was there is confirmed."""
    rig.take(2)

    def hook(place: str) -> None:
        if place == "checkpoints.latest:before":
            rig.take(1)

    settled = settle(rig.worker("one", hook), pause=rig.clock.forward)
    assert settled is not None
    assert settled.state == "confirmed"
    assert settled.checkpoint.size >= 2
    assert rig.entries.size() > settled.checkpoint.size


def test_settling_ends_when_nothing_moves(rig: Rig) -> None:
    """A transaction that is never mined does not hold it for ever, and a chain that is down is raised."""
    rig.chain.mines = False
    rig.take(2)
    newest = settle(rig.worker("one"), patience=5, pause=rig.clock.forward)
    assert newest is not None
    assert newest.state == "checkpointed"
    rig.chain.down = True
    with pytest.raises(ChainUnavailable):
        settle(rig.worker("one"), pause=rig.clock.forward)


# ---------------------------------------------------------------- anything, in any order

FAULTS = st.one_of(
    st.tuples(st.just("take"), st.integers(1, 5)),
    st.tuples(st.just("round"), st.sampled_from(["one", "two", "three"])),
    st.tuples(st.just("round"), st.sampled_from(["one", "one", "two"])),
    st.tuples(st.just("forward"), st.sampled_from([1, 10, 25])),
    st.tuples(st.just("mine"), st.integers(1, 2)),
    st.tuples(st.just("mines"), st.booleans()),
    st.tuples(st.just("down"), st.booleans()),
    st.tuples(st.just("lose_replies"), st.integers(1, 2)),
    st.tuples(st.just("lose_sends"), st.integers(1, 2)),
    st.tuples(st.just("reorganise"), st.integers(1, 2)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(faults=st.lists(FAULTS, max_size=40))
def test_any_order_of_faults_ends_well(
    tmp_path_factory: pytest.TempPathFactory, faults: list[tuple[str, object]]
) -> None:
    """Whatever happens in whatever order, once the chain is quiet everything is confirmed exactly once."""
    path = tmp_path_factory.mktemp("faults") / "ledger.db"
    rig = Rig(Database(open_engine(f"sqlite:///{path}")), MemoryChain(confirmations=3))
    for word, value in faults:
        _do(rig, word, value)
    rig.chain.mines, rig.chain.down, rig.chain.lose_replies, rig.chain.lose_sends = True, False, 0, 0
    rig.take(1)
    rig.clock.forward(LEASE_SECONDS + 1)
    for _ in range(12):
        run_once(_worker(rig))
        rig.chain.mine()
    rig.holds()
    rig.database.engine.dispose()


def _worker(rig: Rig) -> Worker:
    return rig.worker("last")


def _do(rig: Rig, word: str, value: object) -> None:
    match word, value:
        case "take", int(count):
            rig.take(count)
        case "round", str(holder):
            rig.round(holder)
        case "forward", int(seconds):
            rig.clock.forward(seconds)
        case "mine", int(count):
            rig.chain.mine(count)
        case "reorganise", int(depth):
            rig.chain.reorganise(min(depth, len(rig.chain.blocks)))
        case _:
            setattr(rig.chain, word, value)
