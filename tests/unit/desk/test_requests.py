"""Requests for footprints: the fold of their steps, and what the calendar adds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.desk.requests import ENDED, REMINDERS, RequestState, owed, requests_of
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.pcf_request import STEP_OF, PcfAnswer, PcfRequest, Step
from ledger.records.record import check

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = date(2026, 4, 1)
ASKED = PcfRequest(
    due=DUE,
    grace_days=5,
    id="request:1",
    kind="pcf_request",
    occurred_at=MADE,
    product="https://id.gs1.org/01/09506000134352",
    round="round:1",
    supplier="org:a",
    version=1,
)
SAYS: dict[str, dict[str, Any]] = {
    "closed": {"due": DUE, "reason": "not answered"},
    "declined": {"reason": "no data"},
    "delegated": {"organisation": "org:b"},
    "extension_asked": {"due": DUE + timedelta(days=10), "reason": "meter"},
    "extension_granted": {"due": DUE + timedelta(days=10)},
    "extension_refused": {"reason": "audit"},
    "fulfilled": {"pcf": "pcf:1"},
    "reminded": {"days": 7, "due": DUE},
    "withdrawn": {"reason": "asked by mistake"},
}


def answer(step: Step, number: int = 1, **changes: Any) -> PcfAnswer:
    """A step as it is recorded."""
    says = SAYS[step] | changes
    made = PcfAnswer(
        by=STEP_OF[step],
        id=f"request:1:{number}:{step}",
        kind="pcf_answer",
        occurred_at=MADE,
        request="request:1",
        step=step,
        supplier="org:a",
        version=1,
        **says,
    )
    check(made)
    return made


def after(*steps: PcfAnswer) -> RequestState:
    """The request after these steps."""
    ((state,), _) = requests_of([(0, ASKED)], enumerate(steps, 1))
    return state


def test_a_request_goes_its_way() -> None:
    """Reminded, extended, handed on, answered by the one it was handed to."""
    longer = DUE + timedelta(days=10)
    steps = ("reminded", "extension_asked", "extension_granted", "delegated", "fulfilled")
    state = after(*(answer(step, number) for number, step in enumerate(steps, 1)))  # type: ignore[arg-type]
    assert (state.status, state.due, state.holder, state.pcf) == ("fulfilled", longer, "org:b", "pcf:1")
    assert state.closes_on == longer + timedelta(days=6)
    assert [entry for entry, _ in state.steps] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("step", "changes", "error"),
    [
        ("declined", {"reason": None}, FieldMissing),
        ("fulfilled", {"pcf": None}, FieldMissing),
        ("fulfilled", {"days": 1}, FieldContradicts),
        ("delegated", {"person": "account"}, FieldContradicts),
        ("delegated", {"organisation": None}, FieldContradicts),
    ],
)
def test_a_step_says_what_it_needs_and_no_more(step: Step, changes: dict[str, Any], error: type[Exception]) -> None:
    """Located at its field."""
    with pytest.raises(error):
        answer(step, **changes)


def test_a_step_is_taken_by_whose_step_it_is() -> None:
    """A supplier grants itself no extension."""
    made = answer("extension_granted")
    with pytest.raises(FieldContradicts):
        check(type(made)(**{name: getattr(made, name) for name in made.__struct_fields__} | {"by": "supplier"}))


def test_the_calendar_reminds_three_times_then_closes() -> None:
    """Day by day from the request to its end: 14, 7 and 1 days before, and an end after the grace, with its reason."""
    state, seen = after(), []
    for ahead in range(60):
        today = MADE.date() + timedelta(days=ahead)
        for step in owed(state, today):
            check(step)
            seen.append((today, step.step, step.days))
            state.take(len(seen), step)
    assert seen == [
        (DUE - timedelta(days=14), "reminded", 14),
        (DUE - timedelta(days=7), "reminded", 7),
        (DUE - timedelta(days=1), "reminded", 1),
        (DUE + timedelta(days=6), "closed", None),
    ]
    assert state.steps[-1][1].reason == "not answered by 2026-04-01"


def test_reminders_begin_again_for_a_new_due_date() -> None:
    """An end made for the old day does not fit once an extension was granted."""
    state = after(answer("extension_asked"), answer("extension_granted"), answer("closed"))
    assert state.is_open
    assert [step.days for step in owed(state, state.due - timedelta(days=14))] == [14]


@given(st.lists(st.tuples(st.sampled_from(get_args(Step)), st.integers(-30, 60)), max_size=30))
def test_any_steps_in_any_order(drawn: list[tuple[Step, int]]) -> None:
    """Every step is taken or left aside; nothing follows an end; the due date only moves on, and by a grant alone."""
    steps = [
        (entry, answer(step, entry, **({"due": DUE + timedelta(days=moved)} if "due" in SAYS[step] else {})))
        for entry, (step, moved) in enumerate(drawn, 1)
    ]
    (state,), left = requests_of([(0, ASKED)], steps)
    assert sorted([*state.steps, *((entry, step) for entry, step, _ in left)], key=lambda pair: pair[0]) == steps
    assert [entry for entry, _ in state.steps] == sorted(entry for entry, _ in state.steps)
    taken = [step.step for _, step in state.steps]
    assert not set(taken[:-1]) & {"closed", "declined", "fulfilled", "withdrawn"}
    assert (state.status in ENDED) == bool(set(taken[-1:]) & {"closed", "declined", "fulfilled", "withdrawn"})
    granted = [step.due for _, step in state.steps if step.step == "extension_granted"]
    assert [DUE, *granted] == sorted({DUE, *filter(None, granted)})
    assert state.due == [DUE, *granted][-1]
    reminded = [(step.due, step.days) for _, step in state.steps if step.step == "reminded"]
    assert len(reminded) == len(set(reminded))


@given(st.integers(0, 120))
def test_what_the_calendar_owes_fits_and_is_owed_once(ahead: int) -> None:
    """Whichever process does it, and however late."""
    state = after()
    today = MADE.date() + timedelta(days=ahead)
    for step in owed(state, today):
        assert step == owed(after(), today)[0]
        assert step.step == "closed" or step.days in REMINDERS
        assert state.reason_against(step) is None
        state.take(1, step)
    assert owed(state, today) == []
