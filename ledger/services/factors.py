"""Look at the factor registry: its sets, one set's factors by what they are for, one factor, two sets compared."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.footprint.errors import NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.registry.compare import Comparison, compare
from ledger.footprint.registry.errors import FactorAbsent
from ledger.footprint.registry.search import Query, search
from ledger.footprint.registry.shelf import FactorShelf, Origin

LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class SetView:
    """A set with where it came from."""

    content: FactorSet
    origin: Origin
    current: bool

    def to_record(self) -> dict[str, object]:
        """JSON-able: what identifies the set and what may be done with it."""
        factors = self.content.factors.values()
        return {
            "id": self.content.id,
            "hash": self.content.hash,
            "published": self.content.published.isoformat(),
            "region": self.content.region,
            "factors": len(self.content.factors),
            "classes": len(self.content.classes),
            "bundled": self.origin.bundled,
            "current": self.current,
            "title": {"en": self.origin.title_en, "zh": self.origin.title_zh},
            "attribution": list(self.origin.attribution),
            "licences": sorted({factor.licence for factor in factors}),
            "imported": {
                "importer": self.origin.importer,
                "file": self.origin.file,
                "sha256": self.origin.file_sha256,
                "kept_at": self.origin.kept_at,
                "base": self.origin.base,
            },
        }


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: rows from ``offset`` of ``total``."""

    rows: tuple[Factor, ...]
    total: int
    offset: int


def all_sets(shelf: FactorShelf) -> tuple[SetView, ...]:
    """Every usable set: bundled ones oldest first, then the operator's own."""
    return tuple(one_set(shelf, name) for name in shelf.ids())


def one_set(shelf: FactorShelf, name: str) -> SetView:
    """A set by id or hash. Raises ``FactorAbsent``, ``FactorFileDamaged``."""
    found = _content(shelf, name)
    return SetView(found, shelf.origin(found.id), found.id == shelf.current_id())


def use_set(shelf: FactorShelf, name: str) -> SetView:
    """Compute with a set from now on. Raises ``FactorAbsent``, ``FactorFileDamaged``."""
    return one_set(shelf, shelf.use(_content(shelf, name).id).id)


def one_factor(shelf: FactorShelf, name: str, factor_id: str) -> tuple[SetView, Factor]:
    """A factor with its set. Raises ``FactorAbsent``, ``FactorFileDamaged``."""
    view = one_set(shelf, name)
    try:
        return view, view.content.factor(factor_id)
    except NoEmissionFactor as error:
        raise FactorAbsent(asked=factor_id, nearest=error.nearest) from None


def find_factors(shelf: FactorShelf, name: str, query: Query, offset: int = 0, limit: int = LONGEST_PAGE) -> Found:
    """One page of the factors of a set that fit a query, by id."""
    found = search(_content(shelf, name), query)
    return Found(found[offset : offset + limit], len(found), offset)


def factor_record(factor: Factor) -> dict[str, object]:
    """A factor as JSON: every field, with its unit as written and its hash."""
    return {**factor.to_record(), "unit": factor.unit, "hash": factor.hash}


def compare_sets(shelf: FactorShelf, old: str, new: str) -> Comparison:
    """Two sets, by id or hash. Raises ``FactorAbsent``, ``FactorFileDamaged``."""
    return compare(_content(shelf, old), _content(shelf, new))


def _content(shelf: FactorShelf, name: str) -> FactorSet:
    try:
        return shelf.factor_set(name)
    except NoEmissionFactor as error:
        raise FactorAbsent(asked=name, nearest=error.nearest) from None
