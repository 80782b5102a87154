"""
What a vehicle's row says of its rates: both of them, or what of a factor set they are taken from.

Stating both, neither or half is refused at its column; nothing is guessed.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ledger.adapters.files.plan_columns import FACTOR, RATES, VEHICLES
from ledger.errors import LedgerError, Place
from ledger.footprint.factor import FactorSet
from ledger.planning.errors import (
    AmountImpossible,
    ConsumptionOutOfPlace,
    PlanDayMissing,
    RatesMissing,
    RatesTwice,
)
from ledger.planning.routes.rated import Named, Origin, origin_of
from ledger.planning.routes.rates import Rates


class Rating(NamedTuple):
    """The pinned factor set, and the day that its factors have to hold on."""

    factors: FactorSet
    day: date


def rates_stated(row: dict[str, Any], rating: Rating | None) -> tuple[Rates, Origin | None]:
    """The rates of a row, whose columns of rates and factor are taken out. Raises leaves of ``LedgerError``."""
    stated = {name: row.pop(name) for name in RATES}
    factor, empty_use, full_use = (row.pop(name) for name in FACTOR)
    said = [value for value in stated.values() if value is not None]
    if factor is not None and said:
        raise RatesTwice(name=row["name"], value=factor).at(_column("factor"))
    if factor is None:
        missing = [name for name, value in stated.items() if value is None]
        if missing:
            raise RatesMissing(vehicle=row["name"], rule=_heading(missing[0])).at(_column(missing[0]))
        if empty_use is not None or full_use is not None:
            raise RatesTwice(name=row["name"], value=_heading("full_use")).at(_column("full_use"))
        return Rates(stated["empty"], stated["loaded"]), None
    if rating is None:
        raise PlanDayMissing(name=row["name"], value=factor).at(_column("factor"))
    if row["capacity_g"] < 1:
        raise AmountImpossible(what="capacity [g]", name=row["name"], value=str(row["capacity_g"]), rule=">= 1")
    try:
        origin = origin_of(rating.factors, rating.day, Named(factor, row["capacity_g"], empty_use, full_use))
    except ConsumptionOutOfPlace as error:
        raise error.at(_column("full_use")) from None
    except LedgerError as error:
        raise error.at(_column("factor")) from None
    return origin.rates(), origin


def _heading(name: str) -> str:
    column = VEHICLES[name]
    return f"{column.zh} / {column.en}"


def _column(name: str) -> Place:
    return Place(column=_heading(name))
