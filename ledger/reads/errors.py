"""What can be wrong with reads and readers."""

from __future__ import annotations

from ledger.errors import RecordError


class ReadUnfit(RecordError):
    """A read whose parts cannot be used. The reader keeps it and may send it again."""

    code = "record.read"
    why: str
    why_zh: str
    en = "a read cannot be used: {why}"
    zh = "读取数据无法使用：{why_zh}"
    fix_en = "See docs/guides/warehouse.md for the shapes that readers may send"
    fix_zh = "读写器可发送的格式见 docs/guides/warehouse.md"


class ReaderUnknown(RecordError):
    """Reads from a reader that nobody configured: where it stands is not known, so nothing can be said of its reads."""

    code = "record.reader-unknown"
    reader: str
    en = "no reader {reader!r} is configured"
    zh = "没有配置读写器 {reader!r}"
    fix_en = "Configure it with `ledger readers --add`, or send its key"
    fix_zh = "请用 `ledger readers --add` 配置，或使用它的密钥"


class ReaderUnfit(RecordError):
    """A configuration that no reader can have."""

    code = "record.reader"
    why: str
    why_zh: str
    en = "the reader cannot be configured so: {why}"
    zh = "读写器配置有误：{why_zh}"
    fix_en = "See `ledger readers --help`"
    fix_zh = "请参阅 `ledger readers --help`"
