"""Alembic's entry: the connection is handed over by ``ledger.adapters.sql.engine.upgrade``."""

from alembic import context

from ledger.adapters.sql.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
