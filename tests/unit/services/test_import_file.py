"""Importing a file: good rows become entries once, bad rows come back located, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ledger.adapters.files import open_file
from ledger.services.import_file import MOST_REFUSED, ImportReport, ReadRow, import_file
from ledger.services.project import catch_up
from ledger.services.sift_rows import preflight
from ledger.wiring import Ledger
from tests.builders import TENANT, leg, opened
from tests.unit.files.tables import GTIN, HEADINGS, VEHICLE, book, row, text
from tests.unit.test_transport_operation import MODEL


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger on SQLite; its chain is never asked."""
    with opened(tmp_path / "home") as found:
        yield found


def imported(ledger: Ledger, data: str | bytes, name: str = "五月运单.csv", tenant: str = TENANT) -> ImportReport:
    """The report of importing this file."""
    source = open_file(data.encode() if isinstance(data, str) else data, name=name)
    return import_file(ledger, source, tenant=tenant, submitter="carrier-1")


def test_three_bad_rows_among_good_ones_come_back_located_and_the_good_ones_are_kept(ledger: Ledger) -> None:
    """File, row, column, value, rule, reason and fix, in Chinese and English; two hundred good rows recorded."""
    rows = [row(waybill=f"YD-{number}") for number in range(200)]
    rows[9:9] = [row(waybill="B-1", distance="")]
    rows[99:99] = [row(waybill="B-2", gross_mass="12,5")]
    rows += [row(waybill="B-3", product="9506000134353")]
    report = imported(ledger, text(rows))
    assert (report.read, report.fresh, report.already, report.refused_count) == (203, 200, 0, 3)
    assert [refused.place.row for refused in report.refused] == [11, 101, 204]
    first, second, third = (refused.faults[0] for refused in report.refused)
    assert "文件 五月运单.csv，第 11 行，列 里程（公里）" in first.error.message("zh-CN")
    assert "row 11, column 里程（公里）" in first.error.message("en")
    assert (second.value, second.error.code) == ("12,5", "record.amount")
    assert third.error.code == "identity.check-digit"
    assert all(fault.error.fix("zh-CN") and fault.error.fix("en") for fault in (first, second))
    assert ledger.entries.size() == 200
    shown = report.to_record()["rows"]
    assert shown[0]["faults"][0]["rule"] == "record.missing"  # type: ignore[index]


def test_the_same_file_twice_adds_nothing(ledger: Ledger) -> None:
    """Every row is known the second time, also from a workbook instead of a table."""
    rows = [row(waybill=f"YD-{number}") for number in range(10)]
    first = imported(ledger, text(rows))
    again = imported(ledger, text(rows))
    other = imported(ledger, book([HEADINGS, *rows]), "运单.xlsx")
    assert (first.fresh, again.fresh, again.already, other.fresh, other.already) == (10, 0, 10, 0, 10)
    assert first.entries == again.entries == (0, 9)
    assert ledger.entries.size() == 10


def test_a_repeated_key_with_another_content_is_a_conflict_at_its_row(ledger: Ledger) -> None:
    """Inside one file and against the log; the first statement stands."""
    report = imported(ledger, text([row(), row(gross_mass="13"), row()]))
    assert (report.fresh, report.already, report.refused_count) == (1, 1, 1)
    assert report.refused[0].place.row == 3
    assert "YD-1" in report.refused[0].faults[0].value
    later = imported(ledger, text([row(gross_mass="14")]))
    assert [refused.place.row for refused in later.refused] == [2]
    assert later.refused[0].faults[0].error.message("zh-CN").endswith("第 2 行）")


def test_two_tenants_may_hold_the_same_waybill(ledger: Ledger) -> None:
    """Keys are a tenant's own."""
    assert imported(ledger, text([row()])).fresh == 1
    assert imported(ledger, text([row(gross_mass="14")]), tenant="other").fresh == 1


def test_an_interrupted_import_is_finished_by_handing_the_file_in_again(ledger: Ledger) -> None:
    """What was recorded before the interruption is counted, not added."""
    data = text([row(waybill=f"YD-{number}") for number in range(5_000)])

    def stop(done: int, total: int, rate: float) -> None:
        assert total >= done
        assert rate > 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(ledger, open_file(data.encode()), tenant=TENANT, submitter="s", progress=stop)
    before = ledger.entries.size()
    assert 0 < before < 5_000
    report = imported(ledger, data)
    assert (report.fresh, report.already) == (5_000 - before, before)


def test_preflight_says_the_same_and_stores_nothing(ledger: Ledger) -> None:
    """Also of the first rows only."""
    data = text([row(waybill="A"), row(waybill="B", distance="")])
    report = preflight(ledger, open_file(data.encode()))
    assert (report.read, report.fresh, report.refused_count, ledger.entries.size()) == (2, 1, 1, 0)
    assert preflight(ledger, open_file(data.encode()), limit=1).read == 1


def test_preflight_finds_what_only_the_other_rows_and_the_log_tell(ledger: Ledger) -> None:
    """A code that cannot be read, a key used twice in the file, one that is recorded with other content, one known."""
    imported(ledger, text([row(waybill="A"), row(waybill="B")]))
    rows = [row(waybill="A"), row(waybill="B", gross_mass="14"), row(product="9506000134353"), row(), row(quantity="7")]
    report = preflight(ledger, open_file(text(rows).encode()), tenant=TENANT)
    assert (report.fresh, report.already, report.refused_count, ledger.entries.size()) == (1, 1, 3, 2)
    found = {refused.place.row: refused.faults[0].error.code for refused in report.refused}
    assert found == {3: "log.conflict", 4: "identity.check-digit", 6: "intake.row-repeated"}


def test_every_accepted_name_of_a_vehicle_is_recorded_as_its_class(ledger: Ledger) -> None:
    """The class name, and its title in Chinese and English, from the current factor set."""
    found = ledger.factors.current().classes[VEHICLE]
    rows = [row(waybill=str(n), vehicle=said) for n, said in enumerate((found.name, found.zh, found.en))]
    imported(ledger, text(rows))
    assert [b'"vehicle":"' + VEHICLE.encode() in ledger.entries.entry(n).body for n in range(3)] == [True] * 3


def test_a_record_of_another_kind_of_file_goes_the_same_way(ledger: Ledger) -> None:
    """A meter table: energy in Wh, period and region as recorded."""
    headings = "表号,站点,能源品种,用电量（万度）,开始时间（北京时间）,结束时间（北京时间）,电网区域"
    report = imported(ledger, f"{headings}\nD1,溧水,电力,1.2,2023-05-01,2023-06-01,江苏\n")
    assert report.kinds == {"energy_use": 1}
    assert b'"energy_wh":12000000,' in ledger.entries.entry(0).body


class _Endless:
    """A source of rows that are all bad."""

    name, sha256, kinds, headings, ignored, total = "bad.csv", "", (), (), (), 0

    def rows(self, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
        from ledger.records.errors import FieldMissing
        from ledger.services.import_file import Fault

        assert VEHICLE in vehicles
        for number in range(MOST_REFUSED + 5):
            yield ReadRow(None, number + 1, None, ("",), (Fault("x", "", FieldMissing(field="x")),))


def test_an_operator_s_own_vehicle_is_known_once_its_data_are_recorded(ledger: Ledger) -> None:
    """Before, the row comes back with the names there are; after, it is taken."""
    waybills = text([row(vehicle="苏物流 9.6 m")])
    report = imported(ledger, waybills)
    assert [fault.error.code for fault in report.refused[0].faults] == ["cell.vehicle"]
    assert imported(ledger, json.dumps(MODEL), "model.ndjson").fresh == 1
    catch_up(ledger.entries, ledger.projections)
    assert imported(ledger, waybills).fresh == 1
    assert preflight(ledger, open_file(waybills.encode()), tenant="another").refused_count == 1


def test_a_file_of_nothing_but_faults_stays_in_bounded_memory(ledger: Ledger) -> None:
    """All are counted, the first ten thousand kept."""
    report = import_file(ledger, _Endless(), tenant=TENANT, submitter="s")
    assert (report.refused_count, len(report.refused)) == (MOST_REFUSED + 5, MOST_REFUSED)


def test_the_products_of_a_file_are_the_products_of_the_projections(ledger: Ledger) -> None:
    """The GTIN of a cell, an element string and a Digital Link are one product."""
    from ledger.services.project import catch_up

    forms = (GTIN, f"0{GTIN}", f"(01)0{GTIN}", f"https://id.gs1.org/01/0{GTIN}")
    imported(ledger, text([row(waybill=str(n), product=said) for n, said in enumerate(forms)]))
    catch_up(ledger.entries, ledger.projections)
    assert ledger.projections.products(TENANT) == [leg().product]  # type: ignore[union-attr]
