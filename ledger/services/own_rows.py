"""Whom a record speaks for: what an organisation hands in names that organisation, where it names a supplier."""

from __future__ import annotations

from ledger.records.record import Record
from ledger.services.intake_errors import NotOwnOrganisation


def require_own(record: Record, organisation: str) -> None:
    """Raise ``NotOwnOrganisation`` for another's row; the house, an empty organisation, hands in anyone's."""
    supplier = getattr(record, "supplier", None)
    if organisation and supplier is not None and supplier != organisation:
        raise NotOwnOrganisation(supplier=supplier, own=organisation)
