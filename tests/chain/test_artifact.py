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
    return json.loads((ROOT / f"ledger/data/contracts/{request.param}.json").read_text(encoding="utf-8"))


def test_shipped_contracts_are_fresh() -> None:
    """Compiling the sources with py-solc-x gives the shipped files, byte for byte."""
    assert run(sys.executable, "contracts/compile.py", "--check").count("fresh") == len(CONTRACTS)


@pytest.fixture(scope="module")
def hardhat() -> Path:
    """Where Hardhat puts what it compiles."""
    run("node", "node_modules/hardhat/dist/src/cli.js", "compile")
    return ROOT / "build/hardhat/artifacts/contracts"


def test_two_tool_chains_agree(shipped: dict[str, Any], hardhat: Path) -> None:
    """Hardhat compiles the same bytecode as py-solc-x, creation and runtime, byte for byte."""
    name = shipped["contractName"]
    compiled = json.loads((hardhat / f"{name}.sol" / f"{name}.json").read_text(encoding="utf-8"))
    assert compiled["bytecode"] == shipped["bytecode"]
    assert compiled["deployedBytecode"] == shipped["deployedBytecode"]
    assert compiled["abi"] == shipped["abi"]


def test_same_settings_in_both_tool_chains(shipped: dict[str, Any]) -> None:
    """The file says which compiler and settings made it, and the bytecode needs no opcode newer than Paris."""
    assert shipped["compiler"] == "0.8.37+commit.f401782d"
    assert shipped["settings"]["evmVersion"] == "paris"
    assert shipped["settings"]["metadata"] == {"bytecodeHash": "none"}


def test_nothing_but_numbers_and_hashes(shipped: dict[str, Any]) -> None:
    """No function takes, and no event or error carries, text or free bytes: data cannot get on chain by accident."""
    allowed = {"uint8", "uint64", "uint256", "bytes32", "bytes32[]", "address", "address[]", "bool", "bytes4", "tuple", "tuple[]"}
    types = {field["type"] for part in shipped["abi"] for field in [*part.get("inputs", []), *part.get("outputs", [])]}
    assert types <= allowed
