"""Organisations on SQLite and PostgreSQL: entered once, listed by tenant, found by id."""

from __future__ import annotations

import pytest

from ledger.adapters.clock import SystemClock, SystemRandom
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.organisations import SqlOrganisations
from ledger.services.organisations import (
    Organisation,
    OrganisationAbsent,
    OrganisationExists,
    OrganisationRefused,
    add_organisation,
    organisation_of,
)

URN = "urn:gln:4012345000009"


def _add(store: SqlOrganisations, tenant: str = "house", **terms: object) -> Organisation:
    plain = {"name": "华东电缆", "kind": "supplier"} | terms
    return add_organisation(store, SystemClock(), SystemRandom(), tenant=tenant, **plain)  # type: ignore[arg-type]


def test_each_tenant_has_its_own(database: Database) -> None:
    """The same id and name are free in another tenant, taken in this one; identifiers keep their order."""
    store = SqlOrganisations(database)
    made = _add(store, organisation_id="cable", identifiers=(URN, "urn:uuid:1", URN))
    assert made.identifiers == (URN, "urn:uuid:1")
    assert organisation_of(store, "house", "cable") == made
    other = _add(store, "other", organisation_id="cable")
    assert (store.listed("house"), store.listed("other"), store.listed("none")) == ([made], [other], [])
    for taken in ({"organisation_id": "cable", "name": "x"}, {"organisation_id": "x1"}):
        with pytest.raises(OrganisationExists):
            _add(store, **taken)
    with pytest.raises(OrganisationAbsent):
        organisation_of(store, "none", "cable")


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "owner"},
        {"name": "  "},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"organisation_id": "No"},
        {"organisation_id": "x" * 61},
        {"identifiers": ("4012345000009",)},
        {"identifiers": tuple(f"urn:x1:{n}" for n in range(21))},
    ],
)
def test_bad_terms_are_refused(sqlite_url: str, terms: dict[str, object]) -> None:
    """Nothing is stored for a kind, name, id or identifier that is none."""
    database = Database(open_engine(sqlite_url))
    with pytest.raises(OrganisationRefused):
        _add(SqlOrganisations(database), **terms)
    assert SqlOrganisations(database).listed("house") == []
    database.engine.dispose()
