"""Amounts of goods as people read them."""

from __future__ import annotations

from decimal import Decimal

from ledger.units import decimal_text


def amounts_text(mass_g: int, volume_cm3: int) -> str:
    """Kilograms and cubic metres, exact."""
    return f"{decimal_text(Decimal(mass_g) / 1000)} kg, {decimal_text(Decimal(volume_cm3) / 1_000_000)} m³"
