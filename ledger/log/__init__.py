"""The append-only log: entries, their Merkle tree, its checkpoints, and proofs that a stranger checks offline."""
