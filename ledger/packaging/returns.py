"""
How often returnable packaging came back, from the scans of single assets; what is stated of it stands beside.

An outing begins when an asset that is at home is shipped, and home is where it then is. It ends when the asset is
seen there again, or received as returned. What happens meanwhile, the way back among it, begins no other. ``cycles``
of a list are a statement: scans show a number of outings so far, and a statement above that is flagged, not
corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from msgspec.structs import replace

from ledger.records.packaging import PackagingBill, PackagingComponent

_LEAVES: Final = frozenset({"shipping", "departing"})
_COMES: Final = frozenset({"receiving", "accepting", "arriving"})
_RETURNED: Final = "returned"


class Seen(NamedTuple):
    """What a scan says of an asset: step, disposition and place are empty where it does not say."""

    step: str
    disposition: str
    place: str


class Outing(NamedTuple):
    """One outing: where from, the number of the scan that began it, and of the one that ended it, if any."""

    home: str
    left: int
    back: int | None


class Outings(NamedTuple):
    """Of one asset: how often it went out, how often it came back, and whether it is gone for good."""

    out: int
    back: int
    ended: bool


class Returns(NamedTuple):
    """Of all scanned assets of a type."""

    assets: int
    out: int
    back: int
    ended: int
    most: int
    """Outings of the asset that went out most."""

    @property
    def rate(self) -> Fraction | None:
        """Outings that came back / all outings; ``None`` before the first. What is still out lowers it."""
        return Fraction(self.back, self.out) if self.out else None

    @property
    def cycles(self) -> Fraction | None:
        """Outings for each asset that was scanned, so far; ``None`` of no asset."""
        return Fraction(self.out, self.assets) if self.assets else None

    def shows(self, stated: int) -> bool:
        """Whether scans show as many cycles as are stated."""
        return self.cycles is not None and self.cycles >= stated


def outings(scans: Iterable[Seen], *, ended: bool = False) -> Outings:
    """One asset's scans in the order of their time, void ones left out."""
    found = each_outing(scans)
    return Outings(len(found), sum(one.back is not None for one in found), ended)


def each_outing(scans: Iterable[Seen]) -> list[Outing]:
    """The outings of one asset in their order; the scans likewise, numbered from 0."""
    found: list[Outing] = []
    place, away = "", False
    for number, scan in enumerate(scans):
        if scan.step in _LEAVES and not away:
            away = True
            found.append(Outing(scan.place or place, number, None))
        elif away and _is_back(scan, found[-1].home):
            away = False
            found[-1] = found[-1]._replace(back=number)
        place = scan.place or place
    return found


def _is_back(scan: Seen, home: str) -> bool:
    if scan.step in _LEAVES:
        return False
    return (bool(home) and scan.place == home) or (scan.step in _COMES and scan.disposition == _RETURNED)


def returns(found: Iterable[Outings]) -> Returns:
    """The sums over assets."""
    held = list(found)
    return Returns(
        assets=len(held),
        out=sum(one.out for one in held),
        back=sum(one.back for one in held),
        ended=sum(one.ended for one in held),
        most=max((one.out for one in held), default=0),
    )


def as_shown(bill: PackagingBill, cycles: Mapping[str, Fraction]) -> PackagingBill:
    """
    A list with no more cycles than scans show: whole ones, one at least, by the returnable type of a component.

    A component without a type, or of a type that is not there, is taken to serve once. What is stated stays in the log.
    """

    def shown(one: PackagingComponent) -> PackagingComponent:
        return replace(one, cycles=max(1, min(one.cycles, int(cycles.get(one.returnable or "", 1)))))

    return replace(bill, components=tuple(shown(one) for one in bill.components))
