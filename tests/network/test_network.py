"""The ledger on four validators that really agree: killed, cut in half, rewritten, and behind nodes that lie."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from eth_typing import HexStr

from ledger.adapters.chain import keystore_signer
from ledger.adapters.chain.client import EvmChain
from ledger.adapters.chain.consortium import EvmConsortium
from ledger.adapters.chain.errors import NodesDisagree
from ledger.adapters.chain.founding import found, hand_over
from ledger.chain_wiring import consortium_deployments, unchecked_chain
from ledger.errors import LedgerError
from ledger.ports import Signer
from ledger.ports.consortium import AnchorAccountRemoved, AnchoringPaused, Decision, Founder
from ledger.services.anchor import ChainRolledBack
from ledger.services.check_ledger import check_ledger
from ledger.services.consortium import organisation_id, recorded_changes
from ledger.services.consortium_history import compared, key_history
from ledger.services.worker import run_once
from ledger.wiring import Ledger, open_ledger
from tests.builders import TENANT, captured, legs
from tests.network.judge import chain_of, on_chain, stranger
from tests.network.plan import plan
from tests.network.storm import Database, run
from tests.network.world import World, world

PATIENCE = 90
IDS = [organisation_id(name) for name in ("north", "south", "east")]
PAUSE = 0.5
"""Seconds between rounds: a block takes one."""


@pytest.fixture(scope="module")
def network() -> Iterator[World]:
    """Four validators, six ledgers founded on them and three organisations, for this file."""
    with world(6, 3) as made:
        yield made


def url(home: Path) -> str:
    return f"sqlite:///{home / 'ledger.db'}"


@contextmanager
def used(network: World, number: int, **changes: Any) -> Iterator[Ledger]:
    """A ledger for a test: at its end all is mended, confirmed, and as the chain of each validator has it."""
    home, since = network.homes[number], min(head.number for head in network.network.heads().values())
    with open_ledger(replace(network.settings(home, url(home)), **changes)) as ledger:
        before = stranger(network.network.urls[0]).eth.get_transaction_count(ledger.chain.identity().sender)
        yield ledger
        network.mend()
        network.network.agree()
        work(ledger, lambda: confirmed(ledger))
        assert list(on_chain(ledger, network.network.urls, since, before)) == []
        report = check_ledger(ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain)
        assert (report.faults, report.unknown) == ([], [])


def take(ledger: Ledger, count: int = 3) -> None:
    captured(ledger, legs(count, ledger.entries.size()))


def confirmed(ledger: Ledger) -> bool:
    newest = ledger.checkpoints.latest()
    return newest is not None and (newest.checkpoint.size, newest.state) == (ledger.entries.size(), "confirmed")


def anchored(ledger: Ledger) -> bool:
    newest = ledger.checkpoints.latest()
    return newest is not None and newest.state != "checkpointed"


def work(ledger: Ledger, done: Callable[[], bool], until: type[LedgerError] | None = None) -> list[LedgerError]:
    """Rounds of the background work until it is done, or meets with a trouble; the troubles on the way."""
    worker, troubles, deadline = ledger.worker(), [], time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, [str(trouble) for trouble in troubles[-3:]]
        trouble = run_once(worker).trouble
        if trouble is not None:
            troubles.append(trouble)
            if until is not None and isinstance(trouble, until):
                return troubles
        time.sleep(PAUSE)
    assert until is None, f"never met with {until}"
    return troubles


def test_one_dies_then_two(network: World) -> None:
    """With one of four killed anchoring goes on; with two it pauses, capture does not, and it resumes by itself."""
    first, second, *_ = network.network.validators
    with used(network, 0) as ledger:
        take(ledger)
        first.kill()
        work(ledger, lambda: confirmed(ledger))
        second.kill()
        heads = set(network.network.heads().values())
        take(ledger)
        worker = ledger.worker()
        for _ in range(4):
            run_once(worker)
            time.sleep(PAUSE)
        take(ledger)
        assert not confirmed(ledger)
        assert max(head.number for head in network.network.heads().values()) <= 1 + max(one.number for one in heads)
        network.network.start(first, second)
        work(ledger, lambda: confirmed(ledger))


def test_silent_and_foreign_nodes_are_passed_over(network: World) -> None:
    """One node stalls, one is of another chain: two are left, they agree, and the ledger confirms by them."""
    with used(network, 1) as ledger:
        network.proxies[0].become("stall")
        network.proxies[1].become("other-chain")
        before = dict(network.proxies[1].asked)
        take(ledger)
        work(ledger, lambda: confirmed(ledger))
        asked = network.proxies[1].asked
        assert {method for method, count in asked.items() if count > before.get(method, 0)} == {"eth_chainId"}
        network.proxies[0].become("drop")
        network.proxies[3].become("refuse")
        take(ledger)
        run_once(ledger.worker())


def test_a_lying_node_confirms_nothing(network: World) -> None:
    """What one node says of blocks is contradicted by the others; that the contract is empty is not believed either."""
    with used(network, 2) as ledger:
        take(ledger)
        work(ledger, lambda: anchored(ledger))
        ledger.chain.close()  # so that the first node is asked first
        network.proxies[0].become("other-hashes")
        work(ledger, lambda: confirmed(ledger), NodesDisagree)
        network.proxies[0].become("honest")
        work(ledger, lambda: confirmed(ledger))
        network.proxies[0].become("empty-contract")
        work(ledger, lambda: False, ChainRolledBack)
        network.proxies[0].become("swallows")
        take(ledger)
        work(ledger, lambda: confirmed(ledger))


def test_blocks_are_rewritten(network: World) -> None:
    """One, two and three blocks are given up by all, again and again: each checkpoint is there once in the end."""
    with used(network, 3) as ledger:
        for depth in (1, 2, 3):
            take(ledger)
            work(ledger, lambda: anchored(ledger))
            before = network.network.heads()
            network.network.rewrite(depth)
            network.network.agree(above=max(head.number for head in before.values()))


def test_one_alone_gives_up_what_the_others_keep(network: World) -> None:
    """It is of their mind again by itself, and then a block weighs the same wherever it is: all below it together."""
    everyone = network.network
    last, head = everyone.validators[3], everyone.agree(above=6)[0]
    last.order("forget", above=head.number - 2)
    agreed = everyone.agree(patience=30, above=head.number + 5)[0]
    for url in everyone.urls:
        *blocks, newest = chain_of(stranger(url), HexStr(agreed.hash))
        assert newest["number"] == agreed.number
        assert [one["totalDifficulty"] for one in blocks] == list(accumulate(one["difficulty"] for one in blocks))


def test_organisations_decide_and_the_ledger_follows(network: World) -> None:
    """A quorum grants an account, a key is rotated, two pause and resume: each change an event and an entry, once."""
    home = network.homes[5]
    with organisations(network, home) as by, used(network, 5, confirmations=2) as ledger:
        take(ledger)
        work(ledger, lambda: False, AnchorAccountRemoved)
        decide(by, kind="add_anchor", organisation=IDS[0], account=account_in(home).address)
        work(ledger, lambda: anchored(ledger))
        beyond = ledger.chain.head().size + 1000
        decide(by, lambda: by[2].rotate_key(bytes([9]) * 32, beyond), kind="pause")
        take(ledger)
        work(ledger, lambda: False, AnchoringPaused)
        head, size = ledger.chain.head(), ledger.entries.size()
        take(ledger)
        assert run_once(ledger.worker()).closed is not None
        assert (ledger.chain.head(), ledger.entries.size() - size >= 3) == (head, True)
        decide(by, kind="resume")
        desk = ledger.consortium
        assert desk is not None
        address = desk.consortium.address
        # A round in which the nodes are not of one mind leaves the recording to the next.
        work(
            ledger,
            lambda: confirmed(ledger) and len(list(recorded_changes(ledger, TENANT))) >= len(events(network, address)),
        )
        changes = [one.change for one in recorded_changes(ledger, TENANT)]
        told = {(event["blockNumber"], event["logIndex"]) for event in events(network, address)}
        assert [(one.block, one.position) for one in changes] == sorted(told)
        assert compared(desk.consortium.standing(), changes) == "agrees"
        acts = Counter(one.act for one in changes if one.occurred_at > changes[0].occurred_at)
        assert acts == Counter(
            proposed=3, approved=3, carried=3, anchor_added=1, key_ended=1, key_registered=1, paused=1, resumed=1
        )
        kept = [one for one in key_history(changes).periods if one.organisation == IDS[2]]
        assert [(one.from_size, one.until_size) for one in kept] == [(1, beyond), (beyond, None)]


@contextmanager
def organisations(network: World, home: Path) -> Iterator[list[EvmConsortium]]:
    """Three behind the registry of a ledger, two a quorum, each at a node of its own; no account may anchor yet."""
    settings = replace(network.settings(home, url(home)), confirmations=2)
    with ExitStack() as ends:

        def opened(number: int, signer: Signer | None = None) -> EvmChain:
            chain = unchecked_chain(replace(settings, chain_url=network.network.urls[number]), signer)
            ends.callback(chain.close)
            return chain

        own, signers = opened(0), [account_in(one) for one in network.organisations]
        founders = [
            Founder(organisation=one, account=signer.address, roles=("anchor", "guardian"), key=bytes([number]) * 32)
            for number, (one, signer) in enumerate(zip(IDS, signers, strict=True))
        ]
        deployments = consortium_deployments(settings)
        made = found(own.node, deployments, own.identity().contract, founders, (2, 2))
        hand_over(own.node, made)
        yield [EvmConsortium(opened(number, signer).node, made.address) for number, signer in enumerate(signers)]


def events(network: World, address: str) -> list[Any]:
    """What a contract says in the chain of a validator, but for the events that only lead to others: one a block."""
    asked: Any = {"address": address, "fromBlock": 0, "toBlock": "latest"}
    found = stranger(network.network.urls[3]).eth.get_logs(asked)
    linking = {one["blockNumber"]: one["logIndex"] for one in reversed(found)}
    return [one for one in found if one["logIndex"] != linking[one["blockNumber"]]]


def decide(by: list[EvmConsortium], *beside: Callable[[], object], **decision: Any) -> None:
    """The first two decide, at once; others do something ``beside``."""
    acts = [*beside, *(partial(one.propose, Decision(**decision)) for one in by[:2])]
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(lambda act: act(), acts))


def account_in(home: Path) -> Signer:
    return keystore_signer(home / "chain-key.json", home / "chain-key.pass")


def test_a_seed_of_the_campaign(network: World, tmp_path: Path) -> None:
    """Two workers, killed like everything else; docs/reliability.md has what many seeds gave."""
    home = network.homes[4]
    outcome = run(network, 7, home, Database(url(tmp_path)), seconds=6.0)
    assert outcome.findings == []
    assert outcome.records > 20


def test_a_seed_is_a_plan() -> None:
    """The same seed plans the same; some hundred plan everything there is, and nobody is felled for ever."""
    assert plan(5) == plan(5)
    faults = [fault for seed in range(200) for fault in plan(seed)]
    assert {fault.kind for fault in faults} == {
        "validator", "worker", "database", "half", "partition", "reorg", "node"
    }  # fmt: skip
    assert {fault.how for fault in faults if fault.kind == "reorg"} == {"1", "2", "3"}
    assert all(fault.lasts <= 4 for fault in faults)
