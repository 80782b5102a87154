"""OneCode Ledger: identity, log, footprint and scoring of things that carry one code for life."""
