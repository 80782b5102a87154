"""
The Chinese electricity series, kept apart.

``corporate_statistical`` (MEE and NBS averages) and ``corporate_ets`` (MEE factor for enterprise reporting) are CO2 of
generation alone and serve company inventories; ``product_footprint`` (MEE, NBS and NEA) is CO2e over the life cycle
and serves GB/T 24067. A figure of one in the place of another is wrong by up to a fifth.
"""

from __future__ import annotations

from typing import Final

from ledger.footprint.factor import Series
from ledger.footprint.registry.errors import SeriesMixed
from ledger.footprint.registry.units import GasScope

GASES: Final[dict[Series, GasScope]] = {
    "corporate_ets": "CO2",
    "corporate_statistical": "CO2",
    "product_footprint": "CO2e",
}
"""What each series counts, as announced."""


def require_gases(series: Series, gases: GasScope) -> None:
    """Raise ``SeriesMixed`` when a unit counts other gases than the series does."""
    if series in GASES and GASES[series] != gases:
        others = ", ".join(name for name, counted in GASES.items() if counted == gases)
        raise SeriesMixed(expected=series, got=f"{others} ({gases})")
