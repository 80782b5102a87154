"""
What must hold of a shipment with its operation categories, beyond its form.

The elements make one chain without circles; no leg is in it twice; mass is neither gained nor lost along it; activity
is distance x mass, and emissions are activity x the category's intensity. Stated decimals are rounded, so figures
agree within half of the last digit that is stated on either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import UNSET

from ledger.errors import LedgerError, Place
from ledger.footprint.amount import exact_text
from ledger.ileap.category import Hoc, Toc
from ledger.ileap.errors import CategoryMissing, ElementsContradict, FigureDiffers
from ledger.ileap.shipment import ShipmentFootprint, Tce

KILOGRAMS_PER_TONNE = 1000


def check_chain(shipment: ShipmentFootprint, tocs: Mapping[str, Toc], hocs: Mapping[str, Hoc]) -> Iterator[LedgerError]:
    """Everything that does not hold, in the order of the elements; categories by their id."""
    yield from _order(shipment)
    yield from _twice(shipment)
    yield from _masses(shipment)
    for number, tce in enumerate(shipment.tces):
        yield from _figures(tce, f"/tces/{number}", tocs, hocs)


def check_total(shipment: ShipmentFootprint, wtw: str) -> Iterator[LedgerError]:
    """The sum of the elements [kg CO2e] is the footprint that was stated with them."""
    whole = sum((Fraction(tce.co2e_wtw) for tce in shipment.tces), Fraction(0))
    if whole != Fraction(wtw):
        yield FigureDiffers(what=f"the footprint of {shipment.shipment_id}", stated=wtw, computed=exact_text(whole))


def in_order(shipment: ShipmentFootprint) -> list[Tce] | None:
    """The elements, each behind all that it names as before it; ``None`` where they run in a circle."""
    waiting = {tce.tce_id: set(_before(tce)) for tce in shipment.tces}
    by_id = {tce.tce_id: tce for tce in shipment.tces}
    done: list[Tce] = []
    while waiting:
        ready = [name for name, before in waiting.items() if not before & waiting.keys()]
        if not ready:
            return None
        for name in ready:
            del waiting[name]
            done.append(by_id[name])
    return done


def _before(tce: Tce) -> tuple[str, ...]:
    return () if tce.prev_tce_ids is UNSET else tce.prev_tce_ids


def _order(shipment: ShipmentFootprint) -> Iterator[LedgerError]:
    seen: set[str] = set()
    names = {tce.tce_id for tce in shipment.tces}
    for number, tce in enumerate(shipment.tces):
        if tce.tce_id in seen:
            yield ElementsContradict(
                why=f"two elements are {tce.tce_id}", why_zh=f"两个要素同为 {tce.tce_id}"
            ).at(Place(pointer=f"/tces/{number}/tceId"))  # fmt: skip
        seen.add(tce.tce_id)
        for place, before in enumerate(_before(tce)):
            if before not in names:
                yield ElementsContradict(
                    why=f"{before}, before {tce.tce_id}, is not there", why_zh=f"{tce.tce_id} 之前的 {before} 不存在"
                ).at(Place(pointer=f"/tces/{number}/prevTceIds/{place}"))
    if in_order(shipment) is None:
        yield ElementsContradict(why="elements come before themselves", why_zh="要素构成循环").at(
            Place(pointer="/tces")
        )


def _twice(shipment: ShipmentFootprint) -> Iterator[LedgerError]:
    """Legs that say the same in everything but their name, and state when they were."""
    known: dict[tuple[object, ...], str] = {}
    for number, tce in enumerate(shipment.tces):
        if tce.departure_at is None:
            continue
        leg = (
            tce.consignment_id, tce.toc_id, tce.hoc_id, tce.mass, tce.distance, tce.origin, tce.destination,
            tce.departure_at,
        )  # fmt: skip
        first = known.setdefault(leg, tce.tce_id)
        if first != tce.tce_id:
            yield ElementsContradict(
                why=f"{tce.tce_id} is {first} again", why_zh=f"{tce.tce_id} 与 {first} 重复"
            ).at(Place(pointer=f"/tces/{number}"))  # fmt: skip


def _masses(shipment: ShipmentFootprint) -> Iterator[LedgerError]:
    """
    What leaves elements is what entered those behind them, where the chain is one line; no element has more than all.

    Where a shipment is split or joined, the parts are only kept to the whole.
    """
    by_id = {tce.tce_id: tce for tce in shipment.tces}
    behind: dict[str, list[Tce]] = {}
    for tce in shipment.tces:
        for name in _before(tce):
            behind.setdefault(name, []).append(tce)
    for number, tce in enumerate(shipment.tces):
        at = Place(pointer=f"/tces/{number}/mass")
        if Fraction(tce.mass) > Fraction(shipment.mass):
            yield FigureDiffers(what=f"the mass of {tce.tce_id}", stated=tce.mass, computed=shipment.mass).at(at)
        before = _before(tce)
        if len(before) == 1 and before[0] in by_id and len(behind[before[0]]) == 1:
            came = by_id[before[0]].mass
            if Fraction(came) != Fraction(tce.mass):
                yield FigureDiffers(what=f"the mass of {tce.tce_id}", stated=tce.mass, computed=came).at(at)


def _figures(tce: Tce, at: str, tocs: Mapping[str, Toc], hocs: Mapping[str, Hoc]) -> Iterator[LedgerError]:
    if tce.toc_id is not None:
        distances = [Fraction(d) for d in (tce.distance.sfd, tce.distance.gcd, tce.distance.actual) if d is not None]
        moved = [km * Fraction(tce.mass) / KILOGRAMS_PER_TONNE for km in distances]
        if moved and not any(_agree(tce.transport_activity, tkm) for tkm in moved):
            yield FigureDiffers(
                what=f"the transport activity of {tce.tce_id}",
                stated=tce.transport_activity,
                computed=exact_text(moved[0]),
            ).at(Place(pointer=f"{at}/transportActivity"))
        toc = tocs.get(tce.toc_id)
        if toc is None:
            yield CategoryMissing(category=tce.toc_id).at(Place(pointer=f"{at}/tocId"))
        elif toc.transport_activity_unit == "tkm":
            yield from _emissions(tce, at, (toc.co2e_intensity_wtw, toc.co2e_intensity_ttw), tce.transport_activity)
    elif tce.hoc_id is not None:
        hoc = hocs.get(tce.hoc_id)
        if hoc is None:
            yield CategoryMissing(category=tce.hoc_id).at(Place(pointer=f"{at}/hocId"))
        elif hoc.hub_activity_unit == "tonnes":
            tonnes = exact_text(Fraction(tce.mass) / KILOGRAMS_PER_TONNE)
            yield from _emissions(tce, at, (hoc.co2e_intensity_wtw, hoc.co2e_intensity_ttw), tonnes)


def _emissions(tce: Tce, at: str, intensities: tuple[str, str], activity: str) -> Iterator[LedgerError]:
    for name, stated, intensity in (
        ("WTW", tce.co2e_wtw, intensities[0]),
        ("TTW", tce.co2e_ttw, intensities[1]),
    ):
        computed = Fraction(activity) * Fraction(intensity)
        if not _agree(stated, computed, Fraction(activity) * _half(intensity)):
            yield FigureDiffers(
                what=f"co2e{name} of {tce.tce_id}", stated=stated, computed=exact_text(computed)
            ).at(Place(pointer=f"{at}/co2e{name}"))  # fmt: skip


def _agree(stated: str, computed: Fraction, slack: Fraction = Fraction(0)) -> bool:
    return abs(Fraction(stated) - computed) <= _half(stated) + slack


def _half(text: str) -> Fraction:
    """Half of the last digit of a decimal."""
    _, _, places = text.partition(".")
    return Fraction(1, 2 * 10 ** len(places))
