"""
Every factor set there is: the bundled folders, and the operator's own in ``factors/`` of the ledger's home.

A folder's name there is the set's id. A folder that is not what its manifest says is named by ``damaged`` and refused
when it is asked for; the others are served all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from ledger.adapters.factor_folder import read_manifest, read_set, tables_of
from ledger.errors import FootprintError
from ledger.footprint.errors import FactorFileDamaged, NoEmissionFactor
from ledger.footprint.factor import FactorSet
from ledger.footprint.registry.errors import FactorSetTaken
from ledger.footprint.registry.shelf import Origin, set_id

SETS: Final = ("cn_2026_1",)
"""Bundled folders, oldest first; the last is current until the operator takes another set into use."""
_IN_USE: Final = "in-use"
"""The file in ``factors/`` that names the set in use."""
_LONGEST_ID: Final = 200
_STATED: Final = ("title_en", "title_zh", "importer", "file", "file_sha256", "kept_at", "base")
Stamp = tuple[tuple[str, int, int], ...]


class FactorTables:
    """The factor sets (``FactorShelf``). Each is read once and read again when a file of it changes."""

    def __init__(self, own: Path | None = None, root: Traversable | None = None, sets: tuple[str, ...] = SETS) -> None:
        self._own = own
        self._root = root if root is not None else files("ledger.data") / "factors"
        self._bundled = sets
        self._load = lru_cache(maxsize=None)(lambda name: read_set(self._root / name))
        self._held: dict[str, tuple[Stamp, FactorSet | FactorFileDamaged]] = {}

    def current_id(self) -> str:
        """The id of the set in use: the one the operator took, or the newest bundled one. It may be damaged."""
        if self._own is not None:
            try:
                with (self._own / _IN_USE).open(encoding="utf-8") as stream:
                    return stream.read(_LONGEST_ID).strip()
            except FileNotFoundError:
                pass
        return self._load(self._bundled[-1]).id

    def current(self) -> FactorSet:
        """The set in use. Raises ``NoEmissionFactor``, ``FactorFileDamaged``: another never takes its place."""
        return self.factor_set(self.current_id())

    def use(self, name: str) -> FactorSet:
        """Compute with this set from now on. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        found = self.factor_set(name)
        if self._own is None:
            raise ValueError("this shelf has bundled sets alone")
        self._own.mkdir(parents=True, exist_ok=True)
        draft = self._own / f".{_IN_USE}.{secrets.token_hex(4)}"
        _write(draft, found.id.encode())
        draft.replace(self._own / _IN_USE)
        return found

    def ids(self) -> tuple[str, ...]:
        """Ids of all usable sets: the bundled ones, oldest first, then the operator's own by id."""
        own = ((name, self._own_set(name)) for name in self._names())
        return (
            *(self._load(name).id for name in self._bundled),
            *(name for name, found in own if isinstance(found, FactorSet)),
        )

    def factor_set(self, name: str) -> FactorSet:
        """A set by id or hash. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        for folder in self._bundled:
            found = self._load(folder)
            if name in {found.id, found.hash}:
                return found
        for folder in self._names():
            own = self._own_set(folder)
            if isinstance(own, FactorSet) and name in {own.id, own.hash}:
                return own
            if isinstance(own, FactorFileDamaged) and folder == name:
                raise own.with_traceback(None)
        raise NoEmissionFactor(asked=name, factor_set="*", nearest=", ".join(self.ids()))

    def damaged(self) -> tuple[FactorFileDamaged, ...]:
        """Own sets that are not what their manifests say."""
        found = (self._own_set(name) for name in self._names())
        return tuple(error for error in found if isinstance(error, FactorFileDamaged))

    def origin(self, set_id: str) -> Origin:
        """Where a set came from. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        found = self.factor_set(set_id)
        for folder in self._bundled:
            if self._load(folder) is found:
                return _origin(read_manifest(self._root / folder), bundled=True)
        return _origin(read_manifest(self._at(found.id)), bundled=False)

    def keep(self, kept: FactorSet, origin: Origin) -> None:
        """Write a set beside the others, whole or not at all. Raises ``FactorSetTaken``, ``FactorSetIdUnfit``."""
        set_id(kept.id)
        if self._own is None:
            raise ValueError("this shelf has bundled sets alone")
        place = self._own / kept.id
        if place.exists() or kept.id in self.ids():
            raise FactorSetTaken(factor_set=kept.id)
        self._own.mkdir(parents=True, exist_ok=True)
        draft = self._own / f".{kept.id}.{secrets.token_hex(4)}"
        draft.mkdir()
        try:
            tables = tables_of(kept)
            manifest = {
                **{name: text for name, text in asdict(origin).items() if name in _STATED},
                "id": kept.id,
                "published": kept.published.isoformat(),
                "region": kept.region,
                "hash": kept.hash,
                "attribution": list(origin.attribution),
                "files": {name: hashlib.sha256(data).hexdigest() for name, data in tables.items()},
            }
            text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            for name, data in (*tables.items(), ("manifest.json", text.encode())):
                _write(draft / name, data)
            draft.rename(place)
        except FileExistsError:
            raise FactorSetTaken(factor_set=kept.id) from None
        except OSError:
            if place.exists():
                raise FactorSetTaken(factor_set=kept.id) from None
            raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _names(self) -> list[str]:
        if self._own is None or not self._own.is_dir():
            return []
        return sorted(at.name for at in self._own.iterdir() if at.is_dir() and not at.name.startswith("."))

    def _at(self, name: str) -> Path:
        return (self._own or Path()) / name

    def _own_set(self, name: str) -> FactorSet | FactorFileDamaged:
        folder = self._at(name)
        stamp = _stamp(folder)
        held = self._held.get(name)
        if held is None or held[0] != stamp:
            held = self._held[name] = (stamp, _sound(folder, {self._load(bundled).id for bundled in self._bundled}))
        return held[1]


def _sound(folder: Path, taken: set[str]) -> FactorSet | FactorFileDamaged:
    try:
        found = read_set(folder)
    except FactorFileDamaged as error:
        return FactorFileDamaged(file=f"{folder.name}/{error.file}", problem=error.problem)
    except FootprintError as error:
        return FactorFileDamaged(file=folder.name, problem=error.message())
    if found.id != folder.name or found.id in taken:
        problem = f"the folder {folder.name} holds a set called {found.id}"
        return FactorFileDamaged(file=f"{folder.name}/manifest.json", problem=problem)
    return found


def _stamp(folder: Path) -> Stamp:
    """Size and time of every file; when these stand still, the set is not read again."""
    found = []
    for at in sorted(folder.iterdir()):
        state = at.stat()
        found.append((at.name, state.st_size, state.st_mtime_ns))
    return tuple(found)


def _write(at: Path, data: bytes) -> None:
    with at.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _origin(manifest: dict[str, Any], *, bundled: bool) -> Origin:
    stated = {name: str(manifest.get(name, "")) for name in _STATED}
    return Origin(**stated, attribution=tuple(map(str, manifest.get("attribution", ()))), bundled=bundled)
