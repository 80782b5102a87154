"""The contracts as the package ships them: what ``contracts/compile.py`` wrote."""

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


def registry() -> Artifact:
    """The witness contract."""
    return _shipped("CheckpointRegistry")


def consortium() -> Artifact:
    """The organisations behind it."""
    return _shipped("Consortium")


@cache
def _shipped(name: str) -> Artifact:
    stored = json.loads(files("ledger.data").joinpath(f"contracts/{name}.json").read_text(encoding="utf-8"))
    return Artifact(
        abi=stored["abi"],
        bytecode=bytes.fromhex(stored["bytecode"].removeprefix("0x")),
        runtime=bytes.fromhex(stored["deployedBytecode"].removeprefix("0x")),
    )
