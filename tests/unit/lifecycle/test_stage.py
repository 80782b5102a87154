"""The lifecycle table: its words exist, every stage can be reached, and what may come next is what the table says."""

from __future__ import annotations

import pytest

from ledger.lifecycle.stage import (
    ENDED,
    IN_STOCK,
    IN_USE,
    INHERITED,
    NEXT,
    STEPS,
    Step,
    follows,
    next_steps,
    stage_after,
)
from ledger.lifecycle.vocabulary import OWN, OWN_STEPS, step_uri, word
from ledger.records.epcis.vocabulary import BIZ_STEP, DISPOSITION


def test_its_words_are_cbvs_or_ours() -> None:
    """Every step is one of CBV 2.0's or a URI of our own, never both; every disposition is CBV's."""
    steps = {step for row in STEPS for step in row.steps}
    assert steps - BIZ_STEP.words == OWN_STEPS
    assert {disposition for row in STEPS for disposition in row.dispositions} <= DISPOSITION.words
    assert {word(step_uri(step)) for step in steps} == steps
    assert step_uri("refurbishing") == f"{OWN}BizStep-refurbishing"


@pytest.mark.parametrize(
    "text",
    [
        "shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        "cbv:BizStep-shipping",
    ],
)
def test_one_word_however_it_is_written(text: str) -> None:
    """CBV 2.0, 7.1: bare word, URN and web address mean the same."""
    assert word(text) == "shipping"


@pytest.mark.parametrize("row", STEPS, ids=lambda row: f"{row.stage}-{row.type}-{row.action}")
def test_every_row_is_what_its_event_does(row: Step) -> None:
    """Type, action and each step of a row lead to its stage, and no earlier row takes them away."""
    role = {"AggregationEvent": "child", "AssociationEvent": "child", "TransformationEvent": "input"}.get(
        row.type, "self"
    )
    for step in row.steps or ("",):
        assert stage_after(row.type, row.action, step, "", role) == row.stage  # type: ignore[arg-type]


def test_every_stage_is_reached_and_nothing_follows_the_last() -> None:
    """By some row, and from birth by what may follow."""
    assert {row.stage for row in STEPS if row.stage} == set(NEXT)
    reached, waiting = set[str](), {"encoded"}
    while waiting:
        reached |= waiting
        waiting = {after for stage in waiting for after in NEXT[stage]} - reached
    assert reached == set(NEXT)
    assert all(NEXT[stage] <= {"destroyed"} for stage in ENDED)
    assert not ENDED & (IN_STOCK | IN_USE)
    assert not IN_STOCK & IN_USE
    assert set(NEXT) > INHERITED


def test_what_may_come_next() -> None:
    """A dismantled thing may be refurbished or reused, not commissioned; a destroyed one is not even looked at."""
    stages = {row.stage for row in next_steps("dismantled")}
    assert {"refurbished", "installed", "recycled", ""} <= stages
    assert not {"commissioned", "encoded", "retired"} & stages
    assert next_steps("destroyed") == ()
    assert next_steps("") == STEPS
    assert follows("installed", "")
    assert not follows("installed", "destroyed")
