"""Hubs with fuels, cooling and certificates: both electricity figures, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.footprint.activity import ActivityCube, HubCell, SiteEnergy, SiteLoss, certified, cube_of
from ledger.footprint.calculate import calculate, emissions_of
from ledger.footprint.errors import NoHubOutput
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.iso14083.errors import CertificatesExceedUse, CertificateUnusable
from ledger.footprint.market import cover
from ledger.footprint.product import product_footprints
from ledger.footprint.route import route_footprints
from ledger.records.energy_certificate import EnergyCertificate, Retirement, certificate_id
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.hub_operation import EnergyUse
from ledger.records.record import check, microseconds

Make = Callable[..., Any]
GRID = Fraction("0.5777") + Fraction("0.0046")
"""MEE, NBS and NEA, electricity carbon footprint factors 2024: national average, transmission without losses."""
WIND = Fraction("0.0324") + Fraction("0.0046")
"""The same announcement: wind power."""
JUNE = datetime(2025, 6, 1, tzinfo=UTC)


def certificate(number: str = "1", mwh: str = "1", entry: int = 1, **changes: Any) -> Any:
    """A wind certificate that was cancelled for the hub's year."""
    used = Retirement(
        period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), retired_on=date(2026, 1, 9), site="h"
    )
    values: dict[str, Any] = {
        "certificate": number,
        "generated_from": date(2025, 3, 1),
        "generated_to": date(2025, 3, 31),
        "id": certificate_id("GEC", number),
        "issuer": "GEC",
        "kind": "energy_certificate",
        "mwh": mwh,
        "occurred_at": JUNE,
        "owner": "t",
        "region": "江苏",
        "retired_for": used,
        "source": "green_power",
        "technology": "wind",
        "version": 1,
    }
    record = EnergyCertificate(**(values | changes))
    check(record)
    return certified(entry, record)


def meter(kwh: int, entry: int, start: int = 1, end: int = 12, **changes: Any) -> SiteEnergy:
    """Electricity of the hub from the first of a month to the end of another."""
    stop = datetime(2025 + end // 12, end % 12 + 1, 1, tzinfo=UTC)
    return SiteEnergy(
        hub="h",
        region="江苏",
        year=2025,
        energy_wh=kwh * 1000,
        start=microseconds(datetime(2025, start, 1, tzinfo=UTC)),
        end=microseconds(stop),
        entry=entry,
        **changes,
    )


def test_market_based_stands_beside(make_hub: Make, bundled: FactorSet) -> None:
    """2,000 kWh, of it 1 MWh of wind: location-based all from the grid, market-based half; routes and products too."""
    cube = cube_of([(0, make_hub(3_000_000)), (1, make_hub(1_000_000, product="q", route="s"))])
    done = calculate(ActivityCube(hubs=cube.hubs, energy=[meter(2000, 9)], certificates=[certificate()]), bundled)
    routes, products = route_footprints(done), product_footprints(done, {"p": 3, "q": 1})
    market = 1000 * GRID + 1000 * WIND
    assert routes["r"].wtw + routes["s"].wtw == 2000 * GRID
    assert (routes["r"].market, products["q"].market) == (market * 3 / 4, market / 4)
    record = routes["r"].to_record()
    assert record["market_based_wtw_kg"] != record["wtw_kg"]
    assert done.rows[0].trail.certificates == ("certificate:GEC:1",)
    assert done.rows[0].trail.market_factors == ("CN-CFP-2024-风力发电", "CN-CFP-2024-输配电(不含线损)")


def test_without_certificates_there_is_no_market_figure(make_hub: Make, bundled: FactorSet) -> None:
    """Nobody cancelled anything, so nothing is said."""
    cube = ActivityCube(hubs=cube_of([(0, make_hub())]).hubs, energy=[meter(10, 9)])
    route = route_footprints(calculate(cube, bundled))["r"]
    assert route.market is None
    assert route.to_record()["market_based_wtw_kg"] is None


def test_a_residual_mix_takes_what_no_certificate_covers(make_hub: Make, bundled: FactorSet) -> None:
    """GB/T 24067: the grid mix without the power that was sold as green, where the set holds it; the year's own."""
    average = bundled.factor("CN-CFP-2024-全国平均")
    fields = {name: getattr(average, name) for name in average.__dataclass_fields__}
    residual = Factor(
        **(
            fields
            | {"id": "residual", "component": "residual", "year": 2025, "wtt": Decimal("0.7"), "wtw": Decimal("0.7")}
        )
    )
    factors = FactorSet.of(
        "t", bundled.published, "CN", [*bundled.factors.values(), residual], bundled.classes.values()
    )
    cube = cube_of([(0, make_hub())])
    rows = emissions_of(ActivityCube(hubs=cube.hubs, energy=[meter(2000, 9)], certificates=[certificate()]), factors)
    assert rows[0].market == 1000 * (Fraction("0.7") + Fraction("0.0046")) + 1000 * WIND
    assert rows[0].wtw == 2000 * GRID


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"mwh": "3"}, CertificatesExceedUse),
        ({"generated_from": date(2024, 1, 1), "generated_to": date(2024, 12, 31)}, CertificateUnusable),
        ({"retired_for": None}, CertificateUnusable),
    ],
)
def test_unusable_certificates_are_named_and_left_out(
    changes: dict[str, Any], error: type[LedgerError], make_hub: Make, bundled: FactorSet
) -> None:
    """More than was used, power of another year, or never cancelled: the location-based figure stays, flagged."""
    one = certificate(**changes)
    found = cover([meter(2000, 9)], [one])
    assert [(c.entry, type(e)) for c, e in found.refused] == [(1, error)]
    cube = ActivityCube(hubs=cube_of([(0, make_hub())]).hubs, energy=[meter(2000, 9)], certificates=[one])
    row = emissions_of(cube, bundled)[0]
    assert (row.wtw, row.market) == (2000 * GRID, None)
    assert ("certificate-refused" in row.trail.flags) == (one.site == "h")


@given(
    kwh=st.lists(st.integers(1, 10_000), min_size=1, max_size=6),
    parts=st.lists(st.integers(1, 40), min_size=1, max_size=6),
)
def test_no_kwh_is_covered_twice(kwh: list[int], parts: list[int]) -> None:
    """Whatever is cancelled: no reading is covered beyond its kWh, and what is covered is what was taken."""
    readings = [meter(k, 100 + n, start=n + 1, end=n + 1) for n, k in enumerate(kwh)]
    some = [certificate(str(n), mwh=f"{p}", entry=n) for n, p in enumerate(parts)]
    found = cover(readings, some)
    refused = {one.entry for one, _ in found.refused}
    taken = sum((Fraction(c.record.mwh) * 1000 for c in some if c.entry not in refused), Fraction(0))
    assert sum((found.kwh(r.entry) for r in readings), Fraction(0)) == taken
    assert all(found.kwh(r.entry) <= r.used for r in readings)


def test_one_certificate_is_one_entry() -> None:
    """The id of its record is issuer and number, so the log takes a second claim on it for a conflict."""
    with pytest.raises(FieldContradicts):
        certificate(id="certificate:other:1")
    with pytest.raises(FieldContradicts):
        certificate(transferred_to="somebody")
    with pytest.raises(FieldContradicts):
        certificate(mwh="0")


def test_general_over_all_and_cooling_over_the_refrigerated(make_hub: Make, bundled: FactorSet) -> None:
    """GLEC v3.0, hubs: 3 t ambient and 1 t refrigerated share 400 kWh; the cold room's 100 kWh fall on 1 t alone."""
    cube = cube_of([(0, make_hub(3_000_000)), (1, make_hub(1_000_000, temperature="refrigerated"))])
    energy = [meter(400, 9), meter(100, 10, serves="refrigerated", meter="cold")]
    rows = {row.cell.temperature: row for row in emissions_of(ActivityCube(hubs=cube.hubs, energy=energy), bundled)}  # type: ignore[union-attr]
    assert rows["ambient"].wtw == 300 * GRID
    assert rows["refrigerated"].wtw == 100 * GRID + 100 * GRID
    with pytest.raises(NoHubOutput):
        emissions_of(ActivityCube(hubs=cube_of([(0, make_hub())]).hubs, energy=energy), bundled)


def test_fuel_and_refrigerant_of_a_hub(make_hub: Make, bundled: FactorSet) -> None:
    """Diesel of fork lifts burns here (TTW and WTT); refrigerant counts with its GWP100, in TTW."""
    diesel = _factor("diesel", "l", "2.66155", "0.62409", fuel="diesel")
    gas = _factor("R-134a", "kg", "1300", "0", fuel="R-134a")
    factors = FactorSet.of(
        "t", bundled.published, "CN", [*bundled.factors.values(), diesel, gas], bundled.classes.values()
    )
    cube = cube_of([(0, make_hub(2_000_000))])
    fuel = meter(0, 9, carrier="diesel", amount="100", unit="l")
    loss = SiteLoss(hub="h", gas="R-134a", mass_kg="0.5", serves="all", start=fuel.start, end=fuel.end, entry=10)
    row = emissions_of(ActivityCube(hubs=cube.hubs, energy=[meter(10, 8), fuel], losses=[loss]), factors)[0]
    assert row.ttw == Fraction("266.155") + 650
    assert row.wtt == Fraction("62.409") + 10 * GRID
    assert row.trail.evidence == (3, 8, 10)
    names = [step.name for step in row.trail.working]
    assert {"energy.diesel", "energy.electricity", "refrigerant.R-134a", "intensity.wtw"} <= set(names)


def test_cooling_that_nobody_meters_is_said_to_be_shared(make_hub: Make, bundled: FactorSet) -> None:
    """Then the cold goods carry too little and the others too much; the figure says so."""
    hubs = cube_of([(0, make_hub()), (1, make_hub(temperature="refrigerated"))]).hubs
    assert {type(cell) for cell in hubs} == {HubCell}
    rows = emissions_of(ActivityCube(hubs=hubs, energy=[meter(5, 9)]), bundled)
    assert all("cooling-shared" in row.trail.flags for row in rows)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"energy_wh": None}, FieldMissing),
        ({"region": None}, FieldMissing),
        ({"amount": "5", "unit": "kWh"}, FieldContradicts),
        ({"carrier": "diesel"}, FieldMissing),
        ({"carrier": "diesel", "amount": "5", "unit": "l"}, FieldContradicts),
        ({"period_end": JUNE}, FieldContradicts),
    ],
)
def test_energy_says_how_much_of_what(changes: dict[str, Any], error: type[LedgerError]) -> None:
    """Electricity in Wh from a grid; any other carrier as an amount with its unit; never both."""
    values: dict[str, Any] = {
        "carrier": "electricity",
        "energy_wh": 5,
        "id": "m",
        "kind": "energy_use",
        "occurred_at": JUNE,
        "period_end": datetime(2025, 7, 1, tzinfo=UTC),
        "period_start": JUNE,
        "region": "江苏",
        "site": "h",
        "version": 1,
    }
    check(EnergyUse(**values))
    with pytest.raises(error):
        check(EnergyUse(**(values | changes)))


def _factor(name: str, per: str, ttw: str, wtt: str, *, fuel: str) -> Factor:
    return Factor(
        id=name,
        per=per,  # type: ignore[arg-type]
        ttw=Decimal(ttw),
        wtt=Decimal(wtt),
        wtw=Decimal(ttw) + Decimal(wtt),
        gas_scope="CO2e",
        gwp_set="AR6",
        subject=fuel,
        region="CN",
        year=2025,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 12, 31),
        source="t",
        licence="t",
        fuel=fuel,
    )
