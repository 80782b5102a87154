"""
Who may see which shipments: the house all, an organisation the consignments and routes that a standing grant gives it.

Lists, single answers, activity data and offered footprints all ask here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ledger.ports import Clock, EntryStore, Projections, Random, Receipt
from ledger.ports.shipments import Wanted
from ledger.records.record import check, decode_body
from ledger.records.shipment import Scope, ShipmentGrant
from ledger.services.capture import Submission, capture_one
from ledger.services.project import catch_up


class Granting(Protocol):
    """What a look at grants needs of a ledger."""

    @property
    def entries(self) -> EntryStore:
        """Where records are."""
        ...

    @property
    def projections(self) -> Projections:
        """Grants; for shipments also hubs with their energy, and operators' statements."""
        ...

    @property
    def clock(self) -> Clock:
        """Which grants stand."""
        ...


class Recording(Granting, Protocol):
    """What recording a grant needs of a ledger."""

    @property
    def random(self) -> Random: ...


def visible(ledger: Granting, tenant: str, organisation: str) -> Wanted:
    """What an organisation may see; the house, which has no name, sees everything."""
    return _wanted(standing(ledger, tenant, organisation)) if organisation else Wanted(everything=True)


def granted(ledger: Granting, tenant: str) -> Wanted:
    """What any organisation may see."""
    return _wanted(standing(ledger, tenant))


def standing(ledger: Granting, tenant: str, organisation: str | None = None) -> list[ShipmentGrant]:
    """The grants in force, the latest of each kind, oldest first: of one organisation, or all."""
    facts = ledger.projections.facts(tenant, "shipment_grant", organisation)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    latest: dict[tuple[str, str, str | None], ShipmentGrant] = {}
    for fact in facts:
        one = decode_body(entries[fact.seq].body, "shipment_grant")
        assert isinstance(one, ShipmentGrant)
        latest.pop((one.grantee, one.scope, one.value), None)
        latest[one.grantee, one.scope, one.value] = one
    now = ledger.clock.now()
    return [one for one in latest.values() if not one.revoked and (one.until is None or now < one.until)]


def grant_shipments(
    ledger: Recording,
    submission: Submission,
    *,
    grantee: str,
    scope: Scope,
    value: str | None,
    until: datetime | None = None,
    revoked: bool = False,
) -> Receipt:
    """Let an organisation see shipments, or no longer. Raises ``FieldMissing`` for a scope without its value."""
    record = ShipmentGrant(
        grantee=grantee,
        id=f"shipment-grant:{ledger.random.token(12).hex()}",
        kind="shipment_grant",
        occurred_at=ledger.clock.now(),
        revoked=revoked,
        scope=scope,
        until=until,
        value=value,
        version=1,
    )
    check(record)
    receipt = capture_one(ledger, submission, record)
    catch_up(ledger.entries, ledger.projections)
    return receipt


def _wanted(grants: list[ShipmentGrant]) -> Wanted:
    return Wanted(
        consignments={one.value for one in grants if one.scope == "consignment" and one.value is not None},
        routes={one.value for one in grants if one.scope == "route" and one.value is not None},
        everything=any(one.scope == "all" for one in grants),
    )
