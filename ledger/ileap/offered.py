"""Transport activity data of recorded legs, for partners that compute emissions themselves."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import LedgerError, Place
from ledger.footprint.activity import ModelledVehicle
from ledger.footprint.emission import Emission
from ledger.footprint.transport_data import Statements
from ledger.ileap.activity import Tad
from ledger.ileap.category import Toc
from ledger.ileap.derive import Element, Locate, distance_of
from ledger.ileap.energy import EnergyCarrier
from ledger.ileap.errors import ActivityIncomplete, LocationUnknown
from ledger.ileap.figures import number
from ledger.ileap.terms import MODES
from ledger.records.transport_leg import TransportLeg


class Leg(NamedTuple):
    """An element that is a leg, with its figure and category where there are any."""

    element: Element
    row: Emission | None
    toc: Toc | None


def offered(leg: Leg, locate: Locate) -> Tad:
    """
    The leg's activity data.

    Raises ``LocationUnknown`` and ``ActivityIncomplete`` where a mandatory field follows from no record.
    """
    record = leg.element.record
    assert isinstance(record, TransportLeg)
    origin, destination = locate(record.origin, record.mode), locate(record.destination, record.mode)
    for name, place in ((record.origin, origin), (record.destination, destination)):
        if place is None:
            raise LocationUnknown(name=name)
    if record.arrived_at is None:
        raise ActivityIncomplete(
            field="arrivalAt", why="the leg states no arrival", why_zh="该运输段未记录到达时间"
        ).at(Place(pointer="/arrived_at"))
    assert origin is not None
    assert destination is not None
    load, empty = _use(leg.row)
    return Tad(
        activity_id=record.id,
        consignment_ids=(record.consignment,),
        distance=distance_of(record),
        mass=number(Fraction(leg.element.grams, 1000)),
        load_factor=load,
        empty_distance_factor=empty,
        origin=origin,
        destination=destination,
        departure_at=record.occurred_at.astimezone(UTC),
        arrival_at=record.arrived_at.astimezone(UTC),
        mode=MODES[record.mode],
        energy_carriers=_carriers(leg.toc),
    )


def offered_all(legs: list[Leg], locate: Locate) -> tuple[list[Tad], dict[str, LedgerError]]:
    """Activity data of legs, and of each leg without any, by its record's id, why."""
    found: list[Tad] = []
    left: dict[str, LedgerError] = {}
    for leg in legs:
        try:
            found.append(offered(leg, locate))
        except LedgerError as error:
            left[leg.element.record.id] = error
    return found, left


def _use(row: Emission | None) -> tuple[str | None, str | None]:
    """Load factor and empty running, where the operator states them."""
    data = row.trail.choice.data if row is not None and row.trail.choice is not None else None
    if isinstance(data, ModelledVehicle):
        model = data.record
        load, empty = Fraction(model.load_factor_pct) / 100, Fraction(model.empty_running_pct) / 100
        return number(load), number(empty)
    if isinstance(data, Statements):
        use = [(one.record.empty_m, one.record.driven_m) for one in data.held]
        known = [(empty, driven) for empty, driven in use if empty is not None and driven is not None]
        if len(known) == len(use) and any(driven for _, driven in known):
            return None, number(Fraction(sum(empty for empty, _ in known), sum(driven for _, driven in known)))
    return None, None


def _carriers(toc: Toc | None) -> tuple[EnergyCarrier, ...]:
    """
    The category's carriers; their consumption only where it gives the whole intensity.

    Leaked refrigerant and a distance correction are in an intensity and in no carrier: who computes from the
    consumption alone would find less than there is.
    """
    if toc is None:
        return ()
    consumed = sum(
        (
            Fraction(one.energy_consumption) * Fraction(one.emission_factor_wtw or 0)
            for one in toc.energy_carriers
            if one.energy_consumption is not None
        ),
        Fraction(0),
    )
    if number(consumed) == toc.co2e_intensity_wtw:
        return toc.energy_carriers
    return tuple(
        EnergyCarrier(
            energy_carrier=one.energy_carrier,
            relative_share=one.relative_share,
            emission_factor_wtw=one.emission_factor_wtw,
            emission_factor_ttw=one.emission_factor_ttw,
        )
        for one in toc.energy_carriers
    )
