"""
Compiles the contracts into the JSON that the package ships: ``python contracts/compile.py``.

With ``--check`` nothing is written; exit code 1 when a shipped file is not what the sources compile to.
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
SHIPPED = ROOT / "ledger/data/contracts"
CONTRACTS = ("CheckpointRegistry", "Consortium")
SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 200},
    "viaIR": True,
    "evmVersion": "paris",
    "metadata": {"bytecodeHash": "none"},
}
OUTPUTS = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]
IMPORT = re.compile(r'^import [^"]*"([^"]+)";', re.MULTILINE)


def sources(entry: str) -> dict[str, str]:
    """Every source by the name that imports use, found from the entry on."""
    found: dict[str, str] = {}
    waiting = [entry]
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


def compiled(name: str) -> dict[str, Any]:
    """What py-solc-x makes of a contract's sources, in the shape that is shipped."""
    solc, entry = ROOT / "contracts/solc.cjs", f"contracts/{name}.sol"
    texts = sources(entry)
    output = solcx.compile_standard(
        {
            "language": "Solidity",
            "sources": {path: {"content": text} for path, text in texts.items()},
            "settings": SETTINGS | {"outputSelection": {entry: {name: OUTPUTS}}},
        },
        solc_binary=solc,
    )
    contract = output["contracts"][entry][name]
    return {
        "contractName": name,
        "compiler": solcx.wrapper.get_version_str_from_solc_binary(solc),
        "settings": SETTINGS,
        "sources": {path: sha256(text.encode()).hexdigest() for path, text in texts.items()},
        "abi": contract["abi"],
        "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
        "deployedBytecode": "0x" + contract["evm"]["deployedBytecode"]["object"],
    }


def main() -> int:
    """Write the artifacts, or compare them."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args().check
    return max([_shipped(name, checking=checking) for name in CONTRACTS])


def _shipped(name: str, *, checking: bool) -> int:
    path = SHIPPED / f"{name}.json"
    text = json.dumps(compiled(name), indent=1, ensure_ascii=False) + "\n"
    shown = path.relative_to(ROOT)
    if not checking:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {shown}")
        return 0
    same = path.exists() and path.read_text(encoding="utf-8") == text
    print(f"{shown} is fresh" if same else f"{shown} is stale: run python contracts/compile.py")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
