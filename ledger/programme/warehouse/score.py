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
from ledger.programme.warehouse.measures import Measured, other, taken
from ledger.programme.warehouse.site_year import SiteYear
from ledger.records.index_scheme import OBSERVED, IndexNode, IndexScheme, Scale
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
    found: dict[tuple[str, str | None, int | None], Measured | ProgrammeError] = {}
    leaves = []
    for node, weight in scheme.root.leaves():
        assert node.measure is not None
        asked = (node.measure, node.takes, node.idle_days)
        if asked not in found:
            try:
                found[asked] = taken(node, year)
            except ProgrammeError as error:
                found[asked] = error
        leaves.append(_leaf(node, weight, found[asked]))
    nodes: dict[str, Fraction | None] = {leaf.node.key: leaf.points for leaf in leaves}
    _sum(scheme.root, nodes)
    return Scored(scheme, tuple(leaves), nodes)


def beside(scheme: IndexScheme, year: SiteYear) -> dict[str, Measured | ProgrammeError]:
    """
    By key, of indicators that are stated and can be counted from events: what the edition does not take them from.

    It is in no score. What is not there says why.
    """
    found: dict[str, Measured | ProgrammeError] = {}
    for node, _ in scheme.root.leaves():
        if node.measure in OBSERVED:
            try:
                found[node.key] = other(node, year)
            except ProgrammeError as error:
                found[node.key] = error
    return found


def takes_events(scheme: IndexScheme) -> bool:
    """Whether any indicator of an edition is counted from events."""
    return any(node.takes == "events" for node, _ in scheme.root.leaves())


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
    if leaf.node.takes == "events":
        told["takes"] = "events"
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
