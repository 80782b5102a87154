"""What a record of a deed says, and what it may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.records.audit import ACTS, Audit
from ledger.records.errors import FieldContradicts, FieldMissing, RecordUnreadable
from ledger.records.record import decode

PLAIN: dict[str, Any] = {
    "act": "sign_in",
    "id": "audit:1",
    "kind": "audit",
    "occurred_at": "2026-05-01T08:00:00Z",
    "outcome": "refused",
    "principal": "public",
    "reason": "access.key-refused",
    "version": 1,
}


def test_a_refusal_reads_back() -> None:
    """One, and several with the moment of the last."""
    record = decode(json.dumps(PLAIN).encode())
    assert isinstance(record, Audit)
    assert (record.count, record.until) == (1, None)
    several = decode(json.dumps(PLAIN | {"count": 3, "until": "2026-05-01T08:00:40Z"}).encode())
    assert isinstance(several, Audit)
    assert several.count == 3


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"outcome": "done"}, FieldContradicts),
        ({"reason": None}, FieldContradicts),
        ({"count": 2}, FieldMissing),
        ({"count": 2, "until": "2026-05-01T07:00:00Z"}, FieldContradicts),
        ({"until": "2026-05-01T08:00:00Z"}, FieldContradicts),
    ],
)
def test_what_contradicts_itself_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    """A reason where it was done, none where it was refused, a count without its end, an end before the start."""
    with pytest.raises(error):
        decode(json.dumps(PLAIN | changes).encode())


@pytest.mark.parametrize("name", ["email", "place", "ip"])
def test_nothing_of_a_person_fits_in(name: str) -> None:
    """The form is closed: no address of mail or network has a field."""
    with pytest.raises(RecordUnreadable):
        decode(json.dumps(PLAIN | {name: "x"}).encode())


def test_acts_are_told_apart() -> None:
    """Each once, in the order of the alphabet."""
    assert list(ACTS) == sorted(set(ACTS))
