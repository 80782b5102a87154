"""Everything that an index reads of a site in a year, and its electricity: bought, generated, exported [kWh], exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

from ledger.footprint.activity import CHINA
from ledger.programme.warehouse.certificates import Use
from ledger.programme.warehouse.errors import (
    AreaMissing,
    EnergyMissing,
    FlowsContradict,
    MeterPeriodMissing,
    NothingCounted,
)
from ledger.programme.warehouse.meters import MeasuringPoint
from ledger.records.hub_operation import EnergyUse
from ledger.records.site_meter import Flow
from ledger.records.site_score import Quality
from ledger.records.transport_operation import ELECTRICITY
from ledger.records.warehouse_site import SiteStatement, StatedMeasure, WarehouseSite
from ledger.units import shown

KWH_PER_MWH: Final = 1000
NONE: Final = Fraction(0)


class Amount(NamedTuple):
    """An amount with the entries that it follows from and how good these are."""

    value: Fraction
    entries: tuple[int, ...] = ()
    quality: Quality = "metered"


class Counted(NamedTuple):
    """Things counted, with the entries that say so."""

    things: int
    entries: tuple[int, ...]

    @property
    def amount(self) -> Amount:
        """As a line of a working has it."""
        return Amount(Fraction(self.things), self.entries, "recorded")


class SiteEvents(Protocol):
    """What EPCIS events say of a site in a year: (part, whole) of each measure. Raises ``ProgrammeError``."""

    def idle(self, days: int) -> tuple[Counted, Counted]:
        """Things in stock there at the end of the year whose last event lies more than ``days`` back, of all."""
        ...

    def returned(self) -> tuple[Counted, Counted]:
        """Outings of returnable assets from there in the year that came back before its end, of all."""
        ...

    def reused(self) -> tuple[Counted, Counted]:
        """Times a thing that came off a site and was there in the year went back into use before its end, of all."""
        ...


class Electricity(NamedTuple):
    """Of a site in a period [kWh]. ``sold`` is own generation whose certificates went elsewhere."""

    bought: Amount
    generated: Amount
    exported: Amount
    sold: Amount

    @property
    def used(self) -> Fraction:
        """What the site used: bought and generated, less what went out."""
        return self.bought.value + self.generated.value - self.exported.value

    @property
    def own(self) -> Fraction:
        """Generated, used here, and sold to nobody as green. Certificates that were sold cover exports first."""
        sold_here = max(NONE, self.sold.value - self.exported.value)
        return max(NONE, self.generated.value - self.exported.value - sold_here)

    @property
    def parts(self) -> tuple[Amount, ...]:
        """All that it follows from."""
        return (self.bought, self.generated, self.exported, self.sold)


@dataclass(frozen=True, slots=True)
class SiteYear:
    """Facts, meters, energy records, certificates, statements of a site, as a log of some length has them."""

    site: str
    year: int
    facts: Sequence[tuple[int, WarehouseSite]] = ()
    points: Sequence[MeasuringPoint] = ()
    energy: Sequence[tuple[int, EnergyUse]] = ()
    uses: Sequence[Use] = ()
    """Of certificates, for this site, some days of which are in this year."""
    sold: Sequence[Use] = ()
    """Certificates of own generation, some days of it in this year, that were sold on or used elsewhere."""
    statements: Mapping[StatedMeasure, tuple[int, SiteStatement]] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    """Evidence handed in about the site: its SHA-256 with its entry."""
    events: SiteEvents | None = None

    @property
    def start(self) -> datetime:
        """The first moment of the year in China."""
        return datetime(self.year, 1, 1, tzinfo=CHINA)

    @property
    def end(self) -> datetime:
        """The first moment of the next one."""
        return datetime(self.year + 1, 1, 1, tzinfo=CHINA)

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        return date(self.year, 1, 1), date(self.year, 12, 31)

    @property
    def months(self) -> list[tuple[datetime, datetime]]:
        """The months of the year."""
        starts = [datetime(self.year, month, 1, tzinfo=CHINA) for month in range(1, 13)]
        return list(zip(starts, [*starts[1:], self.end], strict=True))

    def facts_on(self, day: date) -> tuple[int, WarehouseSite] | None:
        """What is stated of the site on a day; of several statements from one day the one entered last."""
        told = [(one.valid_from, entry, one) for entry, one in self.facts if one.valid_from <= day]
        return max(told, key=lambda each: each[:2])[1:] if told else None

    def area(self) -> Amount:
        """Floor area [m²], each day weighing the same. Raises ``AreaMissing``."""
        first, last = self.days
        turns = sorted({first, *(one.valid_from for _, one in self.facts if first < one.valid_from <= last)})
        total, entries = NONE, set[int]()
        for day, until in zip(turns, [*turns[1:], last + timedelta(days=1)], strict=True):
            found = self.facts_on(day)
            if found is None:
                raise AreaMissing(site=self.site, day=day.isoformat())
            entries.add(found[0])
            total += Fraction(found[1].floor_area_m2) * (until - day).days
        days = (last - first).days + 1
        return Amount(total / days, tuple(sorted(entries)), "recorded")

    def electricity(self, start: datetime | None = None, end: datetime | None = None) -> Electricity:
        """
        Of the year, or of a period. By meters where the site has any, else by energy records that cover the year.

        Raises ``EnergyMissing``, ``FlowsContradict`` and what a meter raises.
        """
        start, end = start or self.start, end or self.end
        if self.points:
            if not any(point.flow == "import" for point in self.points):
                raise EnergyMissing(site=self.site, flow="import")
            flows = {flow: self._metered(flow, start, end) for flow in ("import", "generation", "export")}
            found = Electricity(flows["import"], flows["generation"], flows["export"], self._sold(start, end))
        else:
            own = self._recorded("own", start, end)
            found = Electricity(self._recorded("bought", start, end), own, Amount(NONE), self._sold(start, end))
        if found.exported.value > found.generated.value:
            told = {"exported": shown(found.exported.value, 3), "generated": shown(found.generated.value, 3)}
            raise FlowsContradict(site=self.site, **told)
        return found

    def whole(self, amount: Fraction, measure: str) -> Fraction:
        """A whole that something can be a part of. Raises ``NothingCounted``."""
        if amount == 0:
            raise NothingCounted(site=self.site, measure=measure)
        return amount

    def _metered(self, flow: Flow, start: datetime, end: datetime) -> Amount:
        found = [point.flowed(start, end) for point in self.points if point.flow == flow]
        entries = tuple(sorted({entry for one in found for entry in one.entries}))
        return Amount(sum((one.kwh for one in found), NONE), entries)

    def _recorded(self, origin: str, start: datetime, end: datetime) -> Amount:
        """By records that lie side by side from the start to the end; each meter of several has to."""
        lines: dict[str, list[tuple[int, EnergyUse]]] = {}
        for entry, one in self.energy:
            within = one.period_end > start and one.period_start < end
            if one.carrier == ELECTRICITY and one.origin == origin and within:
                lines.setdefault(one.meter or "", []).append((entry, one))
        if not lines and origin == "bought":
            raise EnergyMissing(site=self.site, flow="import")
        total, entries = NONE, list[int]()
        for meter, told in lines.items():
            at = start
            for entry, one in sorted(told, key=lambda each: each[1].period_start):
                if one.period_start != at:
                    raise _uncovered(meter or self.site, start, end, min(at, one.period_start))
                at = one.period_end
                total += Fraction(one.energy_wh or 0, 1000)
                entries.append(entry)
            if at != end:
                raise _uncovered(meter or self.site, start, end, at)
        return Amount(total, tuple(sorted(entries)), "recorded")

    def _sold(self, start: datetime, end: datetime) -> Amount:
        # One of more days than these counts whole: what was sold is never less than what is taken off.
        first, last = start.astimezone(CHINA).date(), (end.astimezone(CHINA) - timedelta(days=1)).date()
        held = [one for one in self.sold if one.start <= last and one.end >= first]
        return Amount(sum((one.mwh for one in held), NONE) * KWH_PER_MWH, tuple(one.entry for one in held), "recorded")


def _uncovered(meter: str, start: datetime, end: datetime, near: datetime) -> MeterPeriodMissing:
    told = {"start": start, "end": end, "near": near}
    return MeterPeriodMissing(meter=meter, **{k: v.astimezone(CHINA).date().isoformat() for k, v in told.items()})
