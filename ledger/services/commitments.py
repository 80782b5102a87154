"""Pledges of suppliers to the commitments with their values, as a party sees them."""

from __future__ import annotations

from ledger.programme.commitments import Pledged
from ledger.programme.errors import PledgeUnknown
from ledger.records.pledge import Pledge, PledgeValue
from ledger.records.record import decode_body
from ledger.services.certificates import Registering
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up


def pledges_seen(ledger: Registering, party: Party) -> list[Pledged]:
    """
    Every pledge a party may see, in the order of the log: all of the tenant for the house, else its own.

    A value counts that its pledge's own supplier stated, in the pledge's unit; of one year the one entered last.
    """
    catch_up(ledger.entries, ledger.projections)
    supplier = None if party.sees_all else party.organisation
    values: dict[str, list[tuple[int, PledgeValue]]] = {}
    for at, value in _records(ledger, party.tenant, "pledge_value", supplier):
        if isinstance(value, PledgeValue):
            values.setdefault(value.pledge, []).append((at, value))
    return [
        Pledged(
            at,
            one,
            {
                value.year: (index, value)
                for index, value in values.get(one.id, ())
                if (value.supplier, value.unit) == (one.supplier, one.unit)
            },
        )
        for at, one in _records(ledger, party.tenant, "pledge", supplier)
        if isinstance(one, Pledge)
    ]


def pledge_seen(ledger: Registering, party: Party, name: str) -> Pledged:
    """One of them. Raises ``PledgeUnknown`` alike for absent, withdrawn and foreign ones."""
    found = next((one for one in pledges_seen(ledger, party) if one.pledge.id == name), None)
    if found is None:
        raise PledgeUnknown(pledge=name[:200])
    return found


def _records(ledger: Registering, tenant: str, kind: str, supplier: str | None) -> list[tuple[int, object]]:
    facts = ledger.projections.facts(tenant, kind, supplier)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(at, decode_body(entries[at].body, kind)) for at in sorted(entries)]
