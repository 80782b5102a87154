"""Drafts of schemes: read as they were written, every fault at its field, rows that come back."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.scoring.amount import Amount
from ledger.scoring.draft.bids import invented, read_bids
from ledger.scoring.draft.reading import read
from ledger.scoring.draft.rows import added, brought_back, moved_up, numbers, removed, row
from ledger.scoring.draft.writing import written
from ledger.scoring.equipment import EQUIPMENT, begun, equipment
from ledger.scoring.tie_break import DEFAULT_ORDER, DRAW
from tests.e2e.drafted import OPEN, drafted
from tests.unit.scoring.tender import full_scheme


@pytest.mark.parametrize("panel", [{}, {"panel": ("efficiency",)}, {"panel": ("efficiency", "service")}])
def test_a_published_scheme_is_read_back_to_the_same_digest(panel: dict[str, Any]) -> None:
    """Also with a panel, whose marks no criterion may read but an amount."""
    shadow = {"price": "price", "footprint": "service", "quantity": "quantity"}
    more: dict[str, Any] = {"key": "both", "title_en": "Both", "title_zh": "合计", "unit": "CNY"}
    amount = Amount(rule="shadow-price", inputs=shadow, parameters={"per_tonne": Fraction(1)}, **more)
    scheme = full_scheme(**panel, amounts=(amount,), tie_break=(*DEFAULT_ORDER, DRAW))
    found = read(written(scheme), scheme.version)
    assert found.faults == ()
    assert found.scheme is not None
    assert found.scheme.digest() == scheme.digest()


@pytest.mark.parametrize("key", ["", *(one.key for one in EQUIPMENT)])
def test_a_template_lacks_what_is_the_tenders_own_and_nothing_else(key: str) -> None:
    begin = begun(equipment(key))
    missing = {one.at for one in read(begin).faults}
    assert {"id", "quantity", "closes_at"} <= missing
    said = begin | OPEN | {"title_zh": "标题", "title_en": "Title", "basis": "x"}
    if begin.get("criteria.2.direction") == "lower":
        said |= {"criteria.2.p.best": "1", "criteria.2.p.worst": "2"}
    if "criteria.2.key" not in begin:
        said = {name: value for name, value in said.items() if not name.startswith("criteria.2.")}
    found = read(said)
    assert found.faults == ()
    assert found.weights == found.points == 100


def test_every_fault_at_once_each_at_its_field() -> None:
    said = drafted() | {
        "quantity": "many",
        "criteria.0.weight": "40",
        "criteria.2.p.best": "2000",
        "rule.default": "",
        "closes_at": "soon",
        "tie.2": "coin",
        "gates.1.kind": "certificate",
        "low.price.below_mean": "120",
        "title_zh": "",
    }
    found = read(said)
    assert found.scheme is None
    places = {one.at for one in found.faults}
    ours = {"quantity", "criteria", "criteria.2", "rule.default", "closes_at", "tie.2", "gates.1", "low.price"}
    assert ours | {"title_zh"} <= places
    assert (found.weights, found.points) == (90, 100)


def test_a_number_that_cannot_be_read_says_so_and_nothing_else_of_its_row() -> None:
    found = read(drafted() | {"criteria.1.p.best": "four"})
    assert [(one.at, one.fault.code) for one in found.faults] == [("criteria.1.p.best", "scoring.number-unreadable")]


def test_figures_are_read_as_they_show() -> None:
    """Full-width digits and thousands apart, as a Chinese keyboard and people write them."""
    found = read(drafted() | {"quantity": "１，２００", "rule.default": "1 000.5"})
    assert found.scheme is not None
    assert found.scheme.quantity == 1200
    assert found.scheme.footprint_rule is not None
    assert found.scheme.footprint_rule.default == Fraction("1000.5")


texts = st.dictionaries(st.sampled_from(["key", "weight", "formula"]), st.text(max_size=5), min_size=1)


@given(st.lists(texts, min_size=1, max_size=6), st.data())
def test_a_removed_row_comes_back_where_it_was(fields: list[dict[str, str]], data: st.DataObject) -> None:
    said: dict[str, str] = {"id": "T"}
    for one in fields:
        said = added(said, "criteria", one)
    number = data.draw(st.sampled_from(numbers(said, "criteria")))
    gone = removed(said, "criteria", number)
    assert number not in numbers(gone, "criteria")
    assert brought_back(gone) == said
    order = [row(said, "criteria", each) for each in numbers(said, "criteria")]
    place = numbers(said, "criteria").index(number)
    up = moved_up(said, "criteria", number)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    assert [row(up, "criteria", each) for each in numbers(up, "criteria")] == order


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.text(max_size=30), max_size=12))
def test_whatever_is_sent_is_read_or_refused(said: dict[str, str]) -> None:
    assert read(said).scheme is None
    assert read(drafted() | said).points is not None


def test_invented_bids_are_bids_and_a_wrong_one_is_located() -> None:
    said = drafted()
    found = read(said)
    assert found.scheme is not None
    bids = read_bids(said | invented(said), found.scheme)
    assert (len(bids.bids), bids.faults) == (4, ())
    wrong = said | invented(said) | {"bids.1.price": "-5", "bids.2.m.2": "", "bids.3.bidder": "A"}
    assert {one.at for one in read_bids(wrong, found.scheme).faults} == {"bids.1", "bids.2.m.2", "bids.3.bidder"}
