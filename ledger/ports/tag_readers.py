"""Readers that are asked instead of sending: a stream of what they read."""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

from ledger.errors import RecordError, SettingsError
from ledger.reads.read import TagRead


class ReaderUnreachable(RecordError):
    """A reader that does not answer. It may again: try later."""

    code = "record.reader-unreachable"
    retryable = True
    address: str
    reason: str
    en = "the reader at {address} cannot be reached: {reason}"
    zh = "无法连接读写器 {address}：{reason}"
    fix_en = "Check its address, cable and that no other program is connected to it; LLRP readers listen on port 5084"
    fix_zh = "请检查地址、网线，并确认没有其他程序占用；LLRP 读写器监听 5084 端口"


class LlrpAbsent(SettingsError):
    """The extra for LLRP readers is not installed here."""

    code = "settings.llrp"
    en = "the extra for LLRP readers is not installed"
    zh = "未安装 LLRP 读写器扩展"
    fix_en = "Run: pip install onecode-ledger[llrp]"
    fix_zh = "请执行：pip install onecode-ledger[llrp]"


class TagReader(Protocol):
    """A reader that is connected to."""

    def batches(self) -> Generator[list[TagRead], None, None]:
        """Reads as they come, a few at a time, until it is closed. Raises ``ReaderUnreachable``."""
        ...
