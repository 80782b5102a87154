"""The fold: what an event does to the things it names, to what is in them, and what is flagged."""

from __future__ import annotations

from random import Random

import pytest

from ledger.lifecycle.anomaly import CODES, geo, great_circle_km
from ledger.lifecycle.lives import replay
from tests.lives import (
    CRATE,
    ELSEWHERE,
    HERE,
    OTHER,
    PALLET,
    RACK,
    THERE,
    THING,
    THIRD,
    born,
    flags,
    happened,
    held,
    life,
    micros,
    seen,
    told,
    views,
    world,
)  # fmt: skip

ASSOCIATION = "AssociationEvent"


def whole_life() -> list:
    """From birth to a second use."""
    return [
        born(0, THING, massKg="0.45"),
        held(1, "ADD", PALLET, THING, place=HERE),
        seen(2, "shipping", PALLET, place=HERE),
        seen(3, "receiving", PALLET, place=THERE),
        held(4, "DELETE", PALLET, THING, place=THERE),
        seen(5, "storing", place=THERE),
        held(6, "ADD", RACK, THING, type_=ASSOCIATION, place=THERE),
        seen(7, "repairing", place=THERE),
        seen(8, "installing", place=THERE),
        held(9, "DELETE", RACK, THING, type_=ASSOCIATION, place=THERE),
        seen(10, "https://onecode.example/voc/BizStep-refurbishing", place=HERE),
        held(11, "ADD", RACK, THING, type_=ASSOCIATION, place=THERE),
    ]


def test_a_life_at_any_time() -> None:
    """Stage, place and parent after each event, and nothing flagged."""
    events = whole_life()
    at = [life(*events, upto=hour) for hour in range(12)]
    assert [one.stage for one in at] == [
        *("commissioned", "packed", "shipped", "received", "unpacked", "stored"),
        *("installed", "repairing", "installed", "dismantled", "refurbished", "installed"),
    ]
    assert [one.place for one in at] == [HERE] * 3 + [THERE] * 7 + [HERE, THERE]
    assert [one.parent for one in at] == [None, PALLET, PALLET, PALLET, None, None, *[RACK] * 3, None, None, RACK]
    assert (at[-1].dismantled, at[-1].reused, at[-1].mass_g) == (1, 1, 450)
    assert at[5].stock_at == micros(3)
    assert at[6].stock_at < 0 < at[9].stock_at == micros(9)
    assert flags(*events) == []


def test_a_scan_of_the_unit_moves_what_is_in_it_box_by_box() -> None:
    """A crate on a pallet on a truck: the truck's arrival is the thing's; after unpacking it is not."""
    events = [
        born(0),
        held(1, "ADD", CRATE, THING),
        held(2, "ADD", PALLET, CRATE),
        seen(3, "arriving", PALLET, place=THERE),
        held(4, "DELETE", CRATE),
        seen(5, "arriving", PALLET, place=ELSEWHERE),
    ]
    assert (life(*events, upto=3).place, life(*events, upto=3).stage) == (THERE, "shipped")
    assert life(*events).parent is None
    assert life(*events).place == THERE
    assert life(*events, code=CRATE).place == ELSEWHERE


def test_a_rack_gives_its_place_and_nothing_else() -> None:
    """What is installed stays installed when its rack is received somewhere."""
    events = [born(0), held(1, "ADD", RACK, THING, type_=ASSOCIATION), seen(2, "receiving", RACK, place=THERE)]
    assert (life(*events).stage, life(*events).place) == ("installed", THERE)


def test_units_in_each_other_come_to_an_end() -> None:
    """A circle of units is a contradiction, not an endless loop."""
    events = [held(1, "ADD", PALLET, CRATE), held(2, "ADD", CRATE, PALLET), seen(3, "shipping", PALLET, place=THERE)]
    assert life(*events, code=CRATE).place == THERE


def test_an_error_declaration_leaves_the_event_out_whenever_it_comes() -> None:
    """EPCIS 2.0, 7.4.1.4: the same eventID with an errorDeclaration; before or after the event in the log."""
    wrong = seen(5, "destroying", action="DELETE", name="wrong")
    declared = {"declarationTime": "2026-01-02T00:00:00Z", "reason": "did_not_occur"}
    declaration = seen(5, "destroying", action="DELETE", name="wrong", errorDeclaration=declared)
    assert life(born(0), wrong).stage == "destroyed"
    for events in ([born(0), wrong, declaration], [declaration, wrong, born(0)]):
        assert life(*events).stage == "commissioned"
        assert flags(*events, seen(6, "storing")) == []


def test_the_order_of_arrival_leaves_no_trace() -> None:
    """The same life from any order of the same events."""
    events = whole_life()
    expected = life(*events)
    for seed in range(20):
        shuffled = events[:]
        Random(seed).shuffle(shuffled)
        found = life(*shuffled)
        for one in (found, expected):
            one.stage_seq = one.place_seq = one.parent_seq = one.first_seq = one.last_seq = one.tid_seq = 0
        assert found == expected


def test_a_further_code_is_the_same_asset() -> None:
    """The operator's number on a supplier's thing: events under either are one life, under the first code."""
    alias = seen(1, "tagging", RACK, action="ADD", ilmd={"aliasOf": THING})
    events = [born(0), alias, seen(2, "storing", RACK, place=THERE), seen(3, "shipping", THING)]
    lives, primary = replay(views(events))
    assert primary == {RACK: THING}
    assert RACK not in lives.states
    assert (lives.states[THING].stage, lives.states[THING].place) == ("shipped", THERE)
    late, _ = replay(views([events[0], events[2], events[3], alias]))
    assert late.states[THING].stage == "shipped"
    assert RACK not in late.states
    again = seen(4, "tagging", RACK, action="ADD", ilmd={"aliasOf": OTHER})
    assert [(f.code, f.key, f.other) for f in told(*events, again).anomalies] == [("alias-conflict", OTHER, 1)]


# ---------------------------------------------------------------- mass and length


def cut(piece: str, rest: str, *, lot: str = "") -> list:
    """A drum of 225 kg and 2 km, cut in two [kg]."""
    amounts = [{"epc": OTHER, "massKg": piece, "lengthM": "1350"}, {"epc": THIRD, "massKg": rest, "lengthM": "650"}]
    more = {}
    if lot:
        more["outputQuantityList"] = [
            {"epcClass": "urn:epc:class:lgtin:0614141.012345.WASTE", "quantity": lot, "uom": "KGM"}
        ]
    outputs = {"inputEPCList": [THING], "outputEPCList": [OTHER, THIRD], "onecode__amounts": amounts, **more}
    return [born(0, THING, massKg="225", lengthM=2000), happened(1, "TransformationEvent", place=HERE, **outputs)]


def test_what_goes_in_comes_out() -> None:
    """Exact to the gram; offcuts count; the drum is used up and its parts are born with their mass."""
    events = cut("151.875", "73.125")
    assert flags(*events) == []
    assert life(*events).stage == "transformed"
    piece = life(*events, code=OTHER)
    assert (piece.stage, piece.mass_g, piece.length_mm, piece.place) == ("commissioned", 151_875, 1_350_000, HERE)


def test_a_missing_gram_is_reported_with_the_amounts() -> None:
    """In, out and the difference, on the drum."""
    (found,) = told(*cut("151.875", "73.124")).anomalies
    assert (found.code, found.key, found.seq) == ("mass-imbalance", THING, 1)
    assert found.detail == {"taken": "225000", "given": "224999", "difference": "-1"}


def test_the_drums_mass_may_be_stated_later_than_the_cut() -> None:
    """The balance is found when the entry of its birth arrives after that of the cut."""
    birth, cutting = cut("151.875", "73.126")
    assert [one[0] for one in flags(cutting, birth)] == ["mass-imbalance"]
    assert flags(cutting) == []


# ---------------------------------------------------------------- what is flagged

FLAGGED = {
    "after-end": [born(0), seen(1, "destroying", action="DELETE"), seen(2, "storing")],
    "illegal-transition": [born(0), seen(1, "repairing")],
    "double-location": [
        born(0),
        held(1, "ADD", RACK, THING, type_=ASSOCIATION, place=HERE),
        seen(2, "inspecting", place=THERE),
    ],
    "impossible-travel": [
        seen(0, "inspecting", place="geo:32.04,118.78"),
        seen(1, "inspecting", place="geo:22.54,114.06"),
    ],
    "cloned-tag": [seen(0, "encoding", onecode__tid="E280AA"), seen(1, "inspecting", onecode__tid="e280bb")],
    "two-parents": [held(0, "ADD", PALLET, THING), held(1, "ADD", CRATE, THING)],
    "statement-unread": [born(0, THING, massKg="heavy")],
}


@pytest.mark.parametrize("code", FLAGGED)
def test_each_contradiction_is_flagged_with_its_evidence(code: str) -> None:
    """Once, by the entry that shows it and the one it contradicts; the events before it are not flagged."""
    events = FLAGGED[code]
    lives, _ = replay(views(events), coordinates=geo)
    assert [one.code for one in lives.anomalies] == [code]
    (found,) = lives.anomalies
    last = len(events) - 1
    assert (found.key, found.seq, found.other) == (THING, last, -1 if code == "statement-unread" else last - 1)
    if len(events) > 1:
        assert replay(views(events[:-1]), coordinates=geo)[0].anomalies == []


def test_every_code_is_shown_to_be_flagged() -> None:
    """By the cases here."""
    assert set(CODES) == {*FLAGGED, "mass-imbalance", "length-imbalance", "alias-conflict"}


def test_what_has_ended_stays_ended() -> None:
    """A later scan is a flag on the thing, not its resurrection."""
    assert life(*FLAGGED["after-end"]).stage == "destroyed"


def test_a_flight_is_possible_and_a_new_chip_is_expected() -> None:
    """Nanjing to Shenzhen in three hours; another chip after the step that gives one; a shelf of the same site."""
    events = [seen(0, "inspecting", place="geo:32.04,118.78"), seen(3, "inspecting", place="geo:22.54,114.06")]
    assert replay(views(events), coordinates=geo)[0].anomalies == []
    assert flags(seen(0, "encoding", onecode__tid="AA"), seen(1, "tagging", action="ADD", onecode__tid="BB")) == []
    shelf = [seen(0, "storing", place=HERE, name="a"), seen(0, "storing", place=f"{HERE}/254/A7", name="b")]
    assert flags(*shelf) == []


def test_distances() -> None:
    """A degree of latitude is 111.2 km on a sphere of 6371 km; Beijing to Shanghai is 1,067 km."""
    assert great_circle_km((0, 0), (1, 0)) == 111
    assert great_circle_km((39.9042, 116.4074), (31.2304, 121.4737)) == 1067
    assert geo("geo:32.04,118.78;u=10") == (32.04, 118.78)
    assert geo("geo:95,0") is None
    assert geo(HERE) is None


def test_worlds_by_chance_fold_without_an_error() -> None:
    """Whatever capture takes; what is felt is never before what was felt."""
    for seed in range(60):
        lives = told(*world(seed))
        assert all(one.first_at <= one.last_at for one in lives.states.values())
