"""The bundled factor set: integrity, provenance, and the figures calculations rest on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from ledger.adapters.factor_folder import read_set
from ledger.adapters.factor_tables import SETS, FactorTables
from ledger.footprint.errors import FactorContradicts, FactorFileDamaged, NoEmissionFactor
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.footprint.grid import REGIONS, region_of

FIRST = "6a32e8d0fa9ff0f990895d238f0c2a15c42263fdbad0001c500d1512aed280d1"
SHIPPABLE = (
    "Open Government Licence v3.0 (attribution)",
    "PRC government announcement (not subject to copyright, Copyright Law art. 5)",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with as_file(files("ledger.data") / "factors" / SETS[-1]) as folder:
        return Path(shutil.copytree(folder, tmp_path / "set"))


def test_first_set_never_changes() -> None:
    """A published set keeps its hash: the digits of every calculation that pinned it depend on it."""
    source: FactorSource = FactorTables()
    assert source.factor_set("onecode-cn-2026.1").hash == FIRST
    assert source.factor_set(FIRST).id == "onecode-cn-2026.1"
    assert source.current().id == source.ids()[-1]


def test_unknown_set() -> None:
    """A set that was never published is refused with the ones there are."""
    with pytest.raises(NoEmissionFactor) as caught:
        FactorTables().factor_set("onecode-cn-1999")
    assert caught.value.nearest == ", ".join(FactorTables().ids())


def test_any_changed_byte_is_found(copy: Path) -> None:
    """Every file is checked against the manifest before a figure is read."""
    for table in sorted(copy.glob("*.csv")):
        data = table.read_bytes()
        table.write_bytes(data.replace(b"1", b"2", 1))
        with pytest.raises(FactorFileDamaged) as caught:
            read_set(copy)
        assert caught.value.file == table.name
        table.write_bytes(data)
    assert read_set(copy).hash == FIRST


def test_missing_file(copy: Path) -> None:
    """A missing table or manifest is a damaged set."""
    (copy / "packaging.csv").unlink()
    with pytest.raises(FactorFileDamaged):
        read_set(copy)
    (copy / "manifest.json").unlink()
    with pytest.raises(FactorFileDamaged):
        read_set(copy)


def test_manifest_without_a_field(copy: Path) -> None:
    """A manifest that does not say what set it is cannot be used."""
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del manifest["id"]
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(FactorFileDamaged):
        read_set(copy)


def test_every_factor_is_sourced(bundled: FactorSet) -> None:
    """Every factor has a source, a licence that allows shipping, and a place it was read from or published at."""
    for factor in bundled.factors.values():
        assert factor.source
        assert factor.licence in SHIPPABLE
        assert factor.url or factor.read_from
        assert factor.wtw > 0


def test_no_electric_vans_and_no_radiative_forcing(bundled: FactorSet) -> None:
    """Rows whose boundary does not fit the standard are left out: grid power counted as TTW, forcing added to CO2e."""
    subjects = [f"{f.subject} {f.fuel}" for f in bundled.factors.values() if f.per == "t km"]
    assert not [s for s in subjects if "Electric" in s or "With RF" in s]


def test_product_electricity_series(bundled: FactorSet) -> None:
    """Product footprints use the carbon-footprint series and its transmission factor; later years take the latest."""
    assert [f.wtw for f in bundled.electricity(2023)] == [Decimal("0.6205"), Decimal("0.0036")]
    assert [f.wtw for f in bundled.electricity(2024)] == [Decimal("0.5777"), Decimal("0.0046")]
    assert bundled.electricity(2026) == bundled.electricity(2024)
    for year in (2022, 2028):
        with pytest.raises(NoEmissionFactor):
            bundled.electricity(year)


def test_series_stay_apart(bundled: FactorSet) -> None:
    """The corporate series are CO2 alone and never appear in the product series."""
    assert bundled.factor("CN-ETS-2022").wtw == Decimal("0.5703")
    assert {f.gas_scope for f in bundled.of_series("corporate_statistical")} == {"CO2"}
    assert {f.gas_scope for f in bundled.of_series("product_footprint")} == {"CO2e"}


def test_classes(bundled: FactorSet) -> None:
    """Road, rail, sea and air have classes; air adds 95 km to the great circle, container ships take 15 %."""
    classes = bundled.classes.values()
    assert {c.mode for c in classes} == {"air", "rail", "road", "sea"}
    assert {c.daf_offset_m for c in classes if c.mode == "air"} == {95_000}
    assert {c.daf_scale for c in classes if c.name.startswith("sea.container.")} == {Decimal("1.15")}
    assert all(c.name.startswith(f"{c.mode}.") for c in classes)


def test_set_refuses_loose_ends(make_factor: Callable[..., Any], make_class: Callable[..., Any]) -> None:
    """A class must name a factor of its set, and no id occurs twice, and grid power comes with its transmission."""
    for factors, classes in (([], [make_class()]), ([make_factor(), make_factor()], [])):
        with pytest.raises(FactorContradicts):
            FactorSet.of("x", date(2025, 1, 1), "CN", factors, classes)
    alone = make_factor(per="kWh", series="product_footprint", component="average", distance_basis="")
    with pytest.raises(FactorContradicts):
        FactorSet.of("x", date(2025, 1, 1), "CN", [alone], [])


def test_hash_covers_factors_and_classes(make_set: Callable[..., Any]) -> None:
    """Another figure, another adjustment or another wording is another set."""
    hashes = {make_set().hash, make_set(ttw="0.07").hash, make_set(toc={"zh": "x"}).hash, make_set(notes="n").hash}
    assert len(hashes) == 4
    assert make_set().hash == make_set().hash


@pytest.mark.parametrize(
    ("name", "region"), [("浙江省", "浙江"), ("cn-zj", "浙江"), ("Zhejiang", "浙江"), ("CN", "全国")]
)
def test_region_names(name: str, region: str) -> None:
    """A grid region is known by its Chinese name, its ISO 3166-2 code and its English name."""
    assert region_of(name) == region


def test_regions_are_distinct() -> None:
    """No name stands for two regions, and an unknown one for none."""
    names = [name.casefold() for row in REGIONS for name in row]
    assert len(set(names)) == len(names)
    assert region_of("Atlantis") is None
