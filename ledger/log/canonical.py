"""
RFC 8785 (JCS) bytes of what the ledger records.

The ledger admits the part of JSON whose canonical form needs no binary float: strings, booleans, null, arrays,
objects, and integers within 2^53 - 1. Decimals are strings, in the one form of ``units.decimal_text``.
Record structs declare their fields in the order of their names on the wire, so that encoding them needs no sort.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ledger.log.errors import NotCanonical

MAX_INTEGER = 2**53 - 1  # RFC 7493 (I-JSON), 2.2
MAX_DEPTH = 32
_ENCODER = msgspec.json.Encoder(decimal_format="string")
_DELETE = re.compile(r"[\ud800-\udfff]")


def struct_bytes(value: msgspec.Struct) -> bytes:
    """Canonical bytes of a record struct whose fields are declared in wire order."""
    return _ENCODER.encode(value)


def canonical_bytes(value: Any) -> bytes:
    """
    Canonical bytes of plain JSON data.

    Raises ``NotCanonical`` for floats, large integers, lone surrogates, non-string keys, and depth over 32.
    """
    return _ENCODER.encode(_sorted(value, 0))


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are their own canonical form."""
    try:
        return canonical_bytes(msgspec.json.decode(data)) == data
    except (msgspec.DecodeError, NotCanonical, UnicodeDecodeError, RecursionError):
        return False


def _sorted(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise NotCanonical(what=f"nesting deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if _DELETE.search(value):
            raise NotCanonical(what="a lone surrogate")
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(what=f"the integer {value}")
        return value
    if isinstance(value, list | tuple):
        return [_sorted(item, depth + 1) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical(what="an object key that is not a string")
        # RFC 8785, 3.2.3: keys sort by their UTF-16 code units.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {_sorted(key, depth): _sorted(value[key], depth + 1) for key in keys}
    raise NotCanonical(what=f"a {type(value).__name__}")
