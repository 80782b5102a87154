"""
What a planner does with plans on their way: hand in a file, ask again with changes, end, discard and take back.

Every verb changes the store in one transaction and returns; whichever process takes the work up does it. A search that
somebody ends keeps its best plan so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from ledger.errors import LedgerError, PlanningError
from ledger.ports import Clock, Random
from ledger.ports.labels import Contents
from ledger.ports.plan_drafts import Kind, PlanDraft, PlanDraftStore
from ledger.records.record import microseconds
from ledger.services.evidence_files import shown_name
from ledger.services.intake import fault_of

MOST_BYTES: Final = 16_000_000
"""Bytes of a workbook."""
MOST_BESIDE: Final = 24
"""Drafts of one day that are not discarded."""
MOST_POINTS: Final = 120
"""Of the curve that is kept of a search."""
UNDO_FOR: Final = timedelta(days=7)
CLAIM: Final = 30 * 1_000_000
"""Microseconds that a process may be silent before another takes its work up."""


class PlanDraftAbsent(PlanningError):
    """There is no such draft for this reader."""

    code = "planning.draft-absent"
    draft: str
    en = "there is no plan {draft}"
    zh = "没有计划 {draft}"
    fix_en = "See the list of plans; a discarded one can be taken back for seven days"
    fix_zh = "请查看计划列表；丢弃的草案七天内可以恢复"


class PlanFileSize(PlanningError):
    """A file of more bytes than are taken, or of none."""

    code = "planning.file-size"
    size: int
    limit: int
    en = "the file has {size} bytes; 1 to {limit} are taken"
    zh = "文件大小为 {size} 字节，应为 1 至 {limit} 字节"
    fix_en = "Plan fewer orders or places at once"
    fix_zh = "请减少一次计划的订单或地点"


class PlansBesideFull(PlanningError):
    """More plans of one file than can stand beside each other."""

    code = "planning.drafts-full"
    most: int
    en = "{most} plans of this file stand beside each other already"
    zh = "该文件已有 {most} 个并列的草案"
    fix_en = "Discard those that are not needed"
    fix_zh = "请先丢弃不需要的草案"


class PlanNotReady(PlanningError):
    """Something asked of a plan that is still being worked on, or failed."""

    code = "planning.not-ready"
    draft: str
    stage: str
    en = "the plan {draft} is not there yet (stage: {stage})"
    zh = "计划 {draft} 尚未完成（阶段：{stage}）"
    fix_en = "Wait until it is done, or end it with the best plan so far"
    fix_zh = "请等待完成，或停止搜索并采用当前最优方案"


class PlanTaken(PlanningError):
    """A plan that was recorded already."""

    code = "planning.recorded"
    draft: str
    record: str
    en = "this plan was recorded already as {record}"
    zh = "该计划已记录为 {record}"
    fix_en = "Record another draft, or withdraw the entry first"
    fix_zh = "请记录其他草案，或先撤回该条目"


class ClaimLost(Exception):
    """The draft is no longer this process's to work on."""


class PlanDesk(Protocol):
    """What plans on their way need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def plans(self) -> PlanDraftStore: ...
    @property
    def contents(self) -> Contents: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...


class Asked(NamedTuple):
    """A plan to make: its name and what is asked of it."""

    name: str
    said: Mapping[str, str] = {}


def now(desk: PlanDesk) -> int:
    """The present time, as drafts have it."""
    return microseconds(desk.clock.now())


def begin(
    desk: PlanDesk, whose: tuple[str, str], kind: Kind, file: tuple[str, bytes], asked: Sequence[Asked]
) -> PlanDraft:
    """Plans of a new file (name, content) by a tenant's person; the first names the day. Raises ``PlanFileSize``."""
    name, data = file
    if not 0 < len(data) <= MOST_BYTES:
        raise PlanFileSize(size=len(data), limit=MOST_BYTES)
    desk.plans.sweep(now(desk) - int(UNDO_FOR.total_seconds()) * 1_000_000)
    sha256 = desk.contents.keep(data)
    first = None
    for one in asked:
        made = _made(desk, whose, one)
        day = first.id if first else made.id
        made = replace(made, kind=kind, day=day, file=shown_name(name), sha256=sha256)
        desk.plans.add(made)
        first = first or made
    assert first is not None
    return first


def again(desk: PlanDesk, whose: tuple[str, str], day: str, asked: Sequence[Asked]) -> list[PlanDraft]:
    """More plans of a day's file. Raises ``PlanDraftAbsent``, ``PlansBesideFull``."""
    drafts = day_of(desk, whose[0], day)
    if sum(not one.discarded_at for one in drafts) + len(asked) > MOST_BESIDE:
        raise PlansBesideFull(most=MOST_BESIDE)
    head = drafts[0]
    table = next((one.table for one in drafts if one.table), "")
    made = []
    for one in asked:
        draft = replace(
            _made(desk, whose, one), kind=head.kind, day=head.id, file=head.file, sha256=head.sha256, table=table
        )
        desk.plans.add(draft)
        made.append(draft)
    return made


def _made(desk: PlanDesk, whose: tuple[str, str], asked: Asked) -> PlanDraft:
    at = now(desk)
    name = f"{at:016x}{desk.random.token(8).hex()}"
    tenant, person = whose
    return PlanDraft(
        id=name,
        tenant=tenant,
        kind="routes",
        day=name,
        person=person,
        name=asked.name[:100],
        file="",
        sha256="",
        said=dict(asked.said),
        created_at=at,
    )


def draft_of(desk: PlanDesk, tenant: str, draft_id: str) -> PlanDraft:
    """A draft that was not discarded. Raises ``PlanDraftAbsent``."""
    found = desk.plans.get(tenant, draft_id[:60])
    if found is None or found.discarded_at:
        raise PlanDraftAbsent(draft=draft_id[:60])
    return found


def done_draft(desk: PlanDesk, tenant: str, draft_id: str) -> PlanDraft:
    """A draft that something came of. Raises ``PlanDraftAbsent``, ``PlanNotReady``."""
    found = draft_of(desk, tenant, draft_id)
    if found.stage != "done":
        raise PlanNotReady(draft=found.name, stage=found.stage)
    return found


def day_of(desk: PlanDesk, tenant: str, day: str) -> list[PlanDraft]:
    """All drafts of a day, oldest first, those that can be taken back among them. Raises ``PlanDraftAbsent``."""
    found = desk.plans.of_day(tenant, day[:60])
    if not found:
        raise PlanDraftAbsent(draft=day[:60])
    return found


def end(desk: PlanDesk, tenant: str, draft_id: str) -> PlanDraft:
    """Ask to end the work with the best plan so far."""
    draft_of(desk, tenant, draft_id)
    return desk.plans.change(tenant, draft_id, lambda old: replace(old, ending=True) if old.open else old)


def discard(desk: PlanDesk, tenant: str, draft_id: str, *, undo: bool = False) -> PlanDraft:
    """Discard a draft, or take that back. Raises ``PlanDraftAbsent``, ``PlanTaken`` for a recorded one."""
    at = 0 if undo else now(desk)

    def changed(old: PlanDraft) -> PlanDraft:
        if old.recorded:
            raise PlanTaken(draft=old.name, record=old.recorded)
        return replace(old, discarded_at=at, ending=old.open and not undo)

    return desk.plans.change(tenant, draft_id[:60], changed)


def taken(desk: PlanDesk, draft: PlanDraft, record: str, entry: int) -> PlanDraft:
    """Note that a draft was recorded."""
    return desk.plans.change(draft.tenant, draft.id, lambda old: replace(old, recorded=record, entry=entry))


@dataclass(slots=True)
class HeldPlan:
    """A draft in the hands of one process: its claim is renewed with every word of progress, and let go at the end."""

    desk: PlanDesk
    draft: PlanDraft
    stopped: Callable[[], bool]

    def told(self, doing: str, done: int, total: int, best: str | None = None) -> bool:
        """Say how far the work is; whether to go on. Raises ``ClaimLost``, also where this process is to end."""
        if self.stopped():
            self._write(lambda old: replace(old, stage="waiting", claim="", claimed_until=0))
            raise ClaimLost
        self._write(
            lambda old: replace(old, doing=doing, done=done, total=total, curve=_longer(old.curve, done, best)),
        )
        return not self.draft.ending

    def measured(self, table: str) -> None:
        """Keep which distances were measured."""
        self._write(lambda old: replace(old, table=table))

    def came(self, figures: Mapping[str, str], refused: int, result: bytes) -> None:
        """The work is done, and this came of it."""
        facts = {"figures": dict(figures), "refused": refused, "fault": None}
        self._write(lambda old: replace(old, stage="done", **facts), result)
        self._let_go()

    def failed(self, error: LedgerError) -> None:
        """Nothing came of it."""
        self._write(lambda old: replace(old, stage="failed", fault=fault_of(error)))
        self._let_go()

    def _let_go(self) -> None:
        self._write(lambda old: replace(old, finished_at=now(self.desk), claimed_until=0))

    def _write(self, change: Callable[[PlanDraft], PlanDraft], result: bytes | None = None) -> None:
        at, mine = now(self.desk), self.draft

        def held(old: PlanDraft) -> PlanDraft:
            if old.claim != mine.claim:
                raise ClaimLost
            return change(replace(old, beat_at=at, claimed_until=at + CLAIM))

        self.draft = self.desk.plans.change(mine.tenant, mine.id, held, result)


def _longer(curve: tuple[tuple[int, str], ...], done: int, best: str | None) -> tuple[tuple[int, str], ...]:
    """With one more point; a long curve loses every second one."""
    if best is None:
        return curve
    curve = (*curve, (done, best))
    return curve if len(curve) <= MOST_POINTS else (*curve[:-1:2], curve[-1])
