"""
A request as its steps leave it: asked, extended, handed on, answered, closed by the calendar.

A pure fold over entries in the order of the log. A step that does not fit is left aside with its reason, because two
may act at the same time, and both acts are entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, get_args

from ledger.desk.errors import StepRefused
from ledger.records.pcf_request import PcfAnswer, PcfRequest, Step

Status = Literal["closed", "declined", "fulfilled", "open", "withdrawn"]
REMINDERS: Final = (14, 7, 1)
"""Days before the due date on which a reminder falls due."""
_ENDS: Final[dict[Step, Status]] = {
    "closed": "closed",
    "declined": "declined",
    "fulfilled": "fulfilled",
    "withdrawn": "withdrawn",
}
ENDED: Final = frozenset(get_args(Status)) - {"open"}


@dataclass(slots=True)
class RequestState:
    """
    A request with its steps and their entries.

    ``due`` is the day in force, ``wanted`` the day that an extension is asked for and not yet granted or refused.
    ``holder`` is the organisation that acts for the one asked, ``person`` the account it was handed to.
    """

    entry: int
    request: PcfRequest
    due: date
    holder: str
    status: Status = "open"
    wanted: date | None = None
    person: str | None = None
    pcf: str | None = None
    reminded: set[tuple[date, int]] = field(default_factory=set)
    steps: list[tuple[int, PcfAnswer]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.status == "open"

    @property
    def closes_on(self) -> date:
        """The first day on which it closes by itself."""
        return self.due + timedelta(days=self.request.grace_days + 1)

    def days_left(self, today: date) -> int:
        """Days until the due date; below zero once it is over."""
        return (self.due - today).days

    def reason_against(self, step: PcfAnswer) -> StepRefused | None:
        """Why a step does not fit here; ``None`` when it does."""
        fits = self.is_open
        if step.step in {"extension_granted", "extension_refused"}:
            fits &= self.wanted is not None
        elif step.step == "extension_asked":
            fits &= self.wanted is None and step.due is not None and step.due > self.due
        elif step.step == "reminded":
            fits &= step.due == self.due and (self.due, step.days or 0) not in self.reminded
        elif step.step == "closed":
            fits &= step.due == self.due
        if step.step == "extension_granted":
            fits &= step.due is not None and step.due > self.due
        fits &= step.supplier == self.request.supplier
        return None if fits else StepRefused(request=step.request, step=step.step, status=self.status)

    def take(self, entry: int, step: PcfAnswer) -> None:
        """The state after a step that fits."""
        self.steps.append((entry, step))
        self.status = _ENDS.get(step.step, "open")
        match step.step:
            case "extension_asked":
                self.wanted = step.due
            case "extension_granted":
                self.due, self.wanted = step.due or self.due, None
            case "extension_refused":
                self.wanted = None
            case "delegated":
                self.holder, self.person = step.organisation or self.holder, step.person
            case "fulfilled":
                self.pcf = step.pcf
            case "reminded":
                self.reminded.add((self.due, step.days or 0))
            case _:
                pass

    def to_record(self, today: date) -> dict[str, object]:
        """JSON-able, each step with its entry."""
        asked = self.request
        return {
            "request": asked.id,
            "entry": self.entry,
            "supplier": asked.supplier,
            "holder": self.holder,
            "product": asked.product,
            "product_name": asked.product_name,
            "words": asked.words,
            "status": self.status,
            "asked_at": asked.occurred_at.isoformat(),
            "due": self.due.isoformat(),
            "days_left": self.days_left(today),
            "closes_on": self.closes_on.isoformat(),
            "extension_asked": None if self.wanted is None else self.wanted.isoformat(),
            "pcf": self.pcf,
            "steps": [
                {
                    "entry": entry,
                    "step": one.step,
                    "by": one.by,
                    "at": one.occurred_at.isoformat(),
                    "due": None if one.due is None else one.due.isoformat(),
                    "reason": one.reason,
                }
                for entry, one in self.steps
            ],
        }


Unfit = tuple[int, PcfAnswer, StepRefused]


def requests_of(
    asked: Iterable[tuple[int, PcfRequest]], answered: Iterable[tuple[int, PcfAnswer]]
) -> tuple[list[RequestState], list[Unfit]]:
    """Requests in the order they were made, and the steps that fit none as it stood when they were entered."""
    found: dict[str, RequestState] = {}
    for entry, one in sorted(asked, key=lambda pair: pair[0]):
        found.setdefault(one.id, RequestState(entry, one, one.due, one.supplier))
    left: list[Unfit] = []
    for entry, step in sorted(answered, key=lambda pair: pair[0]):
        state = found.get(step.request)
        if state is None or entry < state.entry:
            left.append((entry, step, StepRefused(request=step.request, step=step.step, status="unknown")))
        elif (refused := state.reason_against(step)) is not None:
            left.append((entry, step, refused))
        else:
            state.take(entry, step)
    return list(found.values()), left


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def owed(state: RequestState, today: date, start_of: Callable[[date], datetime] = _midnight) -> list[PcfAnswer]:
    """
    What the calendar adds today: the reminder that is due, or the end.

    Of reminders that were missed only the nearest to the due date is made. A step says nothing but what follows from
    the request and the calendar, so that any process makes the same one. ``start_of`` tells when a day begins.
    """
    if not state.is_open:
        return []
    if today >= state.closes_on:
        why = f"not answered by {state.due.isoformat()}"
        return [_step(state, "closed", start_of(state.closes_on), reason=why)]
    left = state.days_left(today)
    passed = [days for days in REMINDERS if 0 <= left <= days]
    if not passed or (state.due, min(passed)) in state.reminded:
        return []
    days = min(passed)
    return [_step(state, "reminded", start_of(state.due - timedelta(days=days)), days=days)]


def _step(state: RequestState, step: Literal["closed", "reminded"], begins: datetime, **says: object) -> PcfAnswer:
    name = f"{state.request.id}:{step}:{state.due.isoformat()}" + (f":{says['days']}" if "days" in says else "")
    at = max(begins, state.request.occurred_at.astimezone(UTC))
    return PcfAnswer(
        by="ledger",
        due=state.due,
        id=name,
        kind="pcf_answer",
        occurred_at=at,
        request=state.request.id,
        step=step,
        supplier=state.request.supplier,
        version=1,
        **says,  # type: ignore[arg-type]
    )
