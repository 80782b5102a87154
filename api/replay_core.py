"""
The part of the ledger's own source that computes a score sheet again, as one archive for the page ``/replay``.

It is found by following the imports of ``ledger.scoring.replaying``, so nothing can be missing, and read from the
modules that run here: what a reader's browser runs is what the server runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.abc import InspectLoader
from importlib.util import find_spec
from io import BytesIO
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ENTRY: Final = "ledger.scoring.replaying"
_OURS: Final = "ledger"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class Core(NamedTuple):
    """The archive, how many modules it holds, and the SHA-256 of names and sources, whatever compressed them."""

    archive: bytes
    modules: int
    digest: str


@cache
def core() -> Core:
    """The archive of this release."""
    sources = dict(sorted(_sources(ENTRY)))
    written, hashed = BytesIO(), sha256()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for path, source in sources.items():
            info = ZipInfo(path, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, source)
            hashed.update(f"{path}\n{len(source)}\n".encode() + source)
    return Core(written.getvalue(), len(sources), hashed.hexdigest())


def _sources(entry: str) -> Iterator[tuple[str, bytes]]:
    """Path and source of each of our modules that ``entry`` imports, itself, and the packages they are in."""
    waiting, seen = [entry], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name.partition(".")[0] != _OURS:
            continue
        seen.add(name)
        found = _module(name)
        if found is None:  # a name out of a module
            continue
        source, package = found
        yield f"{name.replace('.', '/')}{'/__init__' if package else ''}.py", source.encode()
        waiting += [name.rpartition(".")[0], *_imported(source)]


def _module(name: str) -> tuple[str, bool] | None:
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or not isinstance(spec.loader, InspectLoader):
        return None
    source = spec.loader.get_source(name)
    return None if source is None else (source, spec.submodule_search_locations is not None)


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
