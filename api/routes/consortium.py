"""The organisations behind the chain contract, as recorded in the log. What they decide they decide elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.schemas.consortium import CheckpointKeyView, ConsortiumView, OrganisationView, RecordedChange
from api.wire import reply
from ledger.services.consortium import known_names, newest_changes, recorded_changes
from ledger.services.consortium_history import organisations_after

router = APIRouter(tags=["checkpoints"])
Number = Annotated[int | None, Query(ge=0, le=2**53 - 1)]


@router.get("/api/v1/consortium", **gives(ConsortiumView))
def consortium(
    ledger: LedgerDep,
    principal: PrincipalDep,
    *,
    block: Annotated[Number, Query(description="As they stood after this block of the chain")] = None,
    before: Annotated[Number, Query(description="Changes whose entry is below this one")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Response:
    """Organisations, roles, keys and their history; who could anchor after a block."""
    tenant = principal.tenant
    shown = organisations_after((one.change for one in recorded_changes(ledger, tenant)), block)
    names = known_names([ledger.settings.company_name, *(one.name for one in ledger.organisations.listed(tenant))])
    found = newest_changes(ledger, tenant, before, limit + 1)
    members = tuple(
        OrganisationView(
            organisation=one.organisation.hex(),
            name=names.get(one.organisation),
            account=one.account,
            roles=one.roles,
            present=one.present,
            anchors=one.anchors,
            keys=tuple(
                CheckpointKeyView(
                    key=key.key.hex(),
                    from_size=str(key.from_size),
                    until_size=None if key.until_size is None else str(key.until_size),
                    revoked=key.revoked,
                )
                for key in one.keys
            ),
        )
        for one in shown.members
    )
    return reply(
        ConsortiumView(
            block=block,
            quorum=shown.quorum,
            pause_quorum=shown.pause_quorum,
            paused=shown.paused,
            may_anchor=tuple(shown.may_anchor()),
            organisations=members,
            changes=[RecordedChange(entry=one.entry, change=one.change) for one in found[:limit]],
            next_before=found[limit - 1].entry if len(found) > limit else None,
        )
    )
