"""Reviews of footprints: which verdicts the findings allow, what is signed, and how a footprint stands by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.desk.errors import StatementForged
from ledger.desk.reading import stated
from ledger.desk.statement import check_signature, signed_by_ledger, signed_bytes
from ledger.desk.status import Stated, standing_of
from ledger.log.canonical import is_canonical
from ledger.log.checkpoint import NoteKey
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.pcf_review import Finding, PcfReview
from ledger.records.record import check
from ledger.scoring.bid import Footprint
from ledger.scoring.data_quality import FootprintRule, Markup, scored_footprint

KEY = NoteKey("ledger.test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SHA = "ab" * 32
PLAIN = PcfReview(
    id="review:1",
    kind="pcf_review",
    level="limited",
    materiality_pct="5",
    occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
    pcf="pcf:1",
    provider="CQC",
    scope="ISO 14064-3:2019",
    sha256=SHA,
    stated_kg_co2e="100",
    supplier="org:a",
    verdict="verified",
    verifier="org:v",
    version=1,
)
STATED = Stated(
    entry=1,
    id="pcf:1",
    kind="pcf",
    supplier="org:a",
    product="p",
    name="p",
    kg_co2e=Fraction(100),
    amount=Fraction(1),
    unit="piece",
    sha256=SHA,
    valid_from=date(2026, 1, 1),
    valid_end=date(2027, 1, 1),
    footprint_id="f",
)
DAY = date(2026, 6, 1)


def finding(kg: str | None, state: str = "open", severity: str = "minor") -> Finding:
    """A finding of so much."""
    return Finding(about="fossil", effect_kg_co2e=kg, severity=severity, state=state, words="w")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"verifier": "org:a"},
        {"verdict": "returned"},
        {"verdict": "verified_with_remarks"},
        {"findings": (finding("1"),)},
        {"findings": (finding("5.1"),), "verdict": "verified_with_remarks", "reasons": "r"},
        {"findings": (finding("3"), finding("-3")), "verdict": "verified_with_remarks", "reasons": "r"},
        {"findings": (finding(None, severity="critical"),), "verdict": "verified_with_remarks", "reasons": "r"},
        {"materiality_pct": "101"},
    ],
)
def test_what_a_verdict_does_not_allow(changes: dict[str, Any]) -> None:
    """Misstatements that cancel each other out are two; a threshold holds; nobody verifies its own."""
    with pytest.raises((FieldContradicts, FieldMissing)):
        check(replace(PLAIN, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"findings": (finding("90", "corrected", "critical"),)},
        {"findings": (finding("3"), finding("-2")), "verdict": "verified_with_remarks", "reasons": "r"},
        {"findings": (finding("90", severity="critical"),), "verdict": "returned", "reasons": "r"},
    ],
)
def test_what_it_allows(changes: dict[str, Any]) -> None:
    """Corrected is no misstatement; exactly the threshold is not above it; returned is always allowed."""
    check(replace(PLAIN, **changes))


kilograms = st.decimals(-50, 50, places=2).map(lambda value: format(value.normalize() + 0, "f"))


@given(st.lists(st.tuples(kilograms, st.sampled_from(["open", "corrected"])), max_size=8), st.integers(0, 100))
def test_open_misstatements_above_the_threshold_forbid_a_good_verdict(
    drawn: list[tuple[str, str]], percent: int
) -> None:
    """For any findings and threshold."""
    found = tuple(finding(None if kg == "-0" else kg, state) for kg, state in drawn)
    made = replace(PLAIN, findings=found, materiality_pct=str(percent), verdict="verified_with_remarks", reasons="r")
    open_kg = sum(abs(Fraction(one.effect_kg_co2e or 0)) for one in found if one.state == "open")
    if open_kg > percent:
        with pytest.raises(FieldContradicts):
            check(made)
    else:
        check(made)


def test_a_statement_is_signed_over_its_canonical_bytes() -> None:
    """Any change breaks it; so does another key's name, or none."""
    signed = signed_by_ledger(PLAIN, KEY)
    check_signature(signed)
    assert is_canonical(signed_bytes(signed))
    assert signed_bytes(signed) == signed_bytes(PLAIN)
    other = signed_by_ledger(PLAIN, NoteKey("ledger.test", Ed25519PrivateKey.generate()))
    assert signed.signature is not None
    assert other.signature is not None
    forged = [
        replace(signed, verdict="returned", reasons="r"),
        replace(signed, level="reasonable"),
        replace(signed, signature=replace(signed.signature, key=other.signature.key)),
        replace(signed, signature=replace(signed.signature, by="verifier")),
        PLAIN,
    ]
    for one in forged:
        with pytest.raises(StatementForged):
            check_signature(one)


def test_how_a_footprint_stands() -> None:
    """By the last word; over at its end or the statement's; superseded whatever was said."""
    good, bad = (1, PLAIN), (2, replace(PLAIN, verdict="returned", reasons="r"))

    def status(reviews: list[tuple[int, PcfReview]], replaced: list[int] | None = None, day: date = DAY) -> str:
        return standing_of(STATED, reviews, replaced or [], day).status

    assert status([]) == "recorded"
    assert status([good]) == "verified"
    assert status([good, bad]) == status([bad, good]) == "returned"
    assert status([good], [7]) == "superseded"
    assert status([good], day=STATED.valid_end - timedelta(days=1)) == "verified"
    assert status([good], day=STATED.valid_end) == "expired"
    short = (1, replace(PLAIN, valid_until=DAY))
    assert (status([short]), status([short], day=DAY + timedelta(days=1))) == ("verified", "expired")


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "cd" * 32}, {"pcf": "pcf:2"}, {"stated_kg_co2e": "90"}, {"supplier": "org:b"}, {"verifier": "org:a"}],
)
def test_a_review_of_something_else_is_none(changes: dict[str, Any]) -> None:
    """Other bytes, another footprint, another figure, another supplier, or the supplier's own word."""
    assert standing_of(STATED, [(1, replace(PLAIN, **changes))], [], DAY).status == "recorded"


def test_a_footprint_in_the_exchanged_form_holds_three_years_unless_it_says_otherwise() -> None:
    """PACT 3.0: from the end of its reference period, the end not included; the figure is of the declared amount."""
    pcf = {
        "referencePeriodEnd": "2024-02-29T00:00:00Z",
        "pcfExcludingBiogenicUptake": "18.0",
        "pcfIncludingBiogenicUptake": "17",
        "declaredUnitAmount": "12",
        "declaredUnitOfMeasurement": "liter",
    }
    footprint = {"id": "F0-1", "productIds": ["urn:gtin:1"], "productNameCompany": "n", "pcf": pcf}
    record = {"id": "pcf:f0-1", "kind": "pcf", "supplier": "org:a", "footprint": footprint}
    found = stated(3, record)
    assert (found.valid_from, found.valid_end) == (date(2024, 2, 29), date(2027, 3, 1))
    assert (found.kg_co2e, found.kg_per_unit, found.product) == (18, Fraction(3, 2), "urn:gtin:1")
    footprint |= {"validityPeriodStart": "2025-01-01T00:00:00Z", "validityPeriodEnd": "2026-01-01T00:00:00Z"}
    later = stated(3, record | {"product": "p", "footprint": footprint | {"precedingPfIds": ["AB"]}})
    assert (later.valid_from, later.valid_end, later.replaces) == (date(2025, 1, 1), date(2026, 1, 1), ("ab",))


positive = st.fractions(Fraction(1, 1000), 10_000)


@given(positive, positive, st.fractions(0, 1), st.sampled_from(["unverified", "expired"]))
def test_under_declaring_never_pays(declared: Fraction, default: Fraction, share: Fraction, status: Any) -> None:
    """Whatever is declared without a review in force is scored no lower than the default with its mark-up."""
    rule = FootprintRule(default=default, default_source="s", markups=(Markup(year=2026, share=share),))
    closing = datetime(2026, 6, 1, tzinfo=UTC)
    missing = scored_footprint("A", Footprint(status="missing"), rule, closing).scored
    stated = Footprint(status=status, value=declared, declared_unit="piece", boundary="b")
    scored = scored_footprint("A", stated, rule, closing).scored
    assert scored >= missing == default * (1 + share)
    assert scored >= declared
