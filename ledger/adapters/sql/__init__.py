"""SQLite and PostgreSQL: one schema, one set of statements, one append path each."""
