"""The index of warehouses: editions published, a site's year scored by one, scores published and computed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from ledger.errors import ProgrammeError
from ledger.footprint.activity import CHINA
from ledger.footprint.amount import exact_text
from ledger.log.proof import record_of
from ledger.ports import Receipt
from ledger.programme.warehouse.errors import (
    IndexSchemeUnknown,
    ScoreAbsent,
    ScoreRefused,
    YearNotOver,
)
from ledger.programme.warehouse.score import Scored, leaf_score, scored
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import IndexScheme
from ledger.records.record import decode_body
from ledger.records.site_score import SiteScore
from ledger.records.warehouse_site import SiteStatement, StatedMeasure, site_record_id
from ledger.services.capture import Submission, capture_one
from ledger.services.project import catch_up
from ledger.services.warehouse_events import with_events
from ledger.services.warehouse_sites import Warehouses, as_of, certificates, ensure_site, site_year, standing

TRIES: Final = 5


class Replayed(NamedTuple):
    """A published score and what the log of its size comes to now: ``holds`` when they are one."""

    published: SiteScore
    again: SiteScore | None
    refusal: ProgrammeError | None

    @property
    def holds(self) -> bool:
        """Whether every leaf and the sum are the same."""
        return self.again == self.published


class Said(NamedTuple):
    """``part`` of ``whole`` of a measure in a year at a site, in words, with the SHA-256 of what shows it."""

    site: str
    year: int
    measure: StatedMeasure
    part: str
    whole: str
    words: str
    evidence: tuple[str, ...]


def schemes(ledger: Warehouses, tenant: str) -> list[tuple[int, IndexScheme]]:
    """Every edition, the newest first."""
    catch_up(ledger.entries, ledger.projections)
    facts = ledger.projections.last_facts(tenant, "index_scheme", limit=100)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    told = [(fact.seq, decode_body(entries[fact.seq].body, "index_scheme")) for fact in facts]
    return [(at, one) for at, one in told if isinstance(one, IndexScheme)]


def scheme_named(ledger: Warehouses, tenant: str, name: str) -> IndexScheme:
    """One edition by its record id. Raises ``IndexSchemeUnknown``."""
    entry = ledger.entries.find(tenant, name)
    found = decode_body(entry.body, "index_scheme") if entry and record_of(entry)["kind"] == "index_scheme" else None
    if not isinstance(found, IndexScheme):
        raise IndexSchemeUnknown(scheme=name[:200])
    return found


def score_of(ledger: Warehouses, tenant: str, site: str, year: int, scheme: str) -> tuple[SiteYear, Scored]:
    """How a site's year stands by an edition. Raises ``SiteUnknown``, ``IndexSchemeUnknown``."""
    edition = scheme_named(ledger, tenant, scheme)
    told = standing(ledger, tenant)
    found = site_year(told, certificates(ledger, told), site, year)
    found = with_events(ledger.entries, tenant, found, ledger.entries.size(), ledger.clock.now())
    return found, scored(edition, found)


def publish_score(
    ledger: Warehouses, submission: Submission, site: str, year: int, scheme: str
) -> tuple[SiteScore, Receipt]:
    """
    Record the score of a year that is over.

    Raises ``YearNotOver``, ``SiteUnknown``, ``IndexSchemeUnknown``, ``ScoreRefused``, and what recording refuses.
    """
    now = ledger.clock.now()
    if now < datetime(year + 1, 1, 1, tzinfo=CHINA):
        raise YearNotOver(year=year)
    made = _still(ledger, submission.tenant, scheme, (site, year, now))
    return made, capture_one(ledger, submission, made)


def published(ledger: Warehouses, tenant: str, site: str, limit: int = 100) -> list[tuple[int, SiteScore]]:
    """Published scores of a site, the newest first."""
    catch_up(ledger.entries, ledger.projections)
    facts = ledger.projections.last_facts(tenant, "site_score", site, limit=limit)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    told = [(fact.seq, decode_body(entries[fact.seq].body, "site_score")) for fact in facts]
    return [(at, one) for at, one in told if isinstance(one, SiteScore)]


def scores_by(
    ledger: Warehouses, tenant: str, sites: Sequence[str], scheme: str
) -> dict[str, dict[int, tuple[int, SiteScore]]]:
    """Of some sites by one edition: for each site and year the score published last, with its entry."""
    catch_up(ledger.entries, ledger.projections)
    facts = ledger.projections.facts_of(tenant, "site_score", sites)
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found: dict[str, dict[int, tuple[int, SiteScore]]] = {}
    for fact in facts:
        one = decode_body(entries[fact.seq].body, "site_score")
        if isinstance(one, SiteScore) and one.scheme == scheme:
            found.setdefault(one.site, {})[one.year] = (fact.seq, one)
    return found


def replay_score(ledger: Warehouses, tenant: str, name: str) -> Replayed:
    """Compute a published score again from the log that it names. Raises ``ScoreAbsent``."""
    entry = ledger.entries.find(tenant, name)
    one = decode_body(entry.body, "site_score") if entry and record_of(entry)["kind"] == "site_score" else None
    if not isinstance(one, SiteScore):
        raise ScoreAbsent(score=name[:200])
    try:
        again = _computed(ledger, tenant, one.scheme, (one.site, one.year, one.size, one.occurred_at))
    except ProgrammeError as error:
        return Replayed(one, None, error)
    return Replayed(one, again, None)


def state(ledger: Warehouses, submission: Submission, said: Said) -> Receipt:
    """Record a figure of a site's year. Raises ``SiteUnknown``, and what recording refuses."""
    ensure_site(ledger, submission.tenant, said.site)
    now = ledger.clock.now()
    made = SiteStatement(
        id=site_record_id("site-statement", now.isoformat(), *said),
        kind="site_statement",
        occurred_at=now,
        version=1,
        **said._asdict(),
    )
    return capture_one(ledger, submission, made)


def _still(ledger: Warehouses, tenant: str, scheme: str, of: tuple[str, int, datetime]) -> SiteScore:
    """The score of (site, year, moment) by projections that stood still meanwhile; else from the log itself."""
    site, year, at = of
    for _ in range(TRIES):
        told = standing(ledger, tenant)
        size = ledger.projections.watermark()
        read = with_events(
            ledger.entries, tenant, site_year(told, certificates(ledger, told, size), site, year), size, at
        )
        if ledger.projections.watermark() == size:
            return _score(read, scheme_named(ledger, tenant, scheme), size, at)
    return _computed(ledger, tenant, scheme, (site, year, ledger.entries.size(), at))


def _computed(ledger: Warehouses, tenant: str, scheme: str, of: tuple[str, int, int, datetime]) -> SiteScore:
    """The score of (site, year, size, moment), from the log of that size alone."""
    site, year, size, at = of
    catch_up(ledger.entries, ledger.certificate_numbers)
    told = as_of(ledger, tenant, size)
    read = with_events(ledger.entries, tenant, site_year(told, certificates(ledger, told, size), site, year), size, at)
    return _score(read, scheme_named(ledger, tenant, scheme), size, at)


def _score(told: SiteYear, edition: IndexScheme, size: int, at: datetime) -> SiteScore:
    site, year, scheme = told.site, told.year, edition.id
    found = scored(edition, told)
    if found.points is None:
        missing = ", ".join(leaf.node.key for leaf in found.refused)
        raise ScoreRefused(site=site, year=year, missing=missing)
    return SiteScore(
        id=site_record_id("site-score", site, year, scheme, size),
        kind="site_score",
        leaves=tuple(leaf_score(leaf) for leaf in found.leaves),
        occurred_at=at,
        points=exact_text(found.points),
        scheme=scheme,
        site=site,
        size=size,
        version=1,
        year=year,
    )
