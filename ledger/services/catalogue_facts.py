"""What the green catalogue is judged by: everything recorded of some suppliers and products, read once, for any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, Protocol

from ledger.desk.status import Stated
from ledger.ports import Fact
from ledger.programme.assessment import Assessed, result_at
from ledger.programme.catalogue import Known, StatedFootprint, judged
from ledger.programme.certificates import Held
from ledger.programme.schemes import last_day
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules
from ledger.records.record import decode_body
from ledger.services.assessments import Assessments, assessed_of
from ledger.services.certificates import Registry, held_of
from ledger.services.pcf_standing import Heard, Reading, StoodFootprint, footprints_by, heard_of, named

PRODUCT: Final = "catalogue_product"
_NEVER: Final = date.max.toordinal() + 1


class Recorded(Registry, Assessments, Reading, Protocol):
    """What these are read from: the log, and where its records are."""


class Facts(NamedTuple):
    """All that is recorded of some suppliers, by supplier; footprints by supplier and product."""

    held: dict[str, list[Held]]
    footprints: dict[tuple[str, str], list[Stated]]
    heard: Heard
    assessed: dict[str, list[Assessed]]

    @classmethod
    def of(cls, ledger: Recorded, tenant: str, products: Sequence[CatalogueProduct]) -> Facts:
        """Of these products and who supplies them."""
        suppliers = sorted({one.supplier for one in products})
        stated = footprints_by(ledger, tenant, suppliers, sorted({one.product for one in products}))
        found = cls(defaultdict(list), defaultdict(list), heard_of(ledger, tenant, stated), defaultdict(list))
        for held in held_of(ledger, tenant, suppliers):
            found.held[held.certificate.supplier].append(held)
        for one in stated:
            found.footprints[one.supplier, named(one.product)].append(one)
        for each in assessed_of(ledger, tenant, *suppliers):
            found.assessed[each.assessment.supplier].append(each)
        return found

    def known(self, product: CatalogueProduct, day: date, told: datetime | None = None) -> Known:
        """What holds of a product at the end of a day; certificates as they were known then, or when ``told``."""
        at = end_of(day)
        held = [one for each in self.held[product.supplier] if (one := each.until(told or at)) is not None]
        stood = [self.heard.stood(one, at) for one in self.footprints[product.supplier, product.product]]
        return _known(held, stood, self.assessed[product.supplier], at)

    def moments(self, product: CatalogueProduct) -> Iterator[date]:
        """Days on which what is known of a product may have changed, in no order, some twice."""
        for one in self.held[product.supplier]:
            certificate, over = one.certificate, last_day(one.certificate.scheme)
            yield from (day_of(certificate.occurred_at), certificate.valid_from)
            yield from (*_after(certificate.valid_to), *_after(over))
            for _, said in one.statuses:
                yield from (day_of(said.occurred_at), day_of(said.effective_at))
        for stated in self.footprints[product.supplier, product.product]:
            yield from (stated.valid_from, stated.valid_end)
            for _, review in self.heard.reviews.get(stated.id, ()):
                yield day_of(review.occurred_at)
                yield from _after(review.valid_until)
            for _, when in self.heard.replaced.get((stated.supplier, stated.footprint_id), ()):
                yield day_of(when)
        for each in self.assessed[product.supplier]:
            yield day_of(each.assessment.occurred_at)
            yield from _after(each.expires)
            for _, step in each.steps:
                yield day_of(step.occurred_at)
                yield from _after(step.due)


def editions_of(ledger: Reading, tenant: str) -> list[tuple[int, CatalogueRules]]:
    """Every edition of rules, in the order of the log."""
    facts = ledger.projections.facts(tenant, "catalogue_rules")
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((fact.seq, decode_body(entries[fact.seq].body, "catalogue_rules")) for fact in facts)
    return [(at, one) for at, one in found if isinstance(one, CatalogueRules)]


def products_of(ledger: Reading, facts: Sequence[Fact]) -> list[tuple[int, CatalogueProduct]]:
    """The products of these facts with their entries, in the order of the facts."""
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    found = ((fact.seq, decode_body(entries[fact.seq].body, PRODUCT)) for fact in facts)
    return [(at, one) for at, one in found if isinstance(one, CatalogueProduct)]


def newest(editions: Sequence[tuple[int, CatalogueRules]], day: date) -> tuple[int, CatalogueRules] | None:
    """The edition in force on a day, with its entry: of those that began, the one that began last."""
    begun = [pair for pair in editions if pair[1].valid_from <= day]
    return max(begun, key=lambda pair: (pair[1].valid_from, pair[0]), default=None)


def listed_spans(
    product: CatalogueProduct, editions: Sequence[tuple[int, CatalogueRules]], facts: Facts
) -> Iterator[tuple[int, int]]:
    """
    From which day on, and before which, a product is listed, by all that is recorded now; days as ordinals.

    It is judged on every day on which anything may change, so that in between nothing does.
    """
    first, begins = day_of(product.occurred_at), 0
    changed = {*facts.moments(product), *(one.valid_from for _, one in editions)}
    for day in sorted({first, *(one for one in changed if one > first)}):
        rules = newest(editions, day)
        fits = rules is not None and rules[1].catalogue == product.catalogue
        met = judged(rules[1], product.category, facts.known(product, day)) if rules and fits else None
        holds = met is not None and all(one.holds for one in met)
        if holds and not begins:
            begins = day.toordinal()
        elif begins and not holds:
            yield begins, day.toordinal()
            begins = 0
    if begins:
        yield begins, _NEVER


def day_of(moment: datetime) -> date:
    """The day of a moment, UTC, as certificates and reviews are judged."""
    return moment.astimezone(UTC).date()


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, UTC)


def _after(day: date | None) -> list[date]:
    """The day after one, where there are both."""
    return [] if day is None or day == date.max else [day + timedelta(days=1)]


def _known(held: Sequence[Held], stood: Sequence[StoodFootprint], assessed: Sequence[Assessed], at: datetime) -> Known:
    day = day_of(at)
    certificates = [
        (one.certificate.scheme, one.certificate.valid_to) for one in held if one.state(at, day) == "in_force"
    ]
    usable = [
        one for one in stood if one.standing.status not in {"superseded", "expired"} and one.stated.valid_from <= day
    ]
    best = max(usable, key=lambda one: (one.standing.is_verified, one.stated.entry), default=None)
    result = result_at(assessed, at, day)
    points = (result.score.points, result.expires) if result and result.status == "in_force" else None
    return Known(certificates, None if best is None else _footprint(best), points)


def _footprint(one: StoodFootprint) -> StatedFootprint:
    last = one.stated.valid_end - timedelta(days=1)
    review = one.standing.review
    if one.standing.is_verified and review is not None and review.valid_until is not None:
        last = min(last, review.valid_until)
    return StatedFootprint(one.stated.kg_per_unit, one.standing.is_verified, last)
