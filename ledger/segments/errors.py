"""Leaves of LogError that are about sealed segments."""

from __future__ import annotations

from ledger.errors import LogError, StoreError


class SegmentMalformed(LogError):
    """A manifest or a file that is not of this format."""

    code = "segment.malformed"
    segment: str
    why: str
    en = "segment {segment} is not well-formed: {why}"
    zh = "分段 {segment} 格式不正确：{why}"
    fix_en = "Fetch the segment again, whole; its files are never edited"
    fix_zh = "请重新完整获取该分段；其文件从不改动"


class SegmentFileAltered(LogError):
    """A file whose bytes are not those that its manifest states."""

    code = "segment.file"
    segment: str
    file: str
    en = "segment {segment}: {file} is not the file that its manifest names"
    zh = "分段 {segment}：{file} 与清单所载不符"
    fix_en = "Fetch it again. If it stays so, it was changed after it was sealed: call the auditor"
    fix_zh = "请重新获取；若仍不符，说明封存后被改动，请通知审计方"


class SegmentsApart(LogError):
    """Segments that do not follow on from each other."""

    code = "segment.apart"
    segment: str
    why: str
    en = "segment {segment} does not follow on: {why}"
    zh = "分段 {segment} 与前一分段不衔接：{why}"
    fix_en = "Fetch the segments before it, or call the auditor"
    fix_zh = "请获取其之前的分段，或通知审计方"


class ColumnsDiffer(LogError):
    """Typed columns that say something else than the recorded bytes."""

    code = "segment.columns"
    segment: str
    table: str
    row: int
    stated: str
    derived: str
    en = "segment {segment}, {table}, row {row} says {stated}; the recorded bytes give {derived}"
    zh = "分段 {segment} 的 {table} 第 {row} 行为 {stated}；由所记内容得出 {derived}"
    fix_en = "The entries decide: do not use these columns, seal the segment again and call the auditor"
    fix_zh = "以条目为准：请勿使用这些列，重新封存该分段并通知审计方"


class SegmentsUnavailable(StoreError):
    """The packages that read and write segments are not installed."""

    code = "segment.unavailable"
    package: str
    extra: str
    en = "{package} is not installed; sealed segments need it"
    zh = "未安装 {package}，封存分段需要它"
    fix_en = "Install the extra: pip install 'onecode-ledger[{extra}]'"
    fix_zh = "请安装附加组件：pip install 'onecode-ledger[{extra}]'"
