"""The index of warehouses: the published figure, meters, no kWh twice, exact scores, missing data by rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.factor_tables import FactorTables
from ledger.errors import LedgerError
from ledger.footprint.activity import CHINA
from ledger.programme.warehouse.avoided import avoided
from ledger.programme.warehouse.certificates import Use, held
from ledger.programme.warehouse.compare import causes
from ledger.programme.warehouse.errors import (
    AreaMissing,
    FlowsContradict,
    GreenExceedsUse,
    MeterDeviceUnknown,
    MeterGap,
    MeterPeriodMissing,
    MeterReadTwice,
    MeterWentBack,
    SiteLocationMissing,
    StatementMissing,
)
from ledger.programme.warehouse.example import example_index
from ledger.programme.warehouse.measures import MEASURES, Measured, measure
from ledger.programme.warehouse.meters import measuring_points
from ledger.programme.warehouse.score import beside, leaf_score, points_of, scored
from ledger.programme.warehouse.site_year import Counted, SiteYear
from ledger.records.certificate_use import CertificateUse, use_id
from ledger.records.energy_certificate import EnergyCertificate, certificate_id, serials_of
from ledger.records.index_scheme import IndexNode, IndexScheme, Scale, ScaleStep
from ledger.records.record import check
from ledger.records.site_meter import MeterReading, ReplacedDevice, SiteMeter
from ledger.records.warehouse_site import SiteStatement, WarehouseSite
from ledger.units import shown

AT = datetime(2023, 1, 1, tzinfo=CHINA)
END = datetime(2024, 1, 1, tzinfo=CHINA)
SITE = "广西高新区物流仓库中心"


def device(flow: str = "import", **changes: Any) -> SiteMeter:
    """A new meter of 6 digits with transformers of 1:100."""
    fields = {
        "digits": 6,
        "flow": flow,
        "id": f"m:{flow}",
        "initial": "0",
        "kind": "site_meter",
        "meter": flow,
        "multiplier": "100",
        "nothing_before": True,
        "occurred_at": AT,
        "serial": "A",
        "site": SITE,
        "unit": "kWh",
        "version": 1,
    }
    made = msgspec.convert(fields | changes, SiteMeter)
    check(made)
    return made


def read(value: str, at: datetime, meter: str = "import", **changes: Any) -> MeterReading:
    """What a register shows."""
    fields = {"id": f"r:{meter}:{at}", "kind": "meter_reading", "meter": meter, "occurred_at": at, "serial": "A"}
    return msgspec.convert(fields | {"site": SITE, "value": value, "version": 1} | changes, MeterReading)


def certificate(**changes: Any) -> EnergyCertificate:
    """100 certificates of 1 MWh each."""
    fields = {
        "certificate": "GEC-2023-0001",
        "generated_from": date(2023, 1, 1),
        "generated_to": date(2023, 12, 31),
        "issuer": "国家可再生能源信息管理中心",
        "kind": "energy_certificate",
        "mwh": "100",
        "occurred_at": AT,
        "owner": "示例通信",
        "region": "广西",
        "serial_last": "GEC-2023-0100",
        "source": "certificate",
        "technology": "wind",
        "version": 1,
    } | changes
    fields["id"] = certificate_id(fields["issuer"], fields["certificate"])
    return msgspec.convert(fields, EnergyCertificate)


def use(mwh: str, number: int = 1, site: str = SITE) -> CertificateUse:
    """So many MWh of that certificate, in 2023."""
    name = certificate().id
    made = CertificateUse(
        certificate=name,
        id=use_id(name, number),
        kind="certificate_use",
        mwh=mwh,
        occurred_at=AT,
        period_end=date(2023, 12, 31),
        period_start=date(2023, 1, 1),
        site=site,
        version=1,
    )
    check(made)
    return made


def facts(day: date = date(2023, 1, 1), area: str = "20000") -> WarehouseSite:
    """The warehouse from a day on."""
    return WarehouseSite(
        floor_area_m2=area, id=f"s:{day}", kind="warehouse_site", name="广西", occurred_at=AT, region="广西", site=SITE,
        site_kind="distribution", valid_from=day, version=1,
    )  # fmt: skip


def statement(name: str, part: str, whole: str) -> tuple[int, SiteStatement]:
    """A figure that a photograph shows."""
    fields = {"evidence": ("ab" * 32,), "id": name, "kind": "site_statement", "measure": name, "occurred_at": AT}
    fields |= {"part": part, "site": SITE, "version": 1, "whole": whole, "words": "见盘点表", "year": 2023}
    made = msgspec.convert(fields, SiteStatement)
    check(made)
    return 50, made


def year(bought: str = "10000", generated: str = "17700", exported: str = "2700", **changes: Any) -> SiteYear:
    """2023 by three meters, in hundreds of kWh."""
    flows = {"import": bought, "generation": generated, "export": exported}
    meters = [(at, device(flow)) for at, flow in enumerate(flows)]
    readings = [(at, read(value, END, flow)) for at, (flow, value) in enumerate(flows.items(), 10)]
    fields = {"facts": [(1, facts())], "points": measuring_points(meters, readings), "files": {"ab" * 32: 40}}
    return SiteYear(SITE, 2023, **(fields | changes))


def test_the_published_figure_comes_out() -> None:
    """
    China Mobile, sustainability report 2023: a warehouse of 广西 generated 177 万千瓦时 and so avoided 1,009 t CO2.

    By the MEE's factor for 2022, 0.5703 t/MWh, from the register of its meter: 1,009.431 t.
    """
    power = year().electricity()
    found = avoided(power.generated.value, FactorTables().current(), "corporate_ets", "广西", 2023)
    assert (found.kwh, found.factor, found.per_kwh) == (1_770_000, "CN-ETS-2022", Fraction("0.5703"))
    assert (found.kg, shown(found.kg / 1000, 0)) == (Fraction("1009431"), "1009")
    assert set(found.flags) == {"national-grid", "time"}  # neither the region's own nor the year's own, and it says so


def test_a_register_is_followed_round_its_end_and_over_a_new_device() -> None:
    """999,900 to 100 is 200 steps where it rolled over; a second device goes on from the last reading of the first."""
    half, fifth = AT + timedelta(days=180), AT + timedelta(days=73)
    old = device(initial="999900")
    new = device(serial="B", occurred_at=half, id="m2", initial="5", nothing_before=False,
                 replaces=ReplacedDevice(final="350.5", serial="A"))  # fmt: skip
    told = [(10, read("100", fifth, rolled_over=True)), (11, read("105.25", END, serial="B"))]
    (point,) = measuring_points([(0, old), (5, new)], told)
    flowed = point.flowed(AT, END)
    assert flowed.kwh == (200 + Fraction("250.5") + Fraction("100.25")) * 100
    assert flowed.entries == (0, 5, 10, 11)
    assert point.flowed(AT, fifth).kwh + point.flowed(fifth, END).kwh == flowed.kwh


@pytest.mark.parametrize(
    ("meters", "readings", "error"),
    [
        ([device()], [read("5", END - timedelta(days=2))], MeterPeriodMissing),
        ([device(nothing_before=False, occurred_at=AT + timedelta(days=9))], [read("5", END)], MeterPeriodMissing),
        ([device()], [read("9", AT + timedelta(days=9)), read("5", END)], MeterWentBack),
        ([device()], [read("5", END, rolled_over=True)], MeterWentBack),
        ([device()], [read("5", END, serial="Z")], MeterDeviceUnknown),
        ([device()], [read("1000000", END)], MeterDeviceUnknown),
        ([device()], [read("5", END), read("6", END)], MeterReadTwice),
        ([device(), device(serial="B", occurred_at=AT + timedelta(days=9))], [read("5", END, serial="B")], MeterGap),
    ],
)
def test_what_does_not_fit_a_meter_is_refused(
    meters: list[SiteMeter], readings: list[MeterReading], error: type[LedgerError]
) -> None:
    """No reading near the end, a new meter in the middle, back, round, unknown device, too many digits, twice, gap."""
    (point,) = measuring_points(enumerate(meters), enumerate(readings, 10))
    with pytest.raises(error) as caught:
        point.flowed(AT, END)
    assert caught.value.message("zh-CN") != caught.value.message("en")


@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=12))
def test_months_add_up_to_the_year(steps: list[int]) -> None:
    """Readings at any first days of months: what lies between them adds up to what lies between the outer ones."""
    days = [datetime(2023 + month // 12, month % 12 + 1, 1, tzinfo=CHINA) for month in range(len(steps) + 1)]
    sums = [sum(steps[:n]) for n in range(len(steps) + 1)]
    told = [(n + 1, read(str(value), day)) for n, (value, day) in enumerate(zip(sums, days, strict=True))]
    (point,) = measuring_points([(0, device())], told)
    parts = [point.flowed(*pair).kwh for pair in pairwise(days)]
    assert parts == [step * 100 for step in steps]
    assert sum(parts) == point.flowed(days[0], days[-1]).kwh


def test_no_kwh_is_green_twice() -> None:
    """Exported, sold or used elsewhere is not own; certificates beyond what was bought are refused."""
    power = year().electricity()
    assert (power.used, power.own) == (2_500_000, 1_500_000)
    days = (date(2023, 1, 1), date(2023, 12, 31))
    sold = [Use(7, "c", "", *days, Fraction(500))]
    assert year(sold=sold).electricity().own == 1_500_000 - (500_000 - 270_000)  # exports are covered first
    covered = year(uses=[Use(8, "c", SITE, *days, Fraction(1000))])
    assert measure("green_power").of(covered).value == 1
    with pytest.raises(GreenExceedsUse):
        measure("green_power").of(year(uses=[Use(8, "c", SITE, *days, Fraction(1001))]))
    across = year(uses=[Use(8, "c", SITE, date(2022, 12, 1), days[1], Fraction(1))])
    assert measure("green_power").of(across).left_out == ("c 1 MWh #8",)
    with pytest.raises(FlowsContradict):
        year(generated="1", exported="2").electricity()


def test_a_certificate_is_used_up_in_the_order_of_the_log() -> None:
    """60 of 100, then 50 do not count and 40 do; none of one that was sold, or whose number another had before."""
    told = [(5, use("60")), (6, use("50", 2)), (7, use("40", 3, "别处"))]
    found = held(1, certificate(), told, taken=False)
    assert ([one.entry for one in found.uses], found.left) == ([5, 7], 0)
    assert held(1, certificate(), told, taken=True).left == 0
    assert held(1, certificate(transferred_to="他人"), told, taken=False).uses == ()
    own = held(1, certificate(generated_at=SITE), told, taken=False)
    assert [one.entry for one in own.uses] == [7]  # at its own site the meter counts it already


def test_numbers_are_compared_as_numbers() -> None:
    """However a number is written; a run is as long as it says; one sign that stands for eighteen is too long."""
    assert serials_of(certificate()) == serials_of(
        certificate(certificate="gec 2023/0001", serial_last="ＧＥＣ20230100")
    )
    assert serials_of(certificate())[2:] == (20230001, 20230100)
    for changes in (
        {"mwh": "99"},
        {"serial_last": "GEC-2024-100"},
        {"certificate": "\ufdfa" * 20, "serial_last": None},
    ):
        with pytest.raises(LedgerError):
            check(certificate(**changes))


def full() -> SiteYear:
    """A year of which everything is known."""
    told = {"electric_handling": ("18", "20"), "fill": ("17", "20"), "idle_stock": ("3", "100")}
    told |= {"reuse": ("6", "10"), "packaging_return": ("19", "20")}
    return year(statements={name: statement(name, *pair) for name, pair in told.items()})


def test_the_example_scores_exactly() -> None:
    """By hand: 125 kWh/m² 0, solar 60 % 100, green 60 % 60; 80, 100; 70, 50, 100. In all 24 + 18 + 21.9."""
    scheme = example_index(AT)
    check(scheme)
    found = scored(scheme, full())
    assert [leaf.points for leaf in found.leaves] == [0, 100, 60, 80, 100, 70, 50, 100]
    assert found.points == Fraction("0.5") * 48 + Fraction("0.2") * 90 + Fraction("0.3") * 73
    assert sum(leaf.share for leaf in found.leaves) == found.points == Fraction("63.9")
    assert [leaf.measured.quality for leaf in found.leaves if leaf.measured][:4] == [
        "recorded",  # the area is
        "metered",
        "metered",
        "stated",
    ]
    one = leaf_score(found.leaves[3])
    assert (one.part, one.whole, one.quality, one.entries) == ("18", "20", "stated", 2)
    assert {one.name for one in MEASURES} == {leaf.node.measure for leaf in found.leaves}


def test_missing_data_score_by_the_scheme_and_are_never_guessed() -> None:
    """Without a statement no points where the scheme says so; without an area no score at all."""
    found = scored(example_index(AT), year())
    assert isinstance(found.leaves[3].missing, StatementMissing)
    assert (found.leaves[3].points, found.points is not None) == (0, True)
    assert leaf_score(found.leaves[3]).missing == "programme.site-statement"
    late = scored(example_index(AT), year(facts=[(1, facts(date(2023, 7, 1)))]))
    assert isinstance(late.leaves[0].missing, AreaMissing)
    assert (late.points, [leaf.node.key for leaf in late.refused]) == (None, ["energy-intensity"])
    unshown = {"fill": (50, msgspec.structs.replace(statement("fill", "1", "2")[1], evidence=("cd" * 32,)))}
    assert scored(example_index(AT), year(statements=unshown)).leaves[4].missing is not None


def test_area_counts_day_by_day() -> None:
    """20,000 m² for 181 days, 40,000 for 184."""
    told = year(facts=[(1, facts()), (2, facts(date(2023, 7, 1), "40000"))])
    assert told.area().value == Fraction(20_000 * 181 + 40_000 * 184, 365)


@given(st.fractions(-5, 200), st.fractions(-5, 200))
def test_a_better_value_never_scores_less(one: Fraction, other: Fraction) -> None:
    """Of both kinds of scale, in both directions; points stay within 0 and 100."""
    worse, better = sorted((one, other))
    steps = tuple(ScaleStep(at=at, points=points) for at, points in (("10", 20), ("50", 90)))
    for scale in (Scale(method="linear", zero_at="20", full_at="90"), Scale(method="steps", steps=steps)):
        assert 0 <= points_of(scale, worse, higher=True) <= points_of(scale, better, higher=True) <= 100
    line = Scale(method="linear", zero_at="120", full_at="30")
    assert 0 <= points_of(line, better, higher=False) <= points_of(line, worse, higher=False) <= 100


def test_causes_add_up_to_the_change() -> None:
    """Leaf by leaf in points; in a leaf its part against its whole."""
    before, after = scored(example_index(AT), full()), scored(example_index(AT), year(bought="5000"))
    assert before.points is not None
    assert after.points is not None
    found = causes(before, after)
    assert sum(one.points for one in found) == after.points - before.points
    for one in found:
        if one.by_part is not None and one.by_whole is not None:
            assert one.before.measured is not None
            assert one.after.measured is not None
            assert one.by_part + one.by_whole == one.after.measured.value - one.before.measured.value


def test_a_tree_that_does_not_hold_is_refused() -> None:
    """Weights that do not sum to 1, an indicator without a scale, bounds the wrong way, one key twice."""
    scheme = example_index(datetime(2023, 1, 1, tzinfo=UTC))
    energy, *others = scheme.root.children
    first, *rest = energy.children
    wrong = [
        msgspec.structs.replace(first, weight="0.5"),
        msgspec.structs.replace(first, scale=None),
        msgspec.structs.replace(first, direction="higher"),
        msgspec.structs.replace(first, key="solar"),
    ]
    for one in wrong:
        children = (msgspec.structs.replace(energy, children=(one, *rest)), *others)
        with pytest.raises(LedgerError) as caught:
            check(_with(scheme, children))
        assert caught.value.place is not None
        assert (caught.value.place.pointer or "").startswith("/root")


def _with(scheme: IndexScheme, children: tuple[IndexNode, ...]) -> IndexScheme:
    return msgspec.structs.replace(scheme, root=msgspec.structs.replace(scheme.root, children=children))


def edition_by_events(**changes: Any) -> IndexScheme:
    """The example's second edition: idle stock, reuse and return of packaging counted from events."""
    made = msgspec.to_builtins(example_index(AT, edition=2))
    for node in made["root"]["children"][2]["children"]:
        node["takes"] = "events"
        if node["measure"] == "idle_stock":
            node["idle_days"] = 90
        node.update(changes)
    found = msgspec.convert(made, IndexScheme)
    check(found)
    return found


class Told:
    """Events of a site, counted beforehand."""

    def idle(self, days: int) -> tuple[Counted, Counted]:
        return Counted(days // 90, (3, 4)), Counted(20, (2, 3, 4))

    def reused(self) -> tuple[Counted, Counted]:
        return Counted(2, (5,)), Counted(5, (5, 6))

    def returned(self) -> tuple[Counted, Counted]:
        return Counted(0, ()), Counted(0, ())


def test_an_edition_says_what_an_indicator_is_taken_from() -> None:
    """As it is published today, what is stated; the other one stands beside it, and neither moves the other."""
    told = year(statements={"reuse": statement("reuse", "60", "80")}, events=Told())
    first, second = scored(example_index(AT), told), scored(edition_by_events(), told)
    by_key = [{leaf.node.key: leaf for leaf in one.leaves} for one in (first, second)]
    assert [one["reuse"].measured and one["reuse"].measured.value for one in by_key] == [Fraction(3, 4), Fraction(2, 5)]
    assert by_key[1]["idle-stock"].measured is not None
    assert by_key[1]["idle-stock"].measured.value == Fraction(1, 20)
    assert [leaf_score(one["reuse"]).takes for one in by_key] == [None, "events"]
    assert leaf_score(by_key[1]["reuse"]).entries == 2
    assert b"takes" not in msgspec.json.encode(leaf_score(by_key[0]["reuse"])), "as it was published before"
    others = [beside(one.scheme, told) for one in (first, second)]
    assert isinstance(others[0]["idle-stock"], Measured)
    assert others[0]["idle-stock"].value == Fraction(2, 20), "180 days where the edition sets none"
    assert isinstance(others[1]["reuse"], Measured)
    assert others[1]["reuse"].value == Fraction(3, 4)
    assert isinstance(others[0]["packaging-return"], LedgerError), "a share of nothing is none"
    assert set(others[0]) == {"idle-stock", "reuse", "packaging-return"}


def test_without_a_location_nothing_is_counted_and_what_cannot_be_is_refused() -> None:
    leaves = {leaf.node.key: leaf for leaf in scored(edition_by_events(), year()).leaves}
    assert isinstance(leaves["reuse"].missing, SiteLocationMissing)
    assert leaves["reuse"].points == 0
    for change in ({"idle_days": None}, {"measure": "fill"}, {"measure": "reuse"}):
        with pytest.raises(LedgerError):
            edition_by_events(**change)
