"""
After the award: the footprint that was promised against what was delivered, and what the difference costs.

What is delivered is judged as the bid was: by the scheme's own data-quality rule, with the footprint that held in the
month of delivery. A month without a footprint is not guessed away: it is scored as missing, by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

import msgspec

from ledger.scoring.amounts.ladder_discount import sanction
from ledger.scoring.award import ScoreSheet
from ledger.scoring.bid import Bid, Footprint
from ledger.scoring.data_quality import ScoredFootprint, scored_footprint
from ledger.scoring.pipeline import evaluate


@dataclass(frozen=True, slots=True)
class Arrived:
    """
    ``units`` declared units that came in a ``month`` (year x 12 + month - 1), the last of them ``at``.

    ``footprint`` is what the log had of them then, ``entry`` where it stands; ``None`` without one.
    """

    month: int
    units: Fraction
    at: datetime
    footprint: Footprint
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """An arrival with its footprint as the scheme's rule scores it [kg CO2e per declared unit]."""

    arrived: Arrived
    scored: ScoredFootprint


@dataclass(frozen=True, slots=True)
class Kept:
    """
    How a promise was kept. Footprints in kg CO2e per declared unit, values in the scheme's currency, all exact.

    ``came`` are the declared units that arrived, ``units`` those of them that were bought by this tender: the first to
    arrive, up to its quantity.

    ``delivery`` is transport and hubs per declared unit, ``None`` where the log has none; it is in ``measured`` only
    where the promise counts it. ``measured`` is ``None`` before anything arrived, or while a delivery that counts is
    unknown. ``value_promised`` and ``value_achieved`` are the advantage over the scheme's default value, of the units
    that arrived. ``ranked_again`` are the bidders in the order that the sheet would have with the measured footprint.
    """

    promised: Fraction
    judged: tuple[Judged, ...]
    came: Fraction
    units: Fraction
    delivery: Fraction | None
    measured: Fraction | None
    value_promised: Fraction | None
    value_achieved: Fraction | None
    owed: Fraction | None
    ranked_again: tuple[str, ...]

    @property
    def shortfall(self) -> Fraction | None:
        """[kg CO2e] above the promise, of everything that arrived; below zero where the promise was beaten."""
        return None if self.measured is None else (self.measured - self.promised) * self.units


def kept(  # noqa: PLR0917 - the terms of a contract
    sheet: ScoreSheet,
    bidder: str,
    arrived: Sequence[Arrived],
    carbon_value: Fraction,
    sanction_factor: Fraction,
    delivery: Fraction | None = None,
    *,
    counts_delivery: bool = False,
) -> Kept:
    """
    The promise of a sheet's bidder against what arrived.

    The sanction is ``factor x (value promised - value achieved)``, never below zero (SKAO, CO2 Performance Ladder,
    procurement guide). The scheme has a rule for footprints, and the bidder one that was scored.
    """
    rule = sheet.scheme.footprint_rule
    assert rule is not None
    promised = next(one.scored for one in sheet.footprints if one.bidder == bidder)
    bought = _bought(arrived, sheet.scheme.quantity)
    judged = tuple(Judged(one, scored_footprint(bidder, one.footprint, rule, one.at)) for one in bought)
    came, units = (sum((one.units for one in each), Fraction(0)) for each in (arrived, bought))
    found = Kept(promised, judged, came, units, delivery, None, None, None, None, ())
    if not units or (counts_delivery and delivery is None):
        return found
    made = sum((one.scored.scored * one.arrived.units for one in judged), Fraction(0)) / units
    measured = made + (delivery if counts_delivery and delivery is not None else 0)
    value_promised, value_achieved = (carbon_value * (rule.default - kg) * units for kg in (promised, measured))
    return replace(
        found,
        measured=measured,
        value_promised=value_promised,
        value_achieved=value_achieved,
        owed=sanction(value_promised, value_achieved, sanction_factor),
        ranked_again=_ranked(sheet, bidder, measured),
    )


def _bought(arrived: Sequence[Arrived], quantity: Fraction) -> list[Arrived]:
    """The first to arrive, in the order of months, up to a quantity; what came beyond it was bought otherwise."""
    found, left = list[Arrived](), quantity
    for one in arrived:
        if left > 0:
            found.append(replace(one, units=min(one.units, left)))
            left -= one.units
    return found


def _ranked(sheet: ScoreSheet, bidder: str, measured: Fraction) -> tuple[str, ...]:
    """The order of the same bids had this one been verified at what was measured."""

    def as_measured(bid: Bid) -> Bid:
        if bid.bidder != bidder:
            return bid
        day = sheet.scheme.closing_day
        known = {"verifier": bid.footprint.verifier or "-", "valid_from": day, "valid_to": day, "received_at": None}
        footprint = msgspec.structs.replace(bid.footprint, status="verified", value=measured, **known)
        return msgspec.structs.replace(bid, footprint=footprint)

    again = evaluate(sheet.scheme, tuple(as_measured(bid) for bid in sheet.bids), sheet.rulings)
    return tuple(rank.bidder for rank in again.ranks)
