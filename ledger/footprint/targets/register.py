"""The register of energy-saving measures: what is planned, executed and verified stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.footprint.amount import exact_text
from ledger.records.energy_measure import EnergyMeasure

Stage = Literal["executed", "planned", "verified"]
STAGES: Final[tuple[Stage, ...]] = ("planned", "executed", "verified")


class Saved(NamedTuple):
    """A stage of a measure [kWh, CNY]; ``pue_change`` is relative, -0.2 for 1.70 to 1.36."""

    entry: int
    kwh: Fraction
    cny: Fraction | None
    pue_change: Fraction | None
    by: str | None

    @property
    def cny_per_kwh(self) -> Fraction | None:
        """Money saved per energy saved."""
        return None if self.cny is None or not self.kwh else self.cny / self.kwh

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text."""
        shown = {"kwh": self.kwh, "cny": self.cny, "cny_per_kwh": self.cny_per_kwh, "pue_change": self.pue_change}
        figures = {name: None if value is None else exact_text(value) for name, value in shown.items()}
        return {"entry": self.entry, "verified_by": self.by, **figures}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure with the stages that are stated of it. A plan is no saving: it counts once executed."""

    name: str
    site: str
    owner: str
    stages: Mapping[Stage, Saved]

    @property
    def saving(self) -> tuple[Stage, Saved] | None:
        """What counts: the verified figure, else the executed one; ``None`` for a plan."""
        for stage in ("verified", "executed"):
            if stage in self.stages:
                return stage, self.stages[stage]
        return None

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        counts = self.saving
        return {
            "measure": self.name,
            "site": self.site,
            "owner": self.owner,
            "stages": {stage: self.stages[stage].to_record() for stage in STAGES if stage in self.stages},
            "counts": None if counts is None else counts[0],
        }


def measures(records: Iterable[tuple[int, EnergyMeasure]]) -> tuple[Measure, ...]:
    """Measures by site and name; of several statements on one stage the one entered last."""
    found: dict[tuple[str, str], dict[Stage, tuple[int, EnergyMeasure]]] = {}
    for entry, one in sorted(records, key=lambda pair: pair[0]):
        found.setdefault((one.site, one.measure), {})[one.stage] = entry, one
    made = []
    for (site, name), stages in sorted(found.items()):
        _, last = max(stages.values(), key=lambda pair: pair[0])
        made.append(Measure(name, site, last.owner, {stage: _saved(*pair) for stage, pair in stages.items()}))
    return tuple(made)


def saved_kwh(found: Iterable[Measure], stage: Stage) -> Fraction:
    """What the measures' figures of one stage add up to [kWh]."""
    return sum((one.stages[stage].kwh for one in found if stage in one.stages), Fraction(0))


def _saved(entry: int, one: EnergyMeasure) -> Saved:
    change = None
    if one.pue_before is not None and one.pue_after is not None:
        change = Fraction(one.pue_after) / Fraction(one.pue_before) - 1
    cny = None if one.saved_cny is None else Fraction(one.saved_cny)
    return Saved(entry, Fraction(one.saved_kwh), cny, change, one.verified_by)
