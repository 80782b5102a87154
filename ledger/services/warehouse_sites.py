"""Warehouses: the list of sites, and everything an index reads of one in a year, from projections or from the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

from ledger.errors import Place
from ledger.ports import Clock, EntryStore, Projections, Random
from ledger.ports.certificate_numbers import CertificateNumbers
from ledger.programme.warehouse.certificates import Held, Use, held
from ledger.programme.warehouse.errors import SiteUnknown
from ledger.programme.warehouse.meters import measuring_points
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.certificate_use import CertificateUse
from ledger.records.correction import corrects_of
from ledger.records.energy_certificate import EnergyCertificate
from ledger.records.evidence_file import EvidenceFile
from ledger.records.hub_operation import EnergyUse
from ledger.records.record import KIND_NUMBERS, decode_body
from ledger.records.site_meter import MeterReading, SiteMeter
from ledger.records.warehouse_site import SiteStatement, WarehouseSite
from ledger.services.project import catch_up, catch_up_all

PAGE: Final = 50
Told = Callable[[str, str | None], list[tuple[int, Any]]]
"""Standing records of a kind, about one subject or all, with their entries in order."""
_OF_SITE: Final = ("warehouse_site", "site_meter", "meter_reading", "energy_use", "site_statement", "evidence_file")
_READ: Final = {KIND_NUMBERS[kind]: kind for kind in (*_OF_SITE, "energy_certificate", "certificate_use")}
_CORRECTION: Final = KIND_NUMBERS["correction"]


class Warehouses(Protocol):
    """What warehouses need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Where records of a kind are."""
        ...

    @property
    def certificate_numbers(self) -> CertificateNumbers:
        """Who recorded a number first."""
        ...

    @property
    def clock(self) -> Clock:
        """When it is stated."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class Site(NamedTuple):
    """A site as it is stated now, by an entry."""

    entry: int
    facts: WarehouseSite


def standing(ledger: Warehouses, tenant: str) -> Told:
    """Records as the log has them now; what was read once is not read again."""
    catch_up_all(ledger.entries, (ledger.projections, ledger.certificate_numbers))

    @cache
    def told(kind: str, subject: str | None) -> list[tuple[int, Any]]:
        facts = ledger.projections.facts(tenant, kind, subject)
        entries = ledger.entries.gathered([fact.seq for fact in facts])
        return [(at, decode_body(entries[at].body, kind)) for at in sorted(entries)]

    return told


def as_of(ledger: Warehouses, tenant: str, size: int) -> Told:
    """Records as the first ``size`` entries have them, read from the log itself; no projection is asked."""
    found: dict[str, dict[str, tuple[int, Any]]] = {}
    kinds: dict[str, str] = {}
    for rows in ledger.entries.rows(0, size):
        for row in rows:
            if row.tenant != tenant:
                continue
            if row.kind == _CORRECTION:
                gone = corrects_of(row.body)
                found.get(kinds.get(gone, ""), {}).pop(gone, None)
            elif row.kind in _READ:
                kind, record = _READ[row.kind], decode_body(row.body, _READ[row.kind])
                kinds[record.id] = kind
                found.setdefault(kind, {})[record.id] = (row.seq, record)

    def told(kind: str, subject: str | None) -> list[tuple[int, Any]]:
        every = found.get(kind, {}).values()
        return [one for one in every if subject is None or _subject(one[1]) == subject]

    return told


def sites(ledger: Warehouses, tenant: str, after: int = -1, limit: int = PAGE) -> tuple[list[Site], int | None]:
    """At most ``limit`` sites first stated behind an entry; and that entry to go on from, where more may follow."""
    catch_up(ledger.entries, ledger.projections)
    page = ledger.projections.facts(tenant, "warehouse_site", after=after, limit=limit)
    first: dict[str, list[int]] = {}
    for fact in ledger.projections.facts_of(tenant, "warehouse_site", sorted({one.subject for one in page})):
        first.setdefault(fact.subject, []).append(fact.seq)
    here = {name: places for name, places in first.items() if places[0] > after}
    entries = ledger.entries.gathered([place for places in here.values() for place in places])
    found = []
    for places in here.values():
        told = [(at, decode_body(entries[at].body, "warehouse_site")) for at in places]
        facts = [(at, one) for at, one in told if isinstance(one, WarehouseSite)]
        found.append(Site(*max(facts, key=lambda each: (each[1].valid_from, each[0]))))
    return found, page[-1].seq if len(page) == limit else None


def site_year(told: Told, every: Sequence[Held], site: str, year: int) -> SiteYear:
    """All of a site in a year as it is ``told``, with ``every`` certificate of that log. Raises ``SiteUnknown``."""
    facts: list[tuple[int, WarehouseSite]] = told("warehouse_site", site)
    if not facts:
        raise SiteUnknown(site=site[:200])
    meters: list[tuple[int, SiteMeter]] = told("site_meter", site)
    readings: list[tuple[int, MeterReading]] = told("meter_reading", site)
    energy: list[tuple[int, EnergyUse]] = told("energy_use", site)
    statements: list[tuple[int, SiteStatement]] = told("site_statement", site)
    files: list[tuple[int, EvidenceFile]] = told("evidence_file", site)
    first, last = date(year, 1, 1), date(year, 12, 31)
    return SiteYear(
        site=site,
        year=year,
        facts=facts,
        points=measuring_points(meters, readings),
        energy=energy,
        uses=[use for one in every for use in one.uses if use.site == site and _overlap(use, first, last)],
        sold=[use for one in every for use in sold(one, site) if _overlap(use, first, last)],
        statements={one.measure: (at, one) for at, one in statements if one.year == year},
        files={one.sha256: at for at, one in files},
    )


def ensure_site(ledger: Warehouses, tenant: str, site: str) -> None:
    """Raise ``SiteUnknown`` unless facts of a site stand."""
    catch_up(ledger.entries, ledger.projections)
    if not ledger.projections.facts(tenant, "warehouse_site", site, limit=1):
        raise SiteUnknown(site=site[:200]).at(Place(pointer="/site"))


def certificates(ledger: Warehouses, told: Told, size: int | None = None) -> list[Held]:
    """Every certificate that stands, in the order of the log, with its uses; as a log of ``size`` has it, if given."""
    uses: dict[str, list[tuple[int, CertificateUse]]] = {}
    for at, one in told("certificate_use", None):
        uses.setdefault(one.certificate, []).append((at, one))
    known: Sequence[tuple[int, EnergyCertificate]] = told("energy_certificate", None)
    taken = ledger.certificate_numbers.taken([at for at, _ in known], size) if known else set[int]()
    return [held(at, one, uses.get(one.id, ()), taken=at in taken) for at, one in known]


def sold(one: Held, site: str) -> Iterable[Use]:
    """What of a site's own generation was sold as green, or counts elsewhere, over the days it was generated."""
    record = one.record
    if record.generated_at != site:
        return
    if one.taken or record.transferred_to is not None:
        yield Use(one.entry, record.id, "", record.generated_from, record.generated_to, one.mwh)
        return
    for use in one.uses:
        if use.site != site:
            yield use._replace(start=record.generated_from, end=record.generated_to)


def _overlap(use: Use, first: date, last: date) -> bool:
    return use.start <= last and use.end >= first


def _subject(record: Any) -> str:
    return str(record.about if isinstance(record, EvidenceFile) else record.site)
