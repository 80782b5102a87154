"""
Emission factors, classes of transport operations, and the dated, hashed set a calculation pins.

A factor set never changes: another figure, another mapping, another set. Its hash covers every factor and every
mapping from a vehicle's name to a factor, so that the hash and the method version together fix the digits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, Protocol, TypeVar, get_args

from ledger.footprint.errors import FactorContradicts, NoEmissionFactor
from ledger.units import decimal_text

Per = Literal["t km", "kWh", "kg", "l", "m3", "MJ"]
Category = Literal["default", "modelled", "primary"]
T = TypeVar("T")
Series = Literal["", "corporate_ets", "corporate_statistical", "product_footprint"]
PERS: Final[tuple[str, ...]] = get_args(Per)
SERIES: Final = ("", "corporate_ets", "corporate_statistical", "product_footprint")
TEMPERATURES: Final = ("", "ambient", "controlled", "refrigerated", "frozen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """
    One sourced emission factor [kg CO2e per ``per``; kg CO2 when ``gas_scope`` is CO2].

    ``ttw`` is operational (tank to wheel), ``wtt`` energy provision, ``wtw`` both (ISO 14083:2023, 3.1.35 ff.). A
    transport factor has all three and they add up. ``distance_basis`` says which distance an intensity rests on;
    ``daf_included`` that a distance adjustment is inside already. ``category`` is the data category of an intensity:
    a carrier's own measured one is primary, its model's is modelled, a published one is a default.
    """

    id: str
    per: Per
    ttw: Decimal | None
    wtt: Decimal | None
    wtw: Decimal
    gas_scope: Literal["CO2", "CO2e"]
    gwp_set: str
    subject: str
    region: str
    year: int
    valid_from: date
    valid_to: date
    source: str
    licence: str
    url: str = ""
    read_from: str = ""
    confidence: str = ""
    notes: str = ""
    mode: str = ""
    fuel: str = ""
    series: Series = ""
    component: str = ""
    distance_basis: Literal["", "actual", "gcd", "sfd"] = ""
    daf_included: bool = False
    category: Category = "default"
    vehicle: str = ""
    """The class or type of vehicle where the source has one beside what ``subject`` says."""
    temperature: Literal["", "ambient", "controlled", "refrigerated", "frozen"] = ""
    page: str = ""
    """Page, table or row of the source."""

    def __post_init__(self) -> None:
        values = [v for v in (self.ttw, self.wtt, self.wtw) if v is not None]
        if any(not v.is_finite() or v < 0 for v in values):
            raise FactorContradicts(factor=self.id, problem="a value is negative or not finite")
        parts = None if self.ttw is None or self.wtt is None else Fraction(self.ttw) + Fraction(self.wtt)
        if parts is None and self.per == "t km":
            raise FactorContradicts(factor=self.id, problem="a transport factor needs TTW and WTT")
        if parts is not None and parts != Fraction(self.wtw):
            raise FactorContradicts(factor=self.id, problem=f"TTW {self.ttw} + WTT {self.wtt} is not WTW {self.wtw}")
        if self.gas_scope not in {"CO2", "CO2e"} or self.distance_basis not in {"", "actual", "gcd", "sfd"}:
            raise FactorContradicts(factor=self.id, problem=f"{self.gas_scope!r} or {self.distance_basis!r} is unknown")
        if self.category not in {"default", "modelled", "primary"}:
            raise FactorContradicts(factor=self.id, problem=f"{self.category!r} is not a data category")
        if self.per not in PERS or self.series not in SERIES or self.temperature not in TEMPERATURES:
            said = f"{self.per!r}, {self.series!r} or {self.temperature!r}"
            raise FactorContradicts(factor=self.id, problem=f"{said} is unknown")
        if self.valid_to < self.valid_from:
            raise FactorContradicts(factor=self.id, problem="the validity ends before it starts")

    @property
    def unit(self) -> str:
        """The unit as written beside the value."""
        return f"kg {self.gas_scope}/{'(t km)' if self.per == 't km' else self.per}"

    def to_record(self) -> dict[str, str]:
        """Every field as text, empty ones left out; what the hash is over."""
        found = {f.name: _text(getattr(self, f.name)) for f in fields(self)}
        return {name: text for name, text in found.items() if text}

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical record, hex."""
        return _digest(self.to_record())


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportClass:
    """
    A class of transport operations (TOC) by the name that ``TransportLeg.vehicle`` uses.

    ``daf_scale`` and ``daf_offset_m`` [m] correct an intensity on driven distance for use with the standard's
    distance d: d is taken as ``scale * d + offset`` (GLEC v3.0: air (GCD + 95 km)/GCD, container sea 1.15).
    """

    name: str
    mode: str
    factor: str
    daf_scale: Decimal
    daf_offset_m: int
    daf_source: str
    en: str
    zh: str

    @property
    def adjusts(self) -> bool:
        """Whether the distance is changed at all."""
        return self.daf_scale != 1 or self.daf_offset_m != 0

    def to_record(self) -> dict[str, str]:
        """Every field as text."""
        return {f.name: _text(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class FactorSet:
    """
    A dated collection of factors and classes. ``region`` is where it is meant to be used (ISO 3166-1 alpha-2).

    ``power`` are the carbon-footprint factors of electricity, (generation, transmission) by reference year. ``hash``
    [64 hex digits] is SHA-256 over the sorted canonical content.
    """

    id: str
    published: date
    region: str
    factors: Mapping[str, Factor]
    classes: Mapping[str, TransportClass]
    power: Mapping[int, tuple[Factor, Factor]]
    hash: str

    @classmethod
    def of(
        cls, set_id: str, published: date, region: str, factors: Iterable[Factor], classes: Iterable[TransportClass]
    ) -> FactorSet:
        """The set of these factors and classes. Raises ``FactorContradicts`` for a repeated id or a loose end."""
        by_id = _unique((f.id, f) for f in factors)
        by_name = _unique((c.name, c) for c in classes)
        for row in by_name.values():
            if row.factor not in by_id:
                raise FactorContradicts(factor=row.factor, problem=f"{row.name} names a factor that the set lacks")
        content = _set_content(set_id, published, region, by_id, by_name)
        return cls(
            set_id,
            published,
            region,
            MappingProxyType(by_id),
            MappingProxyType(by_name),
            MappingProxyType(_power(by_id.values())),
            _digest(content),
        )

    def content(self) -> bytes:
        """The canonical content, whose SHA-256 is ``hash``: JSON with id, published, region, factors and classes."""
        return _canonical(_set_content(self.id, self.published, self.region, self.factors, self.classes))

    def factor(self, factor_id: str) -> Factor:
        """The factor by id. Raises ``NoEmissionFactor``."""
        try:
            return self.factors[factor_id]
        except KeyError:
            raise self._absent(factor_id, self.factors) from None

    def transport_class(self, vehicle: str, mode: str) -> TransportClass:
        """The class a leg's vehicle and mode name. Raises ``NoEmissionFactor`` naming the nearest of that mode."""
        found = self.classes.get(vehicle)
        if found is None or found.mode != mode:
            raise self._absent(f"{vehicle} ({mode})", [c.name for c in self.classes.values() if c.mode == mode])
        return found

    def of_series(self, series: Series) -> tuple[Factor, ...]:
        """The electricity factors of one series; series are never mixed in one calculation."""
        return tuple(f for f in self.factors.values() if f.series == series)

    def electricity(self, year: int) -> tuple[Factor, Factor]:
        """
        Generation and transmission factor for product footprints in a year (GB/T 24067: carbon-footprint series).

        The year's own announcement, else the latest earlier one that is still valid. Raises ``NoEmissionFactor``.
        """
        years = [y for y, (average, _) in self.power.items() if y <= year <= average.valid_to.year]
        if not years:
            known = (average.id for average, _ in self.power.values())
            raise self._absent(f"electricity {year}", known, cutoff=0)
        return self.power[max(years)]

    def _absent(self, asked: str, known: Iterable[str], cutoff: float = 0.3) -> NoEmissionFactor:
        near = get_close_matches(asked, sorted(known), n=5, cutoff=cutoff)
        return NoEmissionFactor(asked=asked, factor_set=self.id, nearest=", ".join(near) or "-")


class FactorSource(Protocol):
    """Where factor sets come from. A set, once published, is returned unchanged for ever."""

    def current(self) -> FactorSet:
        """The set that new calculations pin."""
        ...

    def factor_set(self, name: str) -> FactorSet:
        """A set by its id or by its hash. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        ...

    def ids(self) -> tuple[str, ...]:
        """The ids of all sets, oldest first."""
        ...


def _power(factors: Iterable[Factor]) -> dict[int, tuple[Factor, Factor]]:
    """Raises ``FactorContradicts`` for a year with an average and no transmission factor, or two of either."""
    found = dict[tuple[int, str], Factor]()
    for factor in factors:
        if factor.series == "product_footprint" and factor.component in {"average", "transmission"}:
            first = found.setdefault((factor.year, factor.component), factor)
            if first is not factor:
                problem = f"{first.id} is the same series, year and component"
                raise FactorContradicts(factor=factor.id, problem=problem)
    years = [year for year, component in found if component == "average"]
    for year in years:
        if (year, "transmission") not in found:
            raise FactorContradicts(factor=found[year, "average"].id, problem="its transmission factor is missing")
    return {year: (found[year, "average"], found[year, "transmission"]) for year in years}


def _unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    into: dict[str, T] = {}
    for key, value in pairs:
        if key in into:
            raise FactorContradicts(factor=key, problem="it occurs twice in the set")
        into[key] = value
    return into


def _text(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case Decimal():
            return decimal_text(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _set_content(
    set_id: str, published: date, region: str, factors: Mapping[str, Factor], classes: Mapping[str, TransportClass]
) -> dict[str, object]:
    return {
        "id": set_id,
        "published": published.isoformat(),
        "region": region,
        "factors": [factors[name].to_record() for name in sorted(factors)],
        "classes": [classes[name].to_record() for name in sorted(classes)],
    }


def _canonical(content: object) -> bytes:
    """JSON with sorted keys and no blanks: the RFC 8785 form for content that is text only."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(content: object) -> str:
    return hashlib.sha256(_canonical(content)).hexdigest()
