"""Deeds in the log of either database: beside the act or not at all, gathered without end, found again."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ports import StoreUnavailable
from ledger.ports.audit import WantedDeeds
from ledger.ports.tenancy import EVERYONE, acting_for
from ledger.records.audit import NOBODY
from ledger.services.audit import MOST_KINDS, OPERATOR, Deed, Gathering, Recording, by_operator
from ledger.services.capture import capture
from ledger.services.corrections import NotWithdrawable
from ledger.services.deeds import deeds
from ledger.services.keys import issue_key
from ledger.services.prove import prove
from ledger.services.worker import settle
from ledger.wiring import Ledger
from tests.builders import TENANT, SteppingClock, correction

REFUSED = Deed("use_key", TENANT, outcome="refused", reason="access.key-refused")


class _Failing(Exception):
    """What breaks a block."""


def _gathering(ledger: Ledger, clock: SteppingClock, **known: tuple[str, str]) -> Gathering:
    recording = Recording(ledger.entries, clock, ledger.random, ledger.database.together)
    return Gathering(recording, known.get)


def test_a_deed_stands_or_falls_with_its_act(ledger: Ledger) -> None:
    """A key and its deed in one transaction: after a failure neither is there, else both; the deed has a proof."""
    before = len(ledger.principals.of_tenant(TENANT))

    def issue(*, fails: bool) -> None:
        with ledger.recording.together():
            terms = {"tenant": TENANT, "name": "machine", "role": "warehouse"}
            made, _ = issue_key(ledger.principals, ledger.clock, ledger.random, **terms, days=1)  # type: ignore[arg-type]
            ledger.recording.record(by_operator("issue_key", TENANT, made.id, role=made.role))
            assert ledger.principals.get(made.id) is not None, "what the block wrote, the block reads"
            if fails:
                raise _Failing

    with pytest.raises(_Failing):
        issue(fails=True)
    assert (ledger.entries.size(), len(ledger.principals.of_tenant(TENANT))) == (0, before)
    issue(fails=False)
    (line,) = deeds(ledger, TENANT, WantedDeeds(), None, 10)
    (made,) = ledger.principals.of_tenant(TENANT)[before:]
    assert (line.act, line.principal, line.object, line.role) == ("issue_key", OPERATOR, made.id, "warehouse")
    settle(ledger.worker())
    assert prove(ledger.entries, ledger.checkpoints, line.seq).index == line.seq


def test_a_block_acts_for_whom_it_says(ledger: Ledger) -> None:
    """Within one transaction the acting tenant is changed, and changed back, and row-level security follows."""
    for tenant in ("one", "two"):
        issue_key(ledger.principals, ledger.clock, ledger.random, tenant=tenant, name="x", role="admin", days=1)
    (found,) = ledger.principals.of_tenant("two")
    hidden = None if not ledger.database.is_sqlite else found
    with acting_for("one"), ledger.recording.together():
        seen = [ledger.principals.get(found.id)]
        with acting_for(EVERYONE):
            seen.append(ledger.principals.get(found.id))
        seen.append(ledger.principals.get(found.id))
    assert [one.principal if one else None for one in seen] == [hidden, found, hidden]


def test_a_flood_of_refusals_is_one_entry_a_minute(ledger: Ledger) -> None:
    """10,000 wrong keys of made-up ids: one entry with their number; a known key's id is written down, no other."""
    clock = SteppingClock(step=timedelta(0))
    gathering = _gathering(ledger, clock, real=("other", "real"))
    for number in range(10_000):
        gathering.note(REFUSED, claimed=f"guess{number}")
    gathering.note(REFUSED, claimed="real")
    clock.forward(59)
    assert gathering.write() == 0
    clock.forward(1)
    gathering.write()
    (line,) = deeds(ledger, TENANT, WantedDeeds(), None, 10)
    assert (line.principal, line.object, line.outcome) == (NOBODY, "", "refused")
    assert line.times == 10_001, "past the bound nobody's name is kept, and every refusal is counted"
    assert ledger.entries.size() == 1


def test_what_somebody_claims_is_written_only_if_it_is_a_principal(ledger: Ledger) -> None:
    """Into the tenant of that principal, by its id; an address of mail is nowhere in the log."""
    clock = SteppingClock(step=timedelta(0))
    gathering = _gathering(ledger, clock, **{"one@example.com": ("other", "person1")})
    for claimed in ("one@example.com", "two@example.com", "one@example.com"):
        gathering.note(REFUSED, claimed=claimed, request="request1")
    assert gathering.write(whole=True) == 2
    (known,) = deeds(ledger, "other", WantedDeeds(), None, 10)
    (unknown,) = deeds(ledger, TENANT, WantedDeeds(), None, 10)
    assert (known.object, known.times, unknown.object, unknown.times) == ("person1", 2, "", 1)
    bodies = [json.loads(ledger.entries.entry(index).body) for index in range(2)]
    assert not [body for body in bodies if "@" in json.dumps(body)]


def test_deeds_wait_for_a_database_that_is_down(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost, memory stays bounded, and whoever noted them was told nothing."""
    clock = SteppingClock(step=timedelta(0))
    gathering = _gathering(ledger, clock)

    def down(*_: object, **__: object) -> None:
        raise StoreUnavailable(reason="down")

    with monkeypatch.context() as broken:
        broken.setattr(type(ledger.entries), "append", down)
        for number in range(MOST_KINDS * 2):
            gathering.note(REFUSED._replace(object=f"/{number}"))
        with pytest.raises(StoreUnavailable):
            gathering.write(whole=True)
        gathering.note(REFUSED)
    assert gathering.write(whole=True) == MOST_KINDS + 1
    lines = deeds(ledger, TENANT, WantedDeeds(), None, MOST_KINDS * 2)
    assert sum(line.times for line in lines) == MOST_KINDS * 2 + 1


def test_no_correction_withdraws_a_deed(ledger: Ledger) -> None:
    """Not even the owner's."""
    ledger.recording.record(REFUSED)
    record_id = json.loads(ledger.entries.entry(0).body)["record"]["id"]
    (outcome,) = capture(
        ledger.entries,
        ledger.clock,
        ledger.random,
        tenant=TENANT,
        submitter="owner",
        records=[correction(record_id)],
        manages=True,
    )
    assert isinstance(outcome, NotWithdrawable)


def test_deeds_are_found_by_who_what_how_and_when(ledger: Ledger) -> None:
    """Every filter alone and together, page after page, each deed once; another tenant's never; rebuilt the same."""
    clock = SteppingClock(step=timedelta(minutes=1))
    recording = Recording(ledger.entries, clock, ledger.random, ledger.database.together)
    plain = [
        Deed("sign_in", TENANT, "a"),
        Deed("sign_in", TENANT, "b"),
        REFUSED,
        Deed("authorise", TENANT, "a", "/audit", "refused", "access.role"),
        Deed("sign_in", "other", "a"),
    ]
    for deed in plain * 3:
        recording.record(deed)

    def found(**wanted: object) -> list[int]:
        return [line.seq for line in deeds(ledger, TENANT, WantedDeeds(**wanted), None, 100)]  # type: ignore[arg-type]

    mine = [index for index in range(15) if index % 5 != 4][::-1]
    assert found() == mine
    assert found(principal="a") == [index for index in mine if index % 5 in {0, 3}]
    assert found(act="sign_in") == [index for index in mine if index % 5 in {0, 1}]
    assert found(outcome="refused", principal="a") == [13, 8, 3]
    line = deeds(ledger, TENANT, WantedDeeds(), None, 100)[5]
    assert found(since=line.first_at) == mine[:6]
    assert found(until=line.first_at) == mine[6:]
    pages, before = list[int](), None
    while page := deeds(ledger, TENANT, WantedDeeds(), before, 4):
        pages += [each.seq for each in page[:4]]
        before = page[:4][-1].seq
    assert pages == mine
    assert all(one > other for one, other in pairwise(pages))
    ledger.audit.reset()
    assert found() == mine


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["done", "refused"]), st.integers(0, 90))))
def test_every_deed_is_counted_once(happened: list[tuple[str, str, int]]) -> None:
    """However deeds fall in time and however often they are written, the entries sum to what happened."""
    clock = SteppingClock(step=timedelta(0))
    written: list[tuple[str, int]] = []

    class Kept(Recording):
        """A log in memory."""

        def append(self, found: object) -> None:  # type: ignore[override]
            written.extend((deed.principal, span.times) for deed, span in found)  # type: ignore[attr-defined]

    gathering = Gathering(Kept(None, clock, None, None), lambda _: None)  # type: ignore[arg-type]
    for who, outcome, seconds in happened:
        reason = "access.role" if outcome == "refused" else ""
        gathering.note(Deed("authorise", TENANT, who, outcome=outcome, reason=reason))  # type: ignore[arg-type]
        clock.forward(seconds)
        gathering.write()
    gathering.write(whole=True)
    for who in "abc":
        assert sum(times for name, times in written if name == who) == sum(one[0] == who for one in happened)
