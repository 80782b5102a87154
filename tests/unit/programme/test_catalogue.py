"""The green catalogue: each kind of condition at its edges, editions in time, and the history of a product."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.programme.catalogue import RULES, Known, StatedFootprint, history, in_force, judged
from ledger.programme.example_catalogue import CATALOGUE, example_rules
from ledger.records.errors import FieldContradicts
from ledger.records.green_catalogue import CatalogueProduct, EntryRule, check_catalogue_rules, rules_id

DAY = date(2026, 6, 1)
LATER = date(2026, 12, 31)
ISO = EntryRule(kind="certificate", value="ISO 14001")
GOOD = Known([("ISO 14001", LATER)], StatedFootprint(Fraction(60), verified=True, last=LATER), (Decimal(72), LATER))
STATED = StatedFootprint(Fraction(60), verified=False, last=LATER)
PRODUCT = CatalogueProduct(
    catalogue=CATALOGUE,
    category="power-equipment",
    id="p",
    kind="catalogue_product",
    name="10kV",
    occurred_at=datetime(2026, 2, 1, tzinfo=UTC),
    product="https://id.gs1.org/01/09506000134352",
    supplier="org-a",
    version=1,
)


@pytest.mark.parametrize(
    ("rule", "known", "holds"),
    [
        (ISO, GOOD, True),
        (ISO, Known(), False),
        (EntryRule(kind="certificate", value="OHSAS 18001"), Known([("ISO 45001", LATER)]), True),
        (EntryRule(kind="certificate", value="ISO 45001"), Known([("OHSAS 18001", LATER)]), False),
        (EntryRule(kind="footprint"), GOOD, True),
        (EntryRule(kind="footprint"), Known(footprint=STATED), False),
        (EntryRule(kind="footprint_most", value="60"), GOOD, True),
        (EntryRule(kind="footprint_most", value="59.999"), GOOD, False),
        (EntryRule(kind="assessment", value="72"), GOOD, True),
        (EntryRule(kind="assessment", value="72.5"), GOOD, False),
        (EntryRule(kind="assessment", value="1"), Known(), False),
    ],
)
def test_a_condition_holds_by_what_is_recorded(rule: EntryRule, known: Known, holds: bool) -> None:
    """At its edge, and never by what is absent."""
    assert RULES[rule.kind](rule, known).holds is holds


def test_a_category_may_ask_for_more() -> None:
    """Batteries ask for safety at work beside what all ask for; a category that is none has no products."""
    rules = example_rules()
    assert all(met.holds for met in judged(rules, "power-equipment", GOOD) or ())
    assert [met.rule.value for met in judged(rules, "batteries", GOOD) or () if not met.holds] == ["ISO 45001"]
    assert judged(rules, "nothing", GOOD) is None


def test_the_edition_that_began_last_is_in_force() -> None:
    """Not the one entered last; none before the first began."""
    first = example_rules()
    second = replace(first, edition=2, id=rules_id(CATALOGUE, 2), valid_from=date(2027, 1, 1))
    for editions in ([first, second], [second, first]):
        assert in_force(editions, CATALOGUE, date(2026, 12, 31)) == first
        assert in_force(editions, CATALOGUE, date(2027, 1, 1)) == second
        assert in_force(editions, CATALOGUE, date(2025, 12, 31)) is None
        assert in_force(editions, "other", DAY) is None


def test_a_product_enters_is_suspended_and_comes_back() -> None:
    """By its certificate alone; days on which nothing changed are put together."""
    start = date(2026, 2, 1)

    def known(day: date) -> Known:
        held = [("ISO 14001", LATER)] if day < date(2026, 4, 1) or day >= date(2026, 5, 1) else []
        return GOOD._replace(certificates=held) if day >= date(2026, 3, 1) else Known()

    days = [start + timedelta(days=n) for n in range(120)]
    turns = history(PRODUCT, [example_rules()], days, known)
    assert [(turn.day, turn.state) for turn in turns] == [
        (date(2026, 2, 1), "waiting"),
        (date(2026, 3, 1), "listed"),
        (date(2026, 4, 1), "suspended"),
        (date(2026, 5, 1), "listed"),
    ]
    assert turns[2].failed == (ISO,)


@given(st.lists(st.sampled_from(["ISO 14001", "ISO 9001", "SA8000"])), st.integers(0, 100), st.booleans())
def test_more_evidence_never_takes_a_product_out(schemes: list[str], points: int, verified: bool) -> None:
    """Whatever holds, holds with more certificates, more points and a review as well."""
    less = Known(
        [(scheme, LATER) for scheme in schemes], StatedFootprint(Fraction(9), verified, LATER), (Decimal(points), LATER)
    )
    more = Known(
        [*less.certificates, ("ISO 50001", LATER)],
        StatedFootprint(Fraction(9), verified=True, last=LATER),
        (Decimal(min(points + 5, 100)), LATER),
    )
    before, after = (judged(example_rules(), "cable", known) or () for known in (less, more))
    assert all(b.holds <= a.holds for b, a in zip(before, after, strict=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "catalogue-rules:green:2"},
        {"categories": example_rules().categories[:1] * 2},
        {"rules": (EntryRule(kind="footprint", value="1"),)},
        {"rules": (EntryRule(kind="certificate"),)},
        {"rules": (EntryRule(kind="assessment", value="many"),)},
    ],
)
def test_rules_that_say_nothing_are_refused(changes: dict[str, object]) -> None:
    """With the place and why, in both languages."""
    with pytest.raises(FieldContradicts) as caught:
        check_catalogue_rules(replace(example_rules(), **changes))
    assert caught.value.message("zh-CN") != caught.value.message("en")
