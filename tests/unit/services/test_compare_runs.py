"""Two runs compared: each cause alone gives its own part, and all parts together the difference, exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest

from ledger.footprint.amount import exact_value
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.services.compare_runs import CAUSES, Change, RunsNotInOrder, compare_runs
from ledger.services.runs import result_of, start_run
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import captured, pcf
from tests.unit.services.test_runs import OWNER, VAN, activity, meter


def moved(change: Change) -> set[str]:
    assert sum(change.parts.values(), Fraction(0)) == change.after - change.before
    return {cause for cause, part in change.parts.items() if part}


def test_each_cause_is_told_apart(ledger: Ledger) -> None:
    """Withdrawals, also of what came in between; new records; a method that another version computed."""
    captured(ledger, [*activity(0, 4), meter(), pcf(valid_from="2025-01-01")])
    first, _ = start_run(ledger, OWNER)
    withdraw(ledger, OWNER, "leg-1", "wrong")
    second, _ = start_run(ledger, OWNER)
    found = compare_runs(ledger, first, second)
    assert (moved(found.routes), [one.name for one in found.by_route]) == ({"withdrawn"}, ["route-1"])
    captured(ledger, activity(4, 2))
    withdraw(ledger, OWNER, "leg-4", "wrong before the first run ever saw it")
    third, _ = start_run(ledger, OWNER)
    assert moved(compare_runs(ledger, second, third).routes) == {"added"}
    both = compare_runs(ledger, first, third)
    assert moved(both.routes) == {"withdrawn", "added"}
    assert both.routes.before == exact_value(first.routes_wtw_kg)
    assert both.products.after == exact_value(third.products_wtw_kg)
    assert moved(compare_runs(ledger, third, third).products) == set()
    older = msgspec.structs.replace(third.methods[0], version=99)
    otherwise = msgspec.structs.replace(third, methods=(older, *third.methods[1:]))
    assert moved(compare_runs(ledger, otherwise, third).routes) == set()
    with pytest.raises(RunsNotInOrder):
        compare_runs(ledger, third, first)
    assert set(both.to_record()["routes"]["by_cause_kg"]) == set(CAUSES)


class Both:
    """A source of two sets: the ledger's own, and the same with the van's factor twice as large."""

    def __init__(self, ledger: Ledger) -> None:
        self.old = ledger.factors.current()
        van = self.old.factors[self.old.classes[VAN].factor]
        assert van.ttw is not None
        assert van.wtt is not None
        twice = replace(van, ttw=van.ttw * 2, wtt=van.wtt * 2, wtw=van.wtw * 2)
        factors = [*(one for one in self.old.factors.values() if one.id != van.id), twice]
        self.new = FactorSet.of("twice", self.old.published, self.old.region, factors, self.old.classes.values())

    def current(self) -> FactorSet:
        return self.old

    def factor_set(self, name: str) -> FactorSet:
        return self.new if name in {self.new.id, self.new.hash} else self.old

    def ids(self) -> tuple[str, ...]:
        return self.old.id, self.new.id


def test_factors_are_a_cause_of_their_own(ledger: Ledger) -> None:
    """Twice the factor is as much again of the transport that stands in the end; new records count at the old one."""
    captured(ledger, [*activity(0, 2), meter()])
    both: FactorSource = Both(ledger)
    sets = replace(ledger, factors=both)
    first, _ = start_run(sets, OWNER)
    captured(ledger, activity(2, 1))
    second, _ = start_run(sets, OWNER, factor_set="twice")
    found = compare_runs(sets, first, second)
    assert moved(found.routes) == {"added", "factors"}
    transport = sum(exact_value(one["transport_wtw_kg"]) for one in result_of(sets, second)["routes"])
    assert found.routes.parts["factors"] == transport / 2
    assert moved(compare_runs(sets, second, second).routes) == set()
