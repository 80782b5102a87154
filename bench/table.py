"""Figures in rows."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """One figure, what it is compared with, and whether it reaches that."""

    name: str
    value: float
    unit: str
    against: str = ""
    reached: bool | None = None


def show(title: str, lines: list[Line]) -> None:
    """Print a table."""
    width = max(len(line.name) for line in lines)
    print(f"\n{title}")
    for name, value, unit, against, reached in lines:
        mark = {True: "yes", False: "NO", None: ""}[reached]
        digits = 0 if value >= 100 else 2
        print(f"  {name:<{width}}  {value:>12,.{digits}f} {unit:<10} {against}  {mark}".rstrip())
    print(flush=True)
