"""Inland waterways: the great circle alone; no open network of China's rivers and canals is at hand."""

from __future__ import annotations

from typing import Final

from ledger.adapters.distances.measure import GreatCircle, Measure

WATERWAY: Final[tuple[Measure, ...]] = (GreatCircle("inland_waterway"),)
