"""The crash campaign: real services on a real database and a real chain, killed at seeded places, started again."""
