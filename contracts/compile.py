"""
Compiles the contracts into the JSON that the package ships: ``python contracts/compile.py``.

With ``--check`` nothing is written; exit code 1 when the shipped file is not what the sources compile to.
Needs ``npm ci`` and ``node`` on the path, or Node from its wheel beside this Python; nothing is downloaded.
"""

# ruff: noqa: INP001, T201 - a script, and what it prints is its answer
from __future__ import annotations

import argparse
import json
import os
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import solcx

ROOT = Path(__file__).resolve().parent.parent
ARTIFACT = ROOT / "ledger/data/contracts/CheckpointRegistry.json"
ENTRY = "contracts/CheckpointRegistry.sol"
SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 200},
    "viaIR": True,
    "evmVersion": "paris",
    "metadata": {"bytecodeHash": "none"},
}
OUTPUTS = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]
IMPORT = re.compile(r'^import [^"]*"([^"]+)";', re.MULTILINE)


def sources() -> dict[str, str]:
    """Every source by the name that imports use, found from the entry on."""
    found: dict[str, str] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        folder = ROOT / "node_modules" if name.startswith("@") else ROOT
        found[name] = (folder / name).read_text(encoding="utf-8")
        for target in IMPORT.findall(found[name]):
            path = os.path.normpath(Path(name).parent / target) if target.startswith(".") else target
            waiting.append(Path(path).as_posix())
    return dict(sorted(found.items()))


def compiled() -> dict[str, Any]:
    """What py-solc-x makes of the sources, in the shape that is shipped."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    solc = ROOT / "contracts/solc.cjs"
    texts = sources()
    output = solcx.compile_standard(
        {
            "language": "Solidity",
            "sources": {name: {"content": text} for name, text in texts.items()},
            "settings": SETTINGS | {"outputSelection": {ENTRY: {"CheckpointRegistry": OUTPUTS}}},
        },
        solc_binary=solc,
    )
    contract = output["contracts"][ENTRY]["CheckpointRegistry"]
    return {
        "contractName": "CheckpointRegistry",
        "compiler": solcx.wrapper.get_version_str_from_solc_binary(solc),
        "settings": SETTINGS,
        "sources": {name: sha256(text.encode()).hexdigest() for name, text in texts.items()},
        "abi": contract["abi"],
        "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
        "deployedBytecode": "0x" + contract["evm"]["deployedBytecode"]["object"],
    }


def main() -> int:
    """Write the artifact, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    text = json.dumps(compiled(), indent=1, ensure_ascii=False) + "\n"
    name = ARTIFACT.relative_to(ROOT)
    if not parser.parse_args().check:
        ARTIFACT.parent.mkdir(parents=True, exist_ok=True)
        ARTIFACT.write_text(text, encoding="utf-8")
        print(f"wrote {name}")
        return 0
    same = ARTIFACT.exists() and ARTIFACT.read_text(encoding="utf-8") == text
    print(f"{name} is fresh" if same else f"{name} is stale: run python contracts/compile.py")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
