"""Every published worked example through the core, with the intermediate figures that its working shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from ledger.footprint.iso14083.allocation import Stop, belly, per_item, round_activity, round_shares
from ledger.footprint.iso14083.chain import Chain, Element, Intensity, hub_element, transport_element
from ledger.footprint.iso14083.distance import Basis, Distance
from ledger.footprint.iso14083.energy import CarrierFactor, EnergyUnit, combustion_co2
from ledger.footprint.iso14083.ghg import Ghg
from ledger.footprint.iso14083.operation import EnergyUse, OperationTotal, operation_total
from ledger.footprint.iso14083.transport_activity import teu_mass_t, tonne_km, total_tonne_km
from ledger.footprint.iso14083.working import named

Example = Callable[[str], dict[str, Any]]


def exact(value: Any) -> Fraction:
    return Fraction(value)


def km(value: Any, basis: Basis = "sfd") -> Distance:
    metres = exact(value) * 1000
    assert metres.denominator == 1
    return Distance(metres=int(metres), basis=basis, method="stated in the example")


def carrier(name: str, per: EnergyUnit, ttw: Any, wtt: Any = 0) -> CarrierFactor:
    assert per in get_args(EnergyUnit)
    return CarrierFactor(ids=(name,), carrier=name, per=per, ghg=Ghg(exact(ttw), exact(wtt)), gwp_set="AR5")


def close(found: Fraction, printed: Any, case: dict[str, Any]) -> bool:
    tolerance = exact(case["tol"]) if "tol" in case else exact(case["tol_rel"]) * exact(printed)
    return abs(found - exact(printed)) <= tolerance


def test_w01_masses_are_never_summed_first(example: Example) -> None:
    """Sum of mass x distance; total mass times mean distance would give 374,400 t km."""
    case = example("W01")
    goods = [(str(i), exact(t), km(d)) for i, (t, d) in enumerate(case["inputs"]["shipments"])]
    assert total_tonne_km(goods) == case["expected"]["tkm"]


def test_w02_fuel_per_tonne_km_times_its_factor(example: Example) -> None:
    """0.15 l/(t km) of fuel at 3.32 kg/l, for 0.45 t over 20 km."""
    case = example("W02")
    given, expected = case["inputs"], case["expected"]
    fuel = carrier("fuel", "l", given["kg_per_l"])
    per_tkm = fuel.emissions(exact(given["l_per_tkm"]), "l")
    assert per_tkm.wtw == exact(expected["kg_per_tkm"])
    leg = transport_element(
        "leg", exact(given["mass_t"]), km(given["km"]), Intensity(source="TOC", ghg=per_tkm, per="t km", basis="sfd")
    )
    assert named(leg.working)["activity"] == 9
    assert close(leg.ghg.wtw, expected["kg"], case)


def test_w03_activity_on_the_shortest_feasible_distance(example: Example) -> None:
    """1,200 t over 658 km."""
    case = example("W03")
    assert tonne_km("goods", exact(case["inputs"]["mass_t"]), km(case["inputs"]["sfd_km"])) == case["expected"]["tkm"]


def site(case: dict[str, Any], factor: CarrierFactor) -> OperationTotal:
    given = case["inputs"]
    energy = (
        EnergyUse(exact(given["diesel_l"]), "l", carrier("diesel", "l", given["diesel_kg_per_l"])),
        EnergyUse(exact(given["kwh"]), "kWh", factor),
    )
    return operation_total("site", Fraction(1), "t", energy)


def test_w04_diesel_and_electricity_of_a_site(example: Example) -> None:
    """Grams per MJ become kg per kWh exactly; each carrier and the total stand in the working."""
    case = example("W04")
    power = carrier("electricity", "MJ", 0, exact(case["inputs"]["g_per_mj"]) / 1000).energy_per("kWh")
    working = named(site(case, power).working)
    expected = case["expected"]
    assert working["emissions.diesel.wtw"] == expected["diesel_kg"]
    assert close(working["emissions.electricity.wtw"], expected["elec_kg"], case)
    assert working["emissions.electricity.ttw"] == 0
    assert close(working["emissions.wtw"], expected["total_kg"], case)


def test_w06_a_round_by_direct_distances(example: Example) -> None:
    """82.6 t km; the shares are exact and add up to one."""
    case = example("W06")
    stops = [Stop(str(i), exact(t), km(d)) for i, (t, d) in enumerate(case["inputs"]["stops"])]
    assert sum(round_activity(stops).values()) == exact(case["expected"]["tkm"])
    shares = round_shares(stops)
    assert sum(shares.values()) == 1
    for share, printed in zip(shares.values(), case["expected"]["shares"], strict=True):
        assert close(share, printed, case)


def test_w08_a_parcel_round_by_items(example: Example) -> None:
    """
    Fuel per parcel, then WTT, TTW and WTW of it.

    The example prints no factor; 0.82 and 2.46 kg/l are the two-decimal figures that its results imply.
    """
    case = example("W08")
    litres = per_item(exact(case["inputs"]["fuel_l"]), case["inputs"]["items"])
    assert close(litres, case["expected"]["l_per_item"], case)
    ghg = carrier("diesel", "l", "2.46", "0.82").emissions(litres, "l")
    for found, printed in zip((ghg.wtt, ghg.ttw, ghg.wtw), case["expected"]["kg"], strict=True):
        assert close(found, printed, case)


def test_w10_one_consignment(example: Example) -> None:
    """50 t over 400 km at 7.75 g/(t km)."""
    case = example("W10")
    given, expected = case["inputs"], case["expected"]
    rail = Intensity(source="rail", ghg=Ghg(exact(given["g_per_tkm"]) / 1000, Fraction(0)), per="t km", basis="sfd")
    leg = transport_element("leg", exact(given["mass_t"]), km(given["km"]), rail)
    assert (leg.activity, leg.ghg.wtw) == (expected["tkm"], expected["kg"])


def test_w11_belly_freight(example: Example) -> None:
    """Passengers at 100 kg and freight share the flights by mass; WTT, TTW, WTW per t km and of one consignment."""
    case = example("W11")
    given, expected = case["inputs"], case["expected"]
    flight = km(given["km"], "gcd")
    moved = belly(
        given["seats"] * exact(given["occ"]),
        given["cap_t"] * exact(given["lf"]),
        flight,
        given["flights"],
        exact(given["pax_t"]),
    )
    assert moved.total_tkm == expected["tkm"]
    wtt, ttw, _ = given["ef"]
    fuel = EnergyUse(Fraction(given["fuel_kg"] * given["flights"]), "kg", carrier("jet", "kg", ttw, wtt))
    flights = operation_total("flights", moved.total_tkm, "t km", [fuel])
    assert named(flights.working)["energy.jet"] == 2_800_000
    found = flights.intensity
    for got, printed in zip((found.wtt, found.ttw, found.wtw), expected["kg_per_tkm"], strict=True):
        assert abs(got - exact(printed)) <= Fraction(1, 2000)
    own = Intensity(source="flights", ghg=found, per="t km", basis="gcd")
    leg = transport_element("parcel", exact(given["mass_t"]), flight, own)
    for got, printed in zip((leg.ghg.wtt, leg.ghg.ttw, leg.ghg.wtw), expected["kg"], strict=True):
        assert close(got, printed, case)


def test_w12_containers_by_teu_km(example: Example) -> None:
    """Grams per TEU km times TEU and km; at 10 t/TEU the same as per t km with a tenth of the intensity."""
    case = example("W12")
    for (teu, distance, grams), printed in zip(case["inputs"]["cases"], case["expected"]["t"], strict=True):
        per = exact(grams) / 1000
        lane = Intensity(source="lane", ghg=Ghg(per, Fraction(0)), per="TEU km", basis="sfd", daf_included=True)
        leg = transport_element("boxes", Fraction(teu), km(distance), lane)
        assert close(leg.ghg.wtw / 1000, printed, case)
        by_mass = Intensity(source="lane", ghg=Ghg(per / 10, Fraction(0)), per="t km", basis="sfd")
        assert transport_element("boxes", teu_mass_t(Fraction(teu)), km(distance), by_mass).ghg == leg.ghg


def test_w15_a_hub_by_its_throughput(example: Example) -> None:
    """Six sources of a hub's emissions over 4.25 Mt outbound."""
    case = example("W15")
    parts = case["inputs"]["kg"]
    energy = [EnergyUse(Fraction(kg), "kWh", carrier(f"c{i}", "kWh", 0, 1)) for i, kg in enumerate(parts)]
    hub = operation_total("hub", Fraction(case["inputs"]["t"]), "t", energy)
    assert hub.ghg.wtw == case["expected"]["kg"]
    assert close(hub.intensity.wtw, case["expected"]["kg_per_t"], case)


def test_w17_main_leg_with_road_at_its_ends(example: Example) -> None:
    """Main leg, road legs and terminals of a chain; the fixed terminals weigh more on a short way."""
    case = example("W17")
    for (share, main, road, hubs, distance), printed in zip(
        case["inputs"]["cases"], case["expected"]["g_per_tkm"], strict=True
    ):
        legs = ((exact(share), main), (1 - exact(share), road))
        elements: list[Element] = []
        for part, grams in legs:
            per = Intensity(source="TOC", ghg=Ghg(exact(grams) / 1000, Fraction(0)), per="t km", basis="sfd")
            elements.append(transport_element("leg", Fraction(1), km(part * distance), per))
        terminal = Intensity(source="HOC", ghg=Ghg(Fraction(0), exact(hubs)), per="t")
        chain = Chain.of([*elements, hub_element("terminals", Fraction(1), terminal)])
        assert chain.activity == distance
        assert chain.intensity is not None
        assert close(chain.intensity.wtw * 1000, printed, case)


def test_w18_two_legs_of_a_shipment(example: Example) -> None:
    """Activities of 87 kg over two legs; the primary share of the first differs by what weighs it."""
    case = example("W18")
    given, expected = case["inputs"], case["expected"]
    legs = []
    for distance, wtw, printed in zip(given["km"], given["wtw"], expected["tkm"], strict=True):
        moved = exact(given["mass_t"]) * distance
        per = Intensity(source="TOC", ghg=Ghg(exact(wtw) / moved, Fraction(0)), per="t km", basis="sfd")
        leg = transport_element("leg", exact(given["mass_t"]), km(distance), per)
        assert leg.activity == exact(printed)
        legs.append(leg)
    chain = Chain.of(legs)
    assert chain.activity == exact(expected["sum_tkm"])
    assert chain.ghg.wtw == exact(expected["sum_wtw"])
    assert close(legs[0].activity / chain.activity * 100, expected["pds_activity_pct"], case)
    assert close(legs[0].ghg.wtw / chain.ghg.wtw * 100, expected["pds_emissions_pct"], case)


def test_w19_hub_leg_hub(example: Example) -> None:
    """Two consignments, each through two hubs."""
    case = example("W19")
    for given, printed in zip(case["inputs"]["cases"], case["expected"]["kg"], strict=True):
        mass = exact(given["kg"]) / 1000
        lorry = Intensity(source="TOC", ghg=Ghg(exact(given["g"]) / 1000, Fraction(0)), per="t km", basis="sfd")
        hubs = [Intensity(source="HOC", ghg=Ghg(Fraction(0), exact(g)), per="t") for g in given["hub"]]
        chain = Chain.of(
            [
                hub_element("out", mass, hubs[0]),
                transport_element("leg", mass, km(given["km"]), lorry),
                hub_element("in", mass, hubs[1]),
            ]
        )
        assert close(chain.ghg.wtw, printed, case)


def test_w20_combustion_from_heating_values(example: Example) -> None:
    """NCV x carbon content x oxidation x 44/12, for diesel and natural gas."""
    case = example("W20")
    given, expected = case["inputs"], case["expected"]
    assert close(combustion_co2(*given["diesel"]), expected["diesel_t_per_t"], case)
    assert close(combustion_co2(*given["ng"]) * 1000, expected["ng_kg_per_m3"], case)


def test_w22_ttw_and_wtt_apart(example: Example) -> None:
    """10 t over 300 km, all three boundaries."""
    case = example("W22")
    given, expected = case["inputs"], case["expected"]
    ghg = Ghg(exact(given["ttw"]), exact(given["wtt"])) * Fraction(1, 1000)
    leg = transport_element(
        "leg",
        Fraction(given["mass_t"]),
        km(given["km"]),
        Intensity(source="lorry", ghg=ghg, per="t km", basis="actual"),
    )
    assert [leg.ghg.ttw, leg.ghg.wtt, leg.ghg.wtw] == [exact(expected[k]) for k in ("ttw_kg", "wtt_kg", "wtw_kg")]


def test_no_example_is_left_out() -> None:
    """Each example of the vector file has its test here; W21, printed claims, has it beside the claims."""
    path = Path(__file__).parents[3] / "vectors" / "footprint_examples.json"
    ids = {row["id"] for row in json.loads(path.read_text(encoding="utf-8"))["examples"]}
    tested = {name.split("_")[1].upper() for name in globals() if re.match(r"test_w\d\d_", name)}
    assert tested == ids - {"W21"}
