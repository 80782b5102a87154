"""Bills of materials: figures of each stage, tiers of suppliers, versions, cycles, refusals, kinds of gas apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FootprintError, RecordError
from ledger.footprint.activity import Declared, cube_of
from ledger.footprint.bill.errors import (
    BillCycle,
    BillTooDeep,
    ComponentIncomplete,
    ComponentUnitMismatch,
    ComponentUnknown,
)
from ledger.footprint.bill.reader import DEEPEST, BillReader, Line, Missing
from ledger.footprint.bill.supply import Supply
from ledger.footprint.errors import BoundaryMismatch, DeclaredUnitMismatch, FactorExpired, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import identities
from tests.unit.footprint.bills import (
    BOARD,
    BOARD_KG,
    BOARD_LANDFILL,
    BOARD_RECYCLED,
    BOARD_RECYCLING,
    DAY,
    STEEL,
    STEEL_KG,
    A,
    B,
    C,
    bill,
    box,
    part,
    pcf,
    steel,
    total_of,
)  # fmt: skip


def read(factors: FactorSet, *bills: BillOfMaterials, declared: tuple[ProductFootprint, ...] = ()) -> tuple[Any, ...]:
    """The lines of the first bill."""
    told = [(number, one) for number, one in enumerate(bills)]
    stated = [(number + 100, one) for number, one in enumerate(declared)]
    return BillReader(Supply.of(stated, told), factors, DAY).lines(0, bills[0])


def kg(found: tuple[Any, ...], stage: str) -> Fraction:
    return sum((line.rated.split.total for line in found if line.stage == stage), Fraction(0))


def errors(found: tuple[Any, ...]) -> list[FootprintError]:
    return [line.error for line in found if isinstance(line, Missing)]


# ---------------------------------------------------------------- published figures


def test_materials_and_waste_as_published(bundled: FactorSet) -> None:
    """UK 2025: 2 kg of board, 30 % of it from closed-loop source, then 60 % recycled and 40 % to landfill."""
    packed = {
        "end_of_life": [{"factor": BOARD_RECYCLING, "share": "0.6"}, {"factor": BOARD_LANDFILL, "share": "0.4"}],
        "factor": BOARD,
        "mass_kg": "2",
        "name": "box",
        "recycled_factor": BOARD_RECYCLED,
        "recycled_pct": "30",
    }
    found = read(bundled, bill(packaging=[packed]))
    assert kg(found, "packaging") == 2 * (Fraction("0.7") * BOARD_KG + Fraction("0.3") * Fraction("1.09811442"))
    assert kg(found, "end_of_life") == 2 * (
        Fraction("0.6") * Fraction("0.00468568") + Fraction("0.4") * Fraction("1.1644894")
    )
    box = next(line for line in found if line.stage == "packaging")
    assert "recycled-cut-off" in box.rated.flags
    assert box.rated.gwp_set == "AR5"


def test_inbound_as_published(bundled: FactorSet, example: Callable[[str], dict[str, Any]]) -> None:
    """W22 on the way in: 10 t over 300 km with the average lorry are 375.66 kg."""
    case = example("W22")
    move = {
        "distance_km": str(case["inputs"]["km"]),
        "mass_kg": str(case["inputs"]["mass_t"] * 1000),
        "mode": "road",
        "name": "steel coil",
        "vehicle": "road.hgv.all.diesel.avg",
    }
    assert kg(read(bundled, bill(inbound=[move])), "inbound") == Fraction(case["expected"]["wtw_kg"])


def test_inbound_by_air_is_aircraft_emissions(bundled: FactorSet) -> None:
    """The class's 95 km per flight are added, and all of it stands apart as aviation."""
    toc = next(c for c in bundled.classes.values() if c.mode == "air" and c.daf_offset_m)
    move = {"distance_km": "905", "mass_kg": "2", "mode": "air", "name": "chips", "vehicle": toc.name}
    line = next(line for line in read(bundled, bill(inbound=[move])) if line.stage == "inbound")
    factor = bundled.factors[toc.factor]
    assert line.rated.split.aviation == Fraction(2, 1000) * 1000 * Fraction(factor.wtw)
    assert line.rated.split.fossil == 0


def test_electricity_takes_the_product_series(bundled: FactorSet) -> None:
    """10 kWh in 2025: the 2024 carbon-footprint factor 0.5777 and transmission 0.0046, never the statistical series."""
    used = {"amount": "10", "carrier": "electricity", "region": "江苏", "unit": "kWh"}
    line = next(line for line in read(bundled, bill(energy=[used])) if line.stage == "manufacture")
    assert line.rated.split.total == 10 * (Fraction("0.5777") + Fraction("0.0046"))
    assert (line.rated.category, line.rated.primary) == ("primary", 1)
    design = read(bundled, bill(energy=[used], amounts="design"))
    assert next(line for line in design if line.stage == "manufacture").rated.primary == 0


# ---------------------------------------------------------------- rules of 10.2


def test_loss_reuse_and_allocation(bundled: FactorSet) -> None:
    """q (1 + loss) EF; packaging over its uses; co-products take their share of the process and none of packaging."""
    crate = {"factor": BOARD, "mass_kg": "3", "name": "crate", "uses": 40}
    shared = {"co_products": [{"name": "slag", "share": "0.25"}], "rule": "mass", "share": "0.75"}
    found = read(bundled, bill(inputs=[steel("2", loss_pct="5")], packaging=[crate], allocation=shared))
    assert kg(found, "raw") == 2 * Fraction("1.05") * STEEL_KG * Fraction(3, 4)
    assert kg(found, "packaging") == Fraction(3, 40) * BOARD_KG
    assert "allocated" in found[0].rated.flags


def test_kinds_of_gas_stay_apart_and_add_up(bundled: FactorSet) -> None:
    """Direct emissions by kind, removals subtracted; every stage's kinds add up to the stage."""
    parts = [("fossil", "4"), ("biogenic", "3"), ("removal", "2.5"), ("land_use_change", "1"), ("aviation", "0.5")]
    emitted = [{"kg_co2e": amount, "part": name, "source": name} for name, amount in parts]
    total = total_of(bundled, bill(direct=emitted), units=7)
    made = next(stage for stage in total.stages if stage.stage == "manufacture")
    assert made.wtw == 7 * 6 == made.split.total
    assert (made.split.fossil, made.split.biogenic, made.split.removals) == (28, 21, Fraction("17.5"))
    assert (made.split.land_use_change, made.split.aviation, made.split.unsplit) == (7, Fraction("3.5"), 0)
    assert all(stage.split.total == stage.wtw for stage in total.stages)
    assert total.split.total == total.wtw


# ---------------------------------------------------------------- tiers


def test_a_part_takes_its_suppliers_version_of_the_day(bundled: FactorSet) -> None:
    """Of two versions the one valid on the day, and the level and reason are told; its primary share comes along."""
    old = pcf(kg="9", id="old", valid_to="2025-05-31")
    new = pcf(kg="5", id="new", valid_from="2025-06-01")
    (line,) = read(bundled, bill(inputs=[part(B, "2")]), declared=(old, new))
    assert line.rated.split.total == 10
    assert line.rated.primary == Fraction(3, 5)
    assert (line.choice.level, line.evidence) == ("supplied", 101)


def test_a_part_without_declaration_goes_down_its_own_bill(bundled: FactorSet) -> None:
    """Two tiers below: amounts multiply, and use and end of life of a part are not brought in."""
    c = bill(
        C,
        inputs=[steel("3")],
        end_of_life=[{"mass_kg": "1", "name": "steel", "treatments": [{"factor": BOARD_LANDFILL, "share": "1"}]}],
    )
    (line,) = read(bundled, bill(A, inputs=[part(B, "2")]), bill(B, inputs=[part(C, "0.5", loss_pct="10")]), c)
    assert line.rated.split.total == 2 * Fraction("0.5") * Fraction("1.1") * 3 * STEEL_KG
    assert (line.choice.level, line.choice.passed) == ("modelled", (("supplied", "no-declaration"),))
    assert line.evidence == 1


def test_a_default_last_with_the_reason(bundled: FactorSet) -> None:
    """Nothing valid: the line's default by its mass, flagged; what was passed over is told with its reason."""
    stale = pcf(valid_to="2025-05-31")
    line = part(B, "4", default_amount="2", factor=STEEL)
    (found,) = read(bundled, bill(inputs=[line]), declared=(stale,))
    assert found.rated.split.total == 2 * STEEL_KG
    assert found.choice.passed == (("supplied", "declaration-not-valid"), ("modelled", "no-bill"))
    assert "default-for-component" in found.rated.flags


def test_nothing_known_is_a_gap(bundled: FactorSet) -> None:
    """Another supplier's declaration is not this one's, and one to the grave is not one to the gate."""
    other = pcf(supplier="other")
    grave = pcf(boundary="cradle_to_grave", id="grave")
    for declared in ((other,), (grave,)):
        (error,) = errors(read(bundled, bill(inputs=[part(B)]), declared=declared))
        assert isinstance(error, ComponentUnknown)


def test_a_gap_below_is_told_above(bundled: FactorSet) -> None:
    """What is there is counted; what is missing two tiers below makes the product incomplete, not silently smaller."""
    found = read(bundled, bill(A, inputs=[part(B)]), bill(B, inputs=[steel("1"), part(C)]))
    assert kg(tuple(line for line in found if isinstance(line, Line)), "raw") == STEEL_KG
    (error,) = errors(found)
    assert isinstance(error, ComponentIncomplete)


def test_a_circle_is_refused_with_its_path(bundled: FactorSet) -> None:
    """A of B of C of A: the way round is in the error, and nobody recurses for ever."""
    found = read(bundled, bill(A, inputs=[part(B)]), bill(B, inputs=[part(C)]), bill(C, inputs=[part(A)]))
    (error,) = errors(found)
    assert isinstance(error, BillCycle)
    assert error.path == (A, B, C, A)


def test_a_chain_too_long_is_refused(bundled: FactorSet) -> None:
    """A product of a product of ... ends in an error, not in the interpreter's."""

    def name(number: int) -> str:
        return f"https://id.gs1.org/8004/9521141T{number:05d}"

    chain = [bill(name(n), inputs=[part(name(n + 1))]) for n in range(DEEPEST + 5)]
    (error,) = errors(read(bundled, *chain))
    assert isinstance(error, BillTooDeep)


def test_units_of_a_part_must_fit(bundled: FactorSet) -> None:
    """A footprint per km does not serve a line in pieces."""
    (error,) = errors(read(bundled, bill(inputs=[part(B)]), declared=(pcf(declared_unit="kilometre"),)))
    assert isinstance(error, ComponentUnitMismatch)


# ---------------------------------------------------------------- the product


def test_the_bill_is_the_product_and_the_declaration_stands_beside(bundled: FactorSet) -> None:
    """With a complete bill the declared figure is shown, not added; with a gap in it the declaration is taken."""
    stated = Declared(product=A, entry=50, record=pcf(A, "3"), units=4)
    total = total_of(bundled, bill(), units=4, declared=[stated])
    assert (total.rests_on, total.wtw, total.per_unit) == ("bill", 4 * STEEL_KG, STEEL_KG)
    assert {stage.stage: stage.counted for stage in total.stages} == {"raw": True, "declared": False}
    short = total_of(bundled, bill(inputs=[steel("1"), part(B)]), units=4, declared=[stated])
    assert (short.rests_on, short.wtw, short.gaps) == ("declared", 12, ())
    alone = total_of(bundled, bill(inputs=[steel("1"), part(B)]), units=4)
    assert (alone.rests_on, alone.complete) == ("bill", False)


def test_gate_and_delivery_stay_apart(bundled: FactorSet, make_leg: Callable[..., Any]) -> None:
    """Cradle to gate is the bill's making; the way to the customer is a stage of its own behind it."""
    moved = cube_of([(9, make_leg(2_000_000, 500_000, vehicle="road.hgv.all.diesel.avg", product=A))])
    total = total_of(bundled, bill(), units=10, transport=moved.transport)
    assert total.gate == 10 * STEEL_KG
    assert total.wtw - total.gate == 1000 * Fraction("0.12522")
    assert [stage.stage for stage in total.stages] == ["raw", "transport"]
    assert next(s for s in total.stages if s.stage == "transport").split.fossil == total.wtw - total.gate


def test_goods_in_pieces_say_what_a_piece_holds(bundled: FactorSet) -> None:
    """Per kilometre of cable: 2 km a drum; without that a gap."""
    per_km = bill(declared_unit="kilometre", declared_units_per_piece="2")
    assert total_of(bundled, per_km, units=3).wtw == 6 * STEEL_KG
    (gap,) = total_of(bundled, bill(declared_unit="kilometre"), units=3).gaps
    assert isinstance(gap.error, DeclaredUnitMismatch)


@given(units=st.integers(1, 10**6), amount=st.decimals("0.001", "1000", places=3), uses=st.integers(1, 999))
def test_units_add_up_to_the_consignment(bundled: FactorSet, units: int, amount: Any, uses: int) -> None:
    """Per unit times the units is the total, to the digit, whatever the amounts."""
    text = format(amount.normalize(), "f")
    record = bill(inputs=[steel(text)], packaging=[{"factor": BOARD, "mass_kg": text, "name": "box", "uses": uses}])
    total = total_of(bundled, record, units=units)
    assert total.per_unit * units == total.wtw
    assert sum((stage.wtw for stage in total.stages), Fraction(0)) == total.wtw
    assert total.per_unit == Fraction(text) * (STEEL_KG + BOARD_KG / uses)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"inputs": [steel("1", factor="no-such-factor")]}, NoEmissionFactor),
        ({"inputs": [steel("1", unit="l")]}, BoundaryMismatch),
        ({"inputs": [steel("1", factor="CN-2023-全国", unit="piece")]}, BoundaryMismatch),
        ({"energy": [{"amount": "1", "carrier": "CN-2023-江苏", "unit": "kWh"}]}, BoundaryMismatch),
    ],
)
def test_a_factor_that_does_not_fit(bundled: FactorSet, changes: dict[str, Any], wanted: type[FootprintError]) -> None:
    """Unknown, of another unit, or of the electricity series that counts CO2 alone: a gap with its reason."""
    (error,) = errors(read(bundled, bill(**changes)))
    assert isinstance(error, wanted)


def test_a_factor_past_its_validity(bundled: FactorSet) -> None:
    """The UK's 2025 factors end with 2027."""
    late = bill(valid_to="2030-01-01")
    (line,) = BillReader(Supply.of((), [(0, late)]), bundled, date(2029, 1, 1)).lines(0, late)
    assert isinstance(line, Missing)
    assert isinstance(line.error, FactorExpired)


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"valid_to": "2024-01-01"}, "record.contradiction", "/valid_to"),
        ({"mass_kg": "0"}, "record.contradiction", "/mass_kg"),
        ({"inputs": [{"amount": "1", "name": "x", "unit": "kg"}]}, "record.missing", "/inputs/0/factor"),
        ({"inputs": [part(B, supplier=None)]}, "record.missing", "/inputs/0/supplier"),
        ({"inputs": [part(A)]}, "record.contradiction", "/inputs/0/product"),
        ({"inputs": [steel("1", recycled_pct="20")]}, "record.missing", "/inputs/0/recycled_factor"),
        (
            {"allocation": {"co_products": [{"name": "slag", "share": "0.2"}], "rule": "mass", "share": "0.7"}},
            "record.shares",
            "/allocation/share",
        ),
        ({"allocation": {"rule": "mass", "share": "1"}}, "record.contradiction", "/allocation/rule"),
        (
            {"packaging": [box("1", end_of_life=[{"factor": BOARD, "share": "0.9"}])]},
            "record.shares",
            "/packaging/0/end_of_life",
        ),
        (
            {"end_of_life": [{"mass_kg": "1.1", "name": "steel", "treatments": [{"factor": BOARD, "share": "1"}]}]},
            "record.contradiction",
            "/end_of_life",
        ),
        ({"cut_offs": [{"basis": "mass", "flow": "a", "share_pct": "1"}]}, "record.cut-off", "/cut_offs/0/share_pct"),
        (
            {"cut_offs": [{"basis": "mass", "flow": str(n), "share_pct": "0.9"} for n in range(6)]},
            "record.cut-off",
            "/cut_offs/5/share_pct",
        ),
        ({"energy": [{"amount": "1", "carrier": "electricity", "unit": "kWh"}]}, "record.missing", "/energy/0/region"),
    ],
)  # fmt: skip
def test_a_bill_that_contradicts_itself(changes: dict[str, Any], code: str, pointer: str) -> None:
    """Refused where it stands."""
    with pytest.raises(RecordError) as caught:
        bill(**{name: value for name, value in changes.items() if value is not None})
    assert caught.value.code == code
    assert caught.value.place is not None
    assert caught.value.place.pointer == pointer


def test_cut_offs_below_the_limits_are_kept() -> None:
    """0.99 % each and 4.95 % together, by each basis for itself."""
    listed = [
        {"basis": basis, "flow": f"{basis}{n}", "share_pct": "0.99"} for basis in ("mass", "energy") for n in range(5)
    ]
    assert len(bill(cut_offs=listed).cut_offs) == 10


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"fossil_kg_co2e": "4", "biogenic_emissions_kg_co2e": "2", "biogenic_removals_kg_co2e": "1"}, True),
        ({"fossil_kg_co2e": "4", "aviation_kg_co2e": "0.5", "land_use_change_kg_co2e": "0.5"}, True),
        ({"fossil_kg_co2e": "4.9"}, False),
        ({"aviation_kg_co2e": "5"}, True),
        ({"aviation_kg_co2e": "5.1"}, False),
        ({"packaging_kg_co2e": "5.1"}, False),
    ],
)
def test_parts_of_a_declaration_are_the_whole(changes: dict[str, Any], fits: bool) -> None:
    """5 kg CO2e: where fossil is stated the parts add up to it; parts alone are at most as much."""
    if fits:
        assert pcf(**changes).pcf_kg_co2e == "5"
        return
    with pytest.raises(RecordError):
        pcf(**changes)


def test_a_declarations_kinds_come_along(bundled: FactorSet) -> None:
    """What a supplier states apart stays apart; what it leaves in one sum is unsplit."""
    whole = pcf(fossil_kg_co2e="4", biogenic_emissions_kg_co2e="1")
    partly = pcf(aviation_kg_co2e="2")
    (line,) = read(bundled, bill(inputs=[part(B, "3")]), declared=(whole,))
    assert (line.rated.split.fossil, line.rated.split.biogenic, line.rated.split.unsplit) == (12, 3, 0)
    (line,) = read(bundled, bill(inputs=[part(B, "3")]), declared=(partly,))
    assert (line.rated.split.aviation, line.rated.split.unsplit) == (6, 9)


def test_identities_of_a_bill() -> None:
    """The product and every part are codes that must hold."""
    assert identities(bill(inputs=[steel("1"), part(B)])) == [A, B]
