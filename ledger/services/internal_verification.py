"""Internal verification of a tenant's records: plans, samples drawn by a checkpoint, findings, statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from ledger.desk.statement import signed_by_ledger
from ledger.errors import ProgrammeError
from ledger.log.checkpoint import NoteKey
from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.ports import CheckpointStore, Clock, EntryStore, Projections, Random, Receipt
from ledger.programme.verification import Verification, drawn_of, sample_size
from ledger.records.internal_verification import (
    FOUND,
    MOST_DRAWN,
    SampledKind,
    Stratum,
    VerificationAct,
    VerificationPlan,
    VerificationSample,
    VerificationStep,
)
from ledger.records.record import KIND_NUMBERS, Record, check, decode_body
from ledger.services.capture import Submission, capture_one
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up


class Verifying(Protocol):
    """What internal verification needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...

    @property
    def checkpoints(self) -> CheckpointStore:
        """Whose roots draw."""
        ...

    @property
    def clock(self) -> Clock:
        """When it is stated."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...

    @property
    def note_key(self) -> NoteKey:
        """What statements are signed by."""
        ...


class VerificationAbsent(ProgrammeError):
    """There is no such plan."""

    code = "programme.verification-absent"
    plan: str
    en = "there is no verification plan {plan}"
    zh = "没有核查计划 {plan}"
    fix_en = "Compare the id with the list"
    fix_zh = "请与列表核对编号"


class VerificationRefused(ProgrammeError):
    """A step that a verification does not take as it stands."""

    code = "programme.verification-step"
    plan: str
    step: str
    why: str
    why_zh: str
    en = "{plan} does not take {step}: {why}"
    zh = "{plan} 不能进行 {step}：{why_zh}"
    fix_en = "Look at the verification as it stands and take a step that it offers"
    fix_zh = "请查看核查当前状态，进行页面所列的步骤"


class OwnEntry(ProgrammeError):
    """Whoever handed an entry in, or speaks for its supplier, does not verify it."""

    code = "programme.own-entry"
    entry: int
    en = "entry {entry} is your own: somebody else verifies it"
    zh = "第 {entry} 号条目由您或您的机构提交，须由他人核查"
    fix_en = "Leave it to another verifier"
    fix_zh = "请交由其他核查人员"


class Planned(NamedTuple):
    """What is to be sampled: ``VerificationPlan`` has it."""

    title: str
    kinds: tuple[SampledKind, ...]
    confidence_pct: int
    tolerable_pct: int


class _Submitted(msgspec.Struct):
    submitter: str


_SUBMITTED: Final = msgspec.json.Decoder(_Submitted)


def plan(ledger: Verifying, party: Party, said: Planned) -> tuple[VerificationPlan, Receipt]:
    """State what is to be sampled, before anybody can know the sample. Raises what recording refuses."""
    catch_up(ledger.entries, ledger.projections)
    number = len(ledger.projections.facts(party.tenant, "verification_plan")) + 1
    made = VerificationPlan(
        by=party.organisation or party.tenant,
        confidence_pct=said.confidence_pct,
        id=f"verification:{number}",
        kind="verification_plan",
        kinds=tuple(sorted(set(said.kinds))),
        occurred_at=ledger.clock.now(),
        title=said.title,
        tolerable_pct=said.tolerable_pct,
        version=1,
    )
    return made, _recorded(ledger, party, made)


def draw(ledger: Verifying, party: Party, name: str) -> Receipt:
    """
    Draw a plan's sample by the root of the first checkpoint over the plan, and record it; again, it is there already.

    Raises ``VerificationAbsent``; ``VerificationRefused`` before there is such a checkpoint, and for too large samples.
    """
    one = verification(ledger, party, name)
    if one.sample is not None:
        raise _refused(name, "draw", "the sample is drawn", "样本已抽取")
    at = ledger.checkpoints.covering(one.entry)
    if at is None:
        raise _refused(name, "draw", "no checkpoint covers the plan yet", "尚无检查点覆盖该计划")
    places: dict[SampledKind, list[int]] = {kind: [] for kind in one.plan.kinds}
    for kind, entry in _population(ledger, party.tenant, one):
        places[kind].append(entry)
    strata = list[Stratum]()
    for kind, entries in places.items():
        count = sample_size(len(entries), one.plan.confidence_pct, one.plan.tolerable_pct)
        if count > MOST_DRAWN:
            raise _refused(name, "draw", f"{count} entries of {kind} are too many", f"{kind} 需抽取 {count} 条，过多")
        drawn = drawn_of(at.checkpoint.root, kind, entries, count)
        strata.append(Stratum(drawn=drawn, of_kind=kind, population=len(entries)))
    made = VerificationSample(
        id=f"verification-sample:{name.removeprefix('verification:')}",
        kind="verification_sample",
        occurred_at=ledger.clock.now(),
        plan=name,
        root=at.checkpoint.root.hex(),
        size=at.checkpoint.size,
        strata=tuple(strata),
        version=1,
    )
    return _recorded(ledger, party, made)


def take_step(ledger: Verifying, party: Party, name: str, step: VerificationAct, **says: Any) -> Receipt:
    """
    Record a step: a finding, a restatement, the signed statement at the end.

    Raises ``VerificationAbsent``, ``VerificationRefused``, ``OwnEntry``, and what recording refuses.
    """
    one = verification(ledger, party, name)
    made = VerificationStep(
        by=party.organisation or party.tenant,
        id=f"verification-step:{len(one.steps) + 1}:{name.removeprefix('verification:')}",
        kind="verification_step",
        occurred_at=ledger.clock.now(),
        plan=name,
        step=step,
        version=1,
        **{key: value for key, value in says.items() if value not in {None, "", ()}},
    )
    check(made)
    _ensure_takes(ledger, party, one, made)
    return _recorded(ledger, party, signed_by_ledger(made, ledger.note_key) if step == "closed" else made)


def verifications(ledger: Verifying, party: Party, after: int = -1, limit: int = 50) -> list[Verification]:
    """Plans behind an entry, oldest first, at most ``limit``."""
    catch_up(ledger.entries, ledger.projections)
    facts = ledger.projections.facts(party.tenant, "verification_plan", after=after, limit=limit)
    return [_verification(ledger, party.tenant, fact.seq) for fact in facts]


def verification(ledger: Verifying, party: Party, name: str) -> Verification:
    """One of them. Raises ``VerificationAbsent``."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    if entry is None or record_of(entry).get("kind") != "verification_plan":
        raise VerificationAbsent(plan=name[:200])
    return _verification(ledger, party.tenant, entry.index)


def _verification(ledger: Verifying, tenant: str, place: int) -> Verification:
    said = decode_body(ledger.entries.entry(place).body, "verification_plan")
    if not isinstance(said, VerificationPlan):
        raise VerificationAbsent(plan=str(place))
    samples = _records(ledger, tenant, "verification_sample", said.id)
    steps = _records(ledger, tenant, "verification_step", said.id)
    return Verification(
        place,
        said,
        next(((at, one) for at, one in samples if isinstance(one, VerificationSample)), None),
        tuple((at, one) for at, one in steps if isinstance(one, VerificationStep)),
    )


def _population(ledger: Verifying, tenant: str, one: Verification) -> Iterator[tuple[SampledKind, int]]:
    """Entries of the plan's kinds before the plan that were not withdrawn by then."""
    gone = ledger.projections.withdrawn(tenant, one.entry)
    kinds = {KIND_NUMBERS[kind]: kind for kind in one.plan.kinds}
    for rows in ledger.entries.rows(0, one.entry):
        for row in rows:
            if row.tenant == tenant and row.kind in kinds and row.seq not in gone:
                yield kinds[row.kind], row.seq


def _ensure_takes(ledger: Verifying, party: Party, one: Verification, step: VerificationStep) -> None:
    if one.state != "checking":
        raise _refused(one.plan.id, step.step, f"it is {one.state}", "样本尚未抽取，或已出具声明")
    items = {item.entry: item for item in one.items}
    if step.step == "closed":
        if any(item.finding is None for item in items.values()):
            raise _refused(one.plan.id, step.step, "not every sampled entry was checked", "仍有样本未核查")
        return
    item = items.get(-1 if step.entry is None else step.entry)
    if item is None:
        raise _refused(one.plan.id, step.step, f"entry {step.entry} is not in the sample", "该条目不在样本内")
    entry = ledger.entries.entry(item.entry)
    if step.step in FOUND:
        _ensure_others(party, entry)
        if step.due is not None and step.due < step.occurred_at.astimezone(UTC).date():
            raise _refused(one.plan.id, step.step, "the deadline is over already", "期限已过")
        shown = {one.sha256 for _, one in _records(ledger, party.tenant, "evidence_file", one.plan.id)}
        if not set(step.evidence) <= shown:
            raise _refused(one.plan.id, step.step, "no such file was handed in about this plan", "未就本计划提交该文件")
        return
    if not item.is_error:
        raise _refused(one.plan.id, step.step, "nothing wrong was found there", "该条目未发现差错")
    if not _replaces(ledger.entries.find(party.tenant, step.replaced_by or ""), entry):
        why = f"{step.replaced_by} is neither a correction of it nor a later record of its kind"
        raise _refused(one.plan.id, step.step, why, f"{step.replaced_by} 既非其更正，也非同类的后续记录")


def _ensure_others(party: Party, entry: Entry) -> None:
    supplier = record_of(entry).get("supplier")
    own = party.organisation and supplier == party.organisation
    if own or _SUBMITTED.decode(entry.body).submitter == party.submitter:
        raise OwnEntry(entry=entry.index)


def _replaces(later: Entry | None, earlier: Entry) -> bool:
    if later is None or later.index <= earlier.index:
        return False
    new, old = record_of(later), record_of(earlier)
    return bool(new["kind"] == old["kind"] or (new["kind"] == "correction" and new["corrects"] == old["id"]))


def _records(ledger: Verifying, tenant: str, kind: str, subject: str) -> list[tuple[int, Any]]:
    facts = ledger.projections.facts(tenant, kind, subject)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(at, decode_body(entries[at].body, kind)) for at in sorted(entries)]


def _refused(name: str, step: str, why: str, why_zh: str) -> VerificationRefused:
    return VerificationRefused(plan=name[:200], step=step, why=why, why_zh=why_zh)


def _recorded(ledger: Verifying, party: Party, made: Record) -> Receipt:
    return capture_one(ledger, Submission(party.tenant, party.submitter), made)
