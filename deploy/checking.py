"""Everything generated, held against the description, the tools' rules and what is in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy import check_chain, check_stack
from deploy import site as described
from deploy.findings import Finding, Rule
from deploy.generate import files
from deploy.site import Site

STALE: Final = Rule(
    "kit.stale",
    "it is not what the description gives",
    "与部署描述不一致",
    "Run `python3 dev.py deploy generate`; changes belong into site.toml",
    "请执行 `python3 dev.py deploy generate`；改动应写入 site.toml",
)
MISSING: Final = Rule(
    "kit.missing",
    "the description gives it, and it is not there",
    "部署描述中有此文件，而目录中没有",
    "Run `python3 dev.py deploy generate`",
    "请执行 `python3 dev.py deploy generate`",
)
RULES: Final = (STALE, MISSING, *described.RULES, *check_chain.RULES, *check_stack.RULES)


def check(site: Site, name: str, folder: Path) -> Iterator[Finding]:
    """All findings about a description and the folder that was generated from it."""
    yield from described.check(site, name)
    found = read(folder)
    made = files(site)
    for path in sorted(found.keys() | made.keys()):
        if path not in found:
            yield MISSING.at(path, "")
        elif found[path] != made.get(path):
            yield STALE.at(path, "")
    if made.keys() <= found.keys():
        yield from check_chain.check(site, found)
        yield from check_stack.check(found)


def read(folder: Path) -> dict[str, str]:
    """Texts in a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
