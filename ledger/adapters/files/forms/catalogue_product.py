"""Products put forward for the green catalogue: one row is one product in one category."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.green_catalogue import CatalogueProduct

COLUMNS = (
    Column("catalogue", "目录", "catalogue", cell.code, ("目录编号",), example="green"),
    Column("category", "类别", "category", cell.code, ("类别编号", "category key"), example="power-equipment"),
    Column("supplier", "供应商编号", "supplier", cell.name, ("供应商", "organisation"), example="wumen-guangtong"),
    Column("product", "产品", "product", cell.product, ("GTIN", "产品编码"), example="09506000134352"),
    Column("name", "产品名称", "product name", cell.name, ("名称",), example="10kV 环网柜"),
    Column("stated_at", "提名时间", "put forward at", cell.moment, ("登记时间",), unit="time", example="2026-02-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_NAMING = ("catalogue", "category", "supplier", "product")


def build(values: Values) -> CatalogueProduct:
    """The product of a row; catalogue, category, supplier and product make its id."""
    named = "\n".join(str(values[key]) for key in _NAMING)
    fields = {key: value for key, value in values.items() if key != "stated_at"} | {
        "id": "catalogue-product:" + sha256(named.encode()).hexdigest()[:40],
        "kind": "catalogue_product",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, CatalogueProduct)


CATALOGUE_PRODUCT = Form(
    kind="catalogue_product",
    zh="绿色目录产品",
    en="products of the green catalogue",
    columns=COLUMNS,
    build=build,
    fields={"id": "product", "occurred_at": "stated_at"},
)
