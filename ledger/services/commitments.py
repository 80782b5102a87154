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


class Signed(NamedTuple):
    """How many signed a commitment, and how its pledges stand."""

    commitment: CommitmentName
    signatories: int
    states: dict[PledgeState, int]

    @property
    def pledges(self) -> int:
        """How many in all."""
        return sum(self.states.values())


def pledges_seen(ledger: Registering, party: Party) -> list[Pledged]:
    """Every pledge a party may see, in the order of the log: all of the tenant for the house, else its own."""
    catch_up(ledger.entries, ledger.projections)
    supplier = None if party.sees_all else party.organisation
    return _pledged(ledger, party.tenant, ledger.projections.facts(party.tenant, "pledge", supplier), supplier)


def pledges_page(
    ledger: Registering, party: Party, after: Place | None = None, limit: int = PAGE
) -> tuple[list[Pledged], Place | None]:
    """At most ``limit`` of them behind a place, by commitment; and the last one's, where more follow."""
    catch_up(ledger.entries, ledger.listing)
    rows, more = ledger.listing.page(party.tenant, _among(party), after, limit)
    facts = [Fact(row.seq, party.tenant, "pledge", row.supplier, 0) for row in rows]
    found = {
        one.entry: one
        for supplier in dict.fromkeys(fact.subject for fact in facts)
        for one in _pledged(ledger, party.tenant, [fact for fact in facts if fact.subject == supplier], supplier)
    }
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
    return _pledged(ledger, party.tenant, [fact], said["supplier"])[0]


def _among(party: Party) -> Among:
    return Among("pledge", None if party.sees_all else party.organisation)


def _pledged(ledger: Registering, tenant: str, facts: Sequence[Fact], supplier: str | None) -> list[Pledged]:
    values: dict[str, list[tuple[int, Any]]] = {}
    for at, value in _records(ledger, ledger.projections.facts(tenant, "pledge_value", supplier)):
        values.setdefault(value.pledge, []).append((at, value))
    return [counted(at, one, values.get(one.id, ())) for at, one in _records(ledger, facts) if isinstance(one, Pledge)]


def _records(ledger: Registering, facts: Sequence[Fact]) -> list[tuple[int, Any]]:
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(fact.seq, decode_body(entries[fact.seq].body, fact.kind)) for fact in facts]
