"""The first schema: log, tiles, checkpoints, leases, projections, principals."""

from alembic import op

from ledger.adapters.sql.tables import METADATA

revision = "0001"
down_revision = None

WRITER = "onecode_writer"


def upgrade() -> None:
    bind = op.get_bind()
    METADATA.create_all(bind)
    (_sqlite if bind.dialect.name == "sqlite" else _postgresql)()


def _sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entry_no_{verb.lower()} BEFORE {verb} ON entry "
            "BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entry_no_change BEFORE UPDATE OR DELETE ON entry "
        "FOR EACH ROW EXECUTE FUNCTION entry_append_only()"
    )
    op.execute(
        "CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION entry_append_only()"
    )
    op.execute("ALTER TABLE entry ALTER COLUMN body SET STORAGE EXTERNAL")
    # The application works as a role that can add entries and read them, and nothing else.
    op.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{WRITER}') "
        f"THEN CREATE ROLE {WRITER} NOLOGIN; END IF; END $$"
    )
    op.execute(f"GRANT {WRITER} TO CURRENT_USER")
    schema = "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO " + WRITER + "', current_schema()); END $$"
    op.execute(schema)
    for table in METADATA.sorted_tables:
        verbs = "SELECT, INSERT" if table.name == "entry" else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {verbs} ON {table.name} TO {WRITER}")
    for sequence in ("tenant_id_seq", "asset_no_seq", "life_code_no_seq", "event_name_no_seq"):
        op.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {WRITER}")
    op.execute(f"GRANT SELECT ON alembic_version TO {WRITER}")
