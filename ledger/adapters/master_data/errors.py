"""What is wrong with a table of master data."""

from __future__ import annotations

from ledger.errors import RecordError


class MasterDataRefused(RecordError):
    """A row of places.csv or photos.csv that cannot be used; the others are used."""

    code = "master-data.row"
    why: str
    why_zh: str
    en = "the row cannot be used: {why}"
    zh = "该行不可用：{why_zh}"
    fix_en = "Correct the row; docs/guides/warehouse.md shows the columns"
    fix_zh = "请更正该行；各列说明见 docs/guides/warehouse.md"
