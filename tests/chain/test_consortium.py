"""Organisations behind the registry, on the embedded chain: what they decide stops and starts a ledger's anchors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.adapters.chain.consortium import EvmConsortium
from ledger.adapters.chain.evm_node import EvmNode
from ledger.adapters.chain.founding import found, hand_over
from ledger.adapters.chain.signers import KeystoreSigner
from ledger.chain_wiring import consortium_deployments, unchecked_chain
from ledger.errors import RecordError
from ledger.ports.consortium import (
    AnchorAccountRemoved,
    AnchoringPaused,
    CheckpointKeyNotInForce,
    Decision,
    DecisionRefused,
    Founder,
)
from ledger.records.consortium_change import check_change
from ledger.services.check_ledger import check_ledger
from ledger.services.consortium import recorded_changes
from ledger.services.consortium_history import compared, organisations_after
from ledger.services.worker import run_once, settle
from ledger.wiring import Ledger, open_ledger
from tests.builders import TENANT, captured, leg, legs, opened

NAMES = ("north", "south", "east")
IDS = [sha256(name.encode()).digest() for name in NAMES]


def account(name: str) -> KeystoreSigner:
    return KeystoreSigner(sha256(f"account of {name}".encode()).digest())


class World:
    """A ledger whose registry three organisations govern, two a quorum; the first anchors by the ledger's account."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.taken = ledger, 0
        assert ledger.consortium is not None
        self.desk = ledger.consortium

    def of(self, name: str) -> EvmConsortium:
        """The contract, as an organisation's own account decides in it."""
        node = self.ledger.chain.opened.node
        address = self.desk.consortium.address
        return EvmConsortium(EvmNode(node.web3, replace(node._options, signer=account(name))), address)

    def decide(self, *names: str, **decision: Any) -> None:
        for name in names:
            self.of(name).propose(Decision(**decision))

    def take(self, count: int = 2) -> None:
        captured(self.ledger, legs(count, self.taken))
        self.taken += count

    def settled(self) -> str:
        newest = settle(self.ledger.worker())
        assert newest is not None
        return newest.state


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("organisations")
    with opened(home) as plain:
        captured(plain, [leg("before any organisation")])
        assert settle(plain.worker()) is not None
        settings, anchoring = plain.settings, plain.chain.identity().sender
        key = plain.note_key.verifier.public
    founders = [
        Founder(
            organisation=IDS[place],
            account=account(name).address,
            roles=("anchor", "witness", "guardian"),
            anchor="" if place else anchoring,
            key=bytes([place] * 32) if place else key,
        )
        for place, name in enumerate(NAMES)
    ]
    chain = unchecked_chain(settings)
    try:
        registry = chain.identity().contract
        made = found(chain.node, consortium_deployments(settings), registry, founders, (2, 2))
        assert not made.standing().governs
        hand_over(chain.node, made)
        hand_over(chain.node, made)
    finally:
        chain.close()
    with open_ledger(settings) as ledger:
        yield World(ledger)


def test_the_whole_story(world: World) -> None:
    """Paused, resumed, an account taken out, a key rotated: each time anchoring does what was decided."""
    ledger, desk = world.ledger, world.desk
    standing = desk.consortium.standing()
    assert standing.governs
    assert (standing.quorum, standing.pause_quorum, standing.paused) == (2, 2, False)
    world.take()
    assert world.settled() == "confirmed"
    head = ledger.chain.head()

    # One organisation alone decides nothing; two guardians pause.
    world.decide("north", kind="pause")
    assert not desk.consortium.standing().paused
    world.decide("south", kind="pause")
    world.take()
    before = ledger.entries.size()
    done = run_once(ledger.worker())
    assert isinstance(done.trouble, AnchoringPaused)
    assert done.closed is not None
    assert ledger.entries.size() > before  # the pause itself is entries by now
    with pytest.raises(AnchoringPaused):
        settle(ledger.worker())
    assert ledger.chain.head() == head
    paused_at = desk.consortium.standing().changed

    # Resuming takes the quorum of all, and then it goes on by itself.
    world.decide("south", "east", kind="resume")
    assert world.settled() == "confirmed"
    assert ledger.chain.head().size == ledger.entries.size()

    # An account that was taken out is refused, by this side and by the contract, until it is back.
    writer = ledger.chain.identity().sender
    world.decide("south", "east", kind="remove_anchor", organisation=IDS[0], account=writer)
    world.take()
    with pytest.raises(AnchorAccountRemoved):
        settle(ledger.worker())
    world.decide("south", "east", kind="add_anchor", organisation=IDS[0], account=writer)
    assert world.settled() == "confirmed"

    # A key that was rotated out signs nothing beyond; what it signed before stands.
    world.of("north").rotate_key(bytes([7] * 32), ledger.chain.head().size + 1)
    world.take()
    with pytest.raises(CheckpointKeyNotInForce):
        settle(ledger.worker())
    report = check_ledger(ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain)
    assert report.faults == []

    # What was recorded says the same as the contract, now and for any block.
    desk.record()
    changes = [one.change for one in recorded_changes(ledger, TENANT)]
    now, chain = organisations_after(changes), desk.consortium.standing()
    assert compared(chain, changes) == "agrees"
    assert compared(chain, [one for one in changes if one.act != "paused"]) == "agrees"  # it was resumed since
    for act in ("key_registered", "quorum_set", "resumed", "organisation_admitted"):
        left_out = next(one for one in changes if one.act == act)
        assert compared(chain, [one for one in changes if one is not left_out]) == "differs", act
    assert compared(chain, [one for one in changes if one.block < chain.changed]) == "behind"
    assert organisations_after(changes, paused_at - 1).may_anchor() == {writer: IDS[0]}
    assert organisations_after(changes, paused_at).may_anchor() == {}
    assert now.may_anchor() == {writer: IDS[0]}
    kept = now.members[0].keys
    assert [one.until_size for one in kept] == [kept[1].from_size, None]

    # Recording again, also by a process that knows nothing, adds nothing.
    size = ledger.entries.size()
    assert desk.record() == 0
    replace(desk, seen=0).record()
    assert ledger.entries.size() == size


def test_refusals_are_named(world: World) -> None:
    """What the contract refuses comes back by its name, before it costs a transaction."""
    stranger = world.of("nobody")
    with pytest.raises(DecisionRefused, match="ConsortiumNotOrganisation"):
        stranger.propose(Decision(kind="pause"))
    with pytest.raises(DecisionRefused, match="ConsortiumNoProposal"):
        world.of("north").approve(bytes(32))
    with pytest.raises(DecisionRefused, match="ConsortiumMisshapen"):
        world.of("north").propose(Decision(kind="pause", quorum=2))


def test_a_decision_can_be_read_and_taken_back(world: World) -> None:
    """A proposal says what it is, who approved it and how many it needs."""
    decision = Decision(kind="set_roles", organisation=IDS[2], roles=("witness",))
    proposal, _ = world.of("north").propose(decision)
    put = world.of("east").decision(proposal)
    assert (put.decision, put.approvals, put.carried, put.counting, put.needed) == (decision, (0,), False, 1, 2)
    world.of("north").withdraw(proposal)
    assert world.of("east").decision(proposal).counting == 0


def test_a_record_states_what_its_act_has(world: World) -> None:
    """A change that states more or less than its act, or has another event's id, is refused."""
    world.desk.record()
    made = [one.change for one in recorded_changes(world.ledger, TENANT)]
    admitted = next(one for one in made if one.act == "organisation_admitted")
    check_change(admitted)
    for changed in ({"account": None}, {"quorum": 2}, {"position": 99}, {"block_hash": "0" * 64}):
        with pytest.raises(RecordError):
            check_change(msgspec.structs.replace(admitted, **changed))
