"""
What an index comes to: points of 100, exact, from the leaves up.

A leaf's points come from its value by its scale; a group's are the mean of its children's by their weights. A leaf
without data has no points where its scheme says ``zero``; where it says ``refused``, neither it nor what it is in has a
score.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.errors import ProgrammeError
from ledger.footprint.amount import exact_text
from ledger.programme.warehouse.measures import Measured, measure
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import IndexNode, IndexScheme, Scale
from ledger.records.site_score import LeafScore

FULL: Final = Fraction(100)
_NONE: Final = Fraction(0)


class Leaf(NamedTuple):
    """An indicator with its ``weight`` in the whole, what was measured or why nothing was, and its points."""

    node: IndexNode
    weight: Fraction
    measured: Measured | None
    missing: ProgrammeError | None
    points: Fraction | None

    @property
    def share(self) -> Fraction:
        """Points of the whole's 100 that it brings."""
        return self.weight * (self.points or _NONE)


class Scored(NamedTuple):
    """An index of a site and a year: its leaves, and the points of every node by key; ``None`` where refused."""

    scheme: IndexScheme
    leaves: tuple[Leaf, ...]
    nodes: Mapping[str, Fraction | None]

    @property
    def points(self) -> Fraction | None:
        """Points of 100 in all."""
        return self.nodes[self.scheme.root.key]

    @property
    def refused(self) -> list[Leaf]:
        """Leaves that keep it from having a score."""
        return [leaf for leaf in self.leaves if leaf.points is None]


def scored(scheme: IndexScheme, year: SiteYear) -> Scored:
    """A site's index in a year."""
    found: dict[str, Measured | ProgrammeError] = {}
    leaves = []
    for node, weight in scheme.root.leaves():
        name = node.measure
        assert name is not None
        if name not in found:
            try:
                found[name] = measure(name).of(year)
            except ProgrammeError as error:
                found[name] = error
        leaves.append(_leaf(node, weight, found[name]))
    nodes: dict[str, Fraction | None] = {leaf.node.key: leaf.points for leaf in leaves}
    _sum(scheme.root, nodes)
    return Scored(scheme, tuple(leaves), nodes)


def points_of(scale: Scale, value: Fraction, *, higher: bool) -> Fraction:
    """Points of 100 of a value, never below 0 and never above 100."""
    if scale.method == "steps":
        reached = [one.points for one in scale.steps if _reaches(value, Fraction(one.at), higher=higher)]
        return Fraction(max(reached, default=0))
    assert scale.zero_at is not None
    assert scale.full_at is not None
    zero, full = Fraction(scale.zero_at), Fraction(scale.full_at)
    return min(FULL, max(_NONE, (value - zero) / (full - zero) * FULL))


def leaf_score(leaf: Leaf) -> LeafScore:
    """A leaf as a published score states it."""
    assert leaf.node.measure is not None
    told = {"key": leaf.node.key, "measure": leaf.node.measure, "points": exact_text(leaf.points or _NONE)}
    if leaf.measured is None:
        return LeafScore(**told, missing=leaf.missing.code if leaf.missing else None)  # type: ignore[arg-type]
    entries = leaf.measured.entries
    return LeafScore(
        **told,  # type: ignore[arg-type]
        entries=len(entries),
        entries_sha256=sha256("\n".join(map(str, entries)).encode()).hexdigest(),
        part=exact_text(leaf.measured.part),
        quality=leaf.measured.quality,
        whole=exact_text(leaf.measured.whole),
    )


def _leaf(node: IndexNode, weight: Fraction, found: Measured | ProgrammeError) -> Leaf:
    if isinstance(found, ProgrammeError):
        return Leaf(node, weight, None, found, _NONE if node.missing == "zero" else None)
    assert node.scale is not None
    return Leaf(node, weight, found, None, points_of(node.scale, found.value, higher=node.direction == "higher"))


def _sum(node: IndexNode, nodes: dict[str, Fraction | None]) -> Fraction | None:
    if not node.children:
        return nodes[node.key]
    parts = [(Fraction(one.weight), _sum(one, nodes)) for one in node.children]
    known = [weight * points for weight, points in parts if points is not None]
    nodes[node.key] = sum(known, _NONE) if len(known) == len(parts) else None
    return nodes[node.key]


def _reaches(value: Fraction, at: Fraction, *, higher: bool) -> bool:
    return value >= at if higher else value <= at
