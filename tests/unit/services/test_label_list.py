"""Lists of labels: pasted, counted, out of tables; every bad row with its place, every tag with its thing's EPC."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.files.errors import FileError
from ledger.adapters.files.label_list import label_rows
from ledger.identity import CompanyPrefixes, read_tag
from ledger.services.label_list import EpcOfAnother, RangeUnfit, listed, ranged, typed

# TDS 2.3 annex E.3
GIAI_96 = ("(8004)95211415678", "3476451FD40000000000162E")


def test_pasted_lines_are_code_name_and_further_lines() -> None:
    """Tabs part the cells; empty lines are passed over but counted."""
    found = listed(typed("(8004)95211415678\t终端\t深圳\t3 号\n\n(8004)9521141１\n"), "usual", ["line"])
    (label,) = found.labels
    assert (label.code, label.title, label.lines) == ("https://id.gs1.org/8004/95211415678", "终端", ("深圳", "3 号"))
    assert [(fault.place.row, fault.error.code) for fault in found.faults] == [(3, "identity.character")]


def test_the_usual_name_and_lines_stand_where_a_row_has_none() -> None:
    """A row's own words win."""
    (one, two) = listed(typed("(8004)95211415678\n(8004)95211415679\town"), "usual", ["line"]).labels
    assert (one.title, one.lines) == ("usual", ("line",))
    assert (two.title, two.lines) == ("own", ("line",))


def test_forms_of_one_thing_are_one_thing() -> None:
    """Brackets and Digital Link name the same asset: the second row is refused with the first's number."""
    found = listed(typed("(8004)95211415678\nhttps://id.gs1.org/8004/95211415678"))
    assert len(found.labels) == 1
    assert "row 1" in found.faults[0].error.message()


def test_a_table_is_read_by_its_headings_in_any_order() -> None:
    """GB18030 too, as spreadsheets in China save it."""
    data = "名称,EPC,资产编码,站点\n终端,,(8004)95211415678,深圳\n".encode("gb18030")
    (label,) = listed(label_rows(data, "a.csv")).labels
    assert (label.title, label.lines) == ("终端", ("深圳",))
    with pytest.raises(FileError):
        label_rows(b"\xd0\xcf\x11\xe0old", "a.xls")


def test_tags_hold_the_published_epc_where_the_prefix_is_known() -> None:
    """96 bits for a known company, '+' for an unknown one; both read back as the thing."""
    (known,) = listed(typed(GIAI_96[0]), tags=CompanyPrefixes(["9521141"])).labels
    assert known.epc == GIAI_96[1].replace("3476", "3416", 1)  # filter 0 in place of 3
    (unknown,) = listed(typed(GIAI_96[0]), tags=CompanyPrefixes([])).labels
    assert read_tag(unknown.epc).scheme == "GIAI+"
    for label in (known, unknown):
        identity = read_tag(label.epc).identity
        assert identity
        assert identity.text == label.code


def test_an_epc_in_the_list_must_be_that_of_its_code() -> None:
    """A swapped column would clone a tag."""
    rows = "code,epc\n(8004)95211415678,{}\n"
    good = listed(label_rows(rows.format(GIAI_96[1].lower()).encode(), "a.csv"))
    assert good.labels[0].epc == GIAI_96[1]
    bad = listed(label_rows(rows.format("3476451FD40000000000162F").encode(), "a.csv"))
    assert isinstance(bad.faults[0].error, EpcOfAnother)


@given(st.integers(0, 10**9), st.integers(1, 50), st.integers(0, 4))
def test_a_range_counts_up_by_one_and_keeps_its_zeros(first: int, count: int, zeros: int) -> None:
    """As many codes as asked for, all different, of one length where the first began with a zero."""
    digits = "0" * zeros + str(first)
    try:
        rows = ranged(f"(8004)9521141X{digits}", count)
    except RangeUnfit:
        assert zeros
        assert len(str(int(digits) + count - 1)) > len(digits)
        return
    codes = [row.cells[0] for row in rows]
    assert [int(code.rpartition("X")[2]) for code in codes] == list(range(first, first + count))
    if len(digits) > 1 and digits.startswith("0"):
        assert len(set(map(len, codes))) == 1


@pytest.mark.parametrize(("first", "count"), [("(8004)9521141X", 3), ("(8004)9521141X1", 0), ("", 1), ("X1", 20_001)])
def test_what_cannot_be_counted_up_is_refused(first: str, count: int) -> None:
    """No digits at the end, none wanted, too many."""
    with pytest.raises(RangeUnfit):
        ranged(first, count)
