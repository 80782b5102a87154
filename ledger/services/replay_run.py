"""Compute a recorded run again from the entries and compare it digit for digit."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

import msgspec

from ledger.errors import FootprintError, LogError, StoreError
from ledger.log.canonical import canonical_bytes
from ledger.records.calculation_run import CalculationRun
from ledger.services.runs import Running, computed, log_root, same_methods

MOST_DIFFERENCES: Final = 20
Verdict = Literal["holds", "differs", "cannot-tell"]
EXIT: Final[dict[Verdict, int]] = {"holds": 0, "differs": 1, "cannot-tell": 2}


class Difference(NamedTuple):
    """Where the recomputed result differs from the recorded one: a JSON pointer and both texts."""

    pointer: str
    recorded: str
    recomputed: str


class Replay(NamedTuple):
    """
    What computing a run again gave.

    ``reasons`` are codes: ``root`` (the entries do not give the pinned root), ``result`` (other figures), ``methods``
    (this software computes with other versions), ``factors`` (the pinned set is not here, or is damaged), ``entries``
    (the stored entries are damaged).
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def code(self) -> int:
        """0 holds, 1 differs, 2 cannot tell."""
        return EXIT[self.verdict]

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "differences": [one._asdict() for one in self.differences],
        }


def replay_run(ledger: Running, run: CalculationRun) -> Replay:
    """The verdict on a run, from the entries under its checkpoint and the set that has its hash."""
    pinned = run.checkpoint
    try:
        same = log_root(ledger.entries, pinned.size).hex() == pinned.root
    except LogError:
        return Replay("differs", ("entries",))
    if not same:
        return Replay("differs", ("root",))
    if not same_methods(run):
        return Replay("cannot-tell", ("methods",))
    try:
        factors = ledger.factors.factor_set(run.factor_set.hash)
    except FootprintError:
        return Replay("cannot-tell", ("factors",))
    with ledger.snapshots.at(run.tenant, pinned.size) as base:
        content = computed(base, run.tenant, factors).content()
    data = canonical_bytes(content)
    if sha256(data).hexdigest() == run.result_sha256:
        return Replay("holds")
    return Replay("differs", ("result",), tuple(_differences(ledger, run, data)))


def _differences(ledger: Running, run: CalculationRun, data: bytes) -> Iterator[Difference]:
    """The first places that differ, as far as the recorded result is still kept."""
    try:
        recorded = msgspec.json.decode(ledger.contents.read(run.result_sha256))
    except StoreError:
        return
    for count, found in enumerate(_between(recorded, msgspec.json.decode(data), "")):
        if count == MOST_DIFFERENCES:
            return
        yield found


def _between(one: Any, other: Any, pointer: str) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from _between(one.get(key), other.get(key), f"{pointer}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for position, pair in enumerate(zip(one, other, strict=True)):
            yield from _between(*pair, f"{pointer}/{position}")
    elif one != other:
        yield Difference(pointer, _short(one), _short(other))


def _short(value: Any) -> str:
    return msgspec.json.encode(value).decode()[:200]
