"""Properties that hold for any activity: exactness, linearity, order, parts and wholes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.adapters.factor_tables import FactorTables
from ledger.footprint.activity import ActivityCube, SiteEnergy, cube_of, merged, transport_cell
from ledger.footprint.amount import displayed_parts, exact_text, exact_value, total
from ledger.footprint.calculate import calculate, emissions_of
from ledger.footprint.product import product_footprints
from ledger.footprint.route import route_footprints
from ledger.records.record import microseconds
from ledger.units import shown

Make = Callable[..., Any]
FACTORS = FactorTables().current()
CLASSES = st.sampled_from(sorted(FACTORS.classes))
PLACES = st.sampled_from(["a", "b", "c"])
LEGS = st.lists(
    st.fixed_dictionaries(
        {
            "mass_g": st.integers(1, 10**9),
            "distance_m": st.integers(1, 2 * 10**7),
            "vehicle": CLASSES,
            "route": PLACES,
            "product": PLACES,
        }
    ),
    min_size=1,
    max_size=12,
)
FEW = settings(max_examples=60, deadline=None)


def leg_of(make_leg: Make, row: dict[str, Any]) -> Any:
    mode = FACTORS.classes[row["vehicle"]].mode
    return make_leg(**row, mode=mode, distance_basis="gcd" if mode == "air" else "sfd")


@FEW
@given(rows=LEGS, order=st.randoms())
def test_cube_equals_leg_by_leg(rows: list[dict[str, Any]], order: Any, make_leg: Make) -> None:
    """Any grouping and any order of the legs gives the digits of adding one leg at a time."""
    legs = [(i, leg_of(make_leg, row)) for i, row in enumerate(rows)]
    one_by_one = {r: Fraction(0) for r in "abc"}
    for entry, leg in legs:
        single = ActivityCube(transport=[transport_cell(entry, leg)])
        one_by_one[leg.route] += sum(row.wtw for row in emissions_of(single, FACTORS))
    order.shuffle(legs)
    cube = cube_of(legs)
    for version in (cube, cube.rolled_up("route")):
        routes = route_footprints(calculate(version, FACTORS))
        assert {r: exact_text(f.wtw) for r, f in routes.items()} == {
            r: exact_text(kg) for r, kg in one_by_one.items() if kg
        }
    assert sum(f.legs for f in routes.values()) == len(legs)


@FEW
@given(rows=LEGS)
def test_legs_by_the_formula(rows: list[dict[str, Any]], make_leg: Make) -> None:
    """Each leg is mass x adjusted distance x factor, computed here the long way with decimals."""
    for entry, row in enumerate(rows):
        toc = FACTORS.classes[row["vehicle"]]
        found = emissions_of(cube_of([(entry, leg_of(make_leg, row))]), FACTORS)[0]
        tonnes, km = Fraction(row["mass_g"], 10**6), Fraction(row["distance_m"], 1000)
        adjusted = km * Fraction(toc.daf_scale) + Fraction(toc.daf_offset_m, 1000)
        factor = FACTORS.factor(toc.factor)
        assert factor.ttw is not None
        assert found.ttw == tonnes * adjusted * Fraction(factor.ttw)
        assert found.wtw == tonnes * adjusted * Fraction(factor.wtw)
        assert found.wtw == (found.ttw or 0) + (found.wtt or 0)


@FEW
@given(rows=LEGS)
def test_routes_and_products_agree(rows: list[dict[str, Any]], make_leg: Make) -> None:
    """The sum over routes is the sum over products."""
    cube = cube_of((i, leg_of(make_leg, row)) for i, row in enumerate(rows))
    routes = route_footprints(calculate(cube.rolled_up("route"), FACTORS))
    products = product_footprints(calculate(cube.rolled_up("product"), FACTORS), dict.fromkeys("abc", 7))
    assert sum(f.wtw for f in routes.values()) == sum(p.wtw for p in products.values())
    assert all(p.per_unit * p.units == p.wtw for p in products.values())


@FEW
@given(masses=st.lists(st.integers(1, 10**9), min_size=1, max_size=9), energy=st.integers(0, 10**12))
def test_hub_shares_add_up(masses: list[int], energy: int, make_hub: Make) -> None:
    """What the operations of a hub carry adds up to the hub, however odd the masses."""
    cube = cube_of((i, make_hub(mass, product=str(i))) for i, mass in enumerate(masses))
    at = microseconds(make_hub().occurred_at)
    reading = SiteEnergy(hub="h", region="浙江省", year=2025, energy_wh=energy, start=at, end=at + 1, entry=len(masses))
    rows = emissions_of(ActivityCube(hubs=cube.hubs, energy=[reading]), FACTORS)
    whole = Fraction(energy, 1000) * sum(Fraction(f.wtw) for f in FACTORS.electricity(2025))
    assert total(row.wtw for row in rows) == whole
    assert all(row.ttw == 0 for row in rows)
    parts = displayed_parts(whole, masses, 3)
    assert sum(parts) == Decimal(shown(whole, 3))


def test_zero_gives_zero(make_leg: Make, make_hub: Make, make_energy: Make) -> None:
    """No activity, no emissions: zero is a result and not a gap."""
    cell = replace(transport_cell(0, make_leg(vehicle="rail.freight.avg", mode="rail")), grams=0, gram_metres=0)
    hubs = cube_of([(1, make_hub())]).hubs
    cube = ActivityCube(transport=[cell], hubs=hubs, energy=[make_energy(0)])
    assert [row.wtw for row in emissions_of(cube, FACTORS)] == [0, 0]
    assert route_footprints(calculate(cube, FACTORS))["r"].intensity is None


@given(st.fractions(min_value=0))
def test_exact_text_round_trips(value: Fraction) -> None:
    """A stored figure is read back as the same fraction, and a finite one is written as a plain decimal."""
    text = exact_text(value)
    assert exact_value(text) == value
    assert ("/" in text) == any(value.denominator % p == 0 for p in _other_primes(value.denominator))


def _other_primes(number: int) -> list[int]:
    for prime in (2, 5):
        while number % prime == 0:
            number //= prime
    return [number] if number > 1 else []


@given(st.lists(st.fractions(), max_size=20))
def test_total_is_the_sum(values: list[Fraction]) -> None:
    """Adding over a common denominator changes nothing."""
    assert total(values) == sum(values, Fraction(0))


def test_merging_keeps_bounds_and_counts(make_leg: Make) -> None:
    """A merged cell knows how many entries it sums, and the first and last of them."""
    cells = [transport_cell(i, make_leg(driven_m=5 if i == 4 else None)) for i in (4, 9, 2)]
    (cell,) = merged(cells)
    assert (cell.count, cell.first_entry, cell.last_entry, cell.driven_legs) == (3, 2, 9, 1)
    assert cell.driven_gram_metres == 5 * cells[0].grams
    assert merged(list[Any]()) == []
