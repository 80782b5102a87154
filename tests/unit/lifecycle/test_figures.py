"""Figures by category: exact, and honest about what is not stated. And the tables that they rest on."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ledger.adapters.asset_tables import AssetTables, AssetTableUnfit
from ledger.lifecycle.category import Product
from ledger.lifecycle.kpi import AGE_LIMITS, Figures, total
from ledger.ports import Tally
from ledger.services.assets import _figures

NOTHING = dict.fromkeys(Tally._fields, 0) | {"category": "", "product": "", "stage": "stored", "bucket": -1}


def tally(**sums: object) -> Tally:
    return Tally(**(NOTHING | sums))  # type: ignore[arg-type]


def test_shares_are_fractions_and_nothing_of_nothing_is_none() -> None:
    """Four of five, not 0.8; no rate where nothing came off a site."""
    cell = _figures(tally(things=9, dismantled=5, reused=4, dismantled_weighed=5, dismantled_g=50, reused_g=30), NO)
    assert (cell.reuse_by_count, cell.reuse_by_mass) == (Fraction(4, 5), Fraction(3, 5))
    assert cell.idle_ratio() is None
    assert Figures().tagged_share is None


NO = Product("", 0, 0)


def test_idle_stock_by_age_and_value() -> None:
    """Three ages; what has no value is counted and adds none."""
    old = _figures(tally(things=3, bucket=3, valued=2, value_fen=700), NO)
    young = _figures(tally(things=1, bucket=0, valued=1, value_fen=300), NO)
    whole = total({"a": old, "b": young})
    assert AGE_LIMITS[2] == 180
    assert (whole.idle_ratio(180), whole.idle_ratio(365), whole.idle_ratio(30)) == (Fraction(7, 10), 0, Fraction(7, 10))
    assert (whole.unvalued, whole.idle_things(180), whole.in_stock) == (1, 3, 4)


def test_the_product_list_says_what_events_leave_out() -> None:
    """Mass and value of the list stand in for those that state none, and for those alone."""
    product = Product("onu", 500, 1000)
    cell = _figures(
        tally(things=3, bucket=4, valued=1, value_fen=250, dismantled=2, dismantled_weighed=1, dismantled_g=7), product
    )
    assert cell.stock_value == 250 + 2 * 1000
    assert (cell.dismantled_g, cell.unweighed, cell.unvalued) == (507, 0, 0)


def test_the_bundled_table_has_55_categories(tmp_path: Path) -> None:
    """Each with both names, attributes of its own and a way of disposal; batteries are hazardous and price-linked."""
    found = AssetTables(tmp_path).categories()
    assert len(found) == 55
    assert all(one.zh and one.en and one.attributes for one in found.values())
    batteries = {one.code for one in found.values() if one.disposal == "price_linked_sale"}
    assert batteries == {one.code for one in found.values() if one.hazardous}
    assert batteries == {"battery-lead-acid", "battery-lfp", "battery-second-life", "battery-ups"}


def test_an_operators_table_takes_its_place_and_is_read_again(tmp_path: Path) -> None:
    """Whole, with Chinese yes and no; a bad row comes back with file, row and reason."""
    tables, path = AssetTables(tmp_path), tmp_path / "categories.csv"
    head = "code,zh,en,gpc_brick,unit,mass_needed,disposal,hazardous,attributes\n"
    path.write_text(head + "a,甲,A,,C62,是,auction,否,power:W\n", "utf-8-sig")
    assert [(one.mass_needed, one.hazardous) for one in tables.categories().values()] == [(True, False)]
    path.write_text(head + "a,甲,A,,C62,yes,burning,no,\n")
    with pytest.raises(AssetTableUnfit) as raised:
        AssetTables(tmp_path).categories()
    assert raised.value.place
    assert (raised.value.place.file, raised.value.place.row) == ("categories.csv", 2)
    (tmp_path / "products.csv").write_text("product,category,mass_kg,value_cny\n9506000134352,a,1.5,12.34\n")
    assert tables.products() == {"https://id.gs1.org/01/09506000134352": Product("a", 1500, 1234)}
