"""Shipments from recorded legs: figures worked by hand, shown by grant alone, kept out with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from msgspec import UNSET

from ledger.footprint.iso14083.electricity import grid_factor
from ledger.ileap.chain import check_chain
from ledger.ileap.reading import read, written
from ledger.ileap.shipment import ShipmentFootprint
from ledger.ports.shipments import Wanted
from ledger.services.project import catch_up, catch_up_all, rebuild
from ledger.services.shipment_grants import visible
from ledger.services.shipments import activities_page, shipment, shipments_page
from ledger.wiring import Ledger
from tests import shipments
from tests.builders import TENANT, captured, correction, opened

SCHEMAS = Path("tests/vectors/ileap/schemas")
EVERYTHING = Wanted(everything=True)


def schema(name: str) -> Draft7Validator:
    return Draft7Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with opened(tmp_path) as ledger:
        yield ledger


def recorded(ledger: Ledger, records: list[shipments.Record], tenant: str = TENANT) -> None:
    captured(ledger, records, tenant)
    catch_up(ledger.entries, ledger.projections)
    catch_up_all(ledger.entries, ledger.further)


def test_a_chain_has_the_figures_worked_by_hand(ledger: Ledger) -> None:
    """2 kWh/t km over 5,400 and 2,000 t km and 40 kWh/t over 10 t: 14,800 and 400 kWh of the grid's factor."""
    recorded(ledger, shipments.chain())
    page = shipments_page(ledger, TENANT, EVERYTHING)
    assert page.derived.gaps == {}
    assert page.after == ""
    found = page.derived.shipments[shipments.CONSIGNMENT]
    grid = grid_factor(page.derived.factors, "江苏", 2026)[0].ghg.wtw
    tces = found.footprint.tces
    assert [tce.tce_id for tce in tces] == ["leg-1", "stay-1", "leg-2"]
    assert [tce.prev_tce_ids for tce in tces] == [(), ("leg-1",), ("stay-1",)]
    assert [Fraction(tce.co2e_wtw) for tce in tces] == [10_800 * grid, 400 * grid, 4_000 * grid]
    assert [tce.transport_activity for tce in tces] == ["5400", "0", "2000"]
    assert [tce.co2e_ttw for tce in tces] == ["0", "0", "0"]
    assert found.footprint.mass == "10000"
    assert {tce.origin.country for tce in tces if tce.origin is not None} == {"CN"}
    (toc,) = page.derived.tocs.values()
    (hoc,) = page.derived.hocs.values()
    assert Fraction(toc.co2e_intensity_wtw) == 2 * grid
    assert (toc.energy_carriers[0].energy_carrier, toc.energy_carriers[0].energy_consumption) == ("Electric", "2")
    assert Fraction(hoc.co2e_intensity_wtw) == 40 * grid
    assert found.entries == (0, 1, 2)
    assert found.evidence == ((3, 3), (4, 4))
    assert list(check_chain(found.footprint, page.derived.tocs, page.derived.hocs)) == []


def test_what_is_derived_meets_the_published_schemas(ledger: Ledger) -> None:
    recorded(ledger, shipments.chain())
    derived = shipments_page(ledger, TENANT, EVERYTHING).derived
    footprint = written(derived.shipments[shipments.CONSIGNMENT].footprint)
    assert list(schema("shipment-footprint").iter_errors(footprint)) == []
    assert read(footprint, ShipmentFootprint) == derived.shipments[shipments.CONSIGNMENT].footprint
    for name, categories in (("toc", derived.tocs), ("hoc", derived.hocs)):
        for category in categories.values():
            assert list(schema(name).iter_errors(written(category))) == []
    activities = activities_page(ledger, TENANT, EVERYTHING, {})
    assert [tad.activity_id for tad in activities.found] == ["leg-1", "leg-2"]
    for tad in activities.found:
        assert list(schema("tad").iter_errors(written(tad))) == []
        assert tad.empty_distance_factor == "0.2"


def test_lines_of_one_waybill_on_one_vehicle_are_one_element(ledger: Ledger) -> None:
    halves = [shipments.leg(f"leg-{line}", mass_g=5_000_000) for line in ("a", "b")]
    recorded(ledger, [*halves, shipments.statement()])
    (tce,) = shipments_page(ledger, TENANT, EVERYTHING).derived.shipments[shipments.CONSIGNMENT].footprint.tces
    assert (tce.tce_id, tce.mass, tce.transport_activity) == ("leg-a", "10000", "5400")


def test_an_order_that_nothing_states_is_left_out(ledger: Ledger) -> None:
    """The second leg starts where the first did not end."""
    recorded(ledger, [shipments.leg("leg-1"), shipments.second("leg-2", origin="上海"), shipments.statement()])
    tces = shipments_page(ledger, TENANT, EVERYTHING).derived.shipments[shipments.CONSIGNMENT].footprint.tces
    assert tces[0].prev_tce_ids == ()
    assert tces[1].prev_tce_ids is UNSET


def test_mass_that_is_lost_on_the_way_keeps_the_shipment_out(ledger: Ledger) -> None:
    recorded(ledger, [*shipments.chain()[:2], shipments.second("leg-2", mass_g=9_000_000), *shipments.chain()[3:]])
    page = shipments_page(ledger, TENANT, EVERYTHING)
    assert page.derived.shipments == {}
    assert page.derived.gaps[shipments.CONSIGNMENT].code == "ileap.figure"


def test_a_class_without_its_fuels_factor_has_no_category(ledger: Ledger) -> None:
    """The bundled set has intensities per tonne-kilometre and no factor of diesel: carriers are not guessed."""
    recorded(ledger, [shipments.leg("leg-1", vehicle="road.hgv.artic-over-33t.diesel.avg")])
    page = shipments_page(ledger, TENANT, EVERYTHING)
    assert page.derived.gaps[shipments.CONSIGNMENT].code == "ileap.carrier"
    (tad,) = activities_page(ledger, TENANT, EVERYTHING, {}).found
    assert tad.energy_carriers == ()


def test_activity_without_arrival_or_place_is_left_out_with_the_reason(ledger: Ledger) -> None:
    hidden = shipments.leg("leg-2", origin="无此地", consignment="CON-2")
    recorded(ledger, [shipments.leg("leg-1", arrived_at=None), hidden])
    activities = activities_page(ledger, TENANT, EVERYTHING, {})
    assert activities.found == []
    assert {name: error.code for name, error in activities.left.items()} == {
        "leg-1": "ileap.activity",
        "leg-2": "ileap.location",
    }


def test_a_partner_sees_what_a_standing_grant_gives_and_no_more(ledger: Ledger) -> None:
    other = shipments.leg("leg-3", consignment="CON-2", route="other")
    recorded(ledger, [*shipments.chain(), other])
    assert visible(ledger, TENANT, "") == EVERYTHING
    nobody = visible(ledger, TENANT, shipments.PARTNER)
    assert shipments_page(ledger, TENANT, nobody).derived.shipments == {}
    assert shipment(ledger, TENANT, nobody, shipments.CONSIGNMENT) is None
    recorded(ledger, [shipments.grant()])
    wanted = visible(ledger, TENANT, shipments.PARTNER)
    assert list(shipments_page(ledger, TENANT, wanted).derived.shipments) == [shipments.CONSIGNMENT]
    assert shipment(ledger, TENANT, wanted, "CON-2") is None
    assert visible(ledger, TENANT, "partner-2") == Wanted(set(), set())
    assert visible(ledger, "other", shipments.PARTNER) == Wanted(set(), set())
    assert shipments_page(ledger, "other", EVERYTHING).derived.shipments == {}
    by_route = shipments.grant("grant-2", scope="route", value="other", occurred_at="2026-05-02T00:00:00+08:00")
    recorded(ledger, [by_route, shipments.grant("grant-3", revoked=True)])
    wanted = visible(ledger, TENANT, shipments.PARTNER)
    assert shipment(ledger, TENANT, wanted, shipments.CONSIGNMENT) is None
    assert shipment(ledger, TENANT, wanted, "CON-2") is not None


def test_a_withdrawn_leg_is_in_no_shipment_and_a_rebuild_says_the_same(ledger: Ledger) -> None:
    recorded(ledger, [*shipments.chain(), correction("leg-2")])
    held = ledger.shipments.entries(TENANT, [shipments.CONSIGNMENT])
    assert held == {shipments.CONSIGNMENT: [0, 1]}
    rebuild(ledger.entries, ledger.shipments)
    assert ledger.shipments.entries(TENANT, [shipments.CONSIGNMENT]) == held


def test_pages_of_activities_hold_each_once(ledger: Ledger) -> None:
    many = [
        shipments.leg(f"leg-{n}", consignment=f"CON-{n // 3}", distance_m=540_000 + n) for n in range(7)
    ]  # fmt: skip
    recorded(ledger, many)
    seen: list[str] = []
    after = ""
    while True:
        page = activities_page(ledger, TENANT, EVERYTHING, {"mode": ["ROAD"]}, after=after, limit=2)
        seen += [tad.activity_id for tad in page.found]
        after = page.after
        if not after:
            break
    assert seen == [f"leg-{n}" for n in range(7)]
    assert activities_page(ledger, TENANT, EVERYTHING, {"mode": ["Air"]}).found == []
    assert activities_page(ledger, TENANT, EVERYTHING, {"mode": ["Road"], "country": ["cn"]}, limit=9).after == ""
