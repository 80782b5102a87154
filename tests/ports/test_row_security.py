"""PostgreSQL itself keeps tenants apart: a query that forgot its tenant finds the acting tenant's rows alone."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ledger.adapters.clock import SystemClock, SystemRandom
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.principals import SqlPrincipals
from ledger.adapters.sql.projections import SqlProjections
from ledger.adapters.sql.tables import METADATA
from ledger.ports.tenancy import acting_for
from ledger.services.capture import capture
from ledger.services.keys import issue_key
from ledger.services.project import catch_up
from tests.builders import leg, pcf, scan

TENANTS = ("one", "two")
HELD = sorted(table.name for table in METADATA.tables.values() if "tenant_id" in table.columns)


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """Two tenants with principals, things, activity and facts each."""
    database = Database(open_engine(postgres_url))
    clock, random, entries = SystemClock(), SystemRandom(), SqlEntries(database)
    for tenant in TENANTS:
        issue_key(SqlPrincipals(database), clock, random, tenant=tenant, name=tenant, role="admin", days=1)
        capture(entries, clock, random, tenant=tenant, submitter="x", records=[leg(), pcf(), scan()])
    with acting_for("two"):  # whoever asks for it: a fold is for all
        catch_up(entries, SqlProjections(database))
    yield database
    database.engine.dispose()


def _tenants(database: Database, table: str) -> set[str]:
    query = f"SELECT DISTINCT t.name FROM {table} x JOIN tenant t ON t.id = x.tenant_id"
    with database.reading() as connection:
        return set(connection.execute(text(query)).scalars())


@pytest.mark.parametrize("table", ["principal", "asset", "asset_event", "activity", "fact"])
def test_a_query_without_its_tenant_finds_the_acting_tenants_rows(database: Database, table: str) -> None:
    """No WHERE at all: everything when acting for everyone, one tenant's rows when acting for it, none for a third."""
    assert _tenants(database, table) == set(TENANTS)
    for tenant in TENANTS:
        with acting_for(tenant):
            assert _tenants(database, table) == {tenant}
    with acting_for("three"):
        assert _tenants(database, table) == set()
    assert _tenants(database, table) == set(TENANTS)


def test_what_is_written_is_the_acting_tenants_too(database: Database) -> None:
    """Another's rows are not changed, deleted or made, and the connection is everyone's again afterwards."""
    with acting_for("one"), database.writing() as connection:
        assert connection.execute(text("UPDATE principal SET revoked = true")).rowcount == 1
        assert connection.execute(text("DELETE FROM activity")).rowcount == 1
    copied = "INSERT INTO fact SELECT seq + 100, tenant_id + 1, kind, subject, occurred_at FROM fact"
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting_for("one"),
        database.writing() as connection,
    ):
        connection.execute(text(copied))
    assert _tenants(database, "activity") == {"two"}
    assert _tenants(database, "fact") == set(TENANTS)


def test_a_new_tenant_gets_its_first_row(database: Database) -> None:
    """Acting for a tenant that has no number yet: it is given one, and the row is its own."""
    with acting_for("three"):
        principals = SqlPrincipals(database)
        issue_key(principals, SystemClock(), SystemRandom(), tenant="three", name="x", role="admin", days=1)
        assert _tenants(database, "principal") == {"three"}


def test_every_table_with_a_tenant_has_the_policy(database: Database) -> None:
    """Row-level security is on and forced for each, and the application's role is neither owner nor exempt."""
    query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity ORDER BY 1"
    with database.reading() as connection:
        assert list(connection.execute(text(query)).scalars()) == HELD
        role = connection.execute(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
        assert role.scalar() is False
        owned = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"
        assert connection.execute(text(owned)).scalar() == 0


def test_who_says_nothing_sees_nothing(database: Database, postgres_url: str) -> None:
    """A connection of another program in the application's role: no rows until it says for whom."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("SET ROLE onecode_writer")
        assert connection.execute("SELECT count(*) FROM fact").fetchone() == (0,)
