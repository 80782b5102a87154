"""
Data quality rating (DQR): five scores from 1, best, to 5, worst, and their mean weighted by emissions.

The indicators are those of the pedigree matrix as PACT names them. Scores are somebody's judgement, kept beside the
figures with scale and direction, because other programmes count the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text, total
from ledger.footprint.errors import UncertaintyUnusable

BEST: Final = 1
WORST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Scores of one figure, each a whole number from 1, best, to 5, worst. Raises ``UncertaintyUnusable``."""

    technology: int
    time: int
    geography: int
    completeness: int
    reliability: int

    def __post_init__(self) -> None:
        for field in fields(self):
            score = getattr(self, field.name)
            if not BEST <= score <= WORST:
                raise UncertaintyUnusable(
                    what=f"DQR {field.name}", got=str(score), expected=f"{BEST} (best) to {WORST} (worst)"
                )

    @property
    def score(self) -> Fraction:
        """The mean of the five."""
        scores = astuple(self)
        return Fraction(sum(scores), len(scores))


@dataclass(frozen=True, slots=True)
class DataQualityRating:
    """The rating of a sum, and of each indicator; ``None`` where the emissions are all zero."""

    score: Fraction | None
    indicators: tuple[tuple[str, Fraction], ...]

    def to_record(self) -> dict[str, object]:
        """JSON-able, with scale and direction."""
        return {
            "dqr": None if self.score is None else exact_text(self.score),
            "indicators": {name: exact_text(score) for name, score in self.indicators},
            "scale": {"best": BEST, "worst": WORST},
            "weighted_by": "emissions",
        }


def rating_of(rows: Iterable[tuple[Fraction, Rating]]) -> DataQualityRating:
    """DQR = sum(DQR_i |E_i|) / sum |E_i| over (emissions [kg CO2e], rating)."""
    held = [(abs(kg), rating) for kg, rating in rows]
    whole = total(kg for kg, _ in held)
    if not whole:
        return DataQualityRating(None, ())
    names = [field.name for field in fields(Rating)]
    by = tuple((name, total(kg * getattr(rating, name) for kg, rating in held) / whole) for name in names)
    return DataQualityRating(total(kg * rating.score for kg, rating in held) / whole, by)
