"""
A factor set as a folder: CSV tables, each file's SHA-256 in ``manifest.json``; read, checked, and written.

The bundled ones lie in ``ledger/data/factors``, an operator's own in the ledger's home (``adapters.factor_tables``).
Sources, licences and what was left out: docs/factors.md. A folder is never edited; a change is a new folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import Field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar

from ledger.footprint.errors import FactorFileDamaged
from ledger.footprint.factor import Factor, FactorSet, TransportClass

FACTORS: Final = "factors.csv"
"""The table of an operator's own set, in the columns of ``Factor``."""
CLASSES: Final = "transport_classes.csv"
MAX_TABLE: Final = 50_000_000
"""Bytes of one file of a set, at most."""

Row = dict[str, str]
T = TypeVar("T")


def read_set(folder: Traversable) -> FactorSet:
    """The set in a folder with a manifest. Raises ``FactorFileDamaged`` when a byte differs from the manifest."""
    manifest = read_manifest(folder)
    tables = {name: _table(folder, name, digest) for name, digest in manifest["files"].items()}
    if unknown := tables.keys() - {CLASSES, *(name for name, _ in READERS)}:
        raise FactorFileDamaged(file="manifest.json", problem=f"no reader for {', '.join(sorted(unknown))}")
    factors = [factor for name, reader in READERS for factor in _rows(name, tables, reader)]
    classes = list(_rows(CLASSES, tables, _class_of))
    try:
        found = FactorSet.of(
            str(manifest["id"]), date.fromisoformat(manifest["published"]), str(manifest["region"]), factors, classes
        )
    except ValueError as error:
        raise FactorFileDamaged(file="manifest.json", problem=str(error)) from error
    if manifest.get("hash", found.hash) != found.hash:
        raise FactorFileDamaged(
            file="manifest.json", problem=f"the set's hash is {found.hash}, the manifest says {manifest['hash']}"
        )
    return found


def read_manifest(folder: Traversable) -> dict[str, Any]:
    """What the manifest says. Raises ``FactorFileDamaged``."""
    try:
        found: dict[str, Any] = json.loads(_bytes(folder, "manifest.json"))
    except ValueError as error:
        raise FactorFileDamaged(file="manifest.json", problem=type(error).__name__) from error
    if not isinstance(found, dict) or not {"files", "id", "published", "region"} <= found.keys():
        raise FactorFileDamaged(file="manifest.json", problem="a field is missing")
    return found


def _table(folder: Traversable, name: str, digest: str) -> list[Row]:
    data = _bytes(folder, name)
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise FactorFileDamaged(file=name, problem=f"SHA-256 is {found}, the manifest says {digest}")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def _bytes(folder: Traversable, name: str) -> bytes:
    try:
        with (folder / name).open("rb") as stream:
            data = stream.read(MAX_TABLE + 1)
    except OSError as error:
        raise FactorFileDamaged(file=name, problem=type(error).__name__) from error
    if len(data) > MAX_TABLE:
        raise FactorFileDamaged(file=name, problem=f"it has more than {MAX_TABLE} bytes")
    return data


def _rows(name: str, tables: dict[str, list[Row]], reader: Callable[[Row], T]) -> Iterator[T]:
    try:
        for row in tables.get(name, ()):
            yield reader(row)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
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


def _kept(row: Row) -> Factor:
    """A factor in the columns of ``Factor`` itself, as ``factor_rows`` wrote it."""
    return Factor(
        per=row["per"],  # type: ignore[arg-type]
        ttw=Decimal(row["ttw"]) if row["ttw"] else None,
        wtt=Decimal(row["wtt"]) if row["wtt"] else None,
        wtw=Decimal(row["wtw"]),
        subject=row["subject"],
        mode=row["mode"],
        fuel=row["fuel"],
        series=row["series"],  # type: ignore[arg-type]
        component=row["component"],
        distance_basis=row["distance_basis"],  # type: ignore[arg-type]
        daf_included=row["daf_included"] == "yes",
        category=row["category"],  # type: ignore[arg-type]
        vehicle=row["vehicle"],
        temperature=row["temperature"],  # type: ignore[arg-type]
        page=row["page"],
        **_common(row),
    )


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
    (FACTORS, _kept),
)
"""Every table a set may have, and what reads its rows."""


def tables_of(kept: FactorSet) -> dict[str, bytes]:
    """A set as tables that ``read_set`` reads back to the same hash."""
    factors = [kept.factors[key].to_record() for key in sorted(kept.factors)]
    classes = [kept.classes[key].to_record() for key in sorted(kept.classes)]
    return {FACTORS: _csv(fields(Factor), factors), CLASSES: _csv(fields(TransportClass), classes)}


def _csv(columns: tuple[Field[Any], ...], rows: list[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [column.name for column in columns], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
