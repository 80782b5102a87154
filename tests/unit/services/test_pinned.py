"""Whoever kept a checkpoint is told when log or chain were rewritten: never 0, and in words of both languages."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint
from ledger.log.errors import (
    CannotTell,
    ChainRewritten,
    ConsistencyDamaged,
    NotExtended,
    PinForeign,
    PinMismatch,
    ProofMalformed,
)
from ledger.log.pin import pin_text
from ledger.log.proof import Proof
from ledger.services.check_ledger import ChainBehind, check_ledger
from ledger.services.close_checkpoint import tree_of
from ledger.services.confirm_on_chain import confirm_on_chain
from ledger.services.prove import prove
from ledger.services.witness import Offer
from tests.builders import legs
from tests.memory_chain import MemoryChain
from tests.rig import Rig


def grown(url: str, first: int = 0) -> Rig:
    """Six entries and eleven, each confirmed; ``first`` is where their numbers begin."""
    rig = Rig(Database(open_engine(url)))
    rig.taken = first
    for count in (6, 5):
        rig.capture(legs(count, rig.taken))
        rig.taken += count
        for _ in range(2):
            rig.round()
    return rig


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = grown(f"sqlite:///{tmp_path_factory.mktemp('pinned') / 'ledger.db'}")
    yield rig
    rig.database.engine.dispose()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """What a rewriting operator shows: another history under the same key, anchored on a chain of its own."""
    rig = grown(f"sqlite:///{tmp_path_factory.mktemp('other') / 'ledger.db'}", 100)
    yield rig
    rig.database.engine.dispose()


def early(rig: Rig) -> Checkpoint:
    stored = rig.checkpoints.get(6)
    assert stored is not None
    return stored.checkpoint


def again(chain: MemoryChain, blocks: int, most: int) -> MemoryChain:
    """A chain begun anew: so many empty blocks, then the first transactions of the old one."""
    made = MemoryChain()
    made.mine(blocks)
    for transaction in chain.received[:most]:
        made.send(transaction)
    return made


# ---------------------------------------------------------------- the chain


def test_a_chain_that_was_rewritten_is_refused(rig: Rig, other: Rig) -> None:
    """Empty, cut off, anchored anew in other blocks, or of another history: each is said in both languages."""
    proof = prove(rig.entries, rig.checkpoints, 4, size=11)
    confirm_on_chain(proof, rig.chain)
    for chain in (MemoryChain(), again(rig.chain, 0, 1), again(rig.chain, 3, 2), other.chain):
        with pytest.raises(ChainRewritten) as refused:
            confirm_on_chain(proof, chain)
        assert "rewritten" in refused.value.message("en")
        assert "已被改写" in refused.value.message("zh-CN")


def test_what_only_waits_is_no_rewriting(rig: Rig) -> None:
    """A checkpoint without a receipt may not be anchored yet; a receipt of another chain says nothing of this one."""
    proof = prove(rig.entries, rig.checkpoints, 4, size=11)
    receipt = proof.receipt
    assert receipt is not None
    elsewhere = replace(proof, receipt_note=rig.key.sign(replace(receipt, chain_id=7).text))
    for one, chain in ((replace(proof, receipt_note=""), MemoryChain()), (elsewhere, MemoryChain())):
        with pytest.raises(CannotTell):
            confirm_on_chain(one, chain)
    with pytest.raises(ProofMalformed):
        confirm_on_chain(elsewhere, rig.chain)


# ---------------------------------------------------------------- the whole log


def found(rig: Rig, chain: MemoryChain | None, pinned: Checkpoint) -> tuple[int, set[type[LedgerError]]]:
    report = check_ledger(rig.entries, rig.checkpoints, rig.key.verifier, chain, pinned=pinned)
    return report.verdict, {type(fault) for fault in report.faults}


def test_a_log_is_held_to_a_checkpoint_that_was_kept(rig: Rig, other: Rig) -> None:
    """It extends all that it showed before; another history, whole in itself, does not."""
    kept = [replace(early(rig), size=size, root=tree_of(rig.checkpoints, size).root()) for size in range(1, 12)]
    for pinned in kept:
        assert found(rig, rig.chain, pinned) == (0, set())
    assert check_ledger(other.entries, other.checkpoints, other.key.verifier, other.chain).verdict == 0
    for pinned in kept:
        assert found(other, other.chain, pinned) == (1, {PinMismatch})
    assert found(rig, None, replace(early(rig), size=12)) == (1, {NotExtended})
    assert found(rig, None, replace(early(rig), origin="x.example/log")) == (1, {PinForeign})


def test_a_chain_that_ends_before_the_pin_is_refused(rig: Rig) -> None:
    """The log is whole, the chain was cut off before what was kept and confirmed."""
    newest = rig.newest().checkpoint
    assert found(rig, again(rig.chain, 0, 1), newest) == (1, {ChainBehind, ChainRewritten})


# ---------------------------------------------------------------- two sizes, by the command


Judge = Callable[[Proof, str, str], dict[str, Any]]


@pytest.fixture
def judge(tmp_path: Path, rig: Rig, capsys: pytest.CaptureFixture[str]) -> Judge:
    def run(proof: Proof, pin: str, joined: str = "") -> dict[str, Any]:
        (tmp_path / "proof.json").write_bytes(proof.to_bytes())
        (tmp_path / "pin.txt").write_text(pin, encoding="utf-8")
        line = ["--home", str(tmp_path), "--json", "verify", str(tmp_path / "proof.json")]
        line += ["--pinned", str(tmp_path / "pin.txt"), "--key", str(rig.key.verifier)]
        if joined:
            (tmp_path / "joined.txt").write_text(joined, encoding="utf-8")
            line += ["--consistency", str(tmp_path / "joined.txt")]
        code = main(line)
        said: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert said["verdict"] == code
        return said

    return run


def test_a_pin_of_another_size_is_joined_or_refused(judge: Judge, rig: Rig, other: Rig) -> None:
    """Smaller or larger than the proof's; another history, a changed hash, a file of other sizes: never 0."""
    proofs = {size: prove(rig.entries, rig.checkpoints, 4, size=size) for size in (6, 11)}
    path = tree_of(rig.checkpoints, 11).consistency_proof(6)
    good = Offer.body(6, path, proofs[11].checkpoint_note)
    for shown, kept in ((11, 6), (6, 11)):
        pin = pin_text(rig.key.verifier, proofs[kept].checkpoint_note)
        assert judge(proofs[shown], pin, "")["verdict"] == 2
        assert judge(proofs[shown], pin, good)["verdict"] == 0
        changed = good.replace(b64encode(path[1]).decode(), b64encode(bytes(32)).decode())
        assert judge(proofs[shown], pin, changed)["code"] == ConsistencyDamaged.code
    forked = prove(other.entries, other.checkpoints, 4, size=11)
    pin = pin_text(rig.key.verifier, proofs[6].checkpoint_note)
    lie = Offer.body(6, tree_of(other.checkpoints, 11).consistency_proof(6), forked.checkpoint_note)
    assert judge(forked, pin, lie)["code"] == PinMismatch.code
    assert judge(forked, pin, good)["code"] == PinMismatch.code
    assert judge(proofs[11], pin, Offer.body(5, path, proofs[11].checkpoint_note))["verdict"] == 2
