"""An operator's own sets: written whole, checked on every load, never changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.footprint.errors import FactorFileDamaged, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.footprint.registry.errors import FactorSetIdUnfit, FactorSetTaken
from ledger.footprint.registry.shelf import Origin

ORIGIN = Origin(title_en="Own", title_zh="自有", importer="table", file="own.csv", file_sha256="0" * 64)


def own(shelf: FactorTables, name: str = "own-2026.1") -> FactorSet:
    """The bundled content under another id, kept."""
    bundled = shelf.current()
    made = FactorSet.of(name, bundled.published, "CN", bundled.factors.values(), bundled.classes.values())
    shelf.keep(made, ORIGIN)
    return made


def test_a_set_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """Every factor, class, and the hash; found by id and by hash beside the bundled ones."""
    made = own(FactorTables(tmp_path))
    again = FactorTables(tmp_path)
    assert again.ids() == (again.current().id, made.id)
    assert again.factor_set(made.id) == again.factor_set(made.hash) == made
    assert again.origin(made.id) == ORIGIN
    assert again.origin(again.current().id).bundled
    assert again.current().id != made.id


@pytest.mark.parametrize("table", ["factors.csv", "transport_classes.csv"])
def test_a_changed_byte_is_refused_with_its_hash(tmp_path: Path, table: str) -> None:
    """A digit changed in a kept file: the set is refused and named, a running process notices, others are served."""
    shelf = FactorTables(tmp_path)
    made, other = own(shelf), own(shelf, "other-1")
    file = tmp_path / made.id / table
    data = file.read_bytes()
    file.write_bytes(data.replace(b"1", b"22", 1))
    for reader in (shelf, FactorTables(tmp_path)):
        with pytest.raises(FactorFileDamaged) as caught:
            reader.factor_set(made.id)
        assert caught.value.file == f"{made.id}/{table}"
        assert "SHA-256 is" in caught.value.problem
        assert [error.file for error in reader.damaged()] == [f"{made.id}/{table}"]
        assert reader.ids() == (reader.current().id, other.id)
        with pytest.raises(NoEmissionFactor):
            reader.factor_set(made.hash)
    file.write_bytes(data)
    assert shelf.factor_set(made.id) == made


def test_a_forged_manifest_changes_the_hash(tmp_path: Path) -> None:
    """Who changes file and manifest alike is caught by the set's own hash, and by every figure that pinned it."""
    shelf = FactorTables(tmp_path)
    made = own(shelf)
    at = tmp_path / made.id / "manifest.json"
    manifest = json.loads(at.read_text("utf-8"))
    at.write_text(json.dumps(manifest | {"region": "US"}), "utf-8")
    with pytest.raises(FactorFileDamaged, match="the set's hash is"):
        shelf.factor_set(made.id)
    for wrong in (
        {**manifest, "files": {}},
        {**manifest, "files": {"other.csv": "0"}},
        [],
        {**manifest, "published": "x"},
    ):
        at.write_text(json.dumps(wrong), "utf-8")
        with pytest.raises(FactorFileDamaged):
            shelf.factor_set(made.id)
    at.rename(tmp_path / made.id / "moved")
    with pytest.raises(FactorFileDamaged):
        shelf.factor_set(made.id)


def test_a_folder_cannot_pose_as_another_set(tmp_path: Path) -> None:
    """A copied folder under another name, or under a bundled set's id, is damaged and never found."""
    shelf = FactorTables(tmp_path)
    made = own(shelf)
    (tmp_path / made.id).rename(tmp_path / "posing")
    with pytest.raises(FactorFileDamaged):
        shelf.factor_set("posing")
    assert shelf.ids() == (shelf.current().id,)


def test_a_set_is_kept_once(tmp_path: Path) -> None:
    """The same id again is refused, a bundled id as well, and ids that are no folder names."""
    shelf = FactorTables(tmp_path)
    made = own(shelf)
    with pytest.raises(FactorSetTaken):
        own(shelf)
    with pytest.raises(FactorSetTaken):
        own(shelf, shelf.current().id)
    for name in ("", "..", "../x", "A", "a/b", ".x", "x.", "a" * 100, "x y"):
        with pytest.raises(FactorSetIdUnfit):
            own(shelf, name)
    assert sorted(at.name for at in tmp_path.iterdir()) == [made.id]


def test_a_set_is_taken_into_use_and_given_back(tmp_path: Path) -> None:
    """The choice outlives the process; the bundled set is current before it, and again when it is chosen."""
    shelf = FactorTables(tmp_path)
    bundled, made = shelf.current(), own(shelf)
    assert shelf.use(made.hash) == made
    assert FactorTables(tmp_path).current() == shelf.current() == made
    assert shelf.ids() == (bundled.id, made.id)
    shelf.use(bundled.id)
    assert FactorTables(tmp_path).current() == bundled
    with pytest.raises(NoEmissionFactor):
        shelf.use("nowhere-1")
    assert shelf.current() == bundled


def test_a_damaged_set_in_use_computes_nothing(tmp_path: Path) -> None:
    """No other set takes its place in silence; its id is still told, and what is there is listed."""
    shelf = FactorTables(tmp_path)
    bundled, made = shelf.current(), own(shelf)
    shelf.use(made.id)
    (tmp_path / made.id / "factors.csv").write_text("id\n")
    with pytest.raises(FactorFileDamaged):
        shelf.current()
    assert shelf.current_id() == made.id
    assert shelf.ids() == (bundled.id,)
