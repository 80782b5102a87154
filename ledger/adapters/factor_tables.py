"""
The bundled factor sets: CSV tables in ``ledger/data/factors/<set>``, each file's SHA-256 in ``manifest.json``.

Sources, licences and what was left out: docs/factors.md. A set is a folder that is never edited; a change is a new
folder and a new line in ``SETS``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar

from ledger.footprint.errors import FactorFileDamaged, NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet, TransportClass

SETS: Final = ("cn_2026_1",)
"""Folders of sets, oldest first; the last is current."""

Row = dict[str, str]
T = TypeVar("T")


class FactorTables:
    """The factor sets that come with the package (``FactorSource``). Reads each set once, checking its hashes."""

    def __init__(self, root: Traversable | None = None, sets: tuple[str, ...] = SETS) -> None:
        self._root = root if root is not None else files("ledger.data") / "factors"
        self._names = sets
        self._load = lru_cache(maxsize=None)(self._read)

    def current(self) -> FactorSet:
        """The newest set."""
        return self._load(self._names[-1])

    def ids(self) -> tuple[str, ...]:
        """Ids of all sets, oldest first."""
        return tuple(self._load(name).id for name in self._names)

    def factor_set(self, name: str) -> FactorSet:
        """A set by id or hash. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        for folder in self._names:
            found = self._load(folder)
            if name in {found.id, found.hash}:
                return found
        raise NoEmissionFactor(asked=name, factor_set="*", nearest=", ".join(self.ids()))

    def _read(self, folder: str) -> FactorSet:
        return read_set(self._root / folder)


def read_set(folder: Traversable) -> FactorSet:
    """The set in a folder with a manifest. Raises ``FactorFileDamaged`` when a byte differs from the manifest."""
    manifest = _manifest(folder)
    tables = {name: _table(folder, name, digest) for name, digest in manifest["files"].items()}
    factors = [factor for name, reader in READERS for factor in _rows(name, tables, reader)]
    classes = _rows("transport_classes.csv", tables, _class_of)
    return FactorSet.of(
        str(manifest["id"]), date.fromisoformat(manifest["published"]), str(manifest["region"]), factors, classes
    )


def _manifest(folder: Traversable) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise FactorFileDamaged(file="manifest.json", problem=type(error).__name__) from error
    if not {"files", "id", "published", "region"} <= found.keys():
        raise FactorFileDamaged(file="manifest.json", problem="a field is missing")
    return found


def _table(folder: Traversable, name: str, digest: str) -> list[Row]:
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise FactorFileDamaged(file=name, problem=type(error).__name__) from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise FactorFileDamaged(file=name, problem=f"SHA-256 is {found}, the manifest says {digest}")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def _rows(name: str, tables: dict[str, list[Row]], reader: Callable[[Row], T]) -> Iterator[T]:
    try:
        for row in tables[name]:
            yield reader(row)
    except (KeyError, ValueError, InvalidOperation) as error:
        raise FactorFileDamaged(file=name, problem=repr(error)) from error


def _common(row: Row) -> dict[str, Any]:
    """Fields that every factor table has."""
    same = ("id", "region", "gwp_set", "source", "url", "read_from", "confidence", "licence", "notes")
    return {
        **{name: row[name] for name in same},
        "gas_scope": row["gas_scope"],
        "year": int(row["year"]),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]),
    }


def _transport(row: Row) -> Factor:
    """Published in g per t km, kept in kg."""
    ttw, wtt, wtw = (Decimal(row[f"{part}_g_per_tkm"]).scaleb(-3) for part in ("ttw", "wtt", "wtw"))
    return Factor(
        per="t km",
        ttw=ttw,
        wtt=wtt,
        wtw=wtw,
        subject=row["vehicle"],
        mode=row["mode"],
        fuel=row["fuel"],
        distance_basis=row["distance_basis"],  # type: ignore[arg-type]
        daf_included=row["daf_included"] == "yes",
        category=row["category"],  # type: ignore[arg-type]
        **_common(row),
    )


def _electricity(row: Row) -> Factor:
    """Electricity has no emissions where it is used: TTW zero, everything in energy provision (ISO 14083:2023)."""
    value = Decimal(row["kg_per_kwh"])
    return Factor(
        per="kWh",
        ttw=Decimal(0),
        wtt=value,
        wtw=value,
        subject=row["carrier"],
        series=row["series"],  # type: ignore[arg-type]
        component=row["component"],
        **_common(row),
    )


def _packaging(row: Row) -> Factor:
    subject = f"{row['material']}; {row['form']}"
    value = Decimal(row["kgco2e_per_kg"])
    return Factor(per="kg", ttw=None, wtt=None, wtw=value, subject=subject, component=row["stage"], **_common(row))


def _class_of(row: Row) -> TransportClass:
    return TransportClass(
        name=row["name"],
        mode=row["mode"],
        factor=row["factor"],
        daf_scale=Decimal(row["daf_scale"]),
        daf_offset_m=int(row["daf_offset_m"]),
        daf_source=row["daf_source"],
        en=row["en"],
        zh=row["zh"],
    )


READERS: Final[tuple[tuple[str, Callable[[Row], Factor]], ...]] = (
    ("transport.csv", _transport),
    ("electricity.csv", _electricity),
    ("packaging.csv", _packaging),
)
