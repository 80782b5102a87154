"""What events say of a place: what lies there, what went back into use, what left and came back. Counted by hand."""

from __future__ import annotations

from ledger.lifecycle.at_place import AtPlace, at_place
from ledger.lifecycle.stage import IN_STOCK
from ledger.packaging.returns import Seen, each_outing
from ledger.records.record import Record
from tests.lives import (
    CRATE,
    ELSEWHERE,
    HERE,
    OTHER,
    PALLET,
    THERE,
    THING,
    THIRD,
    held,
    micros,
    seen,
    told,
    views,
    world,
)

DAY = 24.0


def found(*records: Record, start: float = 0, end: float = 365 * DAY, place: str = HERE) -> AtPlace:
    return at_place(views(list(records)), place, micros(start), micros(end))


def lying(one: AtPlace) -> dict[str, int]:
    return {row.id: row.last_at for row in one.lying}


def test_stock_is_what_lies_there_at_the_end_and_in_a_unit_where_the_unit_is() -> None:
    """Of three stored, one is shipped, one installed; what a pallet brought lies there too, itself no asset."""
    records = [
        seen(1, "storing", THING, OTHER, THIRD, place=HERE),
        seen(2, "shipping", OTHER, place=HERE),
        seen(3, "receiving", OTHER, place=THERE),
        seen(4, "installing", THIRD, place=HERE),
    ]
    assert lying(found(*records)) == {THING: micros(1)}
    assert lying(found(*records, end=2)) == dict.fromkeys((THING, OTHER, THIRD), micros(1))
    brought = [
        held(1, "ADD", PALLET, THING, bizStep="packing", place=THERE),
        seen(2, "receiving", PALLET, place=f"{HERE}/254/dock"),
    ]
    assert lying(found(*brought)) == {THING: micros(2)}, "a part of the place is the place"
    assert not found(*brought, place=HERE[:-1]).lying, "a place whose number begins alike is another"


def test_looking_at_a_thing_is_an_event_and_what_an_error_declares_is_none() -> None:
    """An inspection moves the last event; declared an error, it does not."""
    look = seen(9, "inspecting", name="look", place=HERE)
    records = [seen(1, "storing", place=HERE), look]
    assert lying(found(*records)) == {THING: micros(9)}
    void = seen(
        9, "inspecting", name="look", place=HERE,
        errorDeclaration={"declarationTime": "2026-01-02T00:00:00Z", "reason": "did_not_occur"},
    )  # fmt: skip
    assert lying(found(*records, void)) == {THING: micros(1)}


def test_reuse_counts_times_a_thing_came_off_and_was_there_in_the_period() -> None:
    """
    Three came off. One was used again, one lies there, the third never came. In the year before only the first.

    What came there before the period and is still there counts in the period.
    """
    records = [
        seen(1, "removing", THING, OTHER, THIRD, place=ELSEWHERE),
        seen(2, "receiving", THING, place=HERE),
        seen(3, "receiving", THIRD, place=THERE),
        seen(100, "receiving", OTHER, place=HERE),
        seen(110, "installing", THING, place=ELSEWHERE),
        seen(120, "installing", THIRD, place=ELSEWHERE),
    ]
    whole = found(*records)
    assert sorted((one.id, one.reused) for one in whole.came_off) == [(THING, 4), (OTHER, None)]
    assert [(one.id, one.reused) for one in found(*records, end=50).came_off] == [(THING, None)]
    later = found(*records, start=50)
    assert sorted((one.id, one.reused) for one in later.came_off) == [(THING, 4), (OTHER, None)]
    assert not found(*records, start=115, end=116).came_off[1:], "the first one is back in use by then"
    assert set(later.came_off[0].entries) <= set(range(6))


def test_a_crate_goes_out_and_comes_back_as_its_scans_say() -> None:
    """The same outings as packaging sees them, those of what it was in among them."""
    records = [
        seen(1, "storing", CRATE, place=HERE),
        seen(2, "shipping", CRATE, place=HERE),
        seen(3, "receiving", CRATE, place=THERE),
        seen(4, "storing", CRATE, place=HERE),
        held(5, "ADD", PALLET, CRATE, bizStep="packing", place=HERE),
        seen(6, "shipping", PALLET, place=HERE),
    ]
    felt = found(*records).felt[CRATE]
    assert [one.seq for one in felt] == list(range(6))
    out = each_outing(Seen(one.step, one.disposition, one.place) for one in felt)
    assert [(one.home, felt[one.left].seq, one.back) for one in out] == [(HERE, 1, 3), (HERE, 5, None)]


def test_stock_is_what_the_lives_of_things_have_there() -> None:
    """Over worlds by chance, in any order of arrival: the states of the one fold, by place."""
    for seed in range(40):
        records = world(seed)
        lives = told(*records)
        states = {
            code: life.last_at
            for code, life in lives.states.items()
            if life.place == HERE and life.stage in IN_STOCK and "/00/" not in code
        }
        assert lying(found(*records)) == states, seed
