"""The registry's rules: which scheme answers which, how a certificate stands, and the gate that reads it at closing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.programme.certificates import Change, days_left, state_at, warning
from ledger.programme.schemes import SCHEMES, satisfies, scheme_named
from ledger.records.record import check
from ledger.records.supplier_certificate import CertificateStatus, SupplierCertificate
from ledger.scoring.award import replay, score
from ledger.scoring.bid import Bid, RegistryCertificate, RegistryChange
from ledger.scoring.errors import SheetDiffers
from ledger.scoring.gate import Gate, gates_not_passed
from ledger.scoring.scheme_errors import SchemeRefused
from tests.unit.scoring.tender import CLOSES, full_bid, full_scheme

AT = datetime(2026, 3, 1, tzinfo=UTC)
VALID = (date(2026, 1, 1), date(2026, 12, 31))
CONFIRMED = Change("confirmed", AT)
PLAIN = SupplierCertificate(
    id="c:1",
    issuer="CQC",
    kind="supplier_certificate",
    number="00123E30456R1M",
    occurred_at=AT,
    scheme="ISO 14001",
    scope="cabinets",
    supplier="org:a",
    valid_from=VALID[0],
    valid_to=VALID[1],
    version=1,
)
STATUS = CertificateStatus(
    by="house",
    certificate="c:1",
    effective_at=AT,
    id="s:1",
    kind="certificate_status",
    occurred_at=AT,
    reason="compared with the issuer's register",
    status="confirmed",
    supplier="org:a",
    version=1,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ISO 14001:2015", "ISO 14001"),
        ("iso14001", "ISO 14001"),
        ("GB/T 24001-2016", "ISO 14001"),
        ("GB/T 45001-2020", "ISO 45001"),
        ("GB/T 28001-2011", "OHSAS 18001"),
        ("OHSAS18001:2007", "OHSAS 18001"),
        ("SA 8000:2014", "SA8000"),
        ("GB/T 23331-2020", "ISO 50001"),
        ("GB/T 19001-2016", "ISO 9001"),
    ],
)
def test_a_scheme_by_the_names_that_stand_on_certificates(text: str, name: str) -> None:
    """National standards that adopt a scheme identically (IDT) are that scheme; an edition may follow."""
    found = scheme_named(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", ["", "ISO", "ISO 14000", "ISO 14001:15", "ISO 140012015", "9001"])
def test_what_is_no_scheme_is_not_guessed(text: str) -> None:
    """ISO 14000 is a family of standards: nobody is certified to it."""
    assert scheme_named(text) is None


def test_a_withdrawn_scheme_is_answered_by_its_successor_and_never_the_other_way_round() -> None:
    """IAF MD 21 and its extension: certificates of OHSAS 18001 ended on 30 September 2021."""
    assert satisfies("OHSAS 18001", "ISO 45001")
    assert not satisfies("ISO 45001", "OHSAS 18001")
    assert not satisfies("ISO 14001", "ISO 45001")
    span = (date(2020, 1, 1), date(2023, 1, 1))
    early = Change("confirmed", datetime(2020, 2, 1, tzinfo=UTC))
    on, after = datetime(2021, 9, 30, tzinfo=UTC), datetime(2021, 10, 1, tzinfo=UTC)
    assert state_at("OHSAS 18001", span, [early], on, on.date()) == "in_force"
    assert state_at("OHSAS 18001", span, [early], after, after.date()) == "superseded"
    old = msgspec.structs.replace(PLAIN, scheme="OHSAS 18001", valid_from=span[0], valid_to=span[1])
    assert days_left(old, date(2021, 9, 1)) == 29


@pytest.mark.parametrize(
    ("changes", "day", "state"),
    [
        ([], AT.date(), "recorded"),
        ([CONFIRMED], AT.date(), "in_force"),
        ([Change("confirmed", AT + timedelta(microseconds=1))], AT.date(), "recorded"),
        ([CONFIRMED], VALID[1], "in_force"),
        ([CONFIRMED], VALID[1] + timedelta(days=1), "expired"),
        ([CONFIRMED], VALID[0] - timedelta(days=1), "not_yet"),
        ([CONFIRMED, Change("suspended", AT)], AT.date(), "suspended"),
        ([CONFIRMED, Change("suspended", AT), Change("reinstated", AT)], AT.date(), "in_force"),
        ([Change("suspended", AT), Change("reinstated", AT)], AT.date(), "recorded"),
        ([Change("reinstated", AT - timedelta(days=2)), CONFIRMED, Change("suspended", AT)], AT.date(), "suspended"),
        ([CONFIRMED, Change("revoked", AT), Change("reinstated", AT)], AT.date(), "revoked"),
        ([CONFIRMED, Change("revoked", AT + timedelta(seconds=1))], AT.date(), "in_force"),
    ],
)
def test_how_a_certificate_stands(changes: list[Change], day: date, state: str) -> None:
    """Handing in confirms nothing; both ends of validity count; revoked is for good; later steps do not count."""
    assert state_at("ISO 14001", VALID, changes, AT, day) == state


STEPS = st.sampled_from(["confirmed", "suspended", "reinstated", "revoked"])


@given(st.lists(st.tuples(STEPS, st.integers(-50, 50)), max_size=8), st.integers(1, 50))
def test_later_steps_never_change_an_earlier_moment(steps: list[tuple[Any, int]], later: int) -> None:
    """The state at a moment follows from what was in effect by then, whatever is added afterwards."""
    known = [Change(step, AT + timedelta(hours=hours)) for step, hours in steps]
    more = [*known, Change("revoked", AT + timedelta(hours=later))]
    before = state_at("ISO 14001", VALID, known, AT, AT.date())
    assert state_at("ISO 14001", VALID, more, AT, AT.date()) == before
    assert (before == "revoked") == any(step == "revoked" and hours <= 0 for step, hours in steps)
    if before == "in_force":
        assert ("confirmed", True) in {(step, hours <= 0) for step, hours in steps}


@pytest.mark.parametrize(
    ("days", "limit"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_warnings_come_90_30_and_7_days_before_the_last(days: int, limit: int | None) -> None:
    """The last day itself is within seven; after it there is nothing to warn of."""
    assert warning(days) == limit


@pytest.mark.parametrize(
    "record",
    [
        msgspec.structs.replace(PLAIN, valid_to=date(2025, 12, 31)),
        msgspec.structs.replace(PLAIN, sites=("a", "a")),
        msgspec.structs.replace(STATUS, by="org:a"),
        msgspec.structs.replace(STATUS, effective_at=AT + timedelta(seconds=1)),
    ],
)
def test_records_that_contradict_themselves_are_refused(record: Any) -> None:
    """Nobody confirms its own certificate, and nothing takes effect in future."""
    with pytest.raises(LedgerError):
        check(record)


def test_every_scheme_of_the_record_kind_is_described() -> None:
    """The table and the names that a record takes are the same; a successor is one of them and in use."""
    known = {one.name: one for one in SCHEMES}
    annotation = SupplierCertificate.__annotations__["scheme"]
    assert annotation == "CertificateScheme"
    for name in ("ISO 9001", "ISO 14001", "ISO 45001", "ISO 50001", "OHSAS 18001", "SA8000"):
        check(msgspec.convert(msgspec.to_builtins(PLAIN) | {"scheme": name}, SupplierCertificate))
        successor = known.pop(name).successor
        assert successor is None or all(one.last_day is None for one in SCHEMES if one.name == successor)
    assert known == {}


GATED = full_scheme(
    gates=(Gate(kind="registered-certificate", name="OHSAS 18001"), Gate(kind="footprint-comparable")),
    abnormally_low=(),
)


def registered(scheme: str = "ISO 45001", *changes: tuple[Any, datetime]) -> RegistryCertificate:
    """A certificate as the registry had it."""
    made = tuple(
        RegistryChange(entry=8 + at, status=step, effective_at=when) for at, (step, when) in enumerate(changes)
    )
    return RegistryCertificate(
        entry=7, scheme=scheme, number="S-1", issuer="CQC", valid_from=VALID[0], valid_to=VALID[1], changes=made
    )


def bidding(*held: RegistryCertificate) -> Bid:
    """A bid whose registry was looked up."""
    return msgspec.structs.replace(full_bid("Anhe", "1000000", "60", "95"), registry=held)


@pytest.mark.parametrize(
    ("held", "code"),
    [
        ((registered("ISO 45001", ("confirmed", CLOSES)),), ""),
        ((), "scoring.gate.certificate-absent"),
        ((registered("ISO 14001", ("confirmed", CLOSES)),), "scoring.gate.certificate-absent"),
        ((registered("ISO 45001"),), "scoring.gate.certificate-not-in-force"),
        ((registered("OHSAS 18001", ("confirmed", CLOSES)),), "scoring.gate.certificate-not-in-force"),
        (
            (registered("ISO 45001", ("confirmed", CLOSES + timedelta(seconds=1))),),
            "scoring.gate.certificate-not-in-force",
        ),
        (
            (registered("ISO 45001", ("confirmed", CLOSES), ("revoked", CLOSES)),),
            "scoring.gate.certificate-not-in-force",
        ),
        ((registered("ISO 45001"), registered("ISO 45001", ("confirmed", CLOSES))), ""),
    ],
)
def test_the_gate_reads_the_registry_at_closing(held: tuple[RegistryCertificate, ...], code: str) -> None:
    """The bid's own list does not count: it lists ISO 14001, which is not asked for here."""
    assert [reason.code for reason in gates_not_passed(GATED, bidding(*held))] == ([code] if code else [])


def test_a_sheet_replays_from_the_registry_inside_it_and_shows_when_that_was_changed() -> None:
    """Whoever adds the missing confirmation to a sheet gets another result than the sheet states."""
    out = bidding(registered("ISO 45001"))
    fine = msgspec.structs.replace(bidding(registered("ISO 45001", ("confirmed", CLOSES))), bidder="Boyu")
    record = score(GATED, [out, fine]).to_record()
    sheet = replay(record)
    assert set(sheet.excluded) == {"Anhe"}
    change = {"entry": 9, "status": "confirmed", "effective_at": CLOSES.isoformat()}
    record["bids"][0]["registry"][0]["changes"] = [change]
    with pytest.raises(SheetDiffers):
        replay(record)


def test_a_scheme_that_asks_for_what_the_registry_does_not_know_is_refused() -> None:
    """No bid could ever pass it; ISO 14000 is a family of standards that nobody is certified to."""
    with pytest.raises(SchemeRefused, match="ISO 14000"):
        full_scheme(gates=(Gate(kind="registered-certificate", name="ISO 14000"), Gate(kind="footprint-comparable")))


def test_bids_without_such_a_gate_read_as_before() -> None:
    """The registry is no part of the recorded form where no gate asked for it."""
    plain = full_bid("Anhe", "1000000", "60", "95")
    assert "registry" not in plain.to_record()
    assert Bid.from_record(bidding().to_record()) == bidding()
