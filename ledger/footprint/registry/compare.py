"""What differs between two factor sets: added, removed, changed, with the exact ratio of values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.amount import exact_text
from ledger.footprint.factor import Factor, FactorSet

PARTS: Final = ("ttw", "wtt", "wtw")
SOURCES: Final = frozenset({"id", "year", "valid_from", "valid_to", "source", "url", "page", "read_from", "notes"})
"""Fields in which a new edition differs in every row; they do not make a factor a changed one."""
Subject = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One factor in both sets that differs. ``matched`` says whether its id paired it, or what it is for.

    ``fields`` are the names of all fields that differ; ``ratio`` is new over old WTW, exact, ``None`` when the old one
    is zero or the two do not measure the same thing (unit, gases, GWP set or series).
    """

    old: Factor
    new: Factor
    matched: Literal["id", "subject"]
    fields: tuple[str, ...]
    ratio: Fraction | None

    def to_record(self) -> dict[str, object]:
        """JSON-able; the ratio as a fraction, so that nothing is rounded."""
        before, after = self.old.to_record(), self.new.to_record()
        return {
            "old": self.old.id,
            "new": self.new.id,
            "matched": self.matched,
            "fields": {name: [before.get(name, ""), after.get(name, "")] for name in self.fields},
            "ratio": None if self.ratio is None else exact_text(self.ratio),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sets side by side; ``same`` counts the pairs with equal values and meaning."""

    old: FactorSet
    new: FactorSet
    added: tuple[Factor, ...]
    removed: tuple[Factor, ...]
    changed: tuple[Change, ...]
    same: int

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "old": {"id": self.old.id, "hash": self.old.hash},
            "new": {"id": self.new.id, "hash": self.new.hash},
            "added": [factor.to_record() for factor in self.added],
            "removed": [factor.to_record() for factor in self.removed],
            "changed": [change.to_record() for change in self.changed],
            "same": self.same,
        }


def compare(old: FactorSet, new: FactorSet) -> Comparison:
    """
    Pair the factors of two sets, by id, then by what they are for where that is unique in both.

    Nothing is paired by similarity: what has no certain partner is added or removed.
    """
    pairs: list[tuple[Factor, Factor, Literal["id", "subject"]]] = [
        (old.factors[key], new.factors[key], "id") for key in sorted(old.factors.keys() & new.factors.keys())
    ]
    before = _unique(f for key, f in old.factors.items() if key not in new.factors)
    after = _unique(f for key, f in new.factors.items() if key not in old.factors)
    pairs += [(before[key], after[key], "subject") for key in sorted(before.keys() & after.keys())]
    changed = [change for change in (_change(*pair) for pair in pairs) if change]
    gone = old.factors.keys() - {a.id for a, _, _ in pairs}
    come = new.factors.keys() - {b.id for _, b, _ in pairs}
    return Comparison(
        old=old,
        new=new,
        added=tuple(new.factors[key] for key in sorted(come)),
        removed=tuple(old.factors[key] for key in sorted(gone)),
        changed=tuple(changed),
        same=len(pairs) - len(changed),
    )


def _change(old: Factor, new: Factor, matched: Literal["id", "subject"]) -> Change | None:
    before, after = old.to_record(), new.to_record()
    fields = tuple(name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name))
    if not set(fields) - SOURCES:
        return None
    alike = (old.per, old.gas_scope, old.gwp_set, old.series) == (new.per, new.gas_scope, new.gwp_set, new.series)
    ratio = Fraction(new.wtw) / Fraction(old.wtw) if alike and old.wtw else None
    return Change(old=old, new=new, matched=matched, fields=fields, ratio=ratio)


def _subject(factor: Factor) -> Subject:
    """What a factor is for, apart from its edition and its value. Grid factors differ by year in this as well."""
    year = str(factor.year) if factor.per == "kWh" else ""
    what = (factor.per, factor.mode, factor.subject, factor.vehicle, factor.fuel, factor.component)
    return (*what, factor.region, factor.series, factor.temperature, year)


def _unique(factors: Iterable[Factor]) -> dict[Subject, Factor]:
    found = list(factors)
    counts = Counter(_subject(f) for f in found)
    return {_subject(f): f for f in found if counts[_subject(f)] == 1}
