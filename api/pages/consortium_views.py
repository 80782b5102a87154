"""The organisations behind the chain contract on the page of checkpoints: as they stand, and what they decided."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from ledger.ports.consortium import CheckpointKey, Member
from ledger.records.consortium_change import ConsortiumChange
from ledger.services.access import Principal
from ledger.services.consortium import Recorded, known_names, newest_changes, recorded_changes
from ledger.services.consortium_history import organisations_after
from ledger.wiring import Ledger

ROWS: Final = 20


class KeyRow(NamedTuple):
    """A checkpoint key and the last size it signed; ``None`` while it is in force."""

    key: str
    first: int
    last: int | None
    revoked: bool


class MemberRow(NamedTuple):
    """An organisation as it stands."""

    name: str
    hash: str
    member: Member
    keys: tuple[KeyRow, ...]


class ChangeRow(NamedTuple):
    """A change: whom it is about, and who put or approved it."""

    entry: int
    change: ConsortiumChange
    about: str
    by: str

    @property
    def at(self) -> datetime:
        """Time of its block."""
        return self.change.occurred_at


class OrganisationsView(NamedTuple):
    """Organisations after a block, or now, and a page of changes."""

    quorum: int
    pause_quorum: int
    paused: bool
    present: int
    members: list[MemberRow]
    may_anchor: list[str]
    block: int | None
    changes: list[ChangeRow]
    older: int | None


def organisations_view(
    ledger: Ledger, principal: Principal, block: int | None, before: int | None
) -> OrganisationsView | None:
    """What the log says of them; ``None`` where there are none."""
    tenant = principal.tenant
    recorded = recorded_changes(ledger, tenant)
    if not recorded:
        return None
    names = known_names([ledger.settings.company_name, *(one.name for one in ledger.organisations.listed(tenant))])
    shown = organisations_after((one.change for one in recorded), block)
    found = newest_changes(ledger, tenant, before, ROWS + 1)
    return OrganisationsView(
        quorum=shown.quorum,
        pause_quorum=shown.pause_quorum,
        paused=shown.paused,
        present=sum(one.present for one in shown.members),
        members=[_member(one, names) for one in shown.members],
        may_anchor=list(shown.may_anchor()),
        block=block,
        changes=[_change(one, names) for one in found[:ROWS]],
        older=found[ROWS - 1].entry if len(found) > ROWS else None,
    )


def _member(one: Member, names: dict[bytes, str]) -> MemberRow:
    text = one.organisation.hex()
    return MemberRow(names.get(one.organisation, ""), text, one, tuple(_key(key) for key in one.keys))


def _key(key: CheckpointKey) -> KeyRow:
    last = None if key.until_size is None else key.until_size - 1
    return KeyRow(key.key.hex(), key.from_size, last, key.revoked)


def _change(one: Recorded, names: dict[bytes, str]) -> ChangeRow:
    change = one.change
    return ChangeRow(one.entry, change, _named(change.organisation, names), _named(change.by, names))


def _named(text: str | None, names: dict[bytes, str]) -> str:
    return names.get(bytes.fromhex(text), f"{text[:12]}…") if text else ""
