"""
Categories of assets, each with attributes of its own, and what is known of a product without asking the event.

A category is an attribute of an asset, never part of its code. How it is disposed of at the end is a decision by
category: batteries by sale linked to the metal price, what comes off easily by auction, what does not by one contractor
who dismantles and disposes.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Literal, NamedTuple, Protocol, get_args

from ledger.lifecycle.lives import Life

Disposal = Literal["price_linked_sale", "auction", "dismantle_and_dispose"]
DISPOSALS: Final[tuple[Disposal, ...]] = get_args(Disposal)
Unit = Literal["C62", "MTR", "KGM"]
"""UN/ECE Recommendation 20: one piece, metre, kilogram."""
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)


class Attribute(NamedTuple):
    """A property that things of a category have; ``unit`` is empty for words and plain numbers."""

    name: str
    unit: str


class Category(NamedTuple):
    """A category: ``gpc_brick`` is its code in GS1's Global Product Classification where that is known, else empty."""

    code: str
    zh: str
    en: str
    gpc_brick: str
    unit: Unit
    mass_needed: bool
    """Whether reuse by mass can only be told when the mass of each thing is stated."""
    disposal: Disposal
    hazardous: bool
    attributes: tuple[Attribute, ...]


class Product(NamedTuple):
    """What the operator's own list says of a product: zero or empty where nothing. Mass [g], book value [0.01 CNY]."""

    category: str
    mass_g: int
    value_fen: int


NO_PRODUCT: Final = Product("", 0, 0)


class MasterData(Protocol):
    """What is known of categories and products without any event."""

    def categories(self) -> dict[str, Category]:
        """Every category by its code, in the order of the table."""
        ...

    def products(self) -> dict[str, Product]:
        """Products by canonical GTIN."""
        ...

    def version(self) -> Hashable:
        """A value that differs when either table does."""
        ...


def category_of(life: Life[str], product: Product) -> str:
    """What the asset's own event states at its birth, else what the product list says."""
    return life.category or product.category
