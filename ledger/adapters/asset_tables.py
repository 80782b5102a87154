"""
Categories and products of assets, as tables that the operator may keep: ``lifecycle.category.MasterData``.

``categories.csv`` in the ledger's home takes the place of the bundled table, as a whole. ``products.csv`` there says
what events leave out: columns product (a GTIN in any form), category, mass_kg, value_cny; all but the first may be
empty. Both are UTF-8 and are read again when they change.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar, cast

from ledger.errors import LedgerError, Place, RecordError
from ledger.identity import canonical
from ledger.lifecycle.category import DISPOSALS, UNITS, Attribute, Category, Disposal, Product, Unit
from ledger.units import parse_decimal

CATEGORIES: Final = "categories.csv"
PRODUCTS: Final = "products.csv"
CATEGORY_COLUMNS: Final = (
    *("code", "zh", "en", "gpc_brick", "unit", "mass_needed", "disposal", "hazardous", "attributes"),
)
PRODUCT_COLUMNS: Final = ("product", "category", "mass_kg", "value_cny")
_YES: Final = {"yes": True, "no": False, "是": True, "否": False}
_BARE: Final = re.compile("[0-9]{8}|[0-9]{12,14}", re.ASCII)
Row = dict[str, str]
T = TypeVar("T")


class AssetTableUnfit(RecordError):
    """A row of a table of categories or products that cannot be used."""

    code = "record.asset-table"
    why: str
    why_zh: str
    en = "the table cannot be used: {why}"
    zh = "该表无法使用：{why_zh}"
    fix_en = "Correct the row; docs/configuration.md lists the columns"
    fix_zh = "请修改该行；各列说明见 docs/configuration.md"


@dataclass
class AssetTables:
    """The tables, from ``home`` where it has them."""

    home: Path
    _read: dict[str, tuple[int, object]] = field(default_factory=dict)

    def categories(self) -> dict[str, Category]:
        """See ``MasterData.categories``. Raises ``AssetTableUnfit``."""
        return self._table(CATEGORIES, CATEGORY_COLUMNS, _category)

    def products(self) -> dict[str, Product]:
        """See ``MasterData.products``. Raises ``AssetTableUnfit``."""
        return self._table(PRODUCTS, PRODUCT_COLUMNS, _product)

    def version(self) -> tuple[int, int]:
        """See ``MasterData.version``."""
        return _changed(self.home / CATEGORIES), _changed(self.home / PRODUCTS)

    @property
    def bundled(self) -> bool:
        """Whether the categories are the table that comes with the package."""
        return not (self.home / CATEGORIES).exists()

    def _table(self, name: str, columns: tuple[str, ...], form: Callable[[Row], tuple[str, T]]) -> dict[str, T]:
        path = self.home / name
        changed = _changed(path)
        held = self._read.get(name)
        if held is None or held[0] != changed:
            text = path.read_text("utf-8-sig") if changed >= 0 else _bundled(name)
            held = self._read[name] = (changed, dict(_rows(name, text, columns, form)))
        return cast("dict[str, T]", held[1])


def _changed(path: Path) -> int:
    """When a table was changed; -1 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


def _bundled(name: str) -> str:
    found = files("ledger.data") / "categories" / name
    return found.read_text("utf-8") if found.is_file() else ",".join(PRODUCT_COLUMNS)


def _rows(
    name: str, text: str, columns: tuple[str, ...], form: Callable[[Row], tuple[str, T]]
) -> Iterator[tuple[str, T]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        listed = ", ".join(missing)
        raise AssetTableUnfit(why=f"no column {listed}", why_zh=f"缺少列 {listed}").at(Place(file=name, row=1))
    seen = set[str]()
    for row in reader:
        here = Place(file=name, row=reader.line_num)
        try:
            key, value = form({column: (row[column] or "").strip() for column in columns})
            if key in seen:
                raise AssetTableUnfit(why=f"{key} stands there twice", why_zh=f"{key} 重复")
        except LedgerError as error:
            raise error.at(here) from None
        seen.add(key)
        yield key, value


def _category(row: Row) -> tuple[str, Category]:
    if not row["code"] or not row["zh"] or not row["en"]:
        raise AssetTableUnfit(why="code, zh and en are needed", why_zh="code、zh、en 三列必填")
    for column, known in (("unit", UNITS), ("disposal", DISPOSALS), ("mass_needed", _YES), ("hazardous", _YES)):
        if row[column] not in known:
            listed = ", ".join(known)
            raise AssetTableUnfit(why=f"{column} is one of {listed}", why_zh=f"{column} 应为 {listed} 之一")
    parts = [part.partition(":") for part in row["attributes"].split(";") if part.strip()]
    return row["code"], Category(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        gpc_brick=row["gpc_brick"],
        unit=cast("Unit", row["unit"]),
        mass_needed=_YES[row["mass_needed"]],
        disposal=cast("Disposal", row["disposal"]),
        hazardous=_YES[row["hazardous"]],
        attributes=tuple(Attribute(name.strip(), unit.strip()) for name, _, unit in parts),
    )


def _product(row: Row) -> tuple[str, Product]:
    mass, value = (_scaled(row[name], scale) for name, scale in (("mass_kg", 1000), ("value_cny", 100)))
    code = row["product"]
    if _BARE.fullmatch(code):
        code = f"(01){code:0>14}"  # as it is printed under a bar code
    return canonical(code), Product(row["category"], mass, value)


def _scaled(text: str, scale: int) -> int:
    if not text:
        return 0
    amount = parse_decimal(text) * scale
    if amount != int(amount):
        raise AssetTableUnfit(why=f"{text} is finer than 1 g or 0.01 CNY", why_zh=f"{text} 精度超过 1 克或 0.01 元")
    return int(amount)
