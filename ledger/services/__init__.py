"""One module per thing a person, or the clock, can ask of the ledger."""
