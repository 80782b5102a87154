"""The first schema: log, tiles, checkpoints, leases, projections, principals."""

from alembic import op

from ledger.adapters.sql.tables import APPEND_ONLY, METADATA
from ledger.ports.tenancy import EVERYONE

revision = "0001"
down_revision = None

WRITER = "onecode_writer"


def upgrade() -> None:
    bind = op.get_bind()
    METADATA.create_all(bind)
    (_sqlite if bind.dialect.name == "sqlite" else _postgresql)()


def _sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END"
            )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION entry_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION entry_append_only()"
        )
    # Salts and hashes do not compress, and a slice of a body is read without the rest.
    for column in ("salts", "leaves", "bodies"):
        op.execute(f"ALTER TABLE entry_block ALTER COLUMN {column} SET STORAGE EXTERNAL")
    # The application works as a role that can add entries and read them, and nothing else.
    op.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{WRITER}') "
        f"THEN CREATE ROLE {WRITER} NOLOGIN; END IF; END $$"
    )
    op.execute(f"GRANT {WRITER} TO CURRENT_USER")
    schema = "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO " + WRITER + "', current_schema()); END $$"
    op.execute(schema)
    for name in METADATA.tables:
        verbs = "SELECT, INSERT" if name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {verbs} ON {name} TO {WRITER}")
    numbers = "GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO " + WRITER
    op.execute(f"DO $$ BEGIN EXECUTE format('{numbers}', current_schema()); END $$")
    op.execute(f"GRANT SELECT ON alembic_version TO {WRITER}")
    # Rows that have a tenant are that tenant's alone, also for the tables' owner. Who set nothing sees nothing. The
    # setting is read once for a statement, not once for a row.
    acting = "(SELECT current_setting('onecode.tenant', true))"
    own = f"tenant_id = (SELECT id FROM tenant WHERE name = {acting})"
    for held in METADATA.tables.values():
        if "tenant_id" in held.columns:
            op.execute(f"ALTER TABLE {held.name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY own_tenant ON {held.name} USING ({acting} = '{EVERYONE}' OR {own})")
