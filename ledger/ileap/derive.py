"""
Shipments, operation categories and activity data from recorded legs and hub operations, with the ledger's own figures.

A shipment is a consignment. Legs of one consignment on one vehicle at one time are one element, whatever lines its
waybill has. Legs and hub stays follow each other where one ends at the place that the next starts from; where nothing
that went before ends there, the order is left out. What the specification asks for and no record says keeps the whole
shipment out, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from ledger.errors import LedgerError
from ledger.footprint.activity import ActivityCube, HubCell, TransportCell, transport_cell
from ledger.footprint.amount import total
from ledger.footprint.calculate import calculate
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import gwp_sets
from ledger.ileap.carriers import of_hub, of_transport
from ledger.ileap.category import Hoc, HubType, Toc
from ledger.ileap.chain import check_chain
from ledger.ileap.figures import number
from ledger.ileap.shipment import ShipmentFootprint, Tce
from ledger.ileap.terms import MODES, Distance, Location
from ledger.records.hub_operation import HubOperation
from ledger.records.transport_leg import TransportLeg
from ledger.units import GRAM_METRES_PER_TONNE_KM

Moved = TransportLeg | HubOperation
Locate = Callable[[str, str], Location | None]
"""City and country of a place by its name and a mode of transport; ``None`` where they are not known."""
_TONNE = 1_000_000
_HUB_TYPES: Mapping[str, HubType] = {"storage": "Warehouse", "transshipment": "Transshipment"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")
_CERTIFIED = ("ISO14083:2023",)


@dataclass(frozen=True, slots=True)
class Element:
    """Lines of one leg, or of one stay at a hub: what they state alike, with their entries."""

    lines: tuple[tuple[int, Moved], ...]

    @property
    def record(self) -> Moved:
        """The first line."""
        return self.lines[0][1]

    @property
    def grams(self) -> int:
        """All lines' mass [g]."""
        return sum(record.mass_g for _, record in self.lines)

    @property
    def ends(self) -> tuple[str, str]:
        """The places it starts from and ends at."""
        record = self.record
        return (record.hub, record.hub) if isinstance(record, HubOperation) else (record.origin, record.destination)


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment as it is derived, and the indexes of the entries that it follows from."""

    footprint: ShipmentFootprint
    entries: tuple[int, ...]
    evidence: tuple[tuple[int, int], ...]
    """First and last index of the further entries that its figures rest on."""
    routes: tuple[str, ...]
    start: datetime
    end: datetime
    """When it began to move and when it was there: the last arrival, or the last departure where none is stated."""
    primary: Fraction
    """Share of the emissions that rests on primary data, 0 to 1."""
    gwp_sets: tuple[str, ...]
    """See ``footprint.quality.gwp_sets``."""


class Backing(NamedTuple):
    """What a category was derived for: when, its share of primary data, 0 to 1, and its factors' GWP set."""

    at: datetime
    primary: Fraction
    gwp_sets: tuple[str, ...]


@dataclass(slots=True)
class Derived:
    """Shipments by consignment, the categories they are in, and why each other was kept out, by ``factors``."""

    factors: FactorSet
    shipments: dict[str, Shipment] = field(default_factory=dict)
    tocs: dict[str, Toc] = field(default_factory=dict)
    hocs: dict[str, Hoc] = field(default_factory=dict)
    backing: dict[str, Backing] = field(default_factory=dict)
    """Of each category, by its id."""
    gaps: dict[str, LedgerError] = field(default_factory=dict)


def derive(
    moved: Mapping[str, Sequence[tuple[int, Moved]]], cube: ActivityCube, factors: FactorSet, locate: Locate
) -> Derived:
    """
    The shipments of ``moved``: entries with their records, by consignment.

    ``cube`` holds the tenant's hubs with their energy and its operators' statements; its legs are not read.
    """
    figures = figures_of(moved, cube, factors)
    found = Derived(factors)
    for consignment, lines in moved.items():
        try:
            _derive_one(consignment, elements_of(lines), figures, locate, found)
        except LedgerError as error:
            found.gaps[consignment] = error
    return found


def elements_of(lines: Iterable[tuple[int, Moved]]) -> list[Element]:
    """Lines of one leg or stay put together, in the order of their time; at one time as the log has them."""
    together: dict[tuple[object, ...], list[tuple[int, Moved]]] = {}
    for entry, record in lines:
        together.setdefault(_alike(record), []).append((entry, record))
    return sorted(
        (Element(tuple(held)) for held in together.values()),
        key=lambda one: (one.record.occurred_at, isinstance(one.record, TransportLeg), one.lines[0][0]),
    )


def _alike(record: Moved) -> tuple[object, ...]:
    if isinstance(record, HubOperation):
        return ("hub", record.hub, record.operation, record.temperature, record.occurred_at)
    way = (record.origin, record.destination, record.distance_basis, record.distance_m, record.driven_m)
    return ("leg", record.carrier, record.vehicle, record.mode, *way, record.occurred_at, record.arrived_at)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of every leg, by entry, and of every hub, by hub, operation and temperature."""

    legs: Mapping[int, Emission | Gap]
    hubs: Mapping[tuple[str, str, str], Emission | Gap]
    cube: ActivityCube
    factors: FactorSet

    def of_leg(self, entry: int) -> Emission:
        """The figure of a leg by its entry. Raises why there is none."""
        return _row(self.legs[entry])

    def of_element(self, element: Element) -> tuple[Emission | None, Toc | None]:
        """A leg's figure and category, as far as there are any: activity data are offered without them too."""
        record = element.record
        assert isinstance(record, TransportLeg)
        found = self.legs[element.lines[0][0]]
        if isinstance(found, Gap):
            return None, None
        try:
            return found, _toc(record, found, self)
        except LedgerError:
            return found, None

    def of_hub(self, record: HubOperation) -> Emission:
        """A row of the same hub, operation and temperature; its intensity is theirs."""
        return _row(self.hubs[record.hub, record.operation, record.temperature])


def figures_of(moved: Mapping[str, Sequence[tuple[int, Moved]]], cube: ActivityCube, factors: FactorSet) -> Figures:
    """The figures of all legs of ``moved`` and of all hubs of the cube, computed together."""
    cells = [
        transport_cell(entry, record)
        for lines in moved.values()
        for entry, record in lines
        if isinstance(record, TransportLeg)
    ]
    own = msgspec.structs.replace(cube, transport=cells, declared=(), made=())
    done = calculate(own, factors)
    legs: dict[int, Emission | Gap] = {}
    hubs: dict[tuple[str, str, str], Emission | Gap] = {}
    found: list[Emission | Gap] = [*done.rows, *done.gaps]
    for row in found:
        cell = row.cell
        if isinstance(cell, TransportCell):
            legs[cell.first_entry] = row
        elif isinstance(cell, HubCell):
            hubs.setdefault((cell.hub, cell.operation, cell.temperature), row)
    return Figures(legs, hubs, own, factors)


def _row(found: Emission | Gap) -> Emission:
    if isinstance(found, Gap):
        raise found.error
    return found


def _derive_one(
    consignment: str, elements: Sequence[Element], figures: Figures, locate: Locate, found: Derived
) -> None:
    before = _before(elements)
    tces: list[Tce] = []
    tocs: dict[str, Toc] = {}
    hocs: dict[str, Hoc] = {}
    backing: dict[str, Backing] = {}
    counted: list[Emission] = []
    evidence: set[tuple[int, int]] = set()
    for element, earlier in zip(elements, before, strict=True):
        record = element.record
        if isinstance(record, HubOperation):
            row = figures.of_hub(record)
            hoc = _hoc(record, row, figures, locate)
            hocs[hoc.hoc_id] = hoc
            backing[hoc.hoc_id] = Backing(record.occurred_at, row.trail.primary, (row.trail.gwp_set,))
            rows = [msgspec.structs.replace(row, wtw=row.wtw * _share(element, row))]
            tces.append(_stay(_Link(consignment, element, earlier, hoc.hoc_id), row, locate))
        else:
            rows = [figures.of_leg(entry) for entry, _ in element.lines]
            row = rows[0]
            toc = _toc(record, row, figures)
            tocs[toc.toc_id] = toc
            backing[toc.toc_id] = Backing(record.occurred_at, row.trail.primary, (row.trail.gwp_set,))
            tces.append(_leg(_Link(consignment, element, earlier, toc.toc_id), rows, locate))
        counted += rows
        if row.trail.evidence:
            evidence.add(row.trail.evidence[1:])
    roots = [one for one, earlier in zip(elements, before, strict=True) if earlier == ()]
    footprint = ShipmentFootprint(
        mass=number(Fraction(sum(one.grams for one in roots), 1000)), shipment_id=consignment, tces=tuple(tces)
    )
    for fault in check_chain(footprint, tocs, hocs):
        raise fault
    entries = tuple(sorted(entry for element in elements for entry, _ in element.lines))
    found.shipments[consignment] = Shipment(
        footprint,
        entries,
        tuple(sorted(evidence)),
        routes=tuple(sorted({record.route for element in elements for _, record in element.lines})),
        start=min(one.record.occurred_at for one in elements),
        end=max(getattr(one.record, "arrived_at", None) or one.record.occurred_at for one in elements),
        primary=_primary(counted),
        gwp_sets=gwp_sets(one.trail for one in counted),
    )
    found.tocs |= tocs
    found.hocs |= hocs
    found.backing = backing | found.backing


def _before(elements: Sequence[Element]) -> list[tuple[str, ...] | None]:
    """
    Of each element those immediately before it: none for the first; ``None`` where nothing says which.

    A hub's stays come between the legs that reach it and the legs that leave it.
    """
    found: list[tuple[str, ...] | None] = []
    for number_, element in enumerate(elements):
        start = element.ends[0]
        reaching = [other for other in elements[:number_] if other.ends[1] == start]
        stays = [other for other in reaching if isinstance(other.record, HubOperation)]
        direct = reaching if isinstance(element.record, HubOperation) or not stays else stays
        if isinstance(element.record, HubOperation):
            direct = stays[-1:] or reaching
        names = tuple(other.record.id for other in direct)
        first = not number_ or (element.record.occurred_at, start) == (
            elements[0].record.occurred_at,
            elements[0].ends[0],
        )
        found.append(names or (() if first else None))
    return found


def _toc(record: TransportLeg, row: Emission, figures: Figures) -> Toc:
    activity = Fraction(record.mass_g * record.distance_m, GRAM_METRES_PER_TONNE_KM)
    wtw, ttw = number(row.wtw / activity), number((row.ttw or Fraction(0)) / activity)
    carriers = of_transport(row, figures.factors, record.vehicle)
    said = (record.vehicle, record.mode, wtw, ttw, carriers, row.trail.factor_set)
    return Toc(
        toc_id=_name(record.vehicle, said),
        certifications=_CERTIFIED,
        description=f"{record.vehicle}, {row.trail.category} data ({row.trail.method})",
        mode=MODES[record.mode],
        co2e_intensity_wtw=wtw,
        co2e_intensity_ttw=ttw,
        transport_activity_unit="tkm",
        energy_carriers=carriers,
    )


def _hoc(record: HubOperation, row: Emission, figures: Figures, locate: Locate) -> Hoc:
    assert isinstance(row.cell, HubCell)
    tonnes = Fraction(row.cell.grams, _TONNE)
    wtw, ttw = number(row.wtw / tonnes), number((row.ttw or Fraction(0)) / tonnes)
    carriers = of_hub(row.cell, figures.cube, figures.factors, record.hub)
    said = (record.hub, record.operation, record.temperature, wtw, ttw, carriers, row.trail.factor_set)
    return Hoc(
        hoc_id=_name(record.hub, said),
        description=f"{record.hub}, {row.trail.category} data ({row.trail.method})",
        certifications=_CERTIFIED,
        hub_type=_HUB_TYPES[record.operation],
        temperature_control=record.temperature,
        hub_location=locate(record.hub, "road"),
        co2e_intensity_wtw=wtw,
        co2e_intensity_ttw=ttw,
        hub_activity_unit="tonnes",
        energy_carriers=carriers,
    )


def _name(of: str, said: tuple[object, ...]) -> str:
    """
    An id that is another whenever what the category says is another: categories never change.

    It can stand in a URN as it is: of the operation's name only what may stand there is kept.
    """
    kept = _UNSAFE.sub("-", of).strip("-")[:120]
    return "-".join(filter(None, (kept, sha256(msgspec.json.encode(said)).hexdigest()[:16])))


def _primary(rows: Sequence[Emission]) -> Fraction:
    """The share of primary data by emissions; of a shipment without any, by its elements."""
    whole = total(row.wtw for row in rows)
    if whole:
        return total(row.wtw * row.trail.primary for row in rows) / whole
    return total(row.trail.primary for row in rows) / len(rows)


def _share(element: Element, row: Emission) -> Fraction:
    """The element's part of what passed the hub."""
    assert isinstance(row.cell, HubCell)
    return Fraction(element.grams, row.cell.grams)


class _Link(NamedTuple):
    """An element's place in its chain, and the category it is in."""

    consignment: str
    element: Element
    earlier: tuple[str, ...] | None
    category: str


def _leg(link: _Link, rows: Sequence[Emission], locate: Locate) -> Tce:
    element, record = link.element, link.element.record
    assert isinstance(record, TransportLeg)
    return Tce(
        tce_id=record.id,
        prev_tce_ids=UNSET if link.earlier is None else link.earlier,
        toc_id=link.category,
        shipment_id=link.consignment,
        consignment_id=link.consignment,
        mass=number(Fraction(element.grams, 1000)),
        distance=distance_of(record),
        origin=locate(record.origin, record.mode),
        destination=locate(record.destination, record.mode),
        transport_activity=number(Fraction(element.grams * record.distance_m, GRAM_METRES_PER_TONNE_KM)),
        departure_at=record.occurred_at.astimezone(UTC),
        arrival_at=None if record.arrived_at is None else record.arrived_at.astimezone(UTC),
        co2e_wtw=number(total(row.wtw for row in rows)),
        co2e_ttw=number(total(row.ttw or Fraction(0) for row in rows)),
    )


def _stay(link: _Link, row: Emission, locate: Locate) -> Tce:
    element, record = link.element, link.element.record
    assert isinstance(record, HubOperation)
    share = _share(element, row)
    place = locate(record.hub, "road")
    return Tce(
        tce_id=record.id,
        prev_tce_ids=UNSET if link.earlier is None else link.earlier,
        hoc_id=link.category,
        shipment_id=link.consignment,
        consignment_id=link.consignment,
        mass=number(Fraction(element.grams, 1000)),
        distance=Distance(actual="0"),
        origin=place,
        destination=place,
        transport_activity="0",
        departure_at=record.occurred_at.astimezone(UTC),
        co2e_wtw=number(row.wtw * share),
        co2e_ttw=number((row.ttw or Fraction(0)) * share),
    )


def distance_of(record: TransportLeg) -> Distance:
    """The leg's distances [km]: the standard's, and the driven one where it is known."""
    km = number(Fraction(record.distance_m, 1000))
    driven = None if record.driven_m is None else number(Fraction(record.driven_m, 1000))
    return Distance(actual=driven, sfd=km) if record.distance_basis == "sfd" else Distance(actual=driven, gcd=km)
