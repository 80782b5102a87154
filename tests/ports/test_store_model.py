"""The whole store against a dictionary: any order of captures, checkpoints, restarts and checks, on both databases."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import KeyOf, SqlEntries
from ledger.log.entry import record_key
from ledger.log.errors import EntryAbsent, RecordConflict
from ledger.log.proof import Proof, verify
from ledger.ports import Receipt
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.project import catch_up, rebuild
from ledger.services.prove import prove
from tests.builders import draft_of, leg
from tests.postgres import PostgresServer
from tests.rig import Rig

TENANTS = ("one", "two")
SUBMISSIONS = st.lists(
    st.tuples(st.sampled_from(TENANTS), st.integers(0, 12), st.sampled_from((1, 1, 1, 2))), min_size=1, max_size=8
)


def weak_key(_tenant: str, name: str, attempt: int) -> int:
    """Five keys to start from, whatever the tenant: collisions everywhere."""
    return hashlib.sha256(name.encode()).digest()[0] % 5 + attempt


class StoreModel(RuleBasedStateMachine):
    """``model`` is what the log must hold: (tenant, id) -> (index, recorded time, mass)."""

    url: ClassVar[Iterator[str]]
    key_of: ClassVar[KeyOf]

    def __init__(self) -> None:
        super().__init__()
        self.address = next(self.url)
        self.rig = Rig(Database(open_engine(self.address)))
        self.rig.entries = SqlEntries(self.rig.database, type(self).key_of)
        self.model: dict[tuple[str, str], tuple[int, int, int]] = {}
        self.anchored = 0

    def teardown(self) -> None:
        self.rig.database.engine.dispose()

    @rule(submissions=SUBMISSIONS, step=st.integers(-5, 5))
    def capture(self, submissions: list[tuple[str, int, int]], step: int) -> None:
        """A batch of several tenants, repeats and contradictions, on a clock that may step back."""
        self.rig.clock.forward(step)
        drafts = [draft_of(leg(f"leg-{n}", mass_g=mass), tenant) for tenant, n, mass in submissions]
        appended = self.rig.entries.append(drafts, int(self.rig.clock.now().timestamp() * 1_000_000))
        for (tenant, number, mass), outcome in zip(submissions, appended.outcomes(), strict=True):
            key = (tenant, f"leg-{number}")
            known = self.model.get(key)
            if known is None:
                index = len(self.model)
                assert outcome == Receipt(index, appended.recorded_at, fresh=True)
                self.model[key] = (index, appended.recorded_at, mass)
            elif known[2] == mass:
                assert outcome == Receipt(known[0], known[1], fresh=False)
            else:
                assert isinstance(outcome, RecordConflict)
                assert outcome.index == known[0]

    @rule()
    def checkpoint(self) -> None:
        """Close a checkpoint; it covers everything, or there is nothing new."""
        newest = self.rig.checkpoints.latest()
        covered = newest.checkpoint.size if newest else 0
        closed = close_checkpoint(self.rig.entries, self.rig.checkpoints, self.rig.key, self.rig.clock)
        assert (closed is None) == (covered == len(self.model))
        if closed is not None:
            assert (closed.previous_size, closed.checkpoint.size) == (covered, len(self.model))

    @rule(restart=st.booleans())
    def round(self, restart: bool) -> None:
        """A round of background work, with an unlucky chain now and then."""
        self.rig.chain.lose_replies = int(restart)
        self.rig.round()
        self.rig.chain.lose_replies = 0
        self.rig.round()
        if self.model:
            assert self.rig.newest().state == "confirmed"
            assert self.rig.chain.head().size == len(self.model)

    @rule()
    def restart(self) -> None:
        """Everything in memory is lost."""
        self.rig.database.engine.dispose()
        old = self.rig
        self.rig = Rig(Database(open_engine(self.address)), old.chain, old.clock)
        self.rig.entries = SqlEntries(self.rig.database, type(self).key_of)

    @rule()
    def project(self) -> None:
        """Fold what is new, or everything again."""
        catch_up(self.rig.entries, self.rig.projections)
        counts = [self.rig.projections.counts(tenant)["transport_leg"] for tenant in TENANTS]
        assert counts == [sum(name == tenant for name, _ in self.model) for tenant in TENANTS]
        assert rebuild(self.rig.entries, self.rig.projections) == len(self.model)

    @precondition(lambda self: self.rig.checkpoints.latest() is not None)
    @rule(data=st.data())
    def prove(self, data: st.DataObject) -> None:
        """A proof of any covered entry, at any checkpoint over it, holds."""
        stored = data.draw(st.sampled_from(self.rig.checkpoints.all()))
        index = data.draw(st.integers(0, stored.checkpoint.size - 1))
        proof = prove(self.rig.entries, self.rig.checkpoints, index, stored.checkpoint.size)
        verify(Proof.from_bytes(proof.to_bytes()), key=self.rig.key.verifier, pinned=stored.checkpoint)

    @rule()
    def check(self) -> None:
        """The checker finds nothing."""
        report = self.rig.check()
        assert (report.verdict, report.entries, report.faults) == (0, len(self.model), [])

    @rule(tenant=st.sampled_from(TENANTS), number=st.integers(0, 12))
    def find(self, tenant: str, number: int) -> None:
        """An id is found where the model has it, or not at all."""
        found, known = self.rig.entries.find(tenant, f"leg-{number}"), self.model.get((tenant, f"leg-{number}"))
        assert (found and found.index) == (known and known[0])

    @invariant()
    def the_log_is_as_long_as_the_model(self) -> None:
        size = self.rig.entries.size()
        assert size == len(self.model)
        with pytest.raises(EntryAbsent):
            self.rig.entries.entry(size)


def _files() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as directory:
        number = 0
        while True:
            number += 1
            yield f"sqlite:///{Path(directory) / f'{number}.db'}"


def _databases(server: PostgresServer) -> Iterator[str]:
    while True:
        url = server.fresh()
        yield url
        server.drop(url)


@pytest.mark.parametrize("key_of", [record_key, weak_key], ids=["keys", "colliding keys"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_store_behaves_like_a_dictionary(request: pytest.FixtureRequest, kind: str, key_of: KeyOf) -> None:
    """Random sequences of operations leave the store as the model says, after every step."""
    urls = _files() if kind == "sqlite" else _databases(request.getfixturevalue("postgres_server"))
    machine = type("Machine", (StoreModel,), {"url": urls, "key_of": staticmethod(key_of)})
    examples = 15 if kind == "sqlite" else 6
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    urls.close()
