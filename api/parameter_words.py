"""What the framework finds wrong with a parameter, in the reader's language; its own words are English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.errors import Locale

WORDS: Final[Mapping[str, str]] = {
    "missing": "未填写",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不得小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不得大于 {le}",
    "less_than": "应小于 {lt}",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "不符合格式 {pattern}",
    "literal_error": "应为 {expected}",
}
"""By pydantic's own name of what is wrong."""


def wrong(found: Mapping[str, Any], locale: Locale) -> str:
    """What is wrong, of one of a validation's errors."""
    if locale != "zh-CN":
        return str(found["msg"])
    words = WORDS.get(found["type"], "不符合要求的格式")
    return words.format(**found.get("ctx", {})).replace("' or '", "' 或 '")
