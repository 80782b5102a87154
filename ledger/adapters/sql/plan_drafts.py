"""Plans on their way, on a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Select, delete, insert, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.plan_tables import PLAN_DRAFT
from ledger.adapters.sql.tables import TENANT
from ledger.ports.plan_drafts import Change, Kind, PlanDraft
from ledger.services.plan_drafts import PlanDraftAbsent

_DRAFT: Final = msgspec.json.Decoder(PlanDraft)
_OPEN: Final = ("waiting", "working")
_C: Final = PLAN_DRAFT.c


@dataclass(frozen=True, slots=True)
class SqlPlanDrafts:
    """``ports.plan_drafts.PlanDraftStore`` on a database."""

    database: Database

    def add(self, draft: PlanDraft) -> None:
        """See ``PlanDraftStore.add``."""
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, draft.tenant)
            fixed = {"id": draft.id, "tenant_id": number, "kind": draft.kind, "day": draft.day, "result": b""}
            connection.execute(insert(PLAN_DRAFT).values(fixed | _columns(draft)))

    def get(self, tenant: str, draft_id: str) -> PlanDraft | None:
        """See ``PlanDraftStore.get``."""
        return next(iter(self._found(_drafts(tenant).where(_C.id == draft_id))), None)

    def days(self, tenant: str, kind: Kind, limit: int, before: str = "") -> list[PlanDraft]:
        """See ``PlanDraftStore.days``."""
        query = _drafts(tenant).where(_C.kind == kind, _C.id == _C.day).order_by(_C.day.desc()).limit(limit)
        return self._found(query.where(_C.day < before) if before else query)

    def of_day(self, tenant: str, day: str) -> list[PlanDraft]:
        """See ``PlanDraftStore.of_day``."""
        return self._found(_drafts(tenant).where(_C.day == day).order_by(_C.id))

    def claim(self, claim: str, now: int, until: int) -> PlanDraft | None:
        """See ``PlanDraftStore.claim``."""
        idle = _C.stage.in_(_OPEN) & (_C.claimed_until < now)
        with self.database.reading() as connection:  # nothing to do is the rule, and writes nothing
            if connection.execute(select(_C.id).where(idle).limit(1)).first() is None:
                return None
        oldest = select(_C.id, _C.draft).where(idle).order_by(_C.id).limit(1).with_for_update(skip_locked=True)
        with self.database.writing() as connection:
            row = connection.execute(oldest).first()
            if row is None:
                return None
            held = {"claim": claim, "claimed_until": until, "beat_at": now, "started_at": now}
            draft = msgspec.structs.replace(_DRAFT.decode(row.draft), stage="working", done=0, curve=(), **held)
            connection.execute(update(PLAN_DRAFT).where(_C.id == row.id).values(**_columns(draft)))
        return draft

    def change(self, tenant: str, draft_id: str, change: Change, result: bytes | None = None) -> PlanDraft:
        """See ``PlanDraftStore.change``."""
        with self.database.writing() as connection:
            query = _drafts(tenant).where(_C.id == draft_id).with_for_update(of=PLAN_DRAFT)
            row = connection.execute(query).first()
            if row is None:
                raise PlanDraftAbsent(draft=draft_id[:60])
            draft = change(_DRAFT.decode(row.draft))
            came = {} if result is None else {"result": result}
            connection.execute(update(PLAN_DRAFT).where(_C.id == draft_id).values(**_columns(draft), **came))
        return draft

    def result(self, tenant: str, draft_id: str) -> bytes:
        """See ``PlanDraftStore.result``."""
        query = select(_C.result).join(TENANT, TENANT.c.id == _C.tenant_id)
        with self.database.reading() as connection:
            found = connection.execute(query.where(TENANT.c.name == tenant, _C.id == draft_id)).scalar()
        return bytes(found or b"")

    def sweep(self, discarded_before: int) -> None:
        """See ``PlanDraftStore.sweep``."""
        over = (_C.discarded_at > 0) & (_C.discarded_at < discarded_before) & (_C.id != _C.day)
        with self.database.writing() as connection:
            connection.execute(delete(PLAN_DRAFT).where(over))

    def _found(self, query: Select[Any]) -> list[PlanDraft]:
        with self.database.reading() as connection:
            return [_DRAFT.decode(row.draft) for row in connection.execute(query)]


def _drafts(tenant: str) -> Select[Any]:
    return select(_C.draft).join(TENANT, TENANT.c.id == _C.tenant_id).where(TENANT.c.name == tenant)


def _columns(draft: PlanDraft) -> dict[str, Any]:
    """What the table repeats of a draft, and the draft."""
    looked_for = {"stage": draft.stage, "claimed_until": draft.claimed_until, "discarded_at": draft.discarded_at}
    return {**looked_for, "draft": msgspec.json.encode(draft)}
