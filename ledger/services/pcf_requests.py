"""
Footprints asked of suppliers: a round of requests made, each step of one taken, and what the calendar adds.

Who takes a step decides what is possible: the house asks, grants, refuses and withdraws; the party asked, or the one it
handed the request to, answers; reminders and ends follow from the calendar alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, Protocol

from ledger.desk.calendar import calendar_of
from ledger.desk.errors import DueWrong, FootprintAbsent, FootprintOfOther, RequestAbsent, StepRefused
from ledger.desk.requests import REMINDERS, RequestState, owed, requests_of
from ledger.errors import LedgerError
from ledger.identity import canonical
from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.ports.letters import LetterStore
from ledger.ports.listing import ENDED, EVER, NEVER, Among, Listing, Place
from ledger.records.pcf_request import STEP_OF, PcfAnswer, PcfRequest, Step
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import Outcome, capture
from ledger.services.organisations import OrganisationStore, organisation_of
from ledger.services.pcf_sight import Sight
from ledger.services.pcf_standing import footprint_named
from ledger.services.project import catch_up

LONGEST: Final = timedelta(days=366)
"""How far ahead a footprint can be asked for, or an extension lie."""
PAGE: Final = 100
Part = Literal["all", "ended", "open"]
SOON: Final = 7
"""Days before the due date from which a request is pressing."""
CALENDAR: Final = "ledger"
"""In whose name reminders and ends are entered."""


class Asking(Protocol):
    """What requests need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...

    @property
    def clock(self) -> Clock:
        """What day it is, UTC."""
        ...

    @property
    def random(self) -> Random:
        """Names of rounds, and salts."""
        ...

    @property
    def letters(self) -> LetterStore:
        """The tenant's calendar, and letters."""
        ...

    @property
    def sight(self) -> Sight:
        """Who sees how much of a footprint."""
        ...

    @property
    def organisations(self) -> OrganisationStore:
        """Who can be asked."""
        ...

    @property
    def listing(self) -> Listing:
        """Rows of lists."""
        ...


class Party(NamedTuple):
    """
    Who acts: an account of a tenant, for an organisation, or for the house itself (no organisation).

    ``sees_all`` of those who see everything of the tenant; others see what is their organisation's. ``verifies`` of who
    reviews footprints.
    """

    tenant: str
    submitter: str
    organisation: str = ""
    sees_all: bool = True
    verifies: bool = False

    @property
    def is_house(self) -> bool:
        """Whether it is the house that asks."""
        return not self.organisation


class Wanted(NamedTuple):
    """What one round asks: every product of every supplier, by one day."""

    suppliers: Sequence[str]
    products: Sequence[tuple[str, str]]
    """Identity and name; the name may be empty."""
    due: date
    grace_days: int = 0
    words: str = ""


class Counted(NamedTuple):
    """How many requests wait; of these are due within ``SOON`` days, are late, and wait for a word on an extension."""

    waiting: int
    soon: int
    late: int
    extensions: int


def ask(ledger: Asking, party: Party, wanted: Wanted) -> list[Outcome]:
    """
    A request for each product of each supplier.

    Raises ``OrganisationAbsent``, ``IdentityError`` and ``DueWrong`` before anything is entered; what recording refuses
    comes back one by one.
    """
    for supplier in wanted.suppliers:
        organisation_of(ledger.organisations, party.tenant, supplier)
    now = ledger.clock.now()
    today = calendar_of(ledger.letters.setting(party.tenant, "calendar")).today(now)
    if not today <= wanted.due <= today + LONGEST:
        raise DueWrong(due=wanted.due.isoformat(), now=today.isoformat())
    name = f"round:{today.isoformat()}:{ledger.random.token(6).hex()}"
    pairs = [(supplier, *product) for supplier in wanted.suppliers for product in wanted.products]
    made: list[Record] = [
        PcfRequest(
            due=wanted.due,
            grace_days=wanted.grace_days,
            id=f"request:{name.removeprefix('round:')}:{number}",
            kind="pcf_request",
            occurred_at=now,
            product=canonical(product),
            product_name=called or None,
            round=name,
            supplier=supplier,
            version=1,
            words=wanted.words or None,
        )
        for number, (supplier, product, called) in enumerate(pairs, 1)
    ]
    return _captured(ledger, party, made)


def board(
    ledger: Asking, party: Party, after: Place | None = None, limit: int = PAGE, *, part: Part = "all"
) -> tuple[list[RequestState], Place | None]:
    """
    At most ``limit`` requests a party may see behind a place; and the last one's place, where more follow.

    The ones due next come first, then those that ended, the one that ended last first; or one of the two alone.
    """
    catch_up(ledger.entries, ledger.listing)
    rows, more = ledger.listing.page(party.tenant, _among(party, part), after, limit)
    return _states(ledger, party.tenant, [row.seq for row in rows]), more


def board_counted(ledger: Asking, party: Party, today: date) -> Counted:
    """Of all that a party may see and that wait for an answer."""
    catch_up(ledger.entries, ledger.listing)
    among, day = _among(party, "open"), today.toordinal()
    spans = (among.at, (day, day + SOON), (0, day - 1))
    waiting, soon, late = (ledger.listing.count(party.tenant, among._replace(at=span)) for span in spans)
    return Counted(waiting, soon, late, ledger.listing.count(party.tenant, among._replace(late=(0, NEVER - 1))))


def open_until(ledger: Asking, tenant: str, day: date) -> Iterator[RequestState]:
    """A tenant's open requests that are due on a day or before it, read as they are asked for."""
    catch_up(ledger.entries, ledger.listing)
    among, after = Among("pcf_request", at=(0, day.toordinal())), None
    while True:
        rows, after = ledger.listing.page(tenant, among, after)
        yield from _states(ledger, tenant, [row.seq for row in rows])
        if after is None:
            return


def request_named(ledger: Asking, party: Party, name: str) -> RequestState:
    """One of them. Raises ``RequestAbsent`` alike for absent ones and for others'."""
    return _found(ledger, party, name)[0]


def take_step(ledger: Asking, party: Party, name: str, step: Step, **says: Any) -> Receipt:
    """
    One step of a request, in the name of who takes it.

    Raises ``RequestAbsent``, ``StepRefused`` when it is not this party's or does not fit as the request stands,
    ``DueWrong``, ``FootprintAbsent`` and ``FootprintOfOther``, and what recording refuses.
    """
    state, number = _found(ledger, party, name)
    if says.get("organisation"):
        organisation_of(ledger.organisations, party.tenant, says["organisation"])
    mine = STEP_OF[step] == ("house" if party.is_house else "supplier")
    if not mine or (not party.is_house and state.holder != party.organisation):
        raise StepRefused(request=name, step=step, status=state.status)
    made = PcfAnswer(
        by=STEP_OF[step],
        id=f"{name}:{number}:{step}",
        kind="pcf_answer",
        occurred_at=ledger.clock.now(),
        request=name,
        step=step,
        supplier=state.request.supplier,
        version=1,
        **{key: value for key, value in says.items() if value not in {None, ""}},
    )
    check(made)
    _check_due(state, made)
    if made.pcf is not None:
        _check_footprint(ledger, party.tenant, state, made.pcf)
    refused = state.reason_against(made)
    if refused is not None:
        raise refused
    (outcome,) = _captured(ledger, party, [made])
    if isinstance(outcome, LedgerError):
        raise outcome
    return outcome


def keep_calendar(ledger: Asking, tenants: Iterable[str]) -> list[tuple[str, PcfAnswer]]:
    """
    Enter the reminders and ends that are due today; what was entered now comes back, with its tenant.

    Any number of processes may do it at once: all make the same records, which are entered once.
    """
    done: list[tuple[str, PcfAnswer]] = []
    for tenant in tenants:
        calendar = calendar_of(ledger.letters.setting(tenant, "calendar"))
        today = calendar.today(ledger.clock.now())
        near = open_until(ledger, tenant, today + timedelta(days=max(REMINDERS)))
        steps = [step for state in near for step in owed(state, today, calendar.start_of)]
        outcomes = _captured(ledger, Party(tenant, CALENDAR), steps) if steps else []
        done += [
            (tenant, step)
            for step, outcome in zip(steps, outcomes, strict=True)
            if isinstance(outcome, Receipt) and outcome.fresh
        ]
    return done


class Calendar:
    """Keeps the calendar of requests, an hour apart: what falls due changes with the day, not with the round."""

    PAUSE: Final = timedelta(hours=1)

    def __init__(self, ledger: Asking, tenants: Iterable[str]) -> None:
        self._ledger, self._tenants = ledger, tuple(tenants)
        self._next: datetime | None = None

    def __call__(self) -> None:
        """Do it if an hour has passed since it was done."""
        now = self._ledger.clock.now()
        if self._next is None or now >= self._next or self._next - now > self.PAUSE:
            keep_calendar(self._ledger, self._tenants)
            self._next = now + self.PAUSE


def _check_due(state: RequestState, step: PcfAnswer) -> None:
    if step.due is None:
        return
    latest = max(state.due, step.occurred_at.astimezone(UTC).date()) + LONGEST
    if not state.due < step.due <= latest:
        raise DueWrong(due=step.due.isoformat(), now=state.due.isoformat())


def _check_footprint(ledger: Asking, tenant: str, state: RequestState, pcf: str) -> None:
    found = footprint_named(ledger, tenant, pcf)
    if found is None:
        raise FootprintAbsent(pcf=pcf)
    if found.supplier not in {state.holder, state.request.supplier} or not _same(found.product, state.request.product):
        raise FootprintOfOther(pcf=pcf, request=state.request.id)


def _same(one: str, other: str) -> bool:
    try:
        return canonical(one) == canonical(other)
    except LedgerError:
        return one == other


def _sees(party: Party, state: RequestState) -> bool:
    return party.sees_all or party.organisation in {state.request.supplier, state.holder}


def _among(party: Party, part: Part) -> Among:
    spans = {"all": EVER, "ended": (ENDED, EVER[1]), "open": (0, ENDED - 1)}
    return Among("pcf_request", None if party.sees_all else party.organisation, at=spans[part])


def _states(ledger: Asking, tenant: str, seqs: Sequence[int]) -> list[RequestState]:
    """Requests by their entries, in this order."""
    entries = ledger.entries.gathered(seqs)
    asked = {seq: decode_body(entries[seq].body, "pcf_request") for seq in seqs}
    facts = ledger.projections.facts_of(tenant, "pcf_answer", [str(one.id) for one in asked.values()])
    said = ledger.entries.gathered([fact.seq for fact in facts])
    answers: list[Any] = [(fact.seq, decode_body(said[fact.seq].body, "pcf_answer")) for fact in facts]
    found = {one.entry: one for one in requests_of(asked.items(), answers)[0]}  # type: ignore[arg-type]
    return [found[seq] for seq in seqs]


def _read(ledger: Asking, tenant: str, kind: str, subject: str | None = None) -> list[tuple[int, Any]]:
    facts = ledger.projections.facts(tenant, kind, subject)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(index, decode_body(entries[index].body, kind)) for index in sorted(entries)]


def _found(ledger: Asking, party: Party, name: str) -> tuple[RequestState, int]:
    """A request, and the number of its next step."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    if entry is None or record_of(entry)["kind"] != "pcf_request":
        raise RequestAbsent(request=name)
    answers = _read(ledger, party.tenant, "pcf_answer", name)
    (state,), _ = requests_of([(entry.index, decode_body(entry.body, "pcf_request"))], answers)  # type: ignore[list-item]
    if not _sees(party, state):
        raise RequestAbsent(request=name)
    return state, len(answers) + 1


def _captured(ledger: Asking, party: Party, records: Sequence[Record]) -> list[Outcome]:
    return capture(
        ledger.entries,
        ledger.clock,
        ledger.random,
        tenant=party.tenant,
        submitter=party.submitter,
        records=records,
    )
