"""CheckpointRegistry as the package ships it: what ``contracts/compile.py`` wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract."""

    abi: list[dict[str, Any]]
    bytecode: bytes
    """What a deployment runs, without its arguments."""
    runtime: bytes
    """What stands at the address afterwards, byte for byte."""


@cache
def registry() -> Artifact:
    """The witness contract."""
    text = files("ledger.data").joinpath("contracts/CheckpointRegistry.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    return Artifact(
        abi=stored["abi"],
        bytecode=bytes.fromhex(stored["bytecode"].removeprefix("0x")),
        runtime=bytes.fromhex(stored["deployedBytecode"].removeprefix("0x")),
    )
