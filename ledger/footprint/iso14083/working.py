"""The working of a result: its intermediate figures by name, each with the rule it follows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.ghg import Ghg


@dataclass(frozen=True, slots=True)
class Step:
    """One figure on the way: ``rule`` is the clause or page it follows, ``name`` a stable code."""

    name: str
    value: Fraction
    unit: str
    rule: str

    def to_record(self) -> dict[str, str]:
        """JSON-able, the figure exact."""
        return {"name": self.name, "value": exact_text(self.value), "unit": self.unit, "rule": self.rule}


Steps = tuple[Step, ...]


def three(name: str, ghg: Ghg, unit: str, rule: str) -> Steps:
    """TTW, WTT and WTW of one figure."""
    parts = (("ttw", ghg.ttw), ("wtt", ghg.wtt), ("wtw", ghg.wtw))
    return tuple(Step(f"{name}.{part}", value, unit, rule) for part, value in parts)


def named(steps: Steps) -> dict[str, Fraction]:
    """The figures by name; of equal names the last."""
    return {step.name: step.value for step in steps}
