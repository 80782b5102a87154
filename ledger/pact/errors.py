"""Why a footprint or an event cannot be taken."""

from __future__ import annotations

from ledger.errors import RecordError


class PactFieldRefused(RecordError):
    """A property of a footprint that is missing or not of its form; ``at`` is its JSON pointer."""

    code = "pact.field"
    name: str
    why: str
    why_zh: str
    en = "{name}: {why}"
    zh = "字段 {name}：{why_zh}"
    fix_en = "Correct the property as the PACT data model has it"
    fix_zh = "请按 PACT 数据模型更正该字段"


class FilterRefused(RecordError):
    """A filter that cannot be read."""

    code = "pact.filter"
    name: str
    why: str
    why_zh: str
    en = "the filter {name} cannot be read: {why}"
    zh = "筛选条件 {name} 无法读取：{why_zh}"
    fix_en = "Write times as 2026-01-31T00:00:00Z; the filters are in the API description"
    fix_zh = "时间请写成 2026-01-31T00:00:00Z；筛选条件见接口说明"


class NotInVersion2(RecordError):
    """A footprint of version 3 that version 2 cannot say."""

    code = "pact.not-in-v2"
    why: str
    why_zh: str
    en = "version 2 has no form for it: {why}"
    zh = "2.x 版无法表达：{why_zh}"
    fix_en = "Exchange it by version 3"
    fix_zh = "请通过 3.0 版交换"


class FootprintFileRefused(RecordError):
    """A file that holds no footprints in PACT's form."""

    code = "pact.file"
    why: str
    why_zh: str
    en = "the file cannot be read: {why}"
    zh = "文件无法读取：{why_zh}"
    fix_en = "Give a JSON file with one ProductFootprint, or several under data, as PACT version 3 or 2 sends them"
    fix_zh = "请提供 PACT 3.0 或 2.x 形式的 JSON 文件：单个 ProductFootprint，或放在 data 下的多个"
