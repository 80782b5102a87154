"""
The score sheet: everything a bidder needs to recompute the award, and the function that does.

``score`` makes it, ``to_record`` gives the form that is recorded and signed, ``replay`` recomputes it from nothing but
the scheme, bids and rulings inside it and names the first figure that differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.errors import Place
from ledger.scoring.bid import Bid, Ruling
from ledger.scoring.data_quality import ScoredFootprint
from ledger.scoring.errors import FormUnreadable, SheetDiffers
from ledger.scoring.evaluation import Cell, Evaluation, Figure, Rank, Total
from ledger.scoring.form import from_form, to_form
from ledger.scoring.pipeline import evaluate
from ledger.scoring.rational import ratio
from ledger.scoring.reason import Reason
from ledger.scoring.robustness import Robustness, robustness
from ledger.scoring.scheme import Scheme, digest

FORMAT = "onecode-score-sheet/1"


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """
    The award of one tender with every figure that led to it.

    Inputs: ``scheme``, ``bids`` (by bidder), ``rulings``. Results: ``reasons`` in the order of the steps,
    ``footprints``, ``figures`` (the scheme's amounts), ``cells`` and ``totals`` of the remaining bids, ``ranks`` from
    first to last, ``robustness``.
    """

    scheme: Scheme
    bids: tuple[Bid, ...]
    rulings: tuple[Ruling, ...]
    reasons: tuple[Reason, ...]
    footprints: tuple[ScoredFootprint, ...]
    figures: tuple[Figure, ...]
    cells: tuple[Cell, ...]
    totals: tuple[Total, ...]
    ranks: tuple[Rank, ...]
    winner: str | None
    """``None`` when no bid remains, or when first place is level and the tender's draw must decide."""
    robustness: Robustness

    @property
    def evaluation(self) -> Evaluation:
        """The same as the steps left it."""
        return Evaluation(
            self.scheme,
            self.bids,
            self.rulings,
            self.reasons,
            self.footprints,
            self.figures,
            self.cells,
            self.totals,
            self.ranks,
        )

    @property
    def excluded(self) -> dict[str, tuple[Reason, ...]]:
        """Bidders set aside, each with all reasons."""
        bidders = sorted({r.bidder for r in self.reasons if r.excludes})
        return {b: tuple(r for r in self.reasons if r.excludes and r.bidder == b) for b in bidders}

    def to_record(self) -> dict[str, Any]:
        """
        The JSON-able form. Inputs as decimal text, computed figures as ``numerator/denominator``.

        ``scheme_digest`` and ``bid_digests`` are SHA-256 over RFC 8785 bytes: compare them with what the log recorded,
        because replay alone shows only that results follow from inputs.
        """
        bids = [bid.to_record() for bid in self.bids]
        return {
            "format": FORMAT,
            "scheme": self.scheme.to_record(),
            "scheme_digest": self.scheme.digest(),
            "bids": bids,
            "bid_digests": [{"bidder": b["bidder"], "sha256": digest(b)} for b in bids],
            "rulings": to_form(self.rulings),
            "rulings_digest": digest(to_form(self.rulings)),
            "reasons": to_form(self.reasons),
            "footprints": to_form(self.footprints, ratio),
            "figures": to_form(self.figures, ratio),
            "cells": to_form(self.cells, ratio),
            "totals": to_form(self.totals, ratio),
            "ranks": to_form(self.ranks),
            "winner": self.winner,
            "robustness": to_form(self.robustness, ratio),
        }


def score(scheme: Scheme, bids: Iterable[Bid], rulings: Iterable[Ruling] = ()) -> ScoreSheet:
    """
    The score sheet of one tender.

    Scores what the records say: scheme, bids and rulings pass through their recorded form first, so that no value can
    count that a reader of the sheet would not see.

    Raises
    ------
    BidFault
        A bid lacks what a criterion reads, a formula has no answer for a value, a bidder comes twice.
    FormUnreadable
        A value is not what its field holds, such as a binary float.
    """
    return _sheet(
        evaluate(
            from_form(to_form(scheme), Scheme),
            from_form(to_form(tuple(bids)), tuple[Bid, ...]),
            from_form(to_form(tuple(rulings)), tuple[Ruling, ...]),
        )
    )


def replay(record: Mapping[str, Any]) -> ScoreSheet:
    """
    The score sheet computed again from the scheme, bids and rulings inside a sheet's record.

    Raises ``SheetDiffers`` naming the first figure that does not follow, and as ``recomputed``.
    """
    sheet = recomputed(record)
    compare(record, sheet.to_record())
    return sheet


def recomputed(record: Mapping[str, Any]) -> ScoreSheet:
    """
    What the scheme, bids and rulings inside a sheet's record give, whatever else the record states.

    Raises ``FormUnreadable`` or a fault of the scheme or a bid where the inputs are no inputs.
    """
    for name in ("scheme", "bids", "rulings"):
        if name not in record:
            raise FormUnreadable(kind="ScoreSheet", reason=f"no {name}").at(Place(pointer=f"/{name}"))
    return score(
        from_form(record["scheme"], Scheme),
        from_form(record["bids"], tuple[Bid, ...]),
        from_form(record["rulings"], tuple[Ruling, ...]),
    )


def compare(stated: Any, right: Any) -> None:
    """Two forms. Raises ``SheetDiffers`` at the first place where ``stated`` is not ``right``."""
    for difference in differences(stated, right):
        raise difference


def differences(stated: Any, right: Any) -> Iterator[SheetDiffers]:
    """Every place where ``stated`` is not ``right``, depth first in the order of the right one."""
    return _differences(stated, right, "", "")


def _sheet(e: Evaluation) -> ScoreSheet:
    return ScoreSheet(
        scheme=e.scheme,
        bids=e.bids,
        rulings=e.rulings,
        reasons=e.reasons,
        footprints=e.footprints,
        figures=e.figures,
        cells=e.cells,
        totals=e.totals,
        ranks=e.ranks,
        winner=e.winner,
        robustness=robustness(e),
    )


_ABSENT = object()


def _differences(stated: Any, right: Any, pointer: str, row: str) -> Iterator[SheetDiffers]:
    if isinstance(stated, Mapping) and isinstance(right, dict):
        row = _row(right) or row
        for key in [*right, *(k for k in stated if k not in right)]:
            step = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
            yield from _differences(stated.get(key, _ABSENT), right.get(key, _ABSENT), step, row)
    elif isinstance(stated, list | tuple) and isinstance(right, list):
        for index in range(max(len(stated), len(right))):
            own, other = (side[index] if index < len(side) else _ABSENT for side in (stated, right))
            yield from _differences(own, other, f"{pointer}/{index}", row)
    elif type(stated) is not type(right) or stated != right:
        yield SheetDiffers(pointer=pointer or "/", row=row or "sheet", stated=_said(stated), recomputed=_said(right))


def _row(record: Mapping[str, Any]) -> str:
    """Bidder and criterion of a row, as far as it names them."""
    names = (record.get("bidder"), record.get("criterion"))
    return " · ".join(name for name in names if isinstance(name, str))


def _said(value: Any) -> str:
    return "nothing" if value is _ABSENT else repr(value)
