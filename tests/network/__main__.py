"""
Campaigns on a network of four validators, from the command line::

    python3 dev.py consortium campaign --seeds 100 [--start 0]     faults by seed, each seed judged
    python3 dev.py consortium campaign --seed 17                   the plan of that seed again (not its very moments)
    python3 dev.py consortium latency [--rate 100] [--seconds 60]  submit to confirmed, with one of four killed

Exit code 0 when nothing was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from tests.crash.subjects import SUBJECTS
from tests.network.latency import measured
from tests.network.storm import Database, Outcome, run
from tests.network.world import world
from tests.postgres import postgres

SEEDS_A_NETWORK = 10


def main() -> int:
    """Run, report, judge."""
    asked = _arguments()
    if asked.what == "latency":
        sys.stdout.write(json.dumps(measured(asked.rate, asked.seconds)) + "\n")
        return 0
    seeds = [asked.seed] if asked.seed is not None else list(range(asked.start, asked.start + asked.seeds))
    began, outcomes = time.monotonic(), []
    for outcome in _outcomes(seeds, asked.subject):
        outcomes.append(outcome)
        _say(f"{_line(outcome)}  [{len(outcomes)} of {len(seeds)}, {time.monotonic() - began:.0f} s]")
    _say(json.dumps(_summary(outcomes, time.monotonic() - began)))
    return 1 if any(outcome.findings for outcome in outcomes) else 0


def _outcomes(seeds: list[int], subject: str) -> Iterator[Outcome]:
    """Each on a ledger of its own; a network serves several, one after another."""
    with postgres() as server:
        for first in range(0, len(seeds), SEEDS_A_NETWORK):
            some = seeds[first : first + SEEDS_A_NETWORK]
            with world(len(some)) as made:
                for seed, home in zip(some, made.homes, strict=True):
                    url = server.fresh()
                    yield run(made, seed, home, Database(url, server), subject=subject)
                    server.drop(url)


def _line(outcome: Outcome) -> str:
    happened = ", ".join(f"{name} {count}" if count > 1 else name for name, count in sorted(outcome.faults.items()))
    return (
        f"seed {outcome.seed}: {'; '.join(outcome.findings) or 'holds'}; {outcome.records} records,"
        f" {outcome.anchored} anchors, {outcome.refused} refused; heads equal {outcome.equal_after:.1f} s,"
        f" all confirmed {outcome.settled_after:.1f} s after mending; {happened}"
    )


def _summary(outcomes: list[Outcome], seconds: float) -> dict[str, object]:
    total: Callable[[str], int] = lambda name: sum(getattr(outcome, name) for outcome in outcomes)  # noqa: E731
    longest: Callable[[str], float] = lambda name: max(getattr(outcome, name) for outcome in outcomes)  # noqa: E731
    return {
        "seeds": len(outcomes),
        "with findings": {outcome.seed: outcome.findings for outcome in outcomes if outcome.findings},
        "records": total("records"),
        "anchors": total("anchored"),
        "refused": total("refused"),
        "faults": dict(sorted(sum((outcome.faults for outcome in outcomes), Counter()).items())),
        "heads equal after at most [s]": round(longest("equal_after"), 1),
        "all confirmed after at most [s]": round(longest("settled_after"), 1),
        "seconds": round(seconds),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py consortium", description="Campaigns on a real network.")
    parser.add_argument("what", choices=("campaign", "latency"))
    parser.add_argument("--seeds", type=int, default=10, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument(
        "--subject", choices=SUBJECTS, default="real", help="workers with a known mistake must be found"
    )
    parser.add_argument("--rate", type=int, default=100, help="records a second")
    parser.add_argument("--seconds", type=int, default=60, help="how long they come in")
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
