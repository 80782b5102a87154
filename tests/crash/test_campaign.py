"""kill -9 at seeded places: nothing is lost, nothing is doubled, and services with known mistakes are found out."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.crash.campaign import run_seeds
from tests.crash.places import OPENING, PLACES
from tests.crash.plan import plan
from tests.postgres import PostgresServer

SHARDS, SEEDS = 2, 18


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_is_lost_or_doubled(shard: int) -> None:
    """Whatever is killed wherever, a restart alone brings every acknowledged record on chain exactly once."""
    outcomes = list(run_seeds(range(shard * SEEDS, (shard + 1) * SEEDS)))
    assert {outcome.seed: outcome.findings for outcome in outcomes if outcome.findings} == {}
    died_at = sum((outcome.died_at for outcome in outcomes), Counter[str]())
    assert died_at.total() > SEEDS
    assert len(died_at) > len(PLACES) * 3 // 4


def test_every_place_is_tried() -> None:
    """The seeds of this suite plan a death at every place there is."""
    planned = {death.place for seed in range(SHARDS * SEEDS) for death in plan(seed).deaths}
    assert planned == {*PLACES, *OPENING}


def test_a_seed_gives_the_same_run() -> None:
    """A seed can be replayed: it dies at the same places."""
    first, second = (next(iter(run_seeds(range(11, 12)))) for _ in range(2))
    assert (first.planned, first.died_at, first.findings) == (second.planned, second.died_at, second.findings)


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("resends-blindly", "doubled: "),
        ("marks-first", "unanchored: "),
        ("acknowledges-first", "lost: "),
        ("forgets-ids", "doubled: record "),
    ],
)
def test_known_mistakes_are_found(subject: str, word: str) -> None:
    """The campaign reports what each naive service loses or doubles, within a few dozen seeds."""
    for outcome in run_seeds(range(120), subject):
        if any(finding.startswith(word) for finding in outcome.findings):
            return
    pytest.fail(f"no seed shows what {subject} does wrong")


def test_nothing_is_lost_or_doubled_on_postgresql(postgres_server: PostgresServer) -> None:
    """The same holds when the database is another process, which lives on."""
    outcomes = list(run_seeds(range(1000, 1010), database=postgres_server.fresh))
    assert {outcome.seed: outcome.findings for outcome in outcomes if outcome.findings} == {}
    assert sum(outcome.died_at.total() for outcome in outcomes) > 8
