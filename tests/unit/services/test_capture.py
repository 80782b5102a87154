"""Capturing records: every record gets its own answer, in order, and what was answered is what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import IdentityError, LedgerError
from ledger.log.canonical import is_canonical
from ledger.log.entry import MAX_BODY
from ledger.log.errors import RecordConflict
from ledger.ports import Receipt
from ledger.records.errors import NullCharacter, RecordTooLarge
from ledger.records.record import microseconds
from ledger.services.capture import Submission, capture, draft
from tests.builders import TENANT, SteppingClock, leg, legs, scan
from tests.rig import Rig


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def test_each_record_gets_its_own_answer(rig: Rig) -> None:
    """Good records are taken though others are not; each refusal says where in the batch it belongs."""
    rig.capture([leg("old")])
    outcomes = rig.capture(
        [
            leg("a"),
            leg("b", product="no such code"),
            leg("old", mass_g=1),
            leg("old"),
            leg("c", route="x\x00y"),
            leg("d"),
        ]
    )
    assert [type(outcome) for outcome in outcomes[:1] + outcomes[3:4] + outcomes[5:]] == [Receipt] * 3
    assert isinstance(outcomes[1], IdentityError)
    assert outcomes[1].place is not None
    assert outcomes[1].place.pointer == "/1"
    assert isinstance(outcomes[2], RecordConflict)
    assert isinstance(outcomes[4], NullCharacter)
    assert [o.seq for o in outcomes if isinstance(o, Receipt)] == [1, 0, 2]
    assert rig.entries.size() == 3


def test_nothing_handed_in(rig: Rig) -> None:
    """An empty batch, and one without a good record, add nothing."""
    assert rig.capture([]) == []
    (outcome,) = rig.capture([leg(product="no such code")])
    assert isinstance(outcome, LedgerError)
    assert rig.entries.size() == 0


def test_what_is_stored_is_the_record(rig: Rig) -> None:
    """The body is the canonical record with its submitter; times are when it happened and when it came in."""
    rig.capture([scan(), leg(origin="上海")])
    for index, record in enumerate((scan(), leg(origin="上海"))):
        entry = rig.entries.entry(index)
        assert is_canonical(entry.body)
        said = msgspec.json.decode(entry.body)
        assert said == {"record": msgspec.to_builtins(record), "submitter": "rig"}
    rows = next(rig.entries.rows(0, 2))
    assert [row.occurred_at for row in rows] == [microseconds(scan().occurred_at)] * 2
    assert all(row.recorded_at <= microseconds(rig.clock.moment) for row in rows)


def test_salts_are_fresh(rig: Rig) -> None:
    """Every entry has 32 random bytes of its own: equal records of two tenants have different commitments."""
    rig.capture(legs(20))
    salts = {row.salt for row in next(rig.entries.rows(0, 20))}
    assert len(salts) == 20
    assert {len(salt) for salt in salts} == {32}


def test_a_clock_that_steps_back(rig: Rig) -> None:
    """Recorded times never fall, however the machine's clock is set."""
    rig.clock = SteppingClock(step=timedelta(hours=-1))
    receipts = [rig.capture([record])[0] for record in legs(4)]
    assert len({r.recorded_at for r in receipts if isinstance(r, Receipt)}) == 1


def test_the_greatest_record_and_one_byte_more() -> None:
    """A body of exactly the limit is taken; a byte over it is refused, with both sizes."""
    submission = Submission(TENANT, "s")
    spare = MAX_BODY - len(draft(scan(action="ADD", ilmd={"cbvmda:x": ""}), submission, bytes(32)).body)
    assert len(draft(scan(action="ADD", ilmd={"cbvmda:x": "a" * spare}), submission, bytes(32)).body) == MAX_BODY
    with pytest.raises(RecordTooLarge) as raised:
        draft(scan(action="ADD", ilmd={"cbvmda:x": "a" * (spare + 1)}), submission, bytes(32))
    assert raised.value.values() == {"size": MAX_BODY + 1, "limit": MAX_BODY}


@given(text=st.text(st.sampled_from("\\u0\x00a"), min_size=1, max_size=12))
def test_the_null_character_and_its_look_alikes(text: str) -> None:
    """U+0000 is refused wherever it stands; backslashes, letters and digits that look like its escape are not."""
    submission = Submission(TENANT, "s")
    if "\x00" in text:
        with pytest.raises(NullCharacter):
            draft(leg(origin=text), submission, bytes(32))
    else:
        assert msgspec.json.decode(draft(leg(origin=text), submission, bytes(32)).body)["record"]["origin"] == text


def test_the_commitment_is_of_what_is_stored(rig: Rig) -> None:
    """A draft's commitment is SHA-256 of salt and body."""
    made = draft(leg(), Submission(TENANT, "s"), bytes(range(32)))
    assert made.committed == sha256(bytes(range(32)) + made.body).digest()


def test_two_submitters_of_one_record(rig: Rig) -> None:
    """The second gets the first one's receipt, and the entry keeps the first one's name."""
    first = rig.capture([leg()])[0]
    again = capture(rig.entries, rig.clock, _Zeros(), tenant=TENANT, submitter="second", records=[leg()])[0]
    assert isinstance(first, Receipt)
    assert again == first._replace(fresh=False)
    assert msgspec.json.decode(rig.entries.entry(0).body)["submitter"] == "rig"


class _Zeros:
    def token(self, size: int) -> bytes:
        return bytes(size)
