"""Assessments: exact scores, how one stands by the calendar, which steps it takes, no points for what is not shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.log.canonical import canonical_bytes
from ledger.programme.assessment import Assessed, result_at, weighed
from ledger.programme.assessment_rules import Shown, ensure_takes
from ledger.programme.certificates import CertificateState
from ledger.programme.errors import AssessmentStepRefused, NotShown, QuestionsDiffer
from ledger.programme.example_assessment import example
from ledger.records.assessment import Answer, Assessment, AssessmentStep, Mark, assessment_id
from ledger.records.assessment_scheme import AssessmentScheme
from ledger.records.evidence_file import EvidenceFile, evidence_id
from ledger.records.record import check, decode

AT = datetime(2026, 2, 1, tzinfo=UTC)
SCHEME = example(AT)
FILE = "ab" * 32
NAME = assessment_id("org-a", SCHEME.id, date(2025, 1, 1))
ASKED = Assessment(
    due=date(2026, 3, 31),
    id=NAME,
    kind="assessment",
    occurred_at=AT,
    period_end=date(2025, 12, 31),
    period_start=date(2025, 1, 1),
    scheme=SCHEME.id,
    supplier="org-a",
    version=1,
)


def step(number: int, name: Any, by: str = "house", **says: Any) -> tuple[int, AssessmentStep]:
    """A step on the day of its number."""
    made = AssessmentStep(
        assessment=NAME,
        by=by,
        id=f"s:{number}",
        kind="assessment_step",
        occurred_at=AT + timedelta(days=number),
        step=name,
        supplier="org-a",
        version=1,
        **says,
    )
    check(made)
    return 10 + number, made


def answers(points: int = 100) -> tuple[Answer, ...]:
    """Every question answered with what it needs."""
    return tuple(
        Answer(
            points=points,
            question=one.key,
            evidence=(FILE,) if one.needs == "file" else (),
            certificates=tuple(one.certificates),
        )
        for one in SCHEME.questions.values()
    )


def marks(points: int) -> tuple[Mark, ...]:
    """Every question marked alike."""
    return tuple(Mark(points=points, question=key, reason="seen") for key in SCHEME.questions)


def shown(state: CertificateState = "in_force") -> Shown:
    """The file, and a certificate of each scheme."""
    file = EvidenceFile(
        about=NAME,
        bytes=1,
        id=evidence_id("org-a", NAME, FILE),
        kind="evidence_file",
        media_type="application/pdf",
        name="a.pdf",
        occurred_at=AT,
        sha256=FILE,
        supplier="org-a",
        version=1,
    )
    names = {name for one in SCHEME.questions.values() for name in one.certificates}
    return Shown([(1, file)], {name: (name, state) for name in names})


ANSWERED = step(1, "answered", "org-a", answers=answers())
SCORED = step(2, "scored", judged="s:1", marks=marks(50))
ACTION = step(3, "action_asked", action="action-1", due=date(2026, 5, 1), question="logistics", words="show routes")
SHOWED = step(4, "action_answered", "org-a", action="action-1", evidence=(FILE,), words="done")
CLOSED = step(5, "action_closed", action="action-1", judged="s:4", words="seen")


def stands(*steps: tuple[int, AssessmentStep]) -> Assessed:
    """The assessment after some steps."""
    return Assessed(5, ASKED, SCHEME, steps)


@given(st.lists(st.integers(0, 100), min_size=12, max_size=12))
def test_a_score_is_the_weighted_mean_exactly(points: list[int]) -> None:
    """Against fractions, for any points; nothing is rounded."""
    said = dict(zip(SCHEME.questions, points, strict=True))
    whole, axes = weighed(SCHEME, said)
    expected = {
        axis.axis: sum(Fraction(one.weight) * said[one.key] for one in axis.questions) / 100 for axis in SCHEME.axes
    }
    assert {one.axis: Fraction(one.points) for one in axes} == expected
    assert Fraction(whole) == sum(Fraction(axis.weight) * expected[axis.axis] for axis in SCHEME.axes) / 100
    assert 0 <= whole <= 100


def test_four_decimals_of_weights_lose_nothing() -> None:
    """Worked by hand: 33.3333 % of 33.3333 % of one point, and the rest of 100."""
    plain = msgspec.to_builtins(SCHEME)
    for axis, weight in zip(plain["axes"], ("33.3333", "33.3333", "33.3334"), strict=True):
        axis["weight"] = weight
        first, *others = axis["questions"]
        first["weight"], others[0]["weight"] = "33.3333", "66.6667"
        for one in others[1:]:
            one["weight"] = "0"
    scheme = msgspec.convert(plain, AssessmentScheme)
    check(scheme)
    said = dict.fromkeys(scheme.questions, 0) | {plain["axes"][0]["questions"][0]["key"]: 1}
    assert weighed(scheme, said)[0] == Decimal("0.111110888889") == Decimal("0.333333") * Decimal("0.333333")


def test_the_example_says_what_is_its_own() -> None:
    """It is a record, and says that weights and questions are not the source's."""
    assert decode(canonical_bytes(msgspec.to_builtins(SCHEME))) == SCHEME
    assert "example" in SCHEME.basis
    assert {one.axis for one in SCHEME.axes} == {"actions", "certification", "disclosure"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "assessment-scheme:green-supplier:2"}, "/id"),
        ({"axes": (*SCHEME.axes[:2], SCHEME.axes[0])}, "/axes"),
        ({"axes": (replace(SCHEME.axes[0], weight="41"), *SCHEME.axes[1:])}, "/axes"),
        (
            {"axes": (replace(SCHEME.axes[0], questions=SCHEME.axes[0].questions[1:]), *SCHEME.axes[1:])},
            "/axes/0/questions",
        ),
        ({"levels": SCHEME.levels[1:]}, "/levels"),
        ({"levels": SCHEME.levels[::-1]}, "/levels"),
    ],
)
def test_an_edition_that_does_not_add_up_is_refused(change: dict[str, Any], pointer: str) -> None:
    """Wrong name, an axis twice or missing, weights that do not sum to 100, levels without ends."""
    with pytest.raises(LedgerError) as refused:
        check(replace(SCHEME, **change))
    assert refused.value.place is not None
    assert refused.value.place.pointer == pointer


@pytest.mark.parametrize(
    ("steps", "day", "status"),
    [
        ((), date(2026, 3, 31), "open"),
        ((), date(2026, 4, 1), "late"),
        ((ANSWERED,), date(2026, 4, 1), "answered"),
        ((ANSWERED, SCORED), date(2027, 4, 1), "in_force"),
        ((ANSWERED, SCORED), date(2027, 4, 2), "expired"),
        ((ANSWERED, SCORED, ACTION), date(2026, 5, 1), "in_force"),
        ((ANSWERED, SCORED, ACTION), date(2026, 5, 2), "suspended"),
        ((ANSWERED, SCORED, ACTION, SHOWED), date(2026, 5, 2), "suspended"),
        ((ANSWERED, SCORED, ACTION, SHOWED, CLOSED), date(2026, 5, 2), "in_force"),
    ],
)
def test_how_it_stands_follows_from_steps_and_day(steps: Any, day: date, status: str) -> None:
    """The last day of each is still good, the next is not: 456 days after 31 December 2025 is 1 April 2027."""
    assert stands(*steps).status(day) == status


def test_a_result_is_read_as_it_was_known() -> None:
    """Before it was scored there is none; a later score does not change it; a newer period takes its place."""
    again = step(20, "scored", judged="s:1", marks=marks(100))
    one = stands(ANSWERED, SCORED, again)
    day = date(2026, 3, 1)
    assert result_at([one], AT + timedelta(days=1), day) is None
    first = result_at([one], AT + timedelta(days=19), day)
    assert first is not None
    assert (first.score.points, first.score.entry, first.status) == (Decimal(50), 12, "in_force")
    later = result_at([one], AT + timedelta(days=20), day)
    assert later is not None
    assert later.score.points == 100
    newer = stands(ANSWERED, step(6, "scored", judged="s:1", marks=marks(25)), ACTION)
    newer = newer._replace(assessment=replace(ASKED, period_end=date(2026, 1, 31)))
    found = result_at([newer, one], AT + timedelta(days=30), date(2026, 5, 2))
    assert found is not None
    assert (found.score.points, found.status) == (Decimal(25), "suspended")
    assert result_at([one], AT + timedelta(days=30), day, "another") is None


def test_nothing_is_worth_points_that_nothing_shows() -> None:
    """A certificate that is not in force, a file that is not there: 0 is taken, more is not."""
    one = stands(ANSWERED)
    ensure_takes(one, SCORED[1], shown())
    for lacking in (shown("recorded"), shown("expired"), shown()._replace(files=[])):
        with pytest.raises(NotShown):
            ensure_takes(one, SCORED[1], lacking)
        ensure_takes(one, replace(SCORED[1], marks=marks(0)), lacking)
    with pytest.raises(NotShown):
        ensure_takes(stands(), ANSWERED[1], shown()._replace(files=[]))


def test_steps_out_of_turn_are_refused() -> None:
    """Scored before answered, judged by what was replaced since, answered after scored, closed before shown, again."""
    for steps, taken in (
        ((), SCORED),
        ((ANSWERED, step(2, "answered", "org-a", answers=answers(0))), SCORED),
        ((ANSWERED, SCORED), ANSWERED),
        ((ANSWERED,), ACTION),
        ((ANSWERED, SCORED, ACTION), CLOSED),
        ((ANSWERED, SCORED), SHOWED),
        ((ANSWERED, SCORED, ACTION, SHOWED, CLOSED), SHOWED),
        ((ANSWERED, SCORED, ACTION, SHOWED, (19, replace(SHOWED[1], id="s:9"))), CLOSED),
    ):
        with pytest.raises(AssessmentStepRefused):
            ensure_takes(stands(*steps), taken[1], shown())
    for wrong in (marks(50)[1:], marks(51), (*marks(50), Mark(points=0, question="other", reason="x"))):
        with pytest.raises(QuestionsDiffer):
            ensure_takes(stands(ANSWERED), replace(SCORED[1], marks=wrong), shown())


@pytest.mark.parametrize(
    "change",
    [
        {"by": "org-a"},
        {"judged": None},
        {"words": "more"},
        {"marks": (*marks(50), marks(50)[0])},
    ],
)
def test_a_step_says_what_it_has_to(change: dict[str, Any]) -> None:
    """Its own supplier does not score; nothing is left out, added, or said twice."""
    check(SCORED[1])
    with pytest.raises(LedgerError):
        check(replace(SCORED[1], **change))
