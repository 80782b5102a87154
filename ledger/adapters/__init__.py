"""The ports' other side: databases, chains, files, clock and keys."""
