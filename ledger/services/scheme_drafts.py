"""
Drafts of schemes: kept for everyone who may design one, until they are published as an entry or discarded.

A draft belongs to the procurement desk of a tenant and to no person: whoever goes on works on the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from ledger.ports import Random, Receipt
from ledger.ports.drafts import Draft
from ledger.scoring.draft.writing import written
from ledger.scoring.scheme import Scheme
from ledger.services.drafts import Drafting, draft_of, drafts_of, keep
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk, contents_of, scheme_of
from ledger.services.tenders import publish_scheme

DESK: Final = "@schemes"
"""Whose drafts they are: no person's id begins so."""


def scheme_drafts(ledger: Drafting, tenant: str) -> list[Draft]:
    """The drafts of a tenant, the last changed first, discarded ones that can be taken back among them."""
    return drafts_of(ledger, tenant, DESK)


def scheme_draft(ledger: Drafting, tenant: str, draft_id: str) -> Draft:
    """One draft. Raises ``DraftAbsent``."""
    return draft_of(ledger, tenant, DESK, draft_id)


def begin_scheme(ledger: Drafting, random: Random, tenant: str, said: Mapping[str, str]) -> Draft:
    """A new draft. Raises ``TooManyDrafts``."""
    return keep(ledger, (tenant, DESK), str(UUID(bytes=random.token(16), version=4)), said)


def keep_scheme(ledger: Drafting, tenant: str, draft_id: str, said: Mapping[str, str], seen: int) -> Draft:
    """Keep a draft as it is now. Raises ``DraftChanged`` where somebody else kept it since, ``DraftTooLarge``."""
    return keep(ledger, (tenant, DESK), draft_id, said, seen)


def anew(desk: Desk, tender: str) -> dict[str, str]:
    """The fields to make the next version of a published scheme from. Raises ``TenderAbsent``."""
    return written(scheme_of(desk, tender))


def next_version(desk: Desk, tender: str) -> int:
    """The version that a scheme of this tender would be published as."""
    held = contents_of(desk, "scheme", tender) if tender else []
    return 1 + max((int(content["version"]) for content in held), default=0)


def publish_draft(ledger: Drafting, desk: Desk, draft_id: str, scheme: Scheme) -> Receipt:
    """Record the scheme, locked by its hash, and forget the draft. Raises what ``publish_scheme`` does."""
    catch_up(desk.entries, desk.projections)
    receipt = publish_scheme(desk, scheme)
    catch_up(desk.entries, desk.projections)
    ledger.drafts.forget(desk.tenant, DESK, draft_id)
    return receipt
