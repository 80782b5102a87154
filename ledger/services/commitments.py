"""Pledges of suppliers to the commitments with their values, as a party sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ledger.log.proof import record_of
from ledger.ports import Fact
from ledger.ports.listing import Among, Place
from ledger.programme.commitments import COMMITMENTS, STATES, Pledged, PledgeState, counted
from ledger.programme.errors import PledgeUnknown
from ledger.records.pledge import CommitmentName, Pledge
from ledger.records.record import decode_body
from ledger.services.certificates import Registering
from ledger.services.corrections import withdrawal_of
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up

PAGE: Final = 100
_VALUE: Final = "pledge_value"


class Signed(NamedTuple):
    """How many signed a commitment, and how its pledges stand."""

    commitment: CommitmentName
    signatories: int
    states: dict[PledgeState, int]

    @property
    def pledges(self) -> int:
        """How many in all."""
        return sum(self.states.values())


def pledges_of(ledger: Registering, tenant: str, suppliers: Sequence[str]) -> list[Pledged]:
    """Every pledge of some suppliers, read at once, in the order of the log."""
    catch_up(ledger.entries, ledger.projections)
    known = ledger.projections
    return _pledged(ledger, known.facts_of(tenant, "pledge", suppliers), known.facts_of(tenant, _VALUE, suppliers))


def pledges_page(
    ledger: Registering, party: Party, after: Place | None = None, limit: int = PAGE
) -> tuple[list[Pledged], Place | None]:
    """At most ``limit`` of them behind a place, by commitment; and the last one's, where more follow."""
    catch_up(ledger.entries, ledger.listing)
    rows, more = ledger.listing.page(party.tenant, _among(party), after, limit)
    facts = [Fact(row.seq, party.tenant, "pledge", row.supplier, 0) for row in rows]
    said = ledger.projections.facts_of(party.tenant, _VALUE, sorted({row.supplier for row in rows}))
    found = {one.entry: one for one in _pledged(ledger, facts, said)}
    return [found[row.seq] for row in rows], more


def signed(ledger: Registering, party: Party) -> list[Signed]:
    """The commitments, each with its signatories and pledges by state, of all that a party may see."""
    catch_up(ledger.entries, ledger.listing)
    counts = ledger.listing.tally(party.tenant, _among(party))
    return [
        Signed(
            one.name,
            ledger.listing.suppliers(party.tenant, _among(party)._replace(at=(number, number))),
            {state: counts.get((number, state), 0) for state in STATES},
        )
        for number, one in enumerate(COMMITMENTS)
    ]


def signatories(ledger: Registering, party: Party) -> int:
    """How many suppliers signed any of them."""
    return ledger.listing.suppliers(party.tenant, _among(party))


def pledge_seen(ledger: Registering, party: Party, name: str) -> Pledged:
    """One of them. Raises ``PledgeUnknown`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    said = {} if entry is None else record_of(entry)
    mine = said.get("kind") == "pledge" and (party.sees_all or said["supplier"] == party.organisation)
    if entry is None or not mine or withdrawal_of(ledger.entries, party.tenant, name, "pledge") is not None:
        raise PledgeUnknown(pledge=name[:200])
    fact = Fact(entry.index, party.tenant, "pledge", said["supplier"], 0)
    return _pledged(ledger, [fact], ledger.projections.facts(party.tenant, _VALUE, said["supplier"]))[0]


def _among(party: Party) -> Among:
    return Among("pledge", None if party.sees_all else party.organisation)


def _pledged(ledger: Registering, facts: Sequence[Fact], said: Sequence[Fact]) -> list[Pledged]:
    values: dict[str, list[tuple[int, Any]]] = {}
    for at, value in _records(ledger, said):
        values.setdefault(value.pledge, []).append((at, value))
    return [counted(at, one, values.get(one.id, ())) for at, one in _records(ledger, facts) if isinstance(one, Pledge)]


def _records(ledger: Registering, facts: Sequence[Fact]) -> list[tuple[int, Any]]:
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(fact.seq, decode_body(entries[fact.seq].body, fact.kind)) for fact in facts]
