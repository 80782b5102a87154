"""
The campaign from the command line::

    python -m tests.crash --seeds 2000                 new seeds on SQLite
    python -m tests.crash --seed 1234                  the very same run again
    python -m tests.crash --subject resends-blindly    services with a known mistake: it must be found
    python -m tests.crash --database postgresql

Exit code 0 when nothing was lost, doubled or left for a person to mend.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.crash.campaign import Outcome, run_seeds
from tests.crash.places import OPENING, PLACES
from tests.crash.subjects import SUBJECTS
from tests.postgres import postgres

SHOWN = 10


def main() -> int:
    """Run, report, judge."""
    asked = _arguments()
    console = Console(stderr=True)
    seeds = (
        range(asked.seed, asked.seed + 1) if asked.seed is not None else range(asked.start, asked.start + asked.seeds)
    )
    began = time.monotonic()
    with ExitStack() as stack:
        database = None
        workers = asked.workers
        if asked.database == "postgresql":
            database, workers = stack.enter_context(postgres()).fresh, 1
        outcomes = list(_watched(run_seeds(seeds, asked.subject, database, workers), len(seeds), console))
    seconds = time.monotonic() - began
    _report(console, outcomes, seconds)
    bad = [outcome for outcome in outcomes if outcome.findings]
    if asked.json:
        sys.stdout.write(json.dumps(_summary(outcomes, seconds)) + "\n")
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the ledger, start it, judge it.")
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--subject", choices=SUBJECTS, default="real")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--json", action="store_true", help="a summary in JSON on the last line")
    return parser.parse_args()


def _watched(outcomes: Iterable[Outcome], total: int, console: Console) -> Iterable[Outcome]:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    )
    with bar:
        task = bar.add_task("seeds", total=total)
        kills = bad = 0
        for outcome in outcomes:
            kills += outcome.died_at.total()
            bad += bool(outcome.findings)
            bar.update(task, advance=1, description=f"{kills} kills, {bad} seeds with findings")
            yield outcome


def _report(console: Console, outcomes: list[Outcome], seconds: float) -> None:
    planned, died_at = _totals(outcomes)
    table = Table("place", "planned", "killed")
    for place in (*PLACES, *OPENING):
        table.add_row(place, str(planned[place]), str(died_at[place]))
    console.print(table)
    for outcome in [outcome for outcome in outcomes if outcome.findings][:SHOWN]:
        console.print(f"[red]seed {outcome.seed}[/red]", *outcome.findings[:3], sep="\n  ", markup=True)
    console.print(
        f"{len(outcomes)} seeds, {died_at.total()} kills in {seconds:.1f} s"
        f" ({len(outcomes) / seconds:.1f} seeds/s); {sum(bool(o.findings) for o in outcomes)} with findings"
    )


def _totals(outcomes: list[Outcome]) -> tuple[Counter[str], Counter[str]]:
    planned: Counter[str] = Counter()
    died_at: Counter[str] = Counter()
    for outcome in outcomes:
        planned += outcome.planned
        died_at += outcome.died_at
    return planned, died_at


def _summary(outcomes: list[Outcome], seconds: float) -> dict[str, object]:
    died_at = _totals(outcomes)[1]
    return {
        "seeds": len(outcomes),
        "kills": died_at.total(),
        "places": dict(sorted(died_at.items())),
        "seconds": round(seconds, 1),
        "findings": {outcome.seed: outcome.findings for outcome in outcomes if outcome.findings},
    }


if __name__ == "__main__":
    sys.exit(main())
