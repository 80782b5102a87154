"""
Which footprints are asked for: one set of criteria for lists, for events and for grants (PACT 3.0, ListFootprints).

Values of one criterion are alternatives, criteria must all hold; case does not matter. An empty value is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from ledger.pact.errors import FilterRefused
from ledger.pact.footprint import GEOGRAPHIES, Footprint, validity
from ledger.pact.value import MOST, moment

LISTS: Final = ("productId", "companyId", "geography", "classification", "status")
TIMES: Final = ("validOn", "validAfter", "validBefore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The criteria, folded; an empty set asks for nothing in particular."""

    product_ids: frozenset[str] = frozenset()
    company_ids: frozenset[str] = frozenset()
    geographies: frozenset[str] = frozenset()
    classifications: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    valid_on: datetime | None = None
    valid_after: datetime | None = None
    valid_before: datetime | None = None

    @classmethod
    def of(cls, said: Iterable[tuple[str, str]]) -> Self:
        """From pairs of name and value, as in an address; other names are no criteria. Raises ``FilterRefused``."""
        lists: dict[str, set[str]] = {name: set() for name in LISTS}
        times: dict[str, datetime] = {}
        for count, (name, value) in enumerate(said):
            if count > MOST:
                raise FilterRefused(name=name, why=f"more than {MOST} values", why_zh=f"超过 {MOST} 个值")
            if not value.strip():
                continue
            if name in lists:
                lists[name].add(_folded(value))
            elif name in TIMES:
                found = moment(value)
                if found is None:
                    raise FilterRefused(
                        name=name, why=f"{value[:40]!r} is not a time", why_zh=f"{value[:40]!r} 不是时间"
                    )
                times[name] = found
        return cls(
            product_ids=frozenset(lists["productId"]),
            company_ids=frozenset(lists["companyId"]),
            geographies=frozenset(lists["geography"]),
            classifications=frozenset(lists["classification"]),
            statuses=frozenset(lists["status"]),
            valid_on=times.get("validOn"),
            valid_after=times.get("validAfter"),
            valid_before=times.get("validBefore"),
        )

    @classmethod
    def of_event(cls, data: Mapping[str, Any]) -> Self:
        """From the data of a request: lists, or single values, as both are sent. Raises ``FilterRefused``."""
        pairs: list[tuple[str, str]] = []
        for name in (*LISTS, *TIMES):
            value = data.get(name)
            for one in value if isinstance(value, list) else [] if value is None else [value]:
                if not isinstance(one, str):
                    raise FilterRefused(name=name, why="it is not a text", why_zh="不是文本")
                pairs.append((name, one))
        return cls.of(pairs)

    def matches(self, footprint: Footprint, *, deprecated: bool) -> bool:
        """Whether a footprint is asked for."""
        carbon = footprint["pcf"]
        said = (
            (self.product_ids, footprint["productIds"]),
            (self.company_ids, footprint["companyIds"]),
            (self.classifications, footprint.get("productClassifications", ())),
            (self.geographies, [carbon[name] for name in GEOGRAPHIES if name in carbon]),
            (self.statuses, ["deprecated" if deprecated else "active"]),
        )
        if any(wanted and wanted.isdisjoint(map(_folded, held)) for wanted, held in said):
            return False
        start, end = validity(footprint)
        return (
            (self.valid_on is None or start <= self.valid_on <= end)
            and (self.valid_after is None or start > self.valid_after)
            and (self.valid_before is None or end < self.valid_before)
        )


def _folded(text: str) -> str:
    return text.strip().casefold()
