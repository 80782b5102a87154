"""A changed score sheet does not replay: every single figure and text in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from ledger.errors import LedgerError
from ledger.scoring.award import replay, score
from ledger.scoring.bid import Ruling
from ledger.scoring.errors import FormUnreadable, SheetDiffers
from tests.unit.scoring.tender import full_bids, full_scheme

RULING = Ruling(bidder="Anhe 安和", subject="price", accepted=True, reason="own plant", decided_by="panel")
SHEET = score(full_scheme(), full_bids(), [RULING])
RECORD = json.loads(json.dumps(SHEET.to_record()))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every text, number, truth value and null."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from leaves(item, (*path, key))
    else:
        yield path


def changed(value: Any) -> list[Any]:
    """Other values a forger might put there."""
    if isinstance(value, bool):
        return [not value, int(value)]
    if isinstance(value, int):
        return [value + 1, str(value)]
    if value is None:
        return ["1", False]
    return [value + "1", "9" + value[1:] if value[:1] != "9" else "8" + value[1:], None]


def set_at(record: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the record with one leaf changed."""
    copied = copy.deepcopy(record)
    target = copied
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return copied


def test_the_sheet_is_worth_tampering_with() -> None:
    """It holds an excluded bid, notes, marked-up footprints, a winner, a flip price and left-out runs."""
    assert SHEET.winner
    assert list(SHEET.excluded) == ["Dazhi 大智"]
    assert {f.status for f in SHEET.footprints} == {"verified", "unverified", "missing"}
    assert SHEET.robustness.flip_price
    assert SHEET.robustness.flip_price.per_kg
    assert SHEET.robustness.weight_change
    assert len(SHEET.robustness.left_out) == 2
    assert replay(RECORD).to_record() == SHEET.to_record()


@pytest.mark.parametrize("path", list(leaves(RECORD)), ids=lambda path: "/".join(map(str, path)))
def test_no_leaf_of_a_sheet_can_be_changed(path: tuple[str | int, ...]) -> None:
    """Whatever is put in its place, replay raises; inputs are caught by their digests if by nothing else."""
    value: Any = RECORD
    for key in path:
        value = value[key]
    for other in changed(value):
        with pytest.raises(LedgerError):
            replay(set_at(RECORD, path, other))


def test_the_first_differing_cell_is_named() -> None:
    """Half a point more for one bidder on one criterion: pointer, bidder, criterion, both figures."""
    index = next(i for i, c in enumerate(SHEET.cells) if (c.bidder, c.criterion) == ("Boyuan 博远", "efficiency"))
    right = RECORD["cells"][index]["points"]
    with pytest.raises(SheetDiffers) as caught:
        replay(set_at(RECORD, ("cells", index, "points"), "40/2"))
    assert caught.value.pointer == f"/cells/{index}/points"
    assert caught.value.row == "Boyuan 博远 · efficiency"
    assert (caught.value.stated, caught.value.recomputed) == ("'40/2'", repr(right))


@pytest.mark.parametrize("part", ["reasons", "footprints", "cells", "totals", "ranks", "bids", "bid_digests"])
def test_no_row_can_be_dropped_added_or_moved(part: str) -> None:
    """Rows are as many as they were, in the order they were."""
    rows = RECORD[part]
    for other in (rows[1:], rows[:-1], [*rows, rows[0]], rows[::-1]):
        with pytest.raises(LedgerError):
            replay(RECORD | {part: other})


@pytest.mark.parametrize("part", list(RECORD))
def test_no_part_can_be_missing_and_none_added(part: str) -> None:
    """A sheet without one of its parts, or with one more, is no sheet."""
    with pytest.raises(SheetDiffers if part not in {"scheme", "bids", "rulings"} else FormUnreadable):
        replay({k: v for k, v in RECORD.items() if k != part})
    with pytest.raises(SheetDiffers):
        replay(RECORD | {"extra": "1"})


def test_a_consistent_forgery_still_shows_in_the_digests() -> None:
    """A forger who rescores with another price gets a sheet that replays, but whose bid is not the recorded one."""
    bids = full_bids()
    recorded = {row["bidder"]: row["sha256"] for row in RECORD["bid_digests"]}
    cheaper = [full_bids()[0].__class__(**{**_fields(b), "price": b.price - 1000, "lines": _less(b)}) for b in bids[:1]]
    forged = score(full_scheme(), [*cheaper, *bids[1:]], [RULING]).to_record()
    assert replay(forged).to_record() == forged
    assert [row["bidder"] for row in forged["bid_digests"] if recorded[row["bidder"]] != row["sha256"]] == ["Anhe 安和"]


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _less(one: Any) -> Any:
    line = one.lines[0]
    amount = line.amount - 1000
    return (type(line)(item=line.item, quantity=Fraction(1000), unit_price=amount / 1000, amount=amount),)
