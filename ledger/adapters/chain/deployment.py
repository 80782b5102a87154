"""
The deployment on record: which registry on which chain this ledger has, in ``chain.json`` beside its data; and which
consortium, where it was founded from here, in ``consortium.json``.

The signed deployment is written down before it is sent, like an anchor: after a crash the same bytes go out again, and
at most one registry comes of them.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Deployment:
    """``contract`` is None while the deployment is signed and not yet seen in a block."""

    chain_id: int
    deployer: str
    transaction: str
    raw: str
    contract: str | None = None


class DeploymentFile:
    """Reads and writes the record."""

    def __init__(self, directory: Path, name: str = "chain.json") -> None:
        self._path = directory / name

    def read(self) -> Deployment | None:
        """The record, None when there never was a deployment from here."""
        try:
            return Deployment(**json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def write(self, deployment: Deployment) -> None:
        """Replace the record, whole, on disk before this returns."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".json.new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(deployment), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
