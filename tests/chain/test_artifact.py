"""The contracts that the package ships are those that the sources compile to, by two tool chains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "ledger/data/contracts"
CONTRACTS = ("CheckpointRegistry", "Consortium")
ENVIRONMENT = os.environ | {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "HARDHAT_DISABLE_TELEMETRY_PROMPT": "true",
}


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=CONTRACTS)
def shipped(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads((DATA / f"{request.param}.json").read_text(encoding="utf-8"))


def test_shipped_contracts_are_fresh() -> None:
    """Compiling the sources with py-solc-x gives the shipped files, byte for byte."""
    assert run(sys.executable, "contracts/compile.py", "--check").count("fresh") == len(CONTRACTS)


def test_two_tool_chains_agree() -> None:
    """Hardhat compiles the same bytecode as py-solc-x, creation and runtime, byte for byte."""
    run("node", "node_modules/hardhat/dist/src/cli.js", "compile")
    for name in CONTRACTS:
        path = ROOT / f"build/hardhat/artifacts/contracts/{name}.sol/{name}.json"
        compiled, shipped = (json.loads(one.read_text(encoding="utf-8")) for one in (path, DATA / f"{name}.json"))
        for part in ("bytecode", "deployedBytecode", "abi"):
            assert compiled[part] == shipped[part], f"{name}: {part}"


def test_same_settings_in_both_tool_chains(shipped: dict[str, Any]) -> None:
    """The file says which compiler and settings made it, and the bytecode needs no opcode newer than Paris."""
    assert shipped["compiler"] == "0.8.37+commit.f401782d"
    assert shipped["settings"]["evmVersion"] == "paris"
    assert shipped["settings"]["metadata"] == {"bytecodeHash": "none"}


def test_nothing_but_numbers_and_hashes(shipped: dict[str, Any]) -> None:
    """No function takes, and no event or error carries, text or free bytes: data cannot get on chain by accident."""
    numbers = {"uint8", "uint64", "uint256", "bytes32", "bytes32[]", "address", "address[]", "bool", "bytes4"}
    allowed = numbers | {"tuple", "tuple[]"}
    types = {field["type"] for part in shipped["abi"] for field in [*part.get("inputs", []), *part.get("outputs", [])]}
    assert types <= allowed
