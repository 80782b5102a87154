"""Assessments of suppliers: editions published, assessments opened, steps taken, what a party sees, results."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple, Protocol

from ledger.log.proof import record_of
from ledger.ports import Clock, EntryStore, Fact, Projections, Random, Receipt
from ledger.ports.listing import EVER, Among, Listing, Place
from ledger.programme.assessment import Assessed, Result, result_at
from ledger.programme.assessment_rules import Shown, ensure_takes
from ledger.programme.errors import AssessmentSchemeUnknown, AssessmentUnknown, OwnAssessment
from ledger.records.assessment import OF_SUPPLIER, Assessment, AssessmentAct, AssessmentStep, assessment_id
from ledger.records.assessment_scheme import AssessmentScheme
from ledger.records.evidence_file import EvidenceFile
from ledger.records.record import Record, check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.certificates import held_by, state_now
from ledger.services.corrections import withdrawal_of
from ledger.services.organisations import OrganisationStore, organisation_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up

PAGE: Final = 100
_STEP: Final = "assessment_step"


class Assessments(Protocol):
    """What reading assessments needs of a ledger."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...


class Assessing(Assessments, Protocol):
    """What stating something needs; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """When it is stated."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...

    @property
    def organisations(self) -> OrganisationStore:
        """Who can be assessed."""
        ...

    @property
    def listing(self) -> Listing:
        """Rows of lists."""
        ...


class Opened(NamedTuple):
    """Whom an assessment is of, the record id of its edition, the days assessed, the last day of answering."""

    supplier: str
    scheme: str
    period_start: date
    period_end: date
    due: date


class Counted(NamedTuple):
    """How many assessments stand how on a day, and how many corrective actions are past theirs."""

    in_force: int
    answered: int
    late: int
    suspended: int
    overdue: int


def schemes(ledger: Assessments, tenant: str) -> list[tuple[int, AssessmentScheme]]:
    """Every published edition with its entry, oldest first."""
    return [(at, one) for at, one in _records(ledger, tenant, "assessment_scheme") if isinstance(one, AssessmentScheme)]


def publish(ledger: Assessing, party: Party, scheme: AssessmentScheme) -> Receipt:
    """Publish an edition. Raises what recording refuses: another content under a number that is taken is a conflict."""
    return _recorded(ledger, party, scheme)


def open_assessment(ledger: Assessing, party: Party, opened: Opened) -> tuple[Assessment, Receipt]:
    """
    Ask a supplier for its answers for a period.

    Raises ``OrganisationAbsent``, ``AssessmentSchemeUnknown``, ``FieldContradicts``; the same again is the same entry.
    """
    organisation_of(ledger.organisations, party.tenant, opened.supplier)
    catch_up(ledger.entries, ledger.projections)
    if opened.scheme not in {one.id for _, one in schemes(ledger, party.tenant)}:
        raise AssessmentSchemeUnknown(scheme=opened.scheme[:200])
    name = assessment_id(opened.supplier, opened.scheme, opened.period_start)
    known = next((one for one in assessed_of(ledger, party.tenant, opened.supplier) if one.assessment.id == name), None)
    made = Assessment(
        due=opened.due,
        id=name,
        kind="assessment",
        occurred_at=known.assessment.occurred_at if known else ledger.clock.now(),
        period_end=opened.period_end,
        period_start=opened.period_start,
        scheme=opened.scheme,
        supplier=opened.supplier,
        version=1,
    )
    return made, _recorded(ledger, party, made)


def assessments_page(
    ledger: Assessing, party: Party, after: Place | None = None, limit: int = PAGE
) -> tuple[list[Assessed], Place | None]:
    """
    At most ``limit`` assessments a party may see behind a place, the latest period first; and the last one's place,
    where more follow. All of the tenant for the house, else its own.
    """
    catch_up(ledger.entries, ledger.listing)
    rows, more = ledger.listing.page(party.tenant, _among(party), after, limit, descending=True)
    facts = [Fact(row.seq, party.tenant, "assessment", row.supplier, 0) for row in rows]
    return _assessed(ledger, party.tenant, facts), more


def assessments_counted(ledger: Assessing, party: Party) -> Counted:
    """Of all that a party may see: how many stand how today, and how many corrective actions are overdue."""
    catch_up(ledger.entries, ledger.listing)
    today, among = ledger.clock.now().astimezone(UTC).date().toordinal(), _among(party)
    before, later = (0, today - 1), (today, EVER[1])
    scored = among._replace(states=("scored",), ends=later)

    def count(one: Among) -> int:
        return ledger.listing.count(party.tenant, one)

    return Counted(
        in_force=count(scored._replace(late=later)),
        answered=count(among._replace(states=("answered",))),
        late=count(among._replace(states=("open",), late=before)),
        suspended=count(scored._replace(late=before)),
        overdue=count(among._replace(kind="assessment_step", at=before)),
    )


def assessment_seen(ledger: Assessing, party: Party, name: str) -> Assessed:
    """One of them. Raises ``AssessmentUnknown`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    said = record_of(entry) if entry is not None else {}
    mine = said.get("kind") == "assessment" and (party.sees_all or said["supplier"] == party.organisation)
    if entry is None or not mine:
        raise AssessmentUnknown(assessment=name[:200])
    withdrawn = withdrawal_of(ledger.entries, party.tenant, name, "assessment") is not None
    facts = [] if withdrawn else [Fact(entry.index, party.tenant, "assessment", str(said["supplier"]), 0)]
    found = _assessed(ledger, party.tenant, facts)
    if not found:
        raise AssessmentUnknown(assessment=name[:200])
    return found[0]


def take_step(ledger: Assessing, party: Party, name: str, step: AssessmentAct, **says: Any) -> Receipt:
    """
    Record a step of an assessment, in the name of the party's organisation or of the house.

    Raises ``AssessmentUnknown``, ``OwnAssessment``, ``AssessmentStepRefused``, ``QuestionsDiffer``, ``NotShown``, and
    what recording refuses.
    """
    one = assessment_seen(ledger, party, name)
    by = party.organisation or party.tenant
    if (by == one.assessment.supplier) != (step in OF_SUPPLIER) or not (party.sees_all or step in OF_SUPPLIER):
        raise OwnAssessment(step=step, organisation=by)
    if step == "action_asked":
        says["action"] = f"action-{len(one.actions) + 1}"
    made = AssessmentStep(
        assessment=name,
        by=by,
        id=f"assessment-step:{len(one.steps) + 1}:{name.removeprefix('assessment:')}",
        kind="assessment_step",
        occurred_at=ledger.clock.now(),
        step=step,
        supplier=one.assessment.supplier,
        version=1,
        **{key: value for key, value in says.items() if value},
    )
    check(made)
    ensure_takes(one, made, shown(ledger, party.tenant, one))
    return _recorded(ledger, party, made)


def shown(ledger: Assessing, tenant: str, one: Assessed) -> Shown:
    """What can show an answer now: files handed in about the assessment, and the supplier's certificates."""
    now, supplier = ledger.clock.now(), one.assessment.supplier
    files = [
        (at, record)
        for at, record in _records(ledger, tenant, "evidence_file", one.assessment.id)
        if isinstance(record, EvidenceFile) and record.supplier == supplier
    ]
    held = held_by(ledger, tenant, supplier, now)
    return Shown(files, {each.certificate.id: (each.certificate.scheme, state_now(each, now)) for each in held})


def result_of(
    ledger: Assessments, tenant: str, supplier: str, at: datetime, day: date, *, scheme: str | None = None
) -> Result | None:
    """A supplier's result as the log had it at a moment, judged on a day: for tenders, at closing."""
    return result_at(assessed_of(ledger, tenant, supplier), at, day, scheme)


def assessed_of(ledger: Assessments, tenant: str, *suppliers: str) -> list[Assessed]:
    """Assessments of some suppliers, read at once, with their steps, in the order of the log."""
    return _assessed(ledger, tenant, ledger.projections.facts_of(tenant, "assessment", suppliers))


def _among(party: Party) -> Among:
    return Among("assessment", None if party.sees_all else party.organisation)


def _assessed(ledger: Assessments, tenant: str, facts: list[Fact]) -> list[Assessed]:
    """Those of these facts, in their order."""
    editions = {one.id: one for _, one in schemes(ledger, tenant)}
    found = [
        (at, one) for at, one in _of_facts(ledger, facts) if isinstance(one, Assessment) and one.scheme in editions
    ]
    steps: dict[str, list[tuple[int, AssessmentStep]]] = {}
    names = [one.id for _, one in found]
    for at, step in _of_facts(ledger, ledger.projections.facts_of(tenant, _STEP, names)):
        if isinstance(step, AssessmentStep):
            steps.setdefault(step.assessment, []).append((at, step))
    return [Assessed(at, one, editions[one.scheme], tuple(steps.get(one.id, ()))) for at, one in found]


def _records(ledger: Assessments, tenant: str, kind: str, subject: str | None = None) -> list[tuple[int, Record]]:
    return _of_facts(ledger, ledger.projections.facts(tenant, kind, subject))


def _of_facts(ledger: Assessments, facts: list[Fact]) -> list[tuple[int, Record]]:
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(fact.seq, decode_body(entries[fact.seq].body, fact.kind)) for fact in facts]


def _recorded(ledger: Assessing, party: Party, made: Record) -> Receipt:
    check(made)
    return capture_one(ledger, Submission(party.tenant, party.submitter), made)
