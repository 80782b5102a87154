"""
Measure, compare, print, and keep the figures in var/bench.json.

``python -m bench`` is the short form (under a minute); ``--full`` takes 631,200 records three times over on each
database; ``--scale`` adds ten times as many, once. ``python -m bench http`` measures requests, ``identity`` codes,
``capture`` EPCIS documents, ``intake`` an uploaded workbook, ``graph`` the product graph, ``recompute`` totals out of
sealed segments, ``processes`` several servers against one, ``labels``, ``liars``, ``lists``, ``loads``, ``queries``,
``routes``, ``scoring`` and ``passports`` what they say.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench import (
    capture,
    graph,
    http,
    identity,
    intake,
    labels,
    liars,
    lists,
    loads,
    passports,
    processes,
    queries,
    recompute,
    routes,
    scoring,
    world,
)
from bench.databases import KINDS, database
from bench.table import Line, show

FULL = 631_200
RESULT = Path("var/bench.json")
SUBJECTS: dict[str, Callable[[list[str], bool], list[dict[str, Any]]]] = {
    "http": lambda kinds, full: http.measure(kinds, seconds=10 if full else 4),
    "identity": lambda _, __: identity.measure(),
    "graph": lambda _, __: graph.measure(),
    "intake": lambda _, full: intake.measure(100_000 if full else 20_000),
    "capture": lambda kinds, full: capture.measure(kinds, 200 if full else 20),
    "labels": lambda _, __: labels.measure(),
    "liars": lambda _, __: liars.measure(),
    "lists": lambda kinds, full: lists.measure(kinds, 20_000 if full else 5_000),
    "loads": lambda _, __: loads.measure(),
    "processes": lambda _, full: processes.measure(seconds=10 if full else 5, rounds=3 if full else 1),
    "queries": lambda kinds, full: queries.measure(kinds, 1_000_000 if full else 100_000),
    "recompute": lambda kinds, full: recompute.measure(kinds, full=full),
    "routes": lambda _, full: routes.measure(full=full),
    "scoring": lambda _, __: scoring.measure(),
    "passports": lambda kinds, full: passports.measure(kinds, seconds=10 if full else 4),
}
"""What else can be measured: databases and whether in full, to the figures."""


def main() -> int:
    """The exit code: 0 when every target was reached."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("log", *SUBJECTS), default="log")
    parser.add_argument("--records", type=int, default=40_000, help="records from a file (a multiple of four)")
    parser.add_argument("--baseline", type=int, default=8_000, help="records the obvious way takes")
    parser.add_argument("--rounds", type=int, default=1, help="how often; medians are shown")
    parser.add_argument("--database", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--full", action="store_true", help="631,200 records, baseline 40,000, three rounds")
    parser.add_argument("--scale", action="store_true", help="6,312,000 records as well, one round")
    options = parser.parse_args()
    if options.what != "log":
        return keep(options.what, SUBJECTS[options.what](options.database, options.full))
    if options.full:
        options.records, options.baseline, options.rounds = FULL, 40_000, 3
    return keep("log", [figures for kind in options.database for figures in log(kind, options)])


def log(kind: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Rounds on one database: the obvious way, then ours, each in a fresh process on a fresh database."""
    found = []
    for number in range(options.rounds):
        theirs = isolated("bench.baseline", kind, options.baseline)
        ours = isolated("bench.ours", kind, options.records)
        rate, base = ours["records"] / ours["seconds"], theirs["records"] / theirs["seconds"]
        found.append({"database": kind, "round": number + 1, "rate": rate, "baseline_rate": base, **ours})
        print(f"  {kind} round {number + 1}: {rate:,.0f} records/s, the obvious way {base:,.0f}, {rate / base:.1f}x")
    show(kind, lines(found))
    if options.scale:
        large = isolated("bench.ours", kind, FULL * 10, "long")
        rate, usual = large["records"] / large["seconds"], median(one["rate"] for one in found)
        found.append({"database": kind, "scale": 10, "rate": rate, **large})
        share = rate / usual * 100
        scale = Line("6,312,000 records", rate, "records/s", f"{share:.0f} % of the rate above", reached=share >= 85)
        memory = Line("peak memory", large["peak_mb"], "MB", "< 500", reached=large["peak_mb"] < 500)
        proof = Line("one proof, median", large["proof_ms"], "ms", "< 5", reached=large["proof_ms"] < 5)
        check = Line("check of the whole log", large["check_seconds"], "s")
        show(f"{kind}, ten times as many", [scale, memory, proof, check])
    return found


def lines(found: list[dict[str, Any]]) -> list[Line]:
    """Medians of the rounds, beside what they are to reach."""

    def middle(name: str) -> float:
        return median(one[name] for one in found)

    records = found[0]["records"]
    ratios = sorted(one["rate"] / one["baseline_rate"] for one in found)
    ratio = f"{median(ratios):.1f}x the obvious way ({ratios[0]:.1f}-{ratios[-1]:.1f})"
    return [
        Line("file to provable", middle("rate"), "records/s", ratio, reached=median(ratios) >= 20),
        Line("  prepared and stored", middle("ingest_seconds"), "s"),
        Line("  checked, checkpointed, projected", middle("settle_seconds"), "s"),
        Line("  anchored", middle("anchor_seconds"), "s"),
        Line("peak memory of all processes", middle("peak_mb"), "MB", "< 500", reached=middle("peak_mb") < 500),
        Line("same file again", records / middle("again_seconds"), "records/s", "adds nothing"),
        Line("one proof, median", middle("proof_ms"), "ms", "< 5", reached=middle("proof_ms") < 5),
        Line("one proof, 99 of 100", middle("proof_p99_ms"), "ms"),
        Line("all proofs", middle("all_proofs_seconds"), "s", "< 10", reached=middle("all_proofs_seconds") < 10),
        Line("check of the whole log", middle("check_seconds"), "s", "< 10", reached=middle("check_seconds") < 10),
        Line("lives of things, event index, label jobs", middle("further_seconds"), "s", "at their own pace"),
        Line(f"footprints of {found[0]['products']:,} products", middle("products_seconds"), "s"),
        Line(f"footprints of {found[0]['routes']:,} routes", middle("routes_seconds"), "s"),
    ]


def isolated(module: str, kind: str, records: int, *more: str) -> dict[str, Any]:
    """A measurement in a process, a directory and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
        directory = Path(temporary)
        file = directory / "records.ndjson"
        world.write(file, records)
        with database(kind, directory) as url:
            home = [str(directory / "home")] if module == "bench.ours" else []
            command = [sys.executable, "-m", module, str(file), *home, url, *more]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def keep(what: str, figures: list[dict[str, Any]]) -> int:
    """Write the figures beside earlier ones of other kinds."""
    kept = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    kept["machine"] = {"cpus": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}
    kept[what] = figures
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(kept, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
