"""What a reader is told of a score sheet that is computed again from its file alone."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from ledger.log.canonical import canonical_bytes
from ledger.scoring.award import differences, replay, score
from ledger.scoring.bid import Ruling
from ledger.scoring.errors import FormUnreadable, SheetDiffers
from ledger.scoring.replaying import MOST_DIFFERENCES, read_sheet, replayed, replayed_json
from tests.unit.scoring.tender import full_bids, full_scheme

SHEET = score(
    full_scheme(),
    full_bids(),
    [Ruling(bidder="Anhe 安和", subject="price", accepted=True, reason="own plant", decided_by="panel")],
)
RECORD = SHEET.to_record()
ENTRY = {"record": {"id": "s", "kind": "score_sheet", "content": RECORD}, "submitter": "p"}


def changed(*path: str | int, to: Any) -> bytes:
    """The sheet with one value put in another's place."""
    record = target = copy.deepcopy(RECORD)
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = to
    return json.dumps(record, ensure_ascii=False).encode()


@pytest.mark.parametrize("form", [RECORD, ENTRY], ids=["sheet", "entry"])
def test_a_sheet_that_follows_is_told_with_every_cell(form: Any) -> None:
    """All values are counted; ranks, points and arithmetic are the sheet's, exact where two places are not."""
    found = replayed(canonical_bytes(form), "zh-CN")
    assert (found.verdict, found.differences, found.winner) == (0, [], SHEET.winner)
    assert found.values == sum(1 for _ in differences(_other(RECORD), RECORD)) > 300
    assert [(b.bidder, b.rank) for b in found.bids if b.rank] == [(r.bidder, r.rank) for r in SHEET.ranks]
    assert [b.bidder for b in found.bids if b.aside] == list(SHEET.excluded)
    assert len(found.bids) == len(SHEET.bids)
    first = found.bids[0].cells[0]
    assert (first.input, first.working) == ("1030000", "40 x [1000000 / 1030000]")
    assert (first.shown, first.exact) == ("38.83", "4000/103 ≈ 38.83")
    assert {b.bidder: b.sha256 for b in found.bids} == {d["bidder"]: d["sha256"] for d in RECORD["bid_digests"]}


def _other(form: Any) -> Any:
    """The same shape with another value at every leaf."""
    if isinstance(form, dict):
        return {key: _other(value) for key, value in form.items()}
    return [_other(value) for value in form] if isinstance(form, list) else object()


def test_a_changed_result_is_named_alone() -> None:
    """A digit more in one cell: its place, bidder and criterion, both values, and nothing else."""
    index = next(i for i, c in enumerate(SHEET.cells) if (c.bidder, c.criterion) == ("Boyuan 博远", "efficiency"))
    found = replayed(changed("cells", index, "points", to="40/2"), "en")
    (one,) = found.differences
    assert (found.verdict, found.more, one.part, one.row) == (1, False, "cells", "Boyuan 博远 · efficiency")
    assert (one.pointer, one.stated) == (f"/cells/{index}/points", "'40/2'")
    assert one.recomputed == repr(RECORD["cells"][index]["points"])


def test_a_changed_input_is_named_first_and_what_follows_is_bounded() -> None:
    """A price of another bidder: the digest of that bid comes first; of the rest only so many are told."""
    found = replayed(changed("bids", 0, "price", to="1020000"), "en")
    assert (found.differences[0].part, found.differences[0].row) == ("bid_digests", "Anhe 安和")
    assert (len(found.differences), found.more) == (MOST_DIFFERENCES, True)
    assert replayed(changed("scheme", "basis", to="x"), "en").differences[0].part == "scheme_digest"
    assert replayed(changed("rulings", 0, "reason", to="x"), "en").differences[0].part == "rulings_digest"


def test_what_is_told_first_is_what_the_command_refuses_with() -> None:
    """The page and ``ledger score --replay`` name the same place in the same words."""
    data = changed("totals", 1, "points", to="1/2")
    with pytest.raises(SheetDiffers) as caught:
        replay(read_sheet(data))
    for locale in ("en", "zh-CN"):
        found = json.loads(replayed_json(data, locale))
        assert found["said"] == caught.value.message(locale)
        assert found["differences"][0]["pointer"] == caught.value.pointer


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[]", b"{}", b'{"format":"onecode/proof/1"}', b"[" * 100_000]
    + [
        canonical_bytes({"record": {"kind": kind, "content": content}})
        for kind, content in (("bid", RECORD), ("score_sheet", []))
    ],
    ids=range(9),
)
def test_what_is_no_sheet_cannot_be_told(data: bytes) -> None:
    """Other files, other kinds of entries: no verdict on an award, and nothing escapes."""
    found = replayed(data, "zh-CN")
    assert (found.verdict, found.code, found.bids) == (2, "scoring.form", [])
    with pytest.raises(FormUnreadable):
        read_sheet(data)


def test_nesting_is_bounded_and_brackets_in_words_are_none() -> None:
    """A sheet with one list too deep is refused before it is read; brackets and quotes inside texts do not count."""
    deep = RECORD | {"extra": json.loads("[" * 32 + "]" * 32)}
    assert replayed(json.dumps(deep).encode(), "en").verdict == 2
    wordy = RECORD | {"extra": '"[{\\' * 99}
    assert replayed(json.dumps(wordy).encode(), "en").differences[0].pointer == "/extra"


def test_inputs_that_cannot_be_scored_are_said_with_their_place() -> None:
    """A weight that no longer sums, a price that is a number: does not hold, with the fault in words."""
    weight = replayed(changed("scheme", "criteria", 0, "weight", to="41"), "en")
    price = replayed(changed("bids", 0, "price", to=1), "en")
    assert (weight.verdict, weight.code) == (1, "scoring.scheme")
    assert (price.verdict, price.code) == (1, "scoring.form")
    assert "/0/price" in price.said
