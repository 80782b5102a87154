"""What the pages of packaging show: shares as bars, a list of one product beside another, what scans show."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.charts.nested import Nested, nested
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure
from ledger.packaging.criteria import Met
from ledger.packaging.effect import Between, Packed
from ledger.packaging.measure import layers_of, moved_kg, used_kg
from ledger.packaging.share import GreenShare
from ledger.records.packaging import PackagingRules, Size
from ledger.services.packaging import Listed, Stood
from ledger.services.packaging_returns import Stated
from ledger.units import shown

_WIDE: Final = 1000
_LITRE: Final = 10**6
"""mm3"""


class Part(NamedTuple):
    """Of a bar of ``_WIDE``."""

    x: int
    width: int
    tone: str


class ShareBar(NamedTuple):
    """A share: its basis in words, per cent, the parts of its bar, and whether the target counts by it."""

    label: str
    pct: str
    parts: tuple[Part, ...]
    counts: bool


class PackageRow(NamedTuple):
    """A product in the list. ``green`` is ``None`` without rules."""

    product: str
    name: str
    supplier: str
    green: bool | None
    missing: list[str]
    moved: Figure
    empty: str
    until: str


class Layer(NamedTuple):
    """A line of the key of a picture."""

    tone: int
    text: str


class Package(NamedTuple):
    """A list's picture with its key."""

    title: str
    drawing: Nested
    layers: list[Layer]


class Change(NamedTuple):
    """A figure of both lists for one piece, and what is less of it for all pieces."""

    label: str
    unit: str
    before: Figure
    after: Figure
    less: Figure


class Cause(NamedTuple):
    """A cause of what is less [kg CO2e], and as far as scans show it; ``None`` where there is no figure."""

    label: str
    less: Figure | None
    by_scans: Figure | None


class ComponentRow(NamedTuple):
    """A component of one list."""

    name: str
    level: str
    material: str
    moved: Figure
    used: Figure
    recycled: str
    making: Figure | None
    why: str


class ReturnRow(NamedTuple):
    """What is said to serve several times, beside what scans show."""

    name: str
    type: str
    stated: int
    cycles: str
    out: int
    back: int
    rate: str
    assets: int
    more: bool
    confirmed: bool


class ConditionRow(NamedTuple):
    """A condition of the rules in force."""

    text: str
    need: str
    found: str
    holds: bool


def percent(share: Fraction | None, places: int = 1) -> str:
    """Of 0 to 1; a dash where there is none."""
    return "–" if share is None else f"{shown(share * 100, places)} %"


def share_bars(share: GreenShare, rules: PackagingRules | None, t: Translate) -> list[ShareBar]:
    """By pieces and by mass, with the target on the basis that counts."""
    counted_by = rules.counted_by if rules else ""
    pieces = (Fraction(share.green), Fraction(share.pieces - share.green - share.unstated), Fraction(share.unstated))
    mass = (share.green_kg, share.kg - share.green_kg, Fraction(0))
    target = Fraction(rules.target_pct) / 100 if rules else None
    return [
        ShareBar(t(f"packaging.by.{key}"), percent(found), _parts(amounts, target if aims else None), aims)
        for key, found, amounts in (("pieces", share.by_count, pieces), ("mass", share.by_mass, mass))
        for aims in (key == counted_by,)
    ]


def _parts(amounts: Sequence[Fraction], target: Fraction | None) -> tuple[Part, ...]:
    """Edges are rounded, never widths; the target is a line on it."""
    whole, here, parts = sum(amounts), Fraction(0), list[Part]()
    for amount, tone in zip(amounts, ("1", "3", "4"), strict=True):
        start, end = (round(_WIDE * edge / whole) if whole else 0 for edge in (here, here + amount))
        here += amount
        if end > start:
            parts.append(Part(start, end - start, tone))
    if target is not None:
        parts.append(Part(min(_WIDE - 4, max(0, round(target * _WIDE) - 2)), 4, "target"))
    return tuple(parts)


def package_row(one: Stood, supplier: str, t: Translate) -> PackageRow:
    """A product with the list that stands today."""
    bill = one.listed.bill
    return PackageRow(
        product=one.listed.product,
        name=bill.name,
        supplier=supplier,
        green=one.verdict.green if one.verdict else None,
        missing=[asked(met, t) for met in one.verdict.missing] if one.verdict else [],
        moved=figure(one.measured.moved_kg),
        empty=percent(one.measured.empty, 0),
        until=bill.valid_to.isoformat(),
    )


def asked(met: Met, t: Translate) -> str:
    """A condition in words."""
    one = met.criterion
    value = t(f"packaging.material.{one.value}") if one.kind == "without" else one.value
    return t(f"packaging.rule.{one.kind}", value=value)


def conditions(one: Stood, t: Translate) -> list[ConditionRow]:
    """Every condition with what was found."""
    return [
        ConditionRow(asked(met, t), t(f"packaging.need.{met.criterion.need}"), _found(met), met.holds)
        for met in (one.verdict.met if one.verdict else ())
    ]


def _found(met: Met) -> str:
    if met.found is None:
        return "–"
    if met.criterion.kind in {"layers", "volume_ratio"}:
        return shown(met.found, 0 if met.found.denominator == 1 else 2)
    return f"{shown(met.found, 1)} %"


def packages(lists: Sequence[tuple[str, Listed]], t: Translate) -> list[Package]:
    """Pictures of lists beside each other, at one scale, the product innermost."""
    told = [(title, _layers(one, t)) for title, one in lists]
    drawings = nested([[size for size, _ in layers] for _, layers in told])
    return [
        Package(title, drawing, [Layer(rect.tone, text) for rect, (_, text) in zip(drawing.rects, layers, strict=True)])
        for (title, layers), drawing in zip(told, drawings, strict=True)
    ]


def _layers(one: Listed, t: Translate) -> list[tuple[Size, str]]:
    found = [
        (part.size, t("packaging.layer", name=part.name, size=_size(part.size), pieces=part.pieces))
        for part in layers_of(one.bill)
        if part.size is not None
    ]
    if one.bill.size is not None:
        found.append((one.bill.size, t("packaging.layer.product", size=_size(one.bill.size))))
    return found


def _size(size: Size) -> str:
    return " × ".join(map(str, size))


def changes(of: Between, t: Translate) -> list[Change]:
    """Masses and volume, before and after."""
    before, after = of.before.measured, of.after.measured
    rows = (
        ("moved", "kg", before.moved_kg, after.moved_kg, of.moved_kg),
        ("used", "kg", before.used_kg, after.used_kg, of.used_kg),
        ("volume", "dm³", before.packed_mm3 / _LITRE, after.packed_mm3 / _LITRE, of.volume_mm3 / _LITRE),
    )
    return [Change(t(f"packaging.{key}"), unit, *map(figure, values)) for key, unit, *values in rows]


def causes(stated: Between, scans: Between, t: Translate) -> list[Cause]:
    """Packaging mass, packaging volume and their sum."""
    rows = (
        ("mass", stated.mass_kg, scans.mass_kg),
        ("volume", stated.volume_kg, scans.volume_kg),
        ("total", stated.total_kg, scans.total_kg),
    )
    return [Cause(t(f"packaging.cause.{key}"), _figure(one), _figure(two)) for key, one, two in rows]


def _figure(value: Fraction | None) -> Figure | None:
    return None if value is None else figure(value)


def components(of: Packed, t: Translate, locale: str) -> list[ComponentRow]:
    """Every component with what one piece moves and uses up, and its making or why there is none."""
    return [
        ComponentRow(
            name=made.component.name,
            level=t(f"packaging.level.{made.component.level}"),
            material=t(f"packaging.material.{made.component.material}"),
            moved=figure(moved_kg(made.component)),
            used=figure(used_kg(made.component)),
            recycled=f"{made.component.recycled_pct} %",
            making=figure(made.rated.split.total) if made.rated else None,
            why=made.fault.message("zh-CN" if locale == "zh-CN" else "en") if made.fault else "",
        )
        for made in of.making
    ]


def returned(found: Sequence[Stated]) -> list[ReturnRow]:
    """Stated cycles beside those of scans."""
    rows = []
    for one in found:
        scans = one.scanned.returns if one.scanned else None
        rows.append(
            ReturnRow(
                name=one.component.name,
                type=one.scanned.type if one.scanned else "",
                stated=one.component.cycles,
                cycles=figure(scans.cycles, 1).shown if scans and scans.cycles is not None else "–",
                out=scans.out if scans else 0,
                back=scans.back if scans else 0,
                rate=percent(scans.rate if scans else None),
                assets=scans.assets if scans else 0,
                more=one.scanned is not None and one.scanned.more,
                confirmed=one.confirmed,
            )
        )
    return rows
