"""
What the organisations behind the witness contract change on the chain, recorded in the log, event by event.

Any process may record; an event has one id wherever it is read, so that it becomes one entry. Only events in final
blocks are recorded. With the chain away nothing is recorded and nothing else waits: the next round goes on from the
last block that the log knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

from ledger.errors import ChainError, LedgerError
from ledger.ports import Clock, EntryStore, Projections, Random
from ledger.ports.consortium import ConsortiumEvent, ConsortiumReader, Decision
from ledger.ports.projections import Fact
from ledger.records.consortium_change import ConsortiumAct, ConsortiumChange, change_id, check_change
from ledger.records.record import decode_body
from ledger.services.capture import capture
from ledger.services.project import catch_up

KIND: Final = "consortium_change"
SUBMITTER: Final = "consortium"
"""In whose name events are recorded: no key and no person has this id."""
_ACTS: Final[Mapping[str, ConsortiumAct]] = {
    "AccountSet": "account_set",
    "AnchorAdded": "anchor_added",
    "AnchorRemoved": "anchor_removed",
    "ApprovalWithdrawn": "approval_withdrawn",
    "Approved": "approved",
    "Carried": "carried",
    "KeyEnded": "key_ended",
    "KeyRegistered": "key_registered",
    "OrganisationAdmitted": "organisation_admitted",
    "OrganisationRemoved": "organisation_removed",
    "Paused": "paused",
    "Proposed": "proposed",
    "QuorumSet": "quorum_set",
    "RolesSet": "roles_set",
    "Unpaused": "resumed",
}
"""Events that are recorded; ``ChangedBefore`` only leads to them."""


class Recorded(NamedTuple):
    """A change and its entry."""

    entry: int
    change: ConsortiumChange


class Histories(Protocol):
    """What reading recorded changes needs of a ledger."""

    @property
    def entries(self) -> EntryStore:
        """Where they are."""
        ...

    @property
    def projections(self) -> Projections:
        """Where to find them."""
        ...


def recorded_changes(ledger: Histories, tenant: str) -> list[Recorded]:
    """Every recorded change, in the order of the chain."""
    catch_up(ledger.entries, ledger.projections)
    return _read(ledger.entries, ledger.projections.facts(tenant, KIND))


def newest_changes(ledger: Histories, tenant: str, before: int | None = None, limit: int = 50) -> list[Recorded]:
    """At most ``limit`` of them with entry < ``before``, newest first."""
    return _read(ledger.entries, ledger.projections.last_facts(tenant, KIND, before=before, limit=limit))[::-1]


def _read(entries: EntryStore, facts: Sequence[Fact]) -> list[Recorded]:
    found = entries.gathered([fact.seq for fact in facts])
    read = ((at, decode_body(found[at].body, KIND)) for at in found)
    changes = [Recorded(at, one) for at, one in read if isinstance(one, ConsortiumChange)]
    return sorted(changes, key=lambda one: (one.change.block, one.change.position))


def organisation_id(name: str) -> bytes:
    """What an organisation is called on chain: SHA-256 of its public name."""
    return sha256(name.encode()).digest()


def known_names(names: Iterable[str]) -> dict[bytes, str]:
    """Names that this ledger knows, by what they are on chain."""
    return {organisation_id(name): name for name in names}


@dataclass(slots=True)
class ConsortiumDesk:
    """One process's hands: the contract, and the log that its events go into."""

    consortium: ConsortiumReader
    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random
    tenant: str
    seen: int = -1
    """The last block that is recorded; -1 before the log was asked."""

    def record(self) -> int:
        """Record what is new in final blocks; how many events. Raises ChainError."""
        if self.seen < 0:
            catch_up(self.entries, self.projections)
            last = newest_changes(self, self.tenant, limit=1)
            self.seen = last[0].change.block if last else 0
        events = self.consortium.events(self.seen)
        contract = self.consortium.address
        changes = [change_of(event, contract) for event in events if event.name in _ACTS]
        outcomes = capture(
            self.entries, self.clock, self.random, tenant=self.tenant, submitter=SUBMITTER, records=changes
        )
        for outcome in outcomes:
            if isinstance(outcome, LedgerError):
                raise outcome
        self.seen = max([self.seen, *(event.receipt.block_number for event in events)])
        return len(changes)

    def round(self) -> None:
        """The same as an errand of the background work: a chain that is away is for the next round."""
        try:
            self.record()
        except ChainError:
            return


def change_of(event: ConsortiumEvent, contract: str) -> ConsortiumChange:
    """The record of one event."""
    receipt, block_hash = event.receipt, event.receipt.block_hash.hex()
    made = ConsortiumChange(
        act=_ACTS[event.name],
        block=receipt.block_number,
        block_hash=block_hash,
        chain=receipt.chain_id,
        contract=contract,
        id=change_id(receipt.chain_id, receipt.block_number, block_hash, event.position),
        kind=KIND,
        occurred_at=datetime.fromtimestamp(receipt.block_time, UTC),
        position=event.position,
        transaction=receipt.transaction.hex(),
        version=1,
        **_stated(event),
    )
    check_change(made)
    return made


_NAMES: Final = {
    "fromSize": "from_size",
    "key": "checkpoint_key",
    "pauseQuorum": "pause_quorum",
    "untilSize": "until_size",
}


def _stated(event: ConsortiumEvent) -> dict[str, Any]:
    values = dict(event.values)
    decision = values.pop("change", None)
    found: dict[str, Any] = {}
    for name, value in values.items():
        said = _NAMES.get(name, name)
        if said in {"from_size", "until_size"}:
            found[said] = str(value)
        elif said == "expires":
            found[said] = datetime.fromtimestamp(int(str(value)), UTC)
        else:
            found[said] = value.hex() if isinstance(value, bytes) else value
    if event.name in {"Proposed", "Approved", "ApprovalWithdrawn"}:
        found["by"] = found.pop("organisation")
    if isinstance(decision, Decision):
        found["decision"] = decision.kind
        found |= _decided(decision)
    return found


def _decided(decision: Decision) -> dict[str, Any]:
    said = {
        "account": decision.account or None,
        "organisation": decision.organisation.hex() if any(decision.organisation) else None,
        "pause_quorum": decision.pause_quorum or None,
        "quorum": decision.quorum or None,
        "roles": decision.roles if decision.kind in {"admit", "set_roles"} else None,
    }
    return {name: value for name, value in said.items() if value is not None}
