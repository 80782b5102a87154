"""
The evidence pack of a run: everything a verifier computes it again from, as one zip file, streamed.

The same ledger gives the same bytes: no time of writing is in them. ``SHA256SUMS`` lists every other file; the script
inside needs the standard library of Python and nothing of this ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from ledger.errors import FootprintError
from ledger.footprint.activity import ActivityCube
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.run import RunResult
from ledger.log.canonical import canonical_bytes
from ledger.log.errors import NotCheckpointed
from ledger.ports import StoredCheckpoint
from ledger.records.calculation_run import CalculationRun
from ledger.services.evidence_readme import readme
from ledger.services.evidence_records import (
    CORRECTED,
    MAPPED,
    activity_rows,
    corrections,
    entry_line,
    leaf_lines,
    mapping,
    sampling_plan,
    table,
)
from ledger.services.evidence_workings import ASSUMED, assumptions, gaps, trails, workings
from ledger.services.prove import prove
from ledger.services.runs import Running, computed, run_named, same_methods

SUMS: Final = "SHA256SUMS"
SCRIPTS: Final = ("integrity.py", "recompute.py")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state."""
_REGISTER: Final = (
    "id", "subject", "mode", "fuel", "per", "ttw", "wtt", "wtw", "gas_scope", "gwp_set", "region", "year", "valid_from",
    "valid_to", "series", "component", "distance_basis", "daf_included", "category", "source", "page", "url", "licence",
)  # fmt: skip
Parts = Iterator[tuple[str, Iterable[bytes]]]


class RunNotReproduced(FootprintError):
    """A run that this ledger does not compute again, so that no evidence of it can be given."""

    code = "run.not-reproduced"
    run: str
    en = "the entries do not give run {run} with this software, so there is no evidence of it to hand out"
    zh = "以当前软件无法由记录重算出 {run}，因此不能出具证据包"
    fix_en = "Replay the run to see what differs; use the software version that it names"
    fix_zh = "请重算该次计算以查看差异；或使用其注明的软件版本"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run computed again, with what its files are written from."""

    ledger: Running
    entry: int
    run: CalculationRun
    result: RunResult
    cube: ActivityCube
    content: bytes

    def zipped(self) -> Iterator[bytes]:
        """The zip file, piece by piece."""
        sink, sums = _Sink(), dict[str, str]()
        with ZipFile(sink, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it only writes
            for name, pieces in self._parts():
                digest = sha256()
                with archive.open(_named(name), "w", force_zip64=True) as member:
                    for piece in pieces:
                        digest.update(piece)
                        member.write(piece)
                        yield sink.taken()
                sums[name] = digest.hexdigest()
            listed = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
            archive.writestr(_named(SUMS), listed)
        yield sink.taken()

    def _parts(self) -> Parts:
        entries, run = self.ledger.entries, self.run
        size, factors = run.checkpoint.size, self.result.factors
        at = self.ledger.checkpoints.get(size)
        proof = self._proof()
        receipt = at.receipt_note if at else ""
        yield "README.md", [readme(run, proved=proof is not None, anchored=bool(receipt)).encode()]
        for script in SCRIPTS:
            yield script, [(files("ledger.data") / "evidence" / script).read_bytes()]
        yield "run.json", [entry_line(entries.entry(self.entry))]
        if proof is not None:
            yield "run-proof.json", [proof]
        yield "log-key.txt", [f"{self.ledger.note_key.verifier}\n".encode()]
        yield "checkpoint.txt", [_note(at).encode()]
        if receipt:
            yield "receipt.txt", [receipt.encode()]
        yield "result.json", [self.content]
        yield "expected-totals.csv", table(("view", "name", "wtw_kg", "complete"), self._totals())
        yield "data-categories.json", [_json(self._categories())]
        yield "factor-set.json", [factors.content()]
        yield "factors.csv", table((*_REGISTER, "sha256", "used"), self._register())
        yield "leaves.txt", leaf_lines(entries, size)
        yield "entries.jsonl", map(entry_line, activity_rows(entries, run.tenant, size))
        yield "mapping.csv", table(MAPPED, mapping(activity_rows(entries, run.tenant, size)))
        yield "corrections.csv", table(CORRECTED, corrections(activity_rows(entries, run.tenant, size)))
        yield "workings.jsonl", map(_json_line, workings(self.result, self.cube))
        yield "trails.jsonl", map(_json_line, trails(self.result))
        yield "gaps.jsonl", map(_json_line, gaps(self.result))
        yield "assumptions.csv", table(ASSUMED, assumptions(self.result))
        plan = sampling_plan(activity_rows(entries, run.tenant, size), run.id, run.checkpoint.root)
        yield "sampling-plan.json", [_json(plan)]

    def _proof(self) -> bytes | None:
        try:
            return prove(self.ledger.entries, self.ledger.checkpoints, self.entry).to_bytes()
        except NotCheckpointed:
            return None

    def _totals(self) -> Iterator[tuple[str, str, str, str]]:
        content = msgspec.json.decode(self.content)
        for view, named in (("route", "routes"), ("product", "products")):
            for one in content[named]:
                yield view, one[view], one["wtw_kg"], "yes" if one["complete"] else "no"
            yield f"all {named}", "", content[f"{named}_wtw_kg"], ""

    def _categories(self) -> dict[str, Any]:
        content = msgspec.json.decode(self.content)
        return {
            "all_transport_and_hubs": content["quality"],
            "routes": {one["route"]: one["quality"] for one in content["routes"]},
            "products": {one["product"]: one["quality"] for one in content["products"]},
        }

    def _register(self) -> Iterator[tuple[str, ...]]:
        rows = (*self.result.moved.rows, *self.result.made.rows)
        used = {name for trail in {id(r.trail): r.trail for r in rows}.values() for name in trail.factors}
        for name, factor in sorted(self.result.factors.factors.items()):
            yield (*_register_row(factor), factor.hash, "yes" if name in used else "")


def evidence_of(ledger: Running, tenant: str, name: str) -> Evidence:
    """
    The run computed again, ready to be written out. Raises ``RunAbsent``, and ``RunNotReproduced`` unless the result,
    byte for byte, is the recorded one.
    """
    entry, run = run_named(ledger, tenant, name)
    if not same_methods(run):
        raise RunNotReproduced(run=run.id)
    factors: FactorSet = ledger.factors.factor_set(run.factor_set.hash)
    with ledger.snapshots.at(tenant, run.checkpoint.size) as base:
        result, cube = computed(base, tenant, factors), base.cube(tenant)
    content = canonical_bytes(result.content())
    if sha256(content).hexdigest() != run.result_sha256:
        raise RunNotReproduced(run=run.id)
    return Evidence(ledger, entry, run, result, cube, content)


class _Sink:
    """What zip files are written to: bytes wait here until they are taken."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        data = bytes(self._waiting)
        self._waiting.clear()
        return data


def _named(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
    return info


def _note(at: StoredCheckpoint | None) -> str:
    return at.note if at else ""


def _register_row(factor: Factor) -> tuple[str, ...]:
    record = factor.to_record()
    return tuple(record.get(name, "") for name in _REGISTER)


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def _json_line(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted") + b"\n"
