"""What the page of an inventory shows: totals by scope, a picture, each line with its trail, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from api.names import readable
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure
from ledger.errors import Locale
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.inventory import NOT_COMPUTED, Inventory, month_text
from ledger.footprint.inventory.line import Line, Missing
from ledger.footprint.quality import FLAGS
from ledger.records.inventory_boundary import SCOPES, Scope
from ledger.units import decimal_text

BAR: Final = 1000
TONES: Final[dict[Scope, int]] = {"1": 1, "2": 2, "3.1": 3, "3.4": 4, "3.5": 5, "3.9": 4, "3.12": 5}


class Segment(NamedTuple):
    """A piece of a bar."""

    tone: int
    x: int
    width: int


class ScopeBar(NamedTuple):
    """A scope: its figure, its share, and where its bar lies. ``href`` leads to its lines."""

    scope: Scope
    label: str
    value: Figure
    percent: str
    segments: tuple[Segment, ...]
    href: str


class FactorRow(NamedTuple):
    """A factor of a line."""

    id: str
    value: str
    source: str


class LineRow(NamedTuple):
    """A line with everything it takes to compute it again."""

    scope: Scope
    subject: str
    what: str
    kg: Figure
    gases: str
    market: Figure | None
    amount: Figure
    unit: str
    formula: str
    factors: tuple[FactorRow, ...]
    market_factors: tuple[FactorRow, ...]
    certificates: tuple[str, ...]
    entries: tuple[int, int, int]
    category: str
    primary: str
    verification: str
    flags: tuple[str, ...]


class ScopeLines(NamedTuple):
    """The lines of one scope."""

    scope: Scope
    label: str
    sum: Figure
    market: Figure | None
    rows: tuple[LineRow, ...]


class MissingRow(NamedTuple):
    """What is not counted, why, and what to do."""

    scope: str
    subject: str
    reason: str
    fix: str
    entries: tuple[int, int, int] | None


class InventoryView(NamedTuple):
    """An inventory."""

    company: str
    first: str
    last: str
    boundary_entry: int
    approach: str
    series: str
    totals: tuple[tuple[str, Figure], ...]
    bars: tuple[ScopeBar, ...]
    scopes: tuple[ScopeLines, ...]
    missing: tuple[MissingRow, ...]
    exclusions: tuple[tuple[str, str], ...]
    not_computed: tuple[tuple[str, str], ...]
    quality: tuple[tuple[str, str], ...]
    factor_set: str
    factor_hash: str
    exact: bool
    toggle: str


class BeginView(NamedTuple):
    """No inventory yet, and what to do first."""

    first: str
    last: str
    reason: str
    fix: str


def inventory_view(found: Inventory, t: Translate, locale: Locale, *, exact: bool) -> InventoryView:
    """The page of an inventory."""
    recorded, boundary = found.recorded, found.recorded.boundary
    first, last = month_text(recorded.first), month_text(recorded.last)
    zh = locale == "zh-CN"
    return InventoryView(
        company=boundary.company,
        first=first,
        last=last,
        boundary_entry=recorded.boundary_entry,
        approach=t(f"inventory.approach.{boundary.approach}"),
        series=t(f"inventory.series.{boundary.series}"),
        totals=(
            ("location", figure(found.total_kg(market=False) / 1000, 3)),
            ("market", figure(found.total_kg(market=True) / 1000, 3)),
            ("scope1", figure(found.scope("1") / 1000, 3)),
            ("scope2-location", figure(found.scope("2") / 1000, 3)),
            ("scope2-market", figure(found.market / 1000, 3)),
            ("scope3", figure(sum((found.scope(s) for s in SCOPES if s[0] == "3"), Fraction(0)) / 1000, 3)),
        ),
        bars=tuple(_bars(found, t)),
        scopes=tuple(_scopes(found, t, locale)),
        missing=tuple(_missing(one, locale) for one in found.missing),
        exclusions=tuple((one.what, one.reason) for one in boundary.exclusions),
        not_computed=tuple((scope, said_zh if zh else en) for scope, en, said_zh in NOT_COMPUTED),
        quality=tuple(_quality(found, t)),
        factor_set=found.factors.id,
        factor_hash=found.factors.hash,
        exact=exact,
        toggle=f"?first={first}&last={last}" + ("" if exact else "&digits=exact"),
    )


def _bars(found: Inventory, t: Translate) -> Iterator[ScopeBar]:
    """One bar a scope, scope 2 by both figures; all on one scale, so that they can be compared."""
    held: list[tuple[Scope, str, Fraction]] = []
    for scope in SCOPES:
        kg = found.scope(scope)
        if scope == "2":
            held += [(scope, t("inventory.scope2-location"), kg), (scope, t("inventory.scope2-market"), found.market)]
        elif kg or any(line.scope == scope for line in found.lines):
            held.append((scope, t(f"inventory.scope.{scope}"), kg))
    most = max((kg for _, _, kg in held), default=Fraction(0)) or Fraction(1)
    whole = found.total_kg(market=False) or Fraction(1)
    market = t("inventory.scope2-market")
    for scope, label, kg in held:
        share = "" if label == market else figure(kg * 100 / whole, 1).shown
        yield ScopeBar(
            scope, label, figure(kg), share, (Segment(TONES[scope], 0, int(kg * BAR / most)),), f"#scope-{scope}"
        )


def _scopes(found: Inventory, t: Translate, locale: Locale) -> Iterator[ScopeLines]:
    for scope in SCOPES:
        lines = [line for line in found.lines if line.scope == scope]
        if lines:
            yield ScopeLines(
                scope=scope,
                label=t(f"inventory.scope.{scope}"),
                sum=figure(found.scope(scope)),
                market=figure(found.market) if scope == "2" else None,
                rows=tuple(_line(line, found.factors, t, locale) for line in lines),
            )


def _line(line: Line, factors: FactorSet, t: Translate, locale: Locale) -> LineRow:
    said = {code: (zh if locale == "zh-CN" else en) for code, en, zh in FLAGS}
    return LineRow(
        scope=line.scope,
        subject=readable(line.subject),
        what=_what(line, t),
        kg=figure(line.kg),
        gases=line.gases.replace("2", "₂"),
        market=None if line.market is None else figure(line.market),
        amount=figure(line.amount),
        unit=t("inventory.pieces") if line.unit == "piece" else line.unit,
        formula=t(f"inventory.formula.{line.formula}"),
        factors=tuple(_factor(name, factors) for name in line.factors),
        market_factors=tuple(_factor(name, factors) for name in line.market_factors),
        certificates=line.certificates,
        entries=line.entries,
        category=t(f"category.{line.category}"),
        primary=figure(line.primary * 100, 1).shown,
        verification=line.verification,
        flags=tuple(said.get(flag, flag) for flag in line.flags),
    )


def _what(line: Line, t: Translate) -> str:
    known = {"electricity": "inventory.electricity", "own-electricity": "inventory.own-electricity"}
    if line.what == "hub":
        return t("stage.hub")
    return t(known[line.what]) if line.what in known else line.what


def _factor(name: str, factors: FactorSet) -> FactorRow:
    factor = factors.factors[name]
    return FactorRow(name, f"{decimal_text(factor.wtw)} {factor.unit}", f"{factor.source} · {factor.year}")


def _missing(one: Missing, locale: Locale) -> MissingRow:
    subject = readable(one.subject)
    return MissingRow(one.scope, subject, one.error.message(locale), one.error.fix(locale), one.entries)


def _quality(found: Inventory, t: Translate) -> Iterator[tuple[str, str]]:
    for name, share in (("emissions", found.primary_by_emissions), ("activity", found.primary_by_activity)):
        yield t(f"inventory.primary.{name}"), "–" if share is None else f"{figure(share * 100, 1).shown} %"
    if found.rating is None or found.rating.score is None or found.uncertainty is None:
        scopes = ", ".join(found.unjudged) or "–"
        yield t("inventory.dqr"), t("inventory.unjudged", scopes=scopes)
        return
    yield t("inventory.dqr"), t("inventory.dqr.scale", score=figure(found.rating.score, 2).shown)
    spread = found.uncertainty
    low, high = (figure(Fraction(end) / 1000, 1).shown for end in (spread.low, spread.high))
    yield t("inventory.uncertainty"), t("inventory.interval", low=low, high=high)
