"""Incentives of suppliers in a year: what each earned by the edition for it, everything of those shown read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.desk.status import Stated
from ledger.ports import Fact
from ledger.programme.assessment import Assessed, result_at
from ledger.programme.commitments import Pledged
from ledger.programme.incentives import Earned, YearFacts, earned, rules_for
from ledger.records.incentive import IncentiveException, IncentiveRules
from ledger.records.record import decode_body, microseconds
from ledger.scoring.own_records import Bonus
from ledger.services.assessments import assessed_of
from ledger.services.catalogue import Cataloguing, catalogue_of
from ledger.services.commitments import pledges_of
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import standings, stated_by
from ledger.services.project import catch_up


class Rewarding(Cataloguing, Protocol):
    """What incentives need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def organisations(self) -> OrganisationStore:
        """Whose incentives."""
        ...


class SupplierYear(NamedTuple):
    """One supplier's year: what is known of it, and every incentive of the edition."""

    supplier: str
    facts: YearFacts
    incentives: tuple[Earned, ...]


class IncentiveYear(NamedTuple):
    """A year by the edition for it (entry, record), as known on ``day`` (its last, or today); of ``found`` in all."""

    year: int
    day: date
    rules: tuple[int, IncentiveRules] | None
    suppliers: list[SupplierYear]
    found: int


def incentives_of(
    ledger: Rewarding, party: Party, year: int | None = None, after: int = 0, limit: int = 50
) -> IncentiveYear:
    """
    What suppliers earned in a year, this one without any; by id, ``limit`` of them behind the first ``after``.

    The house sees every supplier, a supplier itself alone. Nothing is stored: the same log gives the same answer.
    """
    named = sorted(one.id for one in ledger.organisations.listed(party.tenant) if one.kind == "supplier")
    own = [one for one in named if party.sees_all or one == party.organisation]
    return _earned(ledger, party, year, own[after : after + limit])._replace(found=len(own))


def _earned(ledger: Rewarding, party: Party, year: int | None, suppliers: Sequence[str]) -> IncentiveYear:
    """The year of these suppliers, everything recorded of them read at once."""
    catch_up(ledger.entries, ledger.projections)
    today = ledger.clock.now().astimezone(UTC).date()
    year = year or today.year
    day = min(today, date(year, 12, 31))
    rules = rules_for(rule_editions(ledger, party.tenant), year) if year <= today.year else None
    if rules is None or not suppliers:
        return IncentiveYear(year, day, rules, [], len(suppliers))
    facts = _Facts(ledger, party, suppliers, (year, day))
    said: dict[str, list[tuple[int, IncentiveException]]] = {}
    for at, one in _records(ledger, ledger.projections.facts_of(party.tenant, "incentive_exception", suppliers)):
        if isinstance(one, IncentiveException) and one.year == year:
            said.setdefault(one.supplier, []).append((at, one))
    found = [_year(name, facts.of(name), rules[1], said.get(name, ())) for name in suppliers]
    return IncentiveYear(year, day, rules, found, len(suppliers))


def bonuses_of(ledger: Rewarding, party: Party, year: int, suppliers: Sequence[str]) -> dict[str, tuple[Bonus, ...]]:
    """
    The bonus points for tenders of some suppliers in a full year, by incentive; none where none was earned, nor for
    whom is no supplier of the tenant's.
    """
    own = {one.id for one in ledger.organisations.listed(party.tenant) if one.kind == "supplier"}
    found = _earned(ledger, party, year, [one for one in suppliers if one in own])
    if found.rules is None:
        return {}
    rules = found.rules[0]
    return {
        each.supplier: tuple(
            Bonus(incentive=one.incentive.key, year=year, points=Fraction(one.incentive.amount), rules=rules)
            for one in each.incentives
            if one.incentive.benefit == "bonus_points" and one.state in {"earned", "granted"}
        )
        for each in found.suppliers
    }


def rule_editions(ledger: Cataloguing, tenant: str) -> list[tuple[int, IncentiveRules]]:
    """Every edition, in the order of the log."""
    found = _records(ledger, ledger.projections.facts(tenant, "incentive_rules"))
    return [(at, one) for at, one in found if isinstance(one, IncentiveRules)]


def _year(
    name: str, facts: YearFacts, rules: IncentiveRules, said: Sequence[tuple[int, IncentiveException]]
) -> SupplierYear:
    return SupplierYear(name, facts, earned(rules, facts, said))


class _Facts:
    """What is known of some suppliers at the end of a day of a year."""

    def __init__(self, ledger: Rewarding, party: Party, suppliers: Sequence[str], until: tuple[int, date]) -> None:
        year, self._day = until
        self._at = datetime.combine(self._day, time.max, UTC)
        self._assessed: dict[str, list[Assessed]] = {}
        for each in assessed_of(ledger, party.tenant, *suppliers):
            self._assessed.setdefault(each.assessment.supplier, []).append(each)
        self._footprints, self._verified = Counter[str](), Counter[str]()
        stated = [one for one in stated_by(ledger, party.tenant, suppliers) if _begun(one, self._day)]
        for stood in standings(ledger, party.tenant, stated, self._at):
            if stood.standing.status not in {"superseded", "expired"}:
                self._footprints[stood.stated.supplier] += 1
                self._verified[stood.stated.supplier] += stood.standing.is_verified
        pledged = pledges_of(ledger, party.tenant, suppliers)
        self._kept = Counter(one.pledge.supplier for one in _known(ledger, pledged, year, self._at) if _kept(one))
        entries = catalogue_of(ledger, party, suppliers, self._day)
        self._products = Counter(one.product.supplier for one in entries)
        self._listed = Counter(one.product.supplier for one in entries if one.state == "listed")

    def of(self, supplier: str) -> YearFacts:
        """Of one supplier."""
        result = result_at(self._assessed.get(supplier, ()), self._at, self._day)
        return YearFacts(
            points=result.score.points if result and result.status == "in_force" else None,
            footprints=(self._footprints[supplier], self._verified[supplier]),
            kept=self._kept[supplier],
            products=(self._products[supplier], self._listed[supplier]),
        )


def _begun(one: Stated, day: date) -> bool:
    return one.valid_from <= day


def _kept(one: Pledged) -> bool:
    return one.state in {"reached", "on_path"}


def _known(ledger: Cataloguing, found: Sequence[Pledged], year: int, at: datetime) -> list[Pledged]:
    """Pledges and values entered by a moment, by when they were recorded: what a supplier dates back counts not."""
    places = {one.entry for one in found} | {place for one in found for place, _ in one.values.values()}
    entries, end = ledger.entries.gathered(sorted(places)), microseconds(at)
    known = {place for place in places if entries[place].recorded_at <= end}
    return [
        one._replace(values={when: told for when, told in one.values.items() if when <= year and told[0] in known})
        for one in found
        if one.entry in known
    ]


def _records(ledger: Cataloguing, facts: Sequence[Fact]) -> list[tuple[int, object]]:
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    return [(fact.seq, decode_body(entries[fact.seq].body, fact.kind)) for fact in facts]
