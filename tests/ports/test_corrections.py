"""Corrections and error declarations leave, on both databases, what would be there had the record never come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import LedgerError
from ledger.footprint.activity import cube_of
from ledger.ports import Receipt
from ledger.records.correction import KEPT, correction_id, standing, withdrawn
from ledger.records.record import KINDS, Record, decode, decode_body
from ledger.services.capture import Submission, capture
from ledger.services.corrections import AlreadyWithdrawn, CorrectedAbsent, NotWithdrawable, NotYours, withdrawal_of
from ledger.services.project import catch_up, rebuild
from ledger.services.withdraw import withdraw
from tests.builders import PRODUCT, TENANT, correction, draft_of, leg, pcf, scan
from tests.rig import Rig


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def record(**fields: Any) -> Record:
    return decode(msgspec.json.encode(fields))


def declared(target: str, **changes: Any) -> Record:
    """The event again, declared an error."""
    return scan(target, errorDeclaration={"declarationTime": "2026-02-01T08:00:00+08:00"}, **changes)


def said(rig: Rig) -> dict[str, Any]:
    """Every figure that the projections give, without the numbers of entries, which arrival decides."""
    projections = rig.projections
    cube = projections.cube(TENANT)
    counts = {name: count for name, count in projections.counts(TENANT).items() if name != "correction" and count}
    return {
        "transport": sorted((_bare(cell) for cell in cube.transport), key=repr),
        "hubs": sorted((_bare(cell) for cell in cube.hubs), key=repr),
        "energy": sorted((_bare(cell) for cell in cube.energy), key=repr),
        "declared": sorted((_bare(cell) for cell in cube.declared), key=repr),
        "operations": sorted((_bare(cell) for cell in cube.operations), key=repr),
        "units": projections.units(TENANT),
        "routes": projections.routes(TENANT),
        "products": projections.products(TENANT),
        "counts": counts,
        "assets": [asset._replace(first_seq=0, last_seq=0) for asset in projections.assets(TENANT)],
        "facts": {
            kind: sorted((fact.subject, fact.occurred_at) for fact in projections.facts(TENANT, kind))
            for kind, _ in KINDS
            if kind != "correction"
        },
    }


def _bare(cell: Any) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(cell).items() if "entry" not in name}


def world(chance: random.Random, count: int) -> list[Record]:
    """Records of every kind that figures read, with corrections and declarations of some that came before."""
    made: list[Record] = []
    open_: list[str] = []
    events: dict[str, dict[str, Any]] = {}
    late: list[str] = []
    for number in range(count):
        day = f"2026-01-{1 + chance.randrange(28):02}T08:00:00+08:00"
        what, name = chance.randrange(10), f"r{number}"
        if what < 3 and open_:
            made.append(correction(open_.pop(chance.randrange(len(open_)))))
            continue
        if what == 3 and events:
            target = chance.choice(list(events))
            made.append(declared(target, **events.pop(target)))
            continue
        common = {"id": name, "occurred_at": day, "version": 1}
        if what < 6:
            driven = {"driven_m": chance.randrange(1, 10**8)} if chance.random() < 0.5 else {}
            mass = {"mass_g": chance.randrange(1, 10**12), "distance_m": chance.randrange(1, 10**8)}
            made.append(leg(name, occurred_at=day, route=f"route-{chance.randrange(2)}", **mass, **driven))
        elif what == 6:
            hub = {"kind": "hub_operation", "hub": f"H{chance.randrange(2)}", "mass_g": chance.randrange(1, 10**12)}
            made.append(record(**common, **hub, operation="storage", product=PRODUCT, quantity=2, route="route-1"))
        elif what == 7:
            span = {"period_start": "2026-01-01T00:00:00+08:00", "period_end": "2026-02-01T00:00:00+08:00"}
            meter = {"kind": "energy_use", "carrier": "electricity", "energy_wh": number + 1, "region": "江苏"}
            made.append(record(**common, **meter, **span, site=f"S{number}"))
        elif what == 8:
            made.append(pcf(name, occurred_at=day, pcf_kg_co2e=str(number + 1)))
        else:
            name = f"urn:uuid:{number}"
            event = {"epcList": [f"{PRODUCT}/21/{chance.randrange(3)}"], "eventTime": day, "bizStep": f"urn:x:{number}"}
            if chance.random() < 0.3:
                late.append(name)
                made.append(declared(name, **event))  # its event comes later, or never
                if chance.random() < 0.5:
                    made.append(scan(name, **event))
            else:
                events[name] = event
                made.append(scan(name, **event))
            continue
        open_.append(name)
    return made


def taken(rig: Rig, records: Sequence[Record]) -> None:
    outcomes = rig.capture(records)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes


@pytest.mark.parametrize("seed", range(5))
def test_what_is_withdrawn_leaves_no_trace(rig: Rig, sqlite_url: str, seed: int) -> None:
    """Any records and corrections, in any batches, give the figures of the records that were never withdrawn."""
    chance = random.Random(seed)
    records = world(chance, 80)
    start = 0
    while start < len(records):
        stop = start + chance.randrange(1, 25)
        taken(rig, records[start:stop])
        if chance.random() < 0.6:
            catch_up(rig.entries, rig.projections)
        start = stop
    catch_up(rig.entries, rig.projections)
    found = said(rig)

    numbered = list(enumerate(records))
    gone = withdrawn(numbered)
    assert rig.projections.withdrawn(TENANT) == dict(sorted(gone.items()))
    never = [r for n, r in numbered if n not in gone and r.kind != "correction" and "#error" not in r.id]
    clean = Rig(Database(open_engine(sqlite_url.replace("ledger.db", "clean.db"))))
    taken(clean, never)
    catch_up(clean.entries, clean.projections)
    expected = said(clean)
    clean.database.engine.dispose()
    assert found == expected

    cube, summed = rig.projections.cube(TENANT), cube_of(numbered)
    assert sorted(cube.transport, key=repr) == sorted(summed.transport, key=repr)
    assert sorted(cube.hubs, key=repr) == sorted(summed.hubs, key=repr)
    assert cube_of(standing(numbered)) == summed

    rebuild(rig.entries, rig.projections)
    assert said(rig) == found


def test_limbs_stay_whole(rig: Rig) -> None:
    """Sums beyond 2^63 lose a record exactly, and what is left of a cell can lose the rest."""
    taken(rig, [leg(f"far-{n}", mass_g=10**12 - n, distance_m=10**8 - n) for n in range(60)])
    catch_up(rig.entries, rig.projections)
    taken(rig, [correction(f"far-{n}") for n in range(1, 59)])
    catch_up(rig.entries, rig.projections)
    (cell,) = rig.projections.cube(TENANT).transport
    assert cell.gram_metres == 10**20 + (10**12 - 59) * (10**8 - 59)
    assert (cell.count, cell.first_entry, cell.last_entry) == (2, 0, 59)
    taken(rig, [correction("far-0"), correction("far-59")])
    catch_up(rig.entries, rig.projections)
    assert rig.projections.cube(TENANT).transport == []
    assert rig.projections.routes(TENANT) == []


def test_bounds_are_those_of_what_stands(rig: Rig) -> None:
    """A leg dated wrongly widens its cell's time no more once it is withdrawn."""
    taken(rig, [leg("a"), leg("typo", occurred_at="2062-01-01T08:00:00+08:00"), leg("b")])
    catch_up(rig.entries, rig.projections)
    taken(rig, [correction("typo")])
    catch_up(rig.entries, rig.projections)
    (cell,) = rig.projections.cube(TENANT).transport
    assert (cell.count, cell.first_at == cell.last_at, cell.last_entry) == (2, True, 2)


def refusal(rig: Rig, record_: Record, submitter: str = "rig", *, manages: bool = False) -> LedgerError:
    names = {"tenant": TENANT, "submitter": submitter}
    (outcome,) = capture(rig.entries, rig.clock, _salts, **names, records=[record_], manages=manages)  # type: ignore[arg-type]
    assert isinstance(outcome, LedgerError), outcome
    return outcome


class _Salts:
    def token(self, size: int) -> bytes:
        return bytes(size)


_salts = _Salts()


def test_refusals(rig: Rig) -> None:
    """Unknown, foreign, later, kept and other people's records are not withdrawn; each refusal says what to do."""
    taken(rig, [leg("mine"), scan("urn:uuid:event")])
    rig.entries.append([draft_of(leg("foreign"), tenant="another")], 1)
    for absent in ("nothing", "foreign"):
        assert isinstance(refusal(rig, correction(absent)), CorrectedAbsent)
    event = refusal(rig, correction("urn:uuid:event"))
    assert isinstance(event, NotWithdrawable)
    assert "errorDeclaration" in event.fix("en")
    assert "errorDeclaration" in event.fix("zh-CN")
    assert isinstance(refusal(rig, correction("mine"), "somebody"), NotYours)
    taken(rig, [correction("mine")])
    taken(rig, [correction("mine")])  # the same again is the same entry
    again = refusal(rig, correction("mine", "another reason"))
    assert isinstance(again, AlreadyWithdrawn)
    assert isinstance(refusal(rig, correction(correction_id("mine"))), NotWithdrawable)
    assert KEPT.keys() < {kind for kind, _ in KINDS} | {"calculation_run"}
    catch_up(rig.entries, rig.projections)
    assert rig.projections.cube(TENANT).transport == []


def test_who_manages_may_withdraw_what_others_handed_in(rig: Rig) -> None:
    """The ledger's owner withdraws a supplier's record; its page then says by which entry, and why."""
    taken(rig, [leg("theirs")])
    receipt, (instead,) = withdraw(
        rig_as_ledger(rig), Submission(TENANT, "owner", manages=True), "theirs", " typo ", [leg("b")]
    )
    assert (receipt.seq, instead.seq) == (1, 2)  # type: ignore[union-attr]
    found = withdrawal_of(rig.entries, TENANT, "theirs", "transport_leg")
    assert found is not None
    assert (found.entry, found.submitter, found.reason, found.replaced_by) == (1, "owner", "typo", "b")
    assert withdrawal_of(rig.entries, TENANT, "b", "transport_leg") is None


def rig_as_ledger(rig: Rig) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(entries=rig.entries, clock=rig.clock, random=_salts)


def test_a_correction_and_its_target_may_come_in_one_batch(rig: Rig) -> None:
    """A record may be followed by its correction; before the record, there is nothing to correct."""
    outcomes = rig.capture([correction("x"), leg("x"), correction("x"), correction("x", "twice")])
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "CorrectedAbsent", "Receipt", "Receipt", "AlreadyWithdrawn",
    ]  # fmt: skip
    catch_up(rig.entries, rig.projections)
    assert rig.projections.cube(TENANT).transport == []
    assert decode_body(rig.entries.entry(0).body, "transport_leg").id == "x"  # nothing is deleted
